// An audit in, a note of it out; a note and the objects that hold something in, the same audit out: as long as nothing
// of the repository changed. Notes are sealed with the repository's own state: without it they say nothing.

import { createHash } from "node:crypto";
import { isFileTrouble } from "../../base/file-trouble.ts";
import type { ObjectFolders, RepositoryPlaces } from "../../base/git/object-folders.ts";
import { stateOf } from "../../base/git/repository-state.ts";
import type { WalkLimits } from "../../base/git/walk-visitor.ts";
import { lookAgain } from "../../base/object-cache.ts";
import type { SealedNote } from "../../base/sealed-note.ts";
import type { Provenance } from "../../model/blob.ts";
import type { ObjectCounts, Unseen } from "../../model/finding.ts";
import type { Origin } from "../../model/history.ts";
import type { ScannedBlob } from "../content-scanner.ts";
import { secretNames } from "../names-in-report.ts";
import type { ScanSetup } from "../scan-setup.ts";
import { Crew } from "./crew.ts";
import type { AuditPlan } from "./plan.ts";
import { openRemainder, remainderOf } from "./remainder.ts";
import type { Remainder } from "./remainder.ts";
import type { AuditedObjects } from "./audited.ts";
import { inOrder } from "./share.ts";

/** What is told of an audit besides what its objects hold. */
interface Note {
  /** The objects that are looked at each time. */
  readonly remainder: Remainder;
  /** What stood in them: see `digestOf`. */
  readonly digest: string;
  /** Of each find, in order. */
  readonly places: readonly (readonly Provenance[])[];
  /** Of each secret, in the order in which the finds tell of them. */
  readonly origins: readonly Origin[];
  readonly objects: ObjectCounts;
  readonly unseen: readonly Unseen[];
}

/** What the note of a repository is read and written with. */
export interface NoteTools {
  readonly note: SealedNote;
  /** 32 bytes, a hash of all that a result depends on besides the repository. */
  readonly key: Uint8Array;
  readonly setup: ScanSetup;
  readonly places: RepositoryPlaces;
  readonly folders: ObjectFolders;
}

/** The repository as it is now, and the note of how it was. */
export class UnchangedRepository {
  readonly #tools: NoteTools;
  readonly #secret: Buffer | undefined;

  constructor(tools: NoteTools) {
    this.#tools = tools;
    this.#secret = this.#look();
  }

  /** The audit of a repository that is as it was when it was noted; undefined where it is not, or there is no note. */
  async recall(limits: WalkLimits): Promise<AuditedObjects | undefined> {
    const { note, setup } = this.#tools;
    const text = this.#secret === undefined ? undefined : note.read(this.#secret);
    if (text === undefined) return undefined;
    // Its seal holds, so it is ours, of this version, and whole.
    return tellAgain(JSON.parse(text) as Note, { setup, limits });
  }

  /** Notes an audit, unless the repository changed meanwhile or there is something in it that is not to be kept. */
  write(audited: AuditedObjects, plan: AuditPlan, packs: readonly { readonly pack: string }[]): void {
    const note = noteOf(audited, plan, packs);
    if (note === undefined || this.#secret === undefined || holdsSecrets(note, this.#tools.setup)) return;
    if (this.#look()?.equals(this.#secret) === true) this.#tools.note.write(JSON.stringify(note), this.#secret);
  }

  #look(): Buffer | undefined {
    const { key, places, folders } = this.#tools;
    const state = folders.troubles.length === 0 ? stateOf(places, folders.folders) : undefined;
    return state === undefined ? undefined : createHash("sha256").update(key).update(state).digest();
  }
}

function fingerprintsOf(blobs: readonly ScannedBlob[]): string[] {
  return [...new Set(blobs.flatMap(({ scanned }) => (scanned?.matches ?? []).map(({ fingerprint }) => fingerprint)))];
}

/** What stands where, and which of it is the same secret; nothing of the secrets themselves. */
function digestOf(blobs: readonly ScannedBlob[]): string {
  const numbers = new Map(fingerprintsOf(blobs).map((fingerprint, number) => [fingerprint, number]));
  const facts = blobs.map(({ held, scanned }) => [
    held?.object,
    held?.part,
    scanned?.matches.map(({ rule, span, fingerprint }) => [rule, span.start, span.end, numbers.get(fingerprint)]),
  ]);
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex");
}

/** Only of an audit that saw everything, and in which no name or author holds anything. */
function noteOf(
  audited: AuditedObjects,
  plan: AuditPlan,
  packs: readonly { readonly pack: string }[],
): Note | undefined {
  const { memory, blobs, hiddenNames, objects, unseen } = audited;
  const isPlain = hiddenNames.length === 0 && blobs.every(({ held }) => held !== undefined);
  if (memory === undefined || !isPlain) return undefined;
  const again: number[] = [];
  memory.kinds.forEach((kind, object) => {
    if (kind >= lookAgain) again.push(object);
  });
  const remainder = remainderOf(again, plan, packs);
  if (remainder === undefined) return undefined;
  const { commits, trees, blobs: files, tags } = objects;
  return {
    remainder,
    digest: digestOf(blobs),
    places: blobs.map(({ provenance }) => provenance),
    origins: [...audited.origins.values()],
    objects: { ...objects, bytes: 0, byGit: 0, cached: commits + trees + files + tags - again.length },
    unseen,
  };
}

/** Names of files that are staged only were not looked at; sealed or not, a secret is not kept. */
function holdsSecrets({ places, origins, unseen }: Note, setup: ScanSetup): boolean {
  return secretNames([places, origins, unseen], setup).length > 0;
}

/** Reads the objects of a note; undefined where they cannot be read, or hold anything else than it says. */
async function tellAgain(
  note: Note,
  given: { readonly setup: ScanSetup; readonly limits: WalkLimits },
): Promise<AuditedObjects | undefined> {
  const work = opened(note.remainder, given);
  if (work === undefined) return undefined;
  const crew = new Crew(given.setup, 0);
  try {
    crew.begin(work.share);
    const contents = await crew.contents();
    const { ids, idBytes } = note.remainder;
    const blobs = inOrder(crew.found).map(({ object, part, scanned }, place) => ({
      provenance: note.places[place] ?? [],
      scanned,
      held: { object: ids.slice(2 * idBytes * object, 2 * idBytes * (object + 1)), part },
    }));
    if (crew.failed.length > 0 || digestOf(blobs) !== note.digest) return undefined;
    const bytes = contents.reduce((sum, summary) => sum + summary.bytes, 0);
    return {
      blobs,
      origins: new Map(fingerprintsOf(blobs).map((print, secret) => [print, note.origins[secret] as Origin])),
      hiddenNames: [],
      problems: [],
      objects: { ...note.objects, bytes },
      unseen: note.unseen,
      times: crew.times,
    };
  } finally {
    await crew.close();
    work.close();
  }
}

function opened(...given: Parameters<typeof openRemainder>): ReturnType<typeof openRemainder> | undefined {
  try {
    return openRemainder(...given);
  } catch (error) {
    // A pack went away since the state was taken.
    if (isFileTrouble(error)) return undefined;
    throw error;
  }
}
