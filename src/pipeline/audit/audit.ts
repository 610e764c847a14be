// A repository in, what stands in all its objects and what its history says of it out.

import { randomBytes } from "node:crypto";
import type { GitPlace } from "../../base/git/environment.ts";
import { findObjectFolders, findPlaces } from "../../base/git/object-folders.ts";
import type { ObjectFolders, RepositoryPlaces } from "../../base/git/object-folders.ts";
import { openObjectStore } from "../../base/git/object-store.ts";
import type { ObjectStore } from "../../base/git/object-store.ts";
import type { WalkLimits } from "../../base/git/walk-visitor.ts";
import { placeOf } from "../../base/id-table.ts";
import type { CachedObjects } from "../../base/object-cache.ts";
import type { AuditRequest } from "../audit-request.ts";
import { jobsOf } from "../collect-findings.ts";
import type { ScanSetup } from "../scan-setup.ts";
import { ObjectAccess } from "./access.ts";
import { Crew } from "./crew.ts";
import { ObjectFinder } from "./graph.ts";
import { walkLimits } from "./limits.ts";
import { planAudit } from "./plan.ts";
import type { AuditPlan } from "./plan.ts";
import { numberReferences, readReferences } from "./references.ts";
import type { Referring } from "./references.ts";
import { isRemembered, openMemory, recalled } from "./remember.ts";
import type { AuditMemory } from "./remember.ts";
import { AuditRun } from "./run.ts";
import type { AuditedObjects } from "./audited.ts";
import { objectsInScope } from "./scope.ts";
import { Counter } from "./share.ts";

/** A pack that is gone when it is to be opened has been packed anew: the list is read again, so often. */
const attempts = 4;
const progressMs = 150;
/** Starting threads costs more than looking at so many objects. */
const fewObjects = 3000;

/** Where the objects are. */
export interface Opened {
  readonly place: GitPlace;
  readonly places: RepositoryPlaces;
  readonly folders: ObjectFolders;
  readonly store: ObjectStore;
}

function oddNumber(): bigint {
  return randomBytes(8).readBigUInt64LE() | 1n;
}

/** Where git is to be asked about the repository of an audit. */
export function gitPlaceOf({ root, env }: Pick<AuditRequest, "root" | "env">): GitPlace {
  return { cwd: root, repository: "discover", env };
}

async function locate(request: AuditRequest): Promise<Omit<Opened, "store">> {
  const place = gitPlaceOf(request);
  const places = await findPlaces(place);
  return { place, places, folders: findObjectFolders(places, place) };
}

/** Lays the work out; lists the packs again while some of them go away under our hands. */
function planOf(
  opened: Opened,
  options: Parameters<typeof planAudit>[1],
): { readonly plan: AuditPlan; readonly store: ObjectStore } {
  let { store } = opened;
  for (let attempt = 1; ; attempt++) {
    const plan = planAudit(store, options);
    if (plan.vanished.length === 0 || attempt === attempts) return { plan, store };
    plan.close();
    store = openObjectStore(opened.folders.folders, opened.places.idBytes, store);
  }
}

/** Marks the objects whose ids are in scope. */
function marks(ids: ReadonlySet<string> | undefined): Parameters<typeof planAudit>[1]["scope"] {
  if (ids === undefined) return undefined;
  return (table) => {
    const inScope = new Uint8Array(table.count);
    const finder = new ObjectFinder(table);
    for (const id of ids) {
      const object = finder.byHex(id);
      if (object < table.count) inScope[object] = 1;
    }
    return inScope;
  };
}

/** Reports how far the threads are, a few times a second; the answer ends it. */
function follow(request: AuditRequest, plan: AuditPlan): () => void {
  if (request.onProgress === undefined) return () => undefined;
  const { counters } = plan.share;
  const totalObjects = plan.table.wanted.reduce((sum, wanted) => sum + wanted, 0);
  const timer = setInterval(() => {
    const objects = Atomics.load(counters, Counter.objects);
    request.onProgress?.({
      files: objects,
      objects,
      totalObjects,
      bytes: Atomics.load(counters, Counter.kibibytes) * 1024,
      findings: Atomics.load(counters, Counter.matches),
    });
  }, progressMs);
  return () => clearInterval(timer);
}

/** What an audit scans with. */
interface AuditRules {
  readonly setup: ScanSetup;
  readonly rulesHash: string;
}

/** Reads every object that is in scope and traces what was found. Throws for a repository that cannot be opened. */
export async function auditObjects(request: AuditRequest, given: AuditRules): Promise<AuditedObjects> {
  const located = await locate(request);
  const limits = walkLimits(request.maxMemoryBytes, jobsOf(request.settings));
  const memory = openMemory(request, { ...given, ...located });
  const again = await memory?.unchanged.recall(limits);
  if (again !== undefined) {
    memory?.cache.noteUse();
    return again;
  }
  const store = openObjectStore(located.folders.folders, located.places.idBytes);
  return readObjects(request, { ...given, limits, memory, opened: { ...located, store } });
}

async function readObjects(
  request: AuditRequest,
  given: AuditRules & {
    readonly limits: WalkLimits;
    readonly memory: AuditMemory | undefined;
    readonly opened: Opened;
  },
): Promise<AuditedObjects> {
  const { setup, limits, memory, opened } = given;
  const known = recalled(memory?.cache, (id) => isHere(opened.store, id));
  const ids = await objectsInScope(opened.place, request.scope, request.signal);
  const scope = marks(ids);
  // The threads start up while the work is laid out.
  const crew = new Crew(setup, isLittle(opened.store, known) ? 0 : jobsOf(request.settings));
  const stop = () => void crew.close();
  request.signal?.addEventListener("abort", stop, { once: true });
  if (request.signal?.aborted === true) stop();
  try {
    const { plan, store } = planOf(opened, { setup, limits, known, scope, seed: known?.seed ?? oddNumber() });
    const unfollow = follow(request, plan);
    try {
      crew.begin(plan.share);
      const parts = { request, opened: { ...opened, store }, plan, crew, known, remembers: memory !== undefined };
      const inScope = scope?.(plan.table);
      const references = referencesOf(opened, plan);
      const access = new ObjectAccess(plan.share, plan.looseFiles);
      const audited = await new AuditRun({ ...parts, access, inScope, references }).all();
      if (audited.memory !== undefined && !isRemembered(audited.memory, known)) memory?.cache.write(audited.memory);
      memory?.unchanged.write(audited, plan, store.packs);
      return audited;
    } finally {
      unfollow();
      await crew.close();
      plan.close();
    }
  } finally {
    request.signal?.removeEventListener("abort", stop);
    await crew.close();
  }
}

/** Whether starting threads would cost more than the work, as far as can be told before it is laid out. */
function isLittle(store: ObjectStore, known: CachedObjects | undefined): boolean {
  const objects = store.packs.reduce((sum, { index }) => sum + index.count, store.loose.length);
  return objects - (known?.kinds.length ?? 0) < fewObjects;
}

/** Does the store have an object of this id? */
function isHere({ packs, loose }: ObjectStore, id: Buffer): boolean {
  return packs.some(({ index }) => placeOf(index.ids, id) >= 0) || loose.some((object) => id.equals(object.id));
}

/** Reads the references while the threads are at work. */
function referencesOf(opened: Opened, plan: AuditPlan): Promise<Referring> {
  const finder = new ObjectFinder(plan.table);
  const references = readReferences(opened.place, opened.places).then((read) =>
    numberReferences(read, (id) => finder.byHex(id)),
  );
  // It is awaited later; until then nobody is there to hear of a failure.
  references.catch(() => undefined);
  return references;
}
