// Turns the index of a work tree into its entries: ids, paths, stages, and submodules with whether they are there.

import { join } from "node:path";

import type { GitPlace } from "./environment.ts";
import { GitError } from "./git-error.ts";
import type { RepositoryPlaces } from "./object-folders.ts";
import { nulRecords, type GitRecord } from "./records.ts";
import { lookAt } from "./regular-file.ts";
import { openGit } from "./run.ts";
import { openWorktreeGit, type Worktree } from "./worktrees.ts";

/** A path that is staged. */
export interface IndexEntry {
  /** Octal: `100644`, `100755`, `120000` symbolic link, `160000` submodule. */
  readonly mode: string;
  /** Hex; of a commit in another repository for a submodule. */
  readonly id: string;
  /** 0, or 1 to 3 where a merge left a conflict. */
  readonly stage: number;
  /** From the top of the work tree. */
  readonly path: GitRecord;
}

/**
 * Yields the index of a work tree in batches; nothing where there is no index. A sparse one is given in full.
 * @throws {GitError} from the iteration, when git cannot read the index.
 */
export async function* indexEntries(
  place: GitPlace,
  places: RepositoryPlaces,
  worktree: Worktree,
): AsyncGenerator<IndexEntry[]> {
  const args = ["ls-files", "--stage", "-z", "--full-name", "--", ":/"];
  // The caller's own index may be named by GIT_INDEX_FILE; those of other work trees are never.
  const own = worktree.gitDir === places.gitDir && place.repository === "environment";
  const git = own ? openGit(place, args) : openWorktreeGit(place, worktree, args);
  try {
    for await (const records of nulRecords(git.stdout)) {
      const entries = records.map(parseEntry).filter((entry) => entry !== undefined);
      if (entries.length > 0) yield entries;
    }
    const { error } = await git.result;
    if (error !== undefined) {
      const reason = error.stderr.split(/\r?\n/, 1)[0] || error.message;
      throw new GitError(error.kind, `the index of ${worktree.gitDir} cannot be read: ${reason}`, error.stderr);
    }
  } finally {
    git.stop();
  }
}

function parseEntry(record: GitRecord): IndexEntry | undefined {
  const text = typeof record === "string" ? record : record.toString("latin1");
  const [head, mode = "", id = "", stage] = /^([0-7]{6}) ([0-9a-f]{40,64}) ([0-3])\t/.exec(text) ?? [];
  if (head === undefined) return undefined;
  const path = typeof record === "string" ? record.slice(head.length) : record.subarray(head.length);
  return { mode, id, stage: Number(stage), path };
}

/** Is the submodule at `path` (mode `160000`) checked out, with a repository of its own? */
export function isSubmoduleHere(worktree: Worktree, path: GitRecord): boolean {
  const name = path.toString("utf8");
  if (worktree.root === undefined || name.split(/[/\\]/).includes("..")) return false;
  return typeof lookAt(join(worktree.root, name, ".git")) === "object";
}
