// Refs in, groups of them out: refs of one kind that can reach nothing different are told of together.

import { compareText } from "../base/compare-text.ts";
import type { ReachingRefs } from "../model/history.ts";
import type { Steps } from "./condense.ts";
import type { Folds } from "./fold-trees.ts";
import type { HistoryGraph } from "./history-graph.ts";
import { NONE } from "./history-graph.ts";
import { readRef } from "./ref-kinds.ts";
import type { RefNature } from "./ref-kinds.ts";
import { tagChains } from "./tag-chain.ts";
import { numberTrees } from "./tree-numbers.ts";

/** Kinds of refs in the order in which they are told. */
export const refKinds: readonly ReachingRefs["kind"][] = ["branch", "remote", "tag", "notes", "stash", "other"];

/** Refs of one kind that name the same step, or the same object beside the commits. */
export interface RefGroup {
  /** A place in `refKinds`. */
  readonly kind: number;
  readonly holds: number;
  readonly isTip: boolean;
  /** NONE where no commit is named. */
  readonly step: number;
  /** The fold of the tree that is named, or NONE. */
  readonly fold: number;
  /** What is named besides: tags and blobs that are targets. */
  readonly objects: readonly number[];
  /** Of those that are listed; sorted. */
  readonly names: string[];
}

/** All refs are listed but a HEAD, ours or a remote's, whose commit a branch names. */
function isListed(nature: RefNature, commit: number | undefined, branches: ReadonlySet<number>): boolean {
  return !nature.isHead || commit === undefined || !branches.has(commit);
}

/** Puts refs together, ordered by their names. `targets`: object numbers of all blobs and tags that matter. */
export function groupRefs(
  graph: HistoryGraph,
  steps: Steps,
  folds: Folds,
  targets: ReadonlySet<number>,
): readonly RefGroup[] {
  const chainOf = tagChains(graph);
  const treeOf = numberTrees(graph.trees);
  const branches = new Set<number>();
  for (const { name, commit } of graph.refs)
    if (commit !== undefined && readRef(name).isTip && !readRef(name).isHead) branches.add(commit);
  const groups = new Map<string | number, RefGroup>();
  for (const { name, commit, object } of graph.refs) {
    const nature = readRef(name);
    const kind = refKinds.indexOf(nature.kind);
    const chain = chainOf(object);
    const objects = chain.filter((item) => targets.has(item));
    const tree = treeOf(chain.at(-1) as number);
    const fold = tree === NONE ? NONE : (folds.of[tree] as number);
    const step = commit === undefined ? NONE : (steps.stepOf[commit] ?? NONE);
    const isShown = isListed(nature, commit, branches);
    // Most refs name a commit and nothing else that matters: a number is quicker than a text.
    const isPlain = fold === NONE && objects.length === 0;
    const traits = ((kind * 4 + nature.holds) * 2 + (nature.isTip ? 1 : 0)) * 2 + (isShown ? 1 : 0);
    const key = isPlain ? traits * 0x100000000 + step : [traits, step, fold, ...objects].join();
    let group = groups.get(key);
    if (group === undefined) {
      group = { kind, holds: nature.holds, isTip: nature.isTip, step, fold, objects, names: [] };
      groups.set(key, group);
    }
    if (isShown) group.names.push(nature.shown);
  }
  for (const group of groups.values()) group.names.sort(compareText);
  // The first names of all groups are then among those of the first few groups.
  return [...groups.values()].sort((a, b) => compareText(a.names[0] ?? "", b.names[0] ?? ""));
}
