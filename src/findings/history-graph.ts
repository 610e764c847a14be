// What origins are computed from and into: a repository's commits, trees and refs as arrays of numbers, and the
// places and origins of its secrets. Whoever reads the repository fills these in; see origin.ts.

import type { CommitPoint, Origin } from "../model/history.ts";

/** The number of what is not here: a parent behind a shallow boundary, a tree that is missing. */
export const NONE = 0xffffffff;

/** What the path of a commit's or tag's message is shown as. */
export const messagePath = "COMMIT_MSG";

/** Commits in any order; a commit's number is its place here. */
export interface CommitTable {
  readonly count: number;
  /** Object number of each commit. */
  readonly objects: Uint32Array;
  /** Object number of each root tree; NONE when it is missing. The empty tree, which need not be stored, is not missing. */
  readonly trees: Uint32Array;
  /** Committer's time in seconds. */
  readonly times: Float64Array;
  /** `count + 1` places in `parents`. */
  readonly parentStarts: Uint32Array;
  /** Commit numbers; NONE for a parent that is not here. */
  readonly parents: Uint32Array;
}

/** Trees in any order; a tree's number is its place here. */
export interface TreeTable {
  readonly count: number;
  /** Object number of each tree. */
  readonly objects: Uint32Array;
  /** `count + 1` places in `children`. */
  readonly childStarts: Uint32Array;
  /** Numbers of the trees that stand directly in a tree; NONE for one that is missing. */
  readonly children: Uint32Array;
  /**
   * Beside `children`, the key of the name under which each stands: equal for equal names, different for different
   * ones (a good 32-bit hash of the name's bytes does). See `TreeEntry.key`.
   */
  readonly names?: Uint32Array;
}

/** Which target blobs stand directly in which trees, in any order. */
export interface Holds {
  /** Tree numbers. */
  readonly trees: Uint32Array;
  /** Object numbers of blobs. */
  readonly blobs: Uint32Array;
  /** The keys of their names; a blob that stands under several names in one tree has a row for each. */
  readonly names?: Uint32Array;
}

/** One entry of a tree. */
export interface TreeEntry {
  readonly name: string;
  readonly object: number;
  readonly isTree: boolean;
  /** The key of the name; needed where `TreeTable.names` and `Holds.names` are there. */
  readonly key?: number;
}

/** A ref, or a file like HEAD that names an object. Worktrees' own are `worktrees/<name>/HEAD` and the like. */
export interface GraphRef {
  readonly name: string;
  /** Commit number; absent where it leads to no commit. */
  readonly commit?: number;
  /** Object number of what it names: a tag, commit, tree or blob. */
  readonly object: number;
}

/**
 * A repository's history. Object numbers are places in one table of all objects, sorted by id. Root trees, refs and
 * reflogs may name objects that are in none of the tables; those are taken as missing.
 */
export interface HistoryGraph {
  readonly commits: CommitTable;
  readonly trees: TreeTable;
  readonly holds: Holds;
  /** Annotated tags and what they name, so that tags of tags, trees and blobs are followed. Object numbers. */
  readonly tags?: readonly { readonly object: number; readonly target: number }[];
  /**
   * The entries of one tree, read anew. Slow: with names in `trees` and `holds` it is asked for a few trees for each
   * place that is reported, without them for every tree that has a target somewhere in it.
   */
  entriesOf(tree: number): readonly TreeEntry[];
  /** Id, author and date of a commit, read anew. Slow: asked once for each commit that is reported. */
  describe(commit: number): CommitPoint;
  readonly refs: readonly GraphRef[];
  /** Commits that reflogs name. Those of `refs/stash` are stash entries. */
  readonly reflogs: readonly { readonly ref: string; readonly commit: number }[];
  /** Object numbers of blobs in the index of any worktree. */
  readonly index: readonly { readonly blob: number; readonly path: string }[];
}

/** Where one secret stands. */
export interface SecretPlaces {
  /** Object numbers of the blobs that hold it. */
  readonly blobs: readonly number[];
  /** Object numbers of the commits and tags that hold it in their message or in a field. */
  readonly messages: readonly number[];
}

/** One path at which a blob ever stood. */
export interface BlobPlace {
  readonly path: string;
  /** The first commit that put it there; absent where it stands there in no commit. */
  readonly introduced?: number;
}

/** What history says of every secret and every target blob. */
export interface Origins {
  /** In the order of the secrets that were given. */
  readonly secrets: readonly Origin[];
  /** Every path of each target blob, by object number, sorted. Empty for a blob that is in no tree and no index. */
  readonly places: ReadonlyMap<number, readonly BlobPlace[]>;
  /** Target blobs that stand at more paths than are listed, by object number. */
  readonly cut: ReadonlySet<number>;
}
