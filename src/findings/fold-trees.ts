// All trees and the blobs that matter in, folds out: trees that hold the same targets in the same way are one fold.
// Most commits change nothing about any target, so history in folds is short.

import { FoldTable } from "./fold-table.ts";
import { GrowingNumbers } from "./growing.ts";
import type { HistoryGraph, Holds, TreeTable } from "./history-graph.ts";
import { NONE } from "./history-graph.ts";

/** The targets, by their place in one list: object numbers of blobs. */
export interface Targets {
  readonly blobs: readonly number[];
  readonly placeOf: ReadonlyMap<number, number>;
}

/** Trees as far as targets are concerned. A fold's number is greater than those of the folds in it. */
export interface Folds {
  readonly count: number;
  /** By tree number: its fold, or NONE when no target stands anywhere in it. */
  readonly of: Uint32Array;
  /** By tree number: 1 when a tree somewhere in it is missing. */
  readonly incomplete: Uint8Array;
  /** `count + 1` places in `members`. */
  readonly starts: Uint32Array;
  /** Twice a fold's number plus one, or twice a target's number: see `isFold` and `numberOf`. */
  readonly members: Uint32Array;
  /** The keys of their names, where the graph has them. */
  readonly names?: Uint32Array;
  /** A tree of each fold. */
  readonly witnesses: Uint32Array;
}

/** Is this member of a fold another fold, rather than a target? */
export function isFold(member: number): boolean {
  return (member & 1) === 1;
}

/** The fold's or target's number. */
export function numberOf(member: number): number {
  return member >>> 1;
}

interface Rows {
  readonly starts: Uint32Array;
  readonly targets: Uint32Array;
  readonly names: Uint32Array | undefined;
}

/** The rows of `holds` that are about targets, by tree. */
function sortHolds(holds: Holds, treeCount: number, placeOf: ReadonlyMap<number, number>): Rows {
  const starts = new Uint32Array(treeCount + 2);
  const places = new Uint32Array(holds.trees.length).fill(NONE);
  let kept = 0;
  for (let row = 0; row < places.length; row++) {
    const tree = holds.trees[row] as number;
    const place = placeOf.get(holds.blobs[row] as number);
    if (place === undefined || tree >= treeCount) continue;
    places[row] = place;
    starts[tree + 2] = (starts[tree + 2] as number) + 1;
    kept++;
  }
  for (let tree = 2; tree < starts.length; tree++)
    starts[tree] = (starts[tree] as number) + (starts[tree - 1] as number);
  const targets = new Uint32Array(kept);
  const names = holds.names === undefined ? undefined : new Uint32Array(kept);
  for (let row = 0; row < places.length; row++) {
    if (places[row] === NONE) continue;
    const tree = holds.trees[row] as number;
    const place = starts[tree + 1] as number;
    starts[tree + 1] = place + 1;
    targets[place] = places[row] as number;
    if (names !== undefined) names[place] = holds.names?.[row] as number;
  }
  return { starts, targets, names };
}

/** Calls `finish` for each tree once, after all trees in it. */
function walkUp(trees: TreeTable, finish: (tree: number) => void): void {
  const { count, childStarts, children } = trees;
  const met = new Uint8Array(count);
  const path = new GrowingNumbers();
  const edges = new GrowingNumbers();
  for (let top = 0; top < count; top++) {
    if (met[top] === 1) continue;
    met[top] = 1;
    let tree = top;
    let edge = childStarts[tree] as number;
    for (;;) {
      const end = childStarts[tree + 1] as number;
      let child = NONE;
      while (edge < end && child === NONE) {
        const next = children[edge++] as number;
        if (next < count && met[next] === 0) child = next;
      }
      if (child !== NONE) {
        met[child] = 1;
        path.push(tree);
        edges.push(edge);
        tree = child;
        edge = childStarts[tree] as number;
        continue;
      }
      finish(tree);
      if (path.length === 0) break;
      tree = path.pop();
      edge = edges.pop();
    }
  }
}

/** Folds all trees that hold a target, in time linear in their edges and without recursion. */
export function foldTrees(graph: HistoryGraph, targets: Targets): Folds {
  const { trees, holds } = graph;
  const { count, childStarts, children } = trees;
  const treeNames = trees.names !== undefined && holds.names !== undefined ? trees.names : undefined;
  const rows = sortHolds(holds, count, targets.placeOf);
  const rowNames = treeNames === undefined ? undefined : rows.names;
  const of = new Uint32Array(count).fill(NONE);
  const incomplete = new Uint8Array(count);
  const table = new FoldTable();
  const witnesses = new GrowingNumbers();
  walkUp(trees, (tree) => {
    const end = childStarts[tree + 1] as number;
    for (let edge = childStarts[tree] as number; edge < end; edge++) {
      const child = children[edge] as number;
      if (child >= count || incomplete[child] === 1) incomplete[tree] = 1;
      if (child >= count || of[child] === NONE) continue;
      table.add((of[child] as number) * 2 + 1, treeNames === undefined ? 0 : (treeNames[edge] as number));
    }
    const lastRow = rows.starts[tree + 1] as number;
    for (let row = rows.starts[tree] as number; row < lastRow; row++)
      table.add((rows.targets[row] as number) * 2, rowNames === undefined ? 0 : (rowNames[row] as number));
    if (table.isEmpty) return;
    const known = table.count;
    const fold = table.close();
    of[tree] = fold;
    if (fold === known) witnesses.push(tree);
  });
  return {
    count: table.count,
    of,
    incomplete,
    starts: table.starts.items,
    members: table.members.items,
    ...(treeNames === undefined ? {} : { names: table.names.items }),
    witnesses: witnesses.items,
  };
}
