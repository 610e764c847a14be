// A few sizes → a large history as a graph: folders two deep, topic branches, files that come and go.

import type { GraphRef, HistoryGraph, TreeEntry } from "../../src/findings/history-graph.ts";

/** How large. */
export interface LargeSizes {
  readonly commits: number;
  readonly refs: number;
  readonly targets: number;
  readonly names: boolean;
}

const topFolders = 20;
const innerFolders = 10;

/** Numbers below a limit, the same in every run. */
function chance(): (limit: number) => number {
  let state = 12345;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x100000000) * limit);
  };
}

/** What stands in each tree: numbers of trees in the folders, numbers of targets in the innermost ones. */
class Folders {
  readonly children: (readonly number[])[] = [];
  readonly targets: (readonly number[])[] = [];

  add(children: readonly number[], targets: readonly number[]): number {
    this.targets.push(targets);
    return this.children.push(children) - 1;
  }
}

/** The root tree of the first commit, and what each commit makes of it: one inner folder gets another content. */
function growTrees(folders: Folders, parentRoot: number, targets: number, pick: (limit: number) => number): number {
  const top = [...(folders.children[parentRoot] as readonly number[])];
  const at = pick(topFolders);
  const inner = [...(folders.children[top[at] as number] as readonly number[])];
  const place = pick(innerFolders);
  const files = [...(folders.targets[inner[place] as number] as readonly number[])];
  if (pick(20) === 0) files.push(pick(targets));
  else if (files.length > 0 && pick(40) === 0) files.splice(pick(files.length), 1);
  inner[place] = folders.add([], files);
  top[at] = folders.add(inner, []);
  return folders.add(top, []);
}

function plantTrees(folders: Folders): number {
  const top = Array.from({ length: topFolders }, () =>
    folders.add(
      Array.from({ length: innerFolders }, () => folders.add([], [])),
      [],
    ),
  );
  return folders.add(top, []);
}

function tableOf(folders: Folders, { targets, names }: LargeSizes) {
  const count = folders.children.length;
  const childStarts = new Uint32Array(count + 1);
  const rowStarts = new Uint32Array(count + 1);
  for (let tree = 0; tree < count; tree++) {
    childStarts[tree + 1] = (childStarts[tree] as number) + (folders.children[tree] as readonly number[]).length;
    rowStarts[tree + 1] = (rowStarts[tree] as number) + (folders.targets[tree] as readonly number[]).length;
  }
  const children = new Uint32Array(childStarts[count] as number);
  const childNames = new Uint32Array(children.length);
  const trees = new Uint32Array(rowStarts[count] as number);
  const blobs = new Uint32Array(trees.length);
  for (let tree = 0; tree < count; tree++) {
    children.set(folders.children[tree] as readonly number[], childStarts[tree] as number);
    blobs.set(folders.targets[tree] as readonly number[], rowStarts[tree] as number);
    trees.fill(tree, rowStarts[tree] as number, rowStarts[tree + 1] as number);
    for (let edge = childStarts[tree] as number; edge < (childStarts[tree + 1] as number); edge++)
      childNames[edge] = targets + edge - (childStarts[tree] as number);
  }
  const objects = Uint32Array.from({ length: count }, (_, tree) => targets + tree);
  const entriesOf = (tree: number): TreeEntry[] => [
    ...Array.from(children.subarray(childStarts[tree], childStarts[tree + 1]), (child, place) => ({
      name: `d${place}`,
      object: targets + child,
      isTree: true,
      key: targets + place,
    })),
    ...Array.from(blobs.subarray(rowStarts[tree], rowStarts[tree + 1]), (blob) => ({
      name: `f${blob}`,
      object: blob,
      isTree: false,
      key: blob,
    })),
  ];
  return {
    trees: { count, objects, childStarts, children, ...(names ? { names: childNames } : {}) },
    holds: { trees, blobs, ...(names ? { names: blobs } : {}) },
    entriesOf,
  };
}

/** Builds the graph. Target blobs are objects 0 to `targets - 1`; trees and commits follow. */
export function largeHistory(sizes: LargeSizes): HistoryGraph {
  const pick = chance();
  const folders = new Folders();
  const planted = plantTrees(folders);
  const roots: number[] = [];
  const parentStarts = [0];
  const parents: number[] = [];
  for (let commit = 0; commit < sizes.commits; commit++) {
    const first = commit - 1 - (pick(8) === 0 ? pick(40) : 0);
    const list = commit === 0 ? [] : [Math.max(0, first)];
    if (commit > 0 && pick(6) === 0) list.push(Math.max(0, commit - 2 - pick(60)));
    parents.push(...list);
    parentStarts.push(parents.length);
    roots.push(growTrees(folders, roots[list[0] ?? -1] ?? planted, sizes.targets, pick));
  }
  const table = tableOf(folders, sizes);
  const firstCommit = sizes.targets + folders.children.length;
  const refs = Array.from({ length: sizes.refs }, (_, place): GraphRef => {
    const commit = sizes.commits - 1 - pick(place < 10 ? 10 : sizes.commits);
    return { name: `refs/${place % 3 === 0 ? "heads" : "tags"}/r${place}`, commit, object: firstCommit + commit };
  });
  return {
    commits: {
      count: sizes.commits,
      objects: Uint32Array.from({ length: sizes.commits }, (_, commit) => firstCommit + commit),
      trees: Uint32Array.from(roots, (tree) => sizes.targets + tree),
      times: Float64Array.from({ length: sizes.commits }, (_, commit) => commit),
      parentStarts: Uint32Array.from(parentStarts),
      parents: Uint32Array.from(parents),
    },
    ...table,
    describe: (commit) => ({ commit: `c${commit}` }),
    refs,
    reflogs: [],
    index: [],
  };
}
