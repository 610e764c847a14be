// Rows of all threads and of an earlier audit in, the shape of the history out: commits and trees as one set of arrays.

import type { CachedObjects } from "../../base/object-cache.ts";
import { NONE } from "../../base/merge-ids.ts";
import type { ObjectTable } from "./objects.ts";
import { joined } from "./rows.ts";
import type { CommitRows, TreeRows } from "./share.ts";

/** Commits, trees and what trees hold; everything is named by its number in the table of objects. */
export interface HistoryShape {
  readonly commits: {
    readonly objects: Uint32Array;
    readonly trees: Uint32Array;
    readonly times: Float64Array;
    readonly parentStarts: Uint32Array;
    readonly parents: Uint32Array;
  };
  readonly trees: {
    readonly objects: Uint32Array;
    readonly childStarts: Uint32Array;
    readonly children: Uint32Array;
    readonly names: Uint32Array;
  };
  readonly holds: { readonly trees: Uint32Array; readonly blobs: Uint32Array; readonly names: Uint32Array };
}

function startsOf(counts: Uint32Array): Uint32Array {
  const starts = new Uint32Array(counts.length + 1);
  let sum = 0;
  counts.forEach((count, index) => {
    sum += count;
    starts[index + 1] = sum;
  });
  return starts;
}

/** Differences of neighbours: the inverse of `startsOf`. */
function countsOf(starts: Uint32Array): Uint32Array {
  const counts = new Uint32Array(Math.max(0, starts.length - 1));
  for (let index = 0; index < counts.length; index++)
    counts[index] = (starts[index + 1] as number) - (starts[index] as number);
  return counts;
}

/** The rows of an earlier audit for objects that were not looked at again, in the numbers of this one. */
export function knownRows(
  known: CachedObjects,
  table: ObjectTable,
): { readonly commits: CommitRows; readonly trees: TreeRows } {
  const numbers = new Uint32Array(known.kinds.length).fill(NONE);
  let whole = table.count === known.kinds.length;
  table.knownPlaces.forEach((place, object) => {
    if (place !== NONE) numbers[place] = object;
    if (place !== object || table.wanted[object] === 1) whole = false;
  });
  const number = (place: number) => (place === NONE ? NONE : (numbers[place] as number));
  const isKept = (place: number) => number(place) !== NONE && table.wanted[number(place)] === 0;
  const { commits, trees, holds } = known;
  const holdRows = {
    holdTrees: [whole ? holds.trees : holds.trees.map(number)],
    holdBlobs: [whole ? holds.blobs : holds.blobs.map(number)],
    holdNames: [holds.names],
  };
  if (whole) {
    // Nothing is new: the arrays are used as they are.
    return {
      commits: {
        objects: [commits.objects],
        trees: [commits.trees],
        times: commits.times,
        parentCounts: [countsOf(commits.parentStarts)],
        parents: [commits.parents],
      },
      trees: {
        objects: [trees.objects],
        childCounts: [countsOf(trees.childStarts)],
        children: [trees.children],
        childNames: [trees.names],
        ...holdRows,
      },
    };
  }
  const chosenCommits = commits.objects.map((_, row) => row).filter((row) => isKept(commits.objects[row] as number));
  const chosenTrees = trees.objects.map((_, row) => row).filter((row) => isKept(trees.objects[row] as number));
  const parents = pick(chosenCommits, commits.parentStarts, commits.parents);
  const children = pick(chosenTrees, trees.childStarts, trees.children);
  return {
    commits: {
      objects: [chosenCommits.map((row) => number(commits.objects[row] as number))],
      trees: [chosenCommits.map((row) => number(commits.trees[row] as number))],
      times: Float64Array.from(chosenCommits, (row) => commits.times[row] as number),
      parentCounts: [parents.counts],
      parents: [parents.values.map(number)],
    },
    trees: {
      objects: [chosenTrees.map((row) => number(trees.objects[row] as number))],
      childCounts: [children.counts],
      children: [children.values.map(number)],
      childNames: [pick(chosenTrees, trees.childStarts, trees.names).values],
      ...holdRows,
    },
  };
}

/** The values of the chosen rows. */
function pick(
  rows: Uint32Array,
  starts: Uint32Array,
  values: Uint32Array,
): { counts: Uint32Array; values: Uint32Array } {
  const counts = rows.map((row) => (starts[row + 1] as number) - (starts[row] as number));
  const picked = new Uint32Array(counts.reduce((sum, count) => sum + count, 0));
  let at = 0;
  for (const row of rows) {
    const part = values.subarray(starts[row] as number, starts[row + 1] as number);
    picked.set(part, at);
    at += part.length;
  }
  return { counts, values: picked };
}

/** Puts rows of any number of threads together. */
export function shapeOf(commits: readonly CommitRows[], trees: readonly TreeRows[]): HistoryShape {
  const times = new Float64Array(commits.reduce((sum, rows) => sum + rows.times.length, 0));
  let at = 0;
  for (const rows of commits) {
    times.set(rows.times, at);
    at += rows.times.length;
  }
  return {
    commits: {
      objects: joined(commits.map((rows) => rows.objects)),
      trees: joined(commits.map((rows) => rows.trees)),
      times,
      parentStarts: startsOf(joined(commits.map((rows) => rows.parentCounts))),
      parents: joined(commits.map((rows) => rows.parents)),
    },
    trees: {
      objects: joined(trees.map((rows) => rows.objects)),
      childStarts: startsOf(joined(trees.map((rows) => rows.childCounts))),
      children: joined(trees.map((rows) => rows.children)),
      names: joined(trees.map((rows) => rows.childNames)),
    },
    holds: {
      trees: joined(trees.map((rows) => rows.holdTrees)),
      blobs: joined(trees.map((rows) => rows.holdBlobs)),
      names: joined(trees.map((rows) => rows.holdNames)),
    },
  };
}

/** The row of the empty tree, where it is not stored and was not known before. */
export function emptyTreeRows(table: ObjectTable): TreeRows[] {
  const { emptyTree, knownPlaces } = table;
  if (emptyTree === NONE || knownPlaces[emptyTree] !== NONE) return [];
  return [
    {
      objects: [Uint32Array.of(emptyTree)],
      childCounts: [new Uint32Array(1)],
      children: [],
      childNames: [],
      holdTrees: [],
      holdBlobs: [],
      holdNames: [],
    },
  ];
}
