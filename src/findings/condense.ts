// Ordered commits and folded trees in, a short history out: a commit that changes nothing about any target is one with
// its parents.

import type { CommitOrder } from "./commit-order.ts";
import type { Folds } from "./fold-trees.ts";
import { GrowingNumbers } from "./growing.ts";
import type { HistoryGraph } from "./history-graph.ts";
import { NONE } from "./history-graph.ts";
import { numberTrees } from "./tree-numbers.ts";

/** Commits that matter, parents first; a step stands for its commit and for those after it that change nothing. */
export interface Steps {
  readonly count: number;
  /** The commit of each step: the first one, in the order of all commits. */
  readonly commits: Uint32Array;
  /** By commit number. */
  readonly stepOf: Uint32Array;
  /** `count + 1` places in `parents`. */
  readonly parentStarts: Uint32Array;
  /** Steps, each once. */
  readonly parents: Uint32Array;
  /** The fold of each step's root tree, or NONE. */
  readonly folds: Uint32Array;
  /** 1 where the root tree or a tree in it is missing. */
  readonly unsure: Uint8Array;
  /** 1 where a parent, or something of its tree, is out of sight: what is new here may be older. */
  readonly edge: Uint8Array;
  /** A number of `held`. */
  readonly holders: Uint8Array;
}

/** `spoken`: numbers of the commits whose own text holds a secret; they stay steps of their own. */
export function condense(
  graph: HistoryGraph,
  { order, holders }: CommitOrder,
  folds: Folds,
  spoken: ReadonlySet<number>,
): Steps {
  const { count, parentStarts, parents } = graph.commits;
  const treeOf = numberTrees(graph.trees);
  const commits = new GrowingNumbers();
  const starts = new GrowingNumbers();
  const edges = new GrowingNumbers();
  const stepFolds = new GrowingNumbers();
  const unsure = new GrowingNumbers();
  const onEdge = new GrowingNumbers();
  const stepOf = new Uint32Array(count).fill(NONE);
  for (const commit of order) {
    const root = treeOf(graph.commits.trees[commit] as number);
    const fold = root === NONE ? NONE : (folds.of[root] as number);
    const isUnsure = root === NONE || folds.incomplete[root] === 1;
    let isOnEdge = false;
    const firstEdge = edges.length;
    for (let edge = parentStarts[commit] as number; edge < (parentStarts[commit + 1] as number); edge++) {
      const parent = parents[edge] as number;
      const step = parent < count ? (stepOf[parent] as number) : NONE;
      if (step === NONE || unsure.at(step) === 1) isOnEdge = true;
      if (step !== NONE && !edges.has(step, firstEdge)) edges.push(step);
    }
    const only = edges.length === firstEdge + 1 ? edges.at(firstEdge) : NONE;
    const changes = only === NONE || stepFolds.at(only) !== fold || spoken.has(commit) || spoken.has(commits.at(only));
    if (!changes && !isOnEdge && !isUnsure) {
      edges.pop();
      stepOf[commit] = only;
      continue;
    }
    stepOf[commit] = commits.length;
    commits.push(commit);
    starts.push(firstEdge);
    stepFolds.push(fold);
    unsure.push(isUnsure ? 1 : 0);
    onEdge.push(isOnEdge ? 1 : 0);
  }
  starts.push(edges.length);
  return {
    count: commits.length,
    commits: commits.items,
    stepOf,
    parentStarts: starts.items,
    parents: edges.items,
    folds: stepFolds.items,
    unsure: Uint8Array.from(unsure.items),
    edge: Uint8Array.from(onEdge.items),
    holders: Uint8Array.from(commits.items, (commit) => holders[commit] as number),
  };
}
