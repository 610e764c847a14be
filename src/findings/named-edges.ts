// Trees in, their entries out as far as targets are concerned, with a key for each name: from the graph's own keys where
// it has them, else from trees that are read anew.

import type { Folds, Targets } from "./fold-trees.ts";
import type { HistoryGraph } from "./history-graph.ts";
import { NONE } from "./history-graph.ts";
import { numberTrees } from "./tree-numbers.ts";

/** What paths are made from. A unit is a fold or a tree. */
export interface NamedEdges {
  readonly unitCount: number;
  /** The unit of a tree; NONE where no target is in it. */
  unitOf(tree: number): number;
  foldOf(unit: number): number;
  /** A tree of the unit. */
  treeOf(unit: number): number;
  /** Twice the number of a unit plus one, or twice the number of a target, for each entry that matters. */
  each(unit: number, take: (member: number, key: number) => void): void;
  /** The name with this key, which stands in this tree. */
  nameOf(key: number, tree: number): string;
}

/** Shown for a name that was there when the tree was first read, and is not any more. */
const lostName = "?";

function fromFolds(graph: HistoryGraph, folds: Folds, keys: Uint32Array): NamedEdges {
  const names = new Map<number, string>();
  const { starts, members, witnesses } = folds;
  return {
    unitCount: folds.count,
    unitOf: (tree) => folds.of[tree] ?? NONE,
    foldOf: (unit) => unit,
    treeOf: (unit) => witnesses[unit] as number,
    each(unit, take) {
      const end = starts[unit + 1] as number;
      for (let place = starts[unit] as number; place < end; place++)
        take(members[place] as number, keys[place] as number);
    },
    nameOf(key, tree) {
      if (!names.has(key)) {
        for (const entry of graph.entriesOf(tree)) if (entry.key !== undefined) names.set(entry.key, entry.name);
        if (!names.has(key)) names.set(key, lostName);
      }
      return names.get(key) as string;
    },
  };
}

/** Slow: reads each tree that holds a target. */
function fromEntries(graph: HistoryGraph, folds: Folds, targets: Targets): NamedEdges {
  const keys = new Map<string, number>();
  const names: string[] = [];
  const keyOf = (name: string): number => {
    const known = keys.get(name);
    if (known !== undefined) return known;
    keys.set(name, names.length);
    return names.push(name) - 1;
  };
  const treeOf = numberTrees(graph.trees);
  const unitOf = (tree: number): number => ((folds.of[tree] ?? NONE) === NONE ? NONE : tree);
  return {
    unitCount: graph.trees.count,
    unitOf,
    foldOf: (unit) => folds.of[unit] as number,
    treeOf: (unit) => unit,
    each(unit, take) {
      for (const { name, object, isTree } of graph.entriesOf(unit)) {
        const number = isTree ? unitOf(treeOf(object)) : (targets.placeOf.get(object) ?? NONE);
        if (number !== NONE) take(number * 2 + (isTree ? 1 : 0), keyOf(name));
      }
    },
    nameOf: (key) => names[key] ?? lostName,
  };
}

/** Chooses between the two. */
export function nameEdges(graph: HistoryGraph, folds: Folds, targets: Targets): NamedEdges {
  return folds.names === undefined ? fromEntries(graph, folds, targets) : fromFolds(graph, folds, folds.names);
}
