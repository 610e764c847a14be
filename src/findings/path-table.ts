// Names in trees in, paths as numbers out; a path becomes text only when somebody asks.

import { GrowingNumbers } from "./growing.ts";
import { NONE } from "./history-graph.ts";

/** More paths than any tree has; a key of a Map (path, name) stays an exact number below it. */
const maxPaths = 0x1fffff;

/** Deeper than any file system goes; keeps made-up trees from making endless texts. */
const maxDepth = 4096;

/** The path of a root tree. */
export const rootPath = 0;

/** Paths, numbered; each is a parent's path and the key of a name. */
export class PathTable {
  readonly #numbers = new Map<number, number>();
  readonly #parents = new GrowingNumbers();
  readonly #keys = new GrowingNumbers();
  readonly #depths = new GrowingNumbers();
  /** A tree in which the last name of the path stands. */
  readonly #trees = new GrowingNumbers();

  constructor() {
    this.#add(NONE, 0, NONE, 0);
  }

  /** The path of an entry: its parent's path, the key of its name, and the tree it stands in. NONE when there are too many. */
  child(parent: number, key: number, tree: number): number {
    const both = parent * 0x100000000 + key;
    const known = this.#numbers.get(both);
    if (known !== undefined) return known;
    const depth = this.#depths.at(parent) + 1;
    if (this.#parents.length >= maxPaths || depth > maxDepth) return NONE;
    const path = this.#add(parent, key, tree, depth);
    this.#numbers.set(both, path);
    return path;
  }

  /** The path as text with forward slashes; `nameOf` gives a name by its key and a tree in which it stands. */
  text(path: number, nameOf: (key: number, tree: number) => string): string {
    const names: string[] = [];
    for (let at = path; at !== rootPath; at = this.#parents.at(at))
      names.push(nameOf(this.#keys.at(at), this.#trees.at(at)));
    return names.reverse().join("/");
  }

  #add(parent: number, key: number, tree: number, depth: number): number {
    this.#parents.push(parent);
    this.#keys.push(key);
    this.#trees.push(tree);
    this.#depths.push(depth);
    return this.#parents.length - 1;
  }
}
