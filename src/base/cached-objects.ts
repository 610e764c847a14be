// What is known of a repository's objects, as arrays of numbers → what is wrong with them, if anything is.

import { idTable, isAscending } from "./id-table.ts";
import { NONE } from "./merge-ids.ts";

/** Object numbers are places in the table of ids; NONE (0xffffffff) stands for an object that is not in it. */
export interface CachedCommits {
  readonly objects: Uint32Array;
  /** Root trees. */
  readonly trees: Uint32Array;
  /** Committer times, in seconds. */
  readonly times: Float64Array;
  /** Where a commit's parents start in `parents`; one more than there are commits, the last is their number. */
  readonly parentStarts: Uint32Array;
  readonly parents: Uint32Array;
}

/** The trees that stand in each tree, as object numbers. */
export interface CachedTrees {
  readonly objects: Uint32Array;
  /** One more than there are trees, like `parentStarts`. */
  readonly childStarts: Uint32Array;
  readonly children: Uint32Array;
  /** For each child a number that stands for its name there. */
  readonly names: Uint32Array;
}

/** Blobs that stand in trees under names; what that means is the caller's. */
export interface CachedHolds {
  readonly trees: Uint32Array;
  readonly blobs: Uint32Array;
  readonly names: Uint32Array;
}

/** Objects that need not be looked at again, and the history they make up: ids and numbers, nothing else. */
export interface CachedObjects {
  readonly idBytes: 20 | 32;
  /** Strictly ascending. */
  readonly ids: Uint8Array;
  /** For each id: 1 commit, 2 tree, 3 blob, 4 tag; with `lookAgain` added where it must be looked at all the same. */
  readonly kinds: Uint8Array;
  readonly commits: CachedCommits;
  readonly trees: CachedTrees;
  readonly holds: CachedHolds;
  /** An odd number of 64 bits. */
  readonly seed: bigint;
}

/** Added to the kind of an object that must be looked at again. */
export const lookAgain = 0x10;

/** What is wrong with these tables, so that they would lead a reader astray; undefined where nothing is. */
export function objectsFlaw(objects: CachedObjects): string | undefined {
  const { idBytes, ids, kinds, commits, trees, holds } = objects;
  const count = kinds.length;
  if (ids.length !== count * idBytes) return "the ids are not as many as the kinds";
  if (commits.trees.length !== commits.objects.length || commits.times.length !== commits.objects.length) {
    return "the columns of the commits differ in length";
  }
  if (trees.names.length !== trees.children.length) return "the names are not as many as the children";
  if (holds.blobs.length !== holds.trees.length || holds.names.length !== holds.trees.length) {
    return "the columns of the held blobs differ in length";
  }
  if (objects.seed % 2n !== 1n || BigInt.asUintN(64, objects.seed) !== objects.seed)
    return "the seed is no odd number of 64 bits";
  if (!areKinds(kinds)) return "a kind is unknown";
  if (!isAscending(idTable(ids, idBytes))) return "the ids are not in ascending order";
  if (!areOfKind(commits.objects, kinds, 1)) return "a commit is no commit among the objects";
  if (!areOfKind(trees.objects, kinds, 2)) return "a tree is no tree among the objects";
  if (!areOfKind(holds.trees, kinds, 2)) return "a holder is no tree among the objects";
  if (!areOfKind(holds.blobs, kinds, 3)) return "a held blob is no blob among the objects";
  if (!areStarts(commits.parentStarts, commits.objects.length, commits.parents.length)) return "the parents are torn";
  if (!areStarts(trees.childStarts, trees.objects.length, trees.children.length)) return "the children are torn";
  const known = [commits.trees, commits.parents, trees.children].every((numbers) => areKnown(numbers, count));
  return known ? undefined : "a number leads to no object";
}

function areKinds(kinds: Uint8Array): boolean {
  let wrong = 0;
  for (let i = 0; i < kinds.length; i++) {
    const kind = (kinds[i] as number) & ~lookAgain;
    wrong |= Number(kind < 1 || kind > 4);
  }
  return wrong === 0;
}

function areOfKind(numbers: Uint32Array, kinds: Uint8Array, kind: number): boolean {
  for (let i = 0; i < numbers.length; i++) {
    const found = kinds[numbers[i] as number];
    if (found === undefined || (found & ~lookAgain) !== kind) return false;
  }
  return true;
}

function areStarts(starts: Uint32Array, count: number, end: number): boolean {
  if (starts.length !== count + 1 || starts[0] !== 0 || starts[count] !== end) return false;
  let wrong = 0;
  for (let i = 0; i < count; i++) wrong |= Number((starts[i] as number) > (starts[i + 1] as number));
  return wrong === 0;
}

function areKnown(numbers: Uint32Array, count: number): boolean {
  let wrong = 0;
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] as number;
    wrong |= Number(number >= count && number !== NONE);
  }
  return wrong === 0;
}
