// A table of trees in, the way from an object's number to a tree's number out.

import type { TreeTable } from "./history-graph.ts";
import { NONE } from "./history-graph.ts";

/** Gives the tree number of an object; NONE for what is no tree of the table. */
export function numberTrees(trees: TreeTable): (object: number) => number {
  let last = -1;
  for (let tree = 0; tree < trees.count; tree++) last = Math.max(last, trees.objects[tree] as number);
  const numbers = new Uint32Array(last + 1).fill(NONE);
  for (let tree = 0; tree < trees.count; tree++) numbers[trees.objects[tree] as number] = tree;
  return (object) => numbers[object] ?? NONE;
}
