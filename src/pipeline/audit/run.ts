// A plan and its threads in, everything that an audit has to tell out: contents, leftovers, trees, names, origins.

import type { CachedObjects } from "../../base/object-cache.ts";
import { ObjectType } from "../../base/git/pack-forest.ts";
import type { Problem } from "../../model/blob.ts";
import type { Unseen } from "../../model/finding.ts";
import type { AuditRequest } from "../audit-request.ts";
import type { ObjectAccess } from "./access.ts";
import type { Opened } from "./audit.ts";
import type { AuditedObjects } from "./audited.ts";
import { countLeftOut, countMissing, countObjects, interrupted, listUnseen, listTroubles } from "./coverage.ts";
import type { Crew } from "./crew.ts";
import { graphOf, ObjectFinder } from "./graph.ts";
import { readLeftovers } from "./leftovers.ts";
import type { Leftovers } from "./leftovers.ts";
import { findNames, namedRows, nameRows, namingTrees } from "./names.ts";
import type { FoundName } from "./names.ts";
import type { AuditPlan } from "./plan.ts";
import { findRefNames } from "./ref-names.ts";
import type { Referring } from "./references.ts";
import { hexIds, memoryOf } from "./remember.ts";
import { joined } from "./rows.ts";
import { inOrder } from "./share.ts";
import type { ContentSummary, FoundObject, TreeRows, TreeSummary } from "./share.ts";
import { emptyTreeRows, knownRows, shapeOf } from "./shape.ts";
import type { HistoryShape } from "./shape.ts";
import { hiddenNames, tell } from "./tell.ts";

/** What a run works with. */
export interface RunParts {
  readonly request: AuditRequest;
  readonly opened: Opened;
  readonly plan: AuditPlan;
  readonly crew: Crew;
  readonly access: ObjectAccess;
  readonly known: CachedObjects | undefined;
  readonly inScope: Uint8Array | undefined;
  /** Read while the threads are at work. */
  readonly references: Promise<Referring>;
  /** Whether anybody wants to know what the next audit may build on. */
  readonly remembers: boolean;
}

