// Steps of history and folded trees in, every path at which each target ever stood out, with the first commit of each.

import { compareText } from "../base/compare-text.ts";
import type { Steps } from "./condense.ts";
import { isFold, numberOf } from "./fold-trees.ts";
import type { Folds, Targets } from "./fold-trees.ts";
import type { BlobPlace, HistoryGraph, Origins } from "./history-graph.ts";
import { NONE } from "./history-graph.ts";
import { nameEdges } from "./named-edges.ts";
import type { NamedEdges } from "./named-edges.ts";
import { PathTable, rootPath } from "./path-table.ts";
import { tagChains } from "./tag-chain.ts";
import { numberTrees } from "./tree-numbers.ts";

/** So many paths of one target, and of one tree, are told apart. A made-up tree can have more than there is memory. */
const maxPlaces = 1000;

/** Trees that stand at several paths are followed to so many further ones in all. */
const maxFurther = 2_000_000;

/** What the walk is made over. */
export interface PlaceRequest {
  readonly graph: HistoryGraph;
  /** All commits in order. */
  readonly order: Uint32Array;
  readonly steps: Steps;
  readonly folds: Folds;
  readonly targets: Targets;
}

class PlaceWalk {
  readonly edges: NamedEdges;
  readonly paths = new PathTable();
  /** By target: its paths, each with the number of a commit or NONE, in the order in which they were met. */
  readonly found: readonly Map<number, number>[];
  /** By fold: 1 when it was met. */
  readonly met: Uint8Array;
  /** By fold: 1 when a path of it was not followed. */
  readonly dropped: Uint8Array;
  readonly cut = new Set<number>();
  /** By target: 1 when it takes no more places. */
  readonly settled: Uint8Array;
  readonly #firstPath: Uint32Array;
  readonly #furtherPaths = new Map<number, Set<number>>();
  #further = 0;
  readonly #stack: number[] = [];

  constructor({ graph, folds, targets }: PlaceRequest) {
    this.edges = nameEdges(graph, folds, targets);
    this.found = targets.blobs.map(() => new Map<number, number>());
    this.met = new Uint8Array(folds.count);
    this.dropped = new Uint8Array(folds.count);
    this.settled = new Uint8Array(targets.blobs.length);
    this.#firstPath = new Uint32Array(this.edges.unitCount).fill(NONE);
  }

  /** Follows a root tree; what it has at a path that is known already was told of an earlier commit. */
  follow(tree: number, commit: number): void {
    const root = tree === NONE ? NONE : this.edges.unitOf(tree);
    if (root === NONE) return;
    this.#meet(root, rootPath);
    while (this.#stack.length > 0) {
      const path = this.#stack.pop() as number;
      const unit = this.#stack.pop() as number;
      const source = this.edges.treeOf(unit);
      this.edges.each(unit, (member, key) => {
        const child = this.paths.child(path, key, source);
        if (isFold(member)) this.#meet(numberOf(member), child);
        else this.#place(numberOf(member), child, commit);
      });
    }
  }

  #meet(unit: number, path: number): void {
    const fold = this.edges.foldOf(unit);
    this.met[fold] = 1;
    const first = this.#firstPath[unit] as number;
    if (path === NONE) this.dropped[fold] = 1;
    if (path === NONE || first === path) return;
    if (first === NONE) this.#firstPath[unit] = path;
    else if (!this.#meetAgain(unit, path)) return;
    this.#stack.push(unit, path);
  }

  #meetAgain(unit: number, path: number): boolean {
    let paths = this.#furtherPaths.get(unit);
    if (paths === undefined) {
      paths = new Set();
      this.#furtherPaths.set(unit, paths);
    }
    if (paths.has(path)) return false;
    if (paths.size >= maxPlaces || this.#further >= maxFurther) {
      this.dropped[this.edges.foldOf(unit)] = 1;
      return false;
    }
    paths.add(path);
    this.#further++;
    return true;
  }

  #place(target: number, path: number, commit: number): void {
    if (this.settled[target] === 1) return;
    const places = this.found[target] as Map<number, number>;
    if (path !== NONE && places.has(path)) return;
    if (path === NONE || places.size >= maxPlaces) this.cut.add(target);
    else places.set(path, commit);
  }
}

function followRefs(walk: PlaceWalk, graph: HistoryGraph): void {
  const chainOf = tagChains(graph);
  const treeOf = numberTrees(graph.trees);
  for (const { commit, object } of graph.refs)
    if (commit === undefined) walk.follow(treeOf(chainOf(object).at(-1) as number), NONE);
}

/** Trees that no commit leads to say something only of targets that stand nowhere else. */
function followLost(walk: PlaceWalk, folds: Folds): void {
  for (const [target, places] of walk.found.entries()) if (places.size > 0) walk.settled[target] = 1;
  for (let fold = folds.count - 1; fold >= 0; fold--)
    if (walk.met[fold] === 0 && walk.dropped[fold] === 0) walk.follow(folds.witnesses[fold] as number, NONE);
}

/** Targets below a tree that was not followed everywhere may have more places, too. */
function spreadCut(walk: PlaceWalk, folds: Folds): void {
  for (let fold = folds.count - 1; fold >= 0; fold--) {
    if (walk.dropped[fold] === 0) continue;
    for (let place = folds.starts[fold] as number; place < (folds.starts[fold + 1] as number); place++) {
      const member = folds.members[place] as number;
      if (isFold(member)) walk.dropped[numberOf(member)] = 1;
      else walk.cut.add(numberOf(member));
    }
  }
}

function listPlaces(walk: PlaceWalk, target: number, staged: readonly string[]): readonly BlobPlace[] {
  const places = new Map<string, BlobPlace>();
  const { edges, paths, found } = walk;
  for (const [number, commit] of found[target] as Map<number, number>) {
    const path = paths.text(number, edges.nameOf);
    if (!places.has(path)) places.set(path, commit === NONE ? { path } : { path, introduced: commit });
  }
  for (const path of staged) if (!places.has(path)) places.set(path, { path });
  return [...places.values()].sort((a, b) => compareText(a.path, b.path));
}

/**
 * Finds the places of all targets in one walk. The commit of a place is the first in the order of commits that has the
 * blob there, so it is one of those whose parents do not. Blobs that refs reach without a commit, blobs in the index
 * and blobs in trees that nothing leads to get places without a commit; the last only where they have no other.
 */
export function findPlaces(request: PlaceRequest): Pick<Origins, "places" | "cut"> {
  const { graph, order, steps, folds, targets } = request;
  const walk = new PlaceWalk(request);
  const treeOf = numberTrees(graph.trees);
  // Without keys for names, a fold does not tell a renamed file from the file before.
  const commits = folds.names === undefined ? order : steps.commits;
  for (const commit of commits) walk.follow(treeOf(graph.commits.trees[commit] as number), commit);
  followRefs(walk, graph);
  const staged = new Map<number, string[]>();
  for (const { blob, path } of graph.index) {
    const paths = staged.get(blob);
    if (paths === undefined) staged.set(blob, [path]);
    else paths.push(path);
  }
  for (const [target, blob] of targets.blobs.entries()) if (staged.has(blob)) walk.settled[target] = 1;
  spreadCut(walk, folds);
  followLost(walk, folds);
  spreadCut(walk, folds);
  return {
    places: new Map(targets.blobs.map((blob, target) => [blob, listPlaces(walk, target, staged.get(blob) ?? [])])),
    cut: new Set([...walk.cut].map((target) => targets.blobs[target] as number)),
  };
}
