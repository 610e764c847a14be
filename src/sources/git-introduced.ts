// Turns a list of commits into the blobs that they introduce, by comparing each with all of its parents.

import type { GitPlace } from "../base/git/environment.ts";
import type { GitError } from "../base/git/git-error.ts";
import { rawChanges } from "../base/git/raw-diff.ts";
import { nulRecords } from "../base/git/records.ts";
import { openGit, type GitProcess } from "../base/git/run.ts";
import { displayName } from "./native-path.ts";

const writeCommits = 512;

/** A blob at a path of a commit, where none of the commit's parents has it. */
export interface IntroducedBlob {
  readonly id: string;
  readonly commit: string;
  readonly path: string;
}

/** A content that commits introduce, and the places it came in at. */
export interface Introduced {
  readonly blobs: readonly IntroducedBlob[];
  /** Paths of submodules that were moved to other commits. */
  readonly submodules: readonly string[];
  /** Why git ended early; the rest is then incomplete. */
  readonly error?: GitError;
}

/** Lists what `commits` introduce, in their order. Never rejects for a failing git. */
export async function listIntroduced(
  place: GitPlace,
  commits: readonly string[],
  signal?: AbortSignal,
): Promise<Introduced> {
  const blobs: IntroducedBlob[] = [];
  const submodules = new Set<string>();
  if (commits.length === 0) return { blobs, submodules: [] };
  const args = ["--stdin", "-r", "-c", "--root", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff"];
  const git = openGit(place, ["diff-tree", ...args, "--no-textconv", "--ignore-submodules=none"], {
    input: true,
    signal,
  });
  const written = writeIds(git, commits);
  for await (const changes of rawChanges(nulRecords(git.stdout))) {
    for (const { mode, id, isNew, commit, path } of changes) {
      if (mode === "160000") submodules.add(displayName(path));
      else if (mode !== "000000" && isNew && commit !== undefined) blobs.push({ id, commit, path: displayName(path) });
    }
  }
  await written;
  const { error } = await git.result;
  return { blobs, submodules: [...submodules], ...(error === undefined ? {} : { error }) };
}

async function writeIds(git: GitProcess, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length && !git.stdin.destroyed; at += writeCommits) {
    const lines = `${ids.slice(at, at + writeCommits).join("\n")}\n`;
    if (git.stdin.write(lines)) continue;
    // A git that has ended drains no more; its input is then closed.
    await new Promise<void>((next) => {
      git.stdin.once("drain", next);
      git.stdin.once("close", next);
    });
  }
  git.stdin.end();
}
