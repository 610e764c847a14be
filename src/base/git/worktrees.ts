// Turns a repository into its work trees, each with the folder that holds its HEAD, index and reflogs.
// Format: gitrepository-layout(5), "worktrees".

import { readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

import type { GitPlace } from "./environment.ts";
import type { RepositoryPlaces } from "./object-folders.ts";
import { lookAt, readRegularFile } from "./regular-file.ts";
import { openGit, type GitProcess } from "./run.ts";

const maxPathBytes = 64 * 1024;

/** The main work tree (or the bare repository itself), or one made by `git worktree add`. */
export interface Worktree {
  /** As git names it below `worktrees/`; absent for the main one. */
  readonly name?: string;
  readonly gitDir: string;
  /** The folder with the files; absent when there is none (bare, removed) or it cannot be told. */
  readonly root?: string;
}

/** All work trees, the main one first, the others sorted by name. One whose folder is gone still has its HEAD. */
export function listWorktrees(places: RepositoryPlaces): Worktree[] {
  const { commonDir } = places;
  const mainRoot = basename(commonDir) === ".git" ? existing(dirname(commonDir)) : {};
  const worktrees: Worktree[] = [{ gitDir: commonDir, ...(places.bare ? {} : mainRoot) }];
  const folder = join(commonDir, "worktrees");
  for (const name of entriesOf(folder)) {
    const gitDir = join(folder, name);
    if (typeof lookAt(join(gitDir, "HEAD")) !== "object") continue;
    worktrees.push({ name, gitDir, ...rootOf(gitDir) });
  }
  return worktrees;
}

/** Reads where the `.git` file of a linked work tree is; newer git may write it relative to `gitDir`. */
function rootOf(gitDir: string): { root?: string } {
  try {
    const text = readRegularFile(join(gitDir, "gitdir"), maxPathBytes).toString("utf8").trimEnd();
    return text === "" ? {} : existing(dirname(resolve(gitDir, text)));
  } catch {
    // A work tree that says not where it is has files that nobody can find.
    return {};
  }
}

function existing(root: string): { root?: string } {
  const seen = lookAt(root);
  return typeof seen === "object" && seen.isDirectory() ? { root } : {};
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    // No linked work trees.
    return [];
  }
}

/**
 * Starts git for one work tree of the repository at `place`, whose folder need not exist. Only for a repository that
 * git was asked about before (`findPlaces`): named like this, git trusts any owner.
 * @throws {GitError} when it cannot be started at all.
 */
export function openWorktreeGit(place: GitPlace, worktree: Worktree, args: readonly string[]): GitProcess {
  const within: GitPlace = { ...place, cwd: worktree.gitDir, repository: "discover" };
  return openGit(within, [`--git-dir=${worktree.gitDir}`, ...args]);
}

/** What git printed, and why it did not end well, if so. */
export interface GitAnswer {
  readonly text: string;
  /** What it complained of, line by line; ours, when it said nothing or could not be run. */
  readonly troubles: readonly string[];
  readonly good: boolean;
}

/** Waits for all that `git` prints; for listings that fit in memory. Never rejects. */
export async function answerOf(git: GitProcess): Promise<GitAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of git.stdout) chunks.push(chunk);
  const { error, stderr } = await git.result;
  const complaints = stderr.split(/\r?\n/).filter((line) => line !== "");
  return {
    text: Buffer.concat(chunks).toString("utf8"),
    troubles: complaints.length === 0 && error !== undefined ? [error.message] : complaints,
    good: error === undefined,
  };
}