/** One audit, step by step. */
export class AuditRun {
  readonly #parts: RunParts;
  readonly #finder: ObjectFinder;
  #contents: readonly ContentSummary[] = [];
  #trees: readonly TreeSummary[] = [];
  #bytes = 0;
  readonly #leftovers: Leftovers[] = [];
  readonly #failedBefore = new Set<number>();
  readonly #found: FoundObject[] = [];
  #names: FoundName[] = [];
  /** What the trees that git gave hold under those names. */
  #named: readonly TreeRows[] = [];

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#finder = new ObjectFinder(parts.plan.table);
  }

  /** Does all of it. An abort ends it early, with what was found so far. */
  async all(): Promise<AuditedObjects> {
    const { crew, request } = this.#parts;
    try {
      this.#contents = await crew.contents();
      await this.#takeFinds();
      await this.#readTrees([]);
      await this.#readNames();
      // Their memory is needed for what comes now.
      await crew.close();
    } catch (error) {
      if (request.signal?.aborted !== true) throw error;
      this.#take(crew.found.splice(0));
    }
    return this.#result();
  }

  #isAborted(): boolean {
    return this.#parts.request.signal?.aborted === true;
  }

  /** Keeps what is in scope: commits and trees are read for what they say of history, in scope or not. */
  #take(found: readonly FoundObject[]): void {
    const { inScope } = this.#parts;
    this.#found.push(...found.filter(({ object }) => inScope?.[object] !== 0));
  }

  /** Takes what the threads found, and asks git for what they could not read. */
  async #takeFinds(): Promise<void> {
    const { crew, plan, opened, access, request } = this.#parts;
    this.#take(crew.found.splice(0));
    // Loose objects are opened for contents and for trees, and trees are read again for names.
    const failed = crew.failed.splice(0).filter(({ object }) => !this.#failedBefore.has(object));
    for (const { object } of failed) this.#failedBefore.add(object);
    if (failed.length === 0 || this.#isAborted()) return;
    const tools = {
      place: opened.place,
      share: plan.share,
      table: plan.table,
      access,
      finder: this.#finder,
      signal: request.signal,
    };
    const leftovers = await readLeftovers(failed, tools);
    this.#take(leftovers.found);
    this.#leftovers.push(leftovers);
  }

  async #readTrees(names: readonly number[]): Promise<void> {
    const blobs = new Set(this.#found.filter(({ part }) => part === "file").map(({ object }) => object));
    this.#trees = await this.#parts.crew.trees({ blobs: Uint32Array.from(blobs), names: Uint32Array.from(names) });
    this.#bytes += this.#trees.reduce((sum, { bytes }) => sum + bytes, 0);
    await this.#takeFinds();
  }

  /** Where a name holds something, all trees are asked once more, for everything that ever had that name. */
  async #readNames(): Promise<void> {
    const { plan, access } = this.#parts;
    const hints = this.#found.filter(({ part }) => part === "name");
    if (hints.length === 0) return;
    this.#names = findNames(hints, plan, access);
    this.#dropNames();
    const before = this.#bytes;
    await this.#readTrees(this.#names.map(({ key }) => key));
    this.#bytes = before;
    const given = this.#leftovers.flatMap(({ trees }) => trees.objects);
    this.#named = [namedRows(given, this.#names, access, plan.table.idBytes)];
    this.#dropNames();
    this.#found.push(...this.#names.map(({ found }) => found));
  }

  /** What the threads say of names are hints: which tree they met a name in first is a matter of chance. */
  #dropNames(): void {
    const kept = this.#found.filter(({ part }) => part !== "name");
    this.#found.splice(0, this.#found.length, ...kept);
  }

  #shape(): HistoryShape {
    const { known, plan } = this.#parts;
    const old = known === undefined ? undefined : knownRows(known, plan.table);
    const commits = [
      ...this.#contents.map((summary) => summary.commits),
      ...this.#leftovers.map((each) => each.commits),
    ];
    const read = [...this.#trees.map(({ rows }) => rows), ...this.#leftovers.map((each) => each.trees)];
    const trees = [...read, ...this.#named].map((rows) => nameRows(rows, this.#names));
    return shapeOf(
      [...(old === undefined ? [] : [old.commits]), ...commits],
      [...(old === undefined ? [] : [old.trees]), ...trees, ...emptyTreeRows(plan.table)],
    );
  }

  async #result(): Promise<AuditedObjects> {
    const { plan, access, crew, inScope } = this.#parts;
    for (const { looseKinds } of this.#contents)
      for (let at = 0; at < looseKinds.length; at += 2)
        plan.table.kinds[looseKinds[at] as number] = looseKinds[at + 1] as number;
    const shape = this.#shape();
    // Loose trees are known to be such only now.
    for (const tree of shape.trees.objects) plan.table.kinds[tree] = ObjectType.tree;
    const tags = this.#listed("tags");
    const references = await this.#parts.references;
    const names = this.#names;
    const refNames = findRefNames(references.refs, plan.share.setup, plan.table.count + names.length);
    const found = inOrder([...this.#found, ...refNames.map((each) => each.found)]);
    const graph = graphOf({ shape, references, table: plan.table, access, tags, names, refNames });
    const isTold = ({ ref, object }: FoundObject) => ref === undefined || inScope?.[object] !== 0;
    const told = tell(found.filter(isTold), graph, [...names, ...refNames], access);
    const unseen = this.#unseen(shape, references);
    const bytes = this.#bytes + this.#contents.reduce((sum, summary) => sum + summary.bytes, 0);
    const byGit = this.#leftovers.reduce((sum, each) => sum + each.byGit.length, 0);
    const problems = [...this.#problems(references), ...this.#leftovers.flatMap((each) => each.problems)];
    // Blobs that a partial clone lacks are remembered as such; with anything else out of sight nothing is.
    const lacks = unseen.filter(({ incomplete, kind }) => incomplete && kind !== "promisor");
    const isWhole = problems.length === 0 && !this.#isAborted() && lacks.length === 0 && countMissing(shape) === 0;
    return {
      ...told,
      hiddenNames: hiddenNames(found, access),
      problems,
      objects: countObjects(plan.table, { bytes, byGit, inScope }),
      unseen,
      times: crew.times,
      ...(isWhole && this.#parts.remembers
        ? {
            memory: memoryOf(plan.table, shape, {
              again: this.#again(),
              missing: this.#absent(),
              seed: plan.share.seed,
            }),
          }
        : {}),
    };
  }

  /** Objects that the next audit looks at again: what holds something, and what is counted anew. */
  *#again(): Generator<number> {
    for (const { object } of this.#found) yield object;
    yield* this.#listed("pointers");
    if (this.#names.length === 0) return;
    for (const rows of [...this.#trees.map((each) => each.rows), ...this.#named]) yield* namingTrees(rows);
  }

  #listed(what: "tags" | "pointers"): Uint32Array {
    return joined([[...this.#contents, ...this.#leftovers].map((each) => each[what])]);
  }

  #problems(references: Referring): Problem[] {
    const { opened, plan } = this.#parts;
    const troubles = [...opened.folders.troubles, ...opened.store.troubles];
    return [...(this.#isAborted() ? [interrupted] : []), ...listTroubles(troubles, references.troubles, plan)];
  }

  /** Hex ids of blobs that trees name and that are not here, sorted; those that an earlier audit saw among them. */
  #absent(): string[] {
    const { known } = this.#parts;
    const before = known === undefined ? [] : hexIds(known.missing, known.idBytes);
    return [
      ...new Set([...before, ...[...this.#trees, ...this.#leftovers].flatMap(({ missing }) => missing)]),
    ].toSorted();
  }

  #unseen(shape: HistoryShape, references: Referring): Unseen[] {
    const { opened, access, plan, inScope } = this.#parts;
    const hex = (objects: readonly number[]) => objects.map((object) => access.hex(object));
    const of = (kind: "damaged" | "tooLarge" | "vanished") => hex(this.#leftovers.flatMap((each) => each[kind]));
    return listUnseen({
      references,
      isPartial: opened.store.packs.some(({ promisor }) => promisor),
      isNarrow: this.#isAborted() || inScope !== undefined,
      absent: this.#absent(),
      missing: countMissing(shape),
      lost: [...of("damaged"), ...of("vanished")],
      tooLarge: of("tooLarge"),
      pointers: hex([...this.#listed("pointers")].filter((object) => inScope?.[object] !== 0)),
      leftOut: countLeftOut(plan.table, inScope),
    });
  }
}
