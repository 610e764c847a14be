// Two commits in, the paths out at which the second holds something else than the first.

import type { GitPlace } from "../base/git/environment.ts";
import { parseCommit } from "../base/git/commit.ts";
import { GitError } from "../base/git/git-error.ts";
import { rawChanges } from "../base/git/raw-diff.ts";
import { nulRecords } from "../base/git/records.ts";
import { openGit, runGit } from "../base/git/run.ts";
import { displayName } from "./native-path.ts";
import { sourceError } from "./problems.ts";

/** One path; renames are a removal and an addition. */
export interface ChangedPath {
  readonly path: string;
  readonly change: "added" | "changed" | "removed";
}

const words: Readonly<Record<string, ChangedPath["change"]>> = { A: "added", D: "removed" };

/** Compares the trees of two commits. @throws {SourceError} where git cannot. */
export async function changedPaths(place: GitPlace, base: string, head: string): Promise<readonly ChangedPath[]> {
  const args = ["-r", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-textconv", base, head];
  const changed: ChangedPath[] = [];
  try {
    const git = openGit(place, ["diff-tree", ...args]);
    for await (const changes of rawChanges(nulRecords(git.stdout))) {
      for (const { path, status } of changes)
        changed.push({ path: displayName(path), change: words[status] ?? "changed" });
    }
    const { error } = await git.result;
    if (error !== undefined) throw error;
    return changed;
  } catch (error) {
    throw sourceError(error, place.cwd);
  }
}

/** The commit at which two histories part, or undefined where none is at hand. */
export async function mergeBase(place: GitPlace, a: string, b: string): Promise<string | undefined> {
  return asked(place, ["merge-base", a, b], (answer) => answer.toString("latin1").split("\n", 1)[0] || undefined);
}

/** A commit's parents as it names them itself, whatever a shallow clone holds; undefined where it is not at hand. */
export async function parentsOf(place: GitPlace, commit: string): Promise<readonly string[] | undefined> {
  return asked(place, ["cat-file", "commit", commit], (answer) => parseCommit(answer).parents);
}

async function asked<T>(place: GitPlace, args: readonly string[], read: (answer: Buffer) => T): Promise<T | undefined> {
  try {
    return read(await runGit(place, args));
  } catch (error) {
    if (error instanceof GitError && (error.kind === "failed" || error.kind === "unknown-revision")) return undefined;
    throw sourceError(error, place.cwd);
  }
}
