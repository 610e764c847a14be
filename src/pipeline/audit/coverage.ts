// What an audit read and could not read in, the coverage that a report shows out.

import { ObjectType } from "../../base/git/pack-forest.ts";
import { NONE } from "../../base/merge-ids.ts";
import type { Problem } from "../../model/blob.ts";
import type { ObjectCounts, Unseen, UnseenKind } from "../../model/finding.ts";
import type { ObjectTable } from "./objects.ts";
import type { Referring } from "./references.ts";
import type { HistoryShape } from "./shape.ts";

const fewExamples = 5;
/** What is told of, but was never meant to be read. */
const complete: readonly UnseenKind[] = ["lfs", "submodule", "replaced", "out-of-scope"];

/** One line of what was not seen; none for nothing. */
function unseenOf(kind: UnseenKind, names: readonly string[], count = names.length): Unseen[] {
  if (count === 0) return [];
  return [{ kind, count, examples: names.slice(0, fewExamples), incomplete: !complete.includes(kind) }];
}

/** Distinct objects by kind. */
export function countObjects(
  table: ObjectTable,
  more: { readonly bytes: number; readonly byGit: number; readonly inScope: Uint8Array | undefined },
): ObjectCounts {
  const counts = [0, 0, 0, 0, 0];
  let cached = 0;
  for (let object = 0; object < table.count; object++) {
    if (object === table.emptyTree || more.inScope?.[object] === 0) continue;
    const kind = table.kinds[object] as number;
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (table.wanted[object] === 0) cached++;
  }
  return {
    commits: counts[ObjectType.commit] as number,
    trees: counts[ObjectType.tree] as number,
    blobs: counts[ObjectType.blob] as number,
    tags: counts[ObjectType.tag] as number,
    bytes: more.bytes,
    cached,
    byGit: more.byGit,
  };
}

/** How many objects a narrow scope left out; the empty tree that git knows without storing it is none. */
export function countLeftOut(table: ObjectTable, inScope: Uint8Array | undefined): number {
  let count = 0;
  inScope?.forEach((is, object) => (count += is === 0 && object !== table.emptyTree ? 1 : 0));
  return count;
}

/** How many parents and trees history names that are not here. */
export function countMissing({ commits, trees }: HistoryShape): number {
  return countNone(commits.trees) + countNone(commits.parents) + countNone(trees.children);
}

// An index loop: there are ten million children in a large repository, and an iterator takes ten times as long.
function countNone(objects: Uint32Array): number {
  let missing = 0;
  for (let at = 0; at < objects.length; at++) if (objects[at] === NONE) missing++;
  return missing;
}

/** Trouble with packs, indexes, refs and reflogs, as problems of the report. */
export function listTroubles(
  store: readonly { readonly message: string; readonly path: string }[],
  references: readonly string[],
  packs: { readonly altered: readonly string[]; readonly vanished: readonly string[] },
): Problem[] {
  const damaged = [
    ...store.map(({ message, path }) => `${path}: ${message}`),
    ...references,
    ...packs.altered.map((path) => `${path} is damaged: its bytes are not those that its checksum was made of`),
  ];
  return [
    ...damaged.map((message) => ({ kind: "git-object" as const, message, hint: "git fsck tells more." })),
    ...packs.vanished.map((path) => ({
      kind: "vanished" as const,
      message: `${path} could not be opened`,
      hint: "It went away, or you may not read it. Run it again.",
    })),
  ];
}

/** Of an audit that was ended before it was done. */
export const interrupted: Problem = {
  kind: "interrupted",
  message: "the audit was interrupted: this report is not complete",
  hint: "Run it again and let it finish.",
};

/** Everything that an audit knows it did not see; ids are hex. */
export interface Sights {
  readonly references: Referring;
  readonly isPartial: boolean;
  /** Broken off, or narrowed on purpose: then much that history names was not looked for. */
  readonly isNarrow: boolean;
  /** Blobs that trees name and that are not here. */
  readonly absent: readonly string[];
  /** How many parents and trees are named and not here. */
  readonly missing: number;
  readonly lost: readonly string[];
  readonly tooLarge: readonly string[];
  readonly pointers: readonly string[];
  readonly leftOut: number;
}

/** One line for each kind of which there is anything. */
export function listUnseen(sights: Sights): Unseen[] {
  const { references, isPartial, isNarrow, lost } = sights;
  const isCut = references.shallow.length > 0 || isNarrow;
  const absent = isCut && !isPartial ? [] : sights.absent;
  const missing = absent.length + (isCut ? 0 : sights.missing);
  return [
    ...unseenOf("shallow", references.shallow),
    ...(isPartial ? unseenOf("promisor", absent, missing) : []),
    ...unseenOf("damaged", isPartial ? lost : [...lost, ...absent], lost.length + (isPartial ? 0 : missing)),
    ...unseenOf("too-large", sights.tooLarge),
    ...unseenOf("lfs", sights.pointers),
    ...unseenOf("submodule", references.submodules),
    ...unseenOf("replaced", references.replaced),
    ...unseenOf("out-of-scope", [], sights.leftOut),
  ];
}
