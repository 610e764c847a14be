// The vocabulary of git hooks: when keywarden runs, who calls it, and what is wrong with an installation.

/** The moments at which git asks: before a commit, about its message, before a push. */
export const hookStages = ["pre-commit", "commit-msg", "pre-push"] as const;
export type HookStage = (typeof hookStages)[number];

/** What calls the hooks of a repository: git itself, or a program that keeps them in files of the repository. */
export const hookManagers = ["git", "husky", "lefthook", "simple-git-hooks"] as const;
export type HookManager = (typeof hookManagers)[number];

/** One ref of a push, as git's pre-push hook is told of it (githooks(5)). */
export interface PushedRef {
  readonly localRef: string;
  /** Hex; all zeros for a deletion. */
  readonly localId: string;
  readonly remoteRef: string;
  /** Hex; all zeros where the remote has no such ref yet. */
  readonly remoteId: string;
}
