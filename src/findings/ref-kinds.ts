// A ref's name in, what it is out: its kind, how strongly it holds what it reaches, and how it is shown.

import type { ReachingRefs } from "../model/history.ts";

/** How strongly something is held, from the most to the least exposed. Numbers, because they stand in arrays. */
export const held = { byRefs: 0, byStash: 1, byReflog: 2, byNothing: 3 } as const;

/** What a ref's name says. */
export interface RefNature {
  readonly kind: ReachingRefs["kind"];
  /** One of `held`. */
  readonly holds: number;
  /** Does it say what somebody works on: a branch, a remote's branch, HEAD? */
  readonly isTip: boolean;
  /** HEAD, or what a remote's HEAD was: mostly another name of a branch. */
  readonly isHead: boolean;
  /** The name without the part that the kind says already. */
  readonly shown: string;
}

const kinds: readonly (readonly [prefix: string, kind: ReachingRefs["kind"]])[] = [
  ["refs/heads/", "branch"],
  ["refs/remotes/", "remote"],
  ["refs/tags/", "tag"],
  ["refs/notes/", "notes"],
];

/**
 * MERGE_HEAD, ORIG_HEAD, FETCH_HEAD and their like are no refs: git leaves them behind, nobody fetches them, and most
 * do not keep their commits from `git gc`. They count like a reflog.
 */
export function readRef(name: string): RefNature {
  const own = name.startsWith("refs/") ? name : name.replace(/^(?:main-worktree|worktrees\/[^/]+)\//, "");
  for (const [prefix, kind] of kinds) {
    if (!own.startsWith(prefix)) continue;
    const isTip = kind === "branch" || kind === "remote";
    const shown = own.slice(prefix.length);
    return { kind, holds: held.byRefs, isTip, isHead: kind === "remote" && shown.endsWith("/HEAD"), shown };
  }
  if (own === "refs/stash") return { kind: "stash", holds: held.byStash, isTip: false, isHead: false, shown: name };
  const isHead = own === "HEAD";
  const holds = isHead || own.startsWith("refs/") ? held.byRefs : held.byReflog;
  return { kind: "other", holds, isTip: isHead, isHead, shown: name };
}
