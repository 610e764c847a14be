// Turns a repository into all names that lead to objects: refs, HEADs, and what a merge or rebase under way keeps.

import { readdirSync } from "node:fs";
import { join } from "node:path";

import type { GitPlace } from "./environment.ts";
import type { RepositoryPlaces } from "./object-folders.ts";
import { isMissing, lookAt, readRegularFile, reasonOf } from "./regular-file.ts";
import { openGit } from "./run.ts";
import { answerOf, openWorktreeGit, type GitAnswer, type Worktree } from "./worktrees.ts";

/** FETCH_HEAD has a line for each ref that was fetched. */
const maxHeadBytes = 64 * 1024 * 1024;
/** Refs that each work tree has for itself. */
const ownRefs = ["refs/bisect", "refs/worktree", "refs/rewritten"];
/** Files beside HEAD that hold ids, one at the start of each line. */
const headName = /^(?:[A-Z]+_)*HEAD$|^(?:AUTO_MERGE|MERGE_AUTOSTASH|BISECT_EXPECTED_REV)$/;
const stepFolders = ["rebase-merge", "rebase-apply", "sequencer"];
const stepName =
  /^(?:head|orig-head|onto|stopped-sha|autostash|squash-onto|amend|abort-safety|original-commit|upstream)$/;
/** Where refs are in tables, these are there too; MERGE_HEAD and FETCH_HEAD are always files. */
const tabledHeads = ["ORIG_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "REBASE_HEAD", "BISECT_HEAD", "AUTO_MERGE"];

/** A name and the object that it leads to: commit, tag, tree or blob; the object may be missing. */
export interface Ref {
  /** `refs/…`, `HEAD`, `MERGE_HEAD`, `rebase-merge/orig-head`. May hold any character but a line break. */
  readonly name: string;
  /** Hex. */
  readonly id: string;
  /** Name of the linked work tree it belongs to; absent for what all share, and for the main one's own. */
  readonly worktree?: string;
}

/** Names, and in plain words what could not be read. */
export interface RefList {
  readonly refs: readonly Ref[];
  readonly troubles: readonly string[];
}

/**
 * Every ref under `refs/` (notes, stash, replace, pull requests and so on included), of linked work trees too.
 * Their objects are not looked at.
 * @throws {GitError} when git cannot be started at all.
 */
export async function listRefs(place: GitPlace, worktrees: readonly Worktree[]): Promise<RefList> {
  const refs: Ref[] = [];
  const troubles: string[] = [];
  const list = ["for-each-ref", "--format=%(objectname) %(refname)"];
  const take = (answer: GitAnswer, worktree: string | undefined): void => {
    for (const line of answer.text.split("\n")) {
      const space = line.indexOf(" ");
      if (space < 40) continue;
      const name = line.slice(space + 1).trimEnd();
      refs.push({ name, id: line.slice(0, space), ...(worktree === undefined ? {} : { worktree }) });
    }
    troubles.push(...answer.troubles.map((trouble) => `refs: ${trouble}`));
  };
  take(await answerOf(openGit(place, list)), undefined);
  for (const worktree of worktrees) {
    if (worktree.name === undefined) continue;
    take(await answerOf(openWorktreeGit(place, worktree, [...list, ...ownRefs])), worktree.name);
  }
  return { refs, troubles };
}

/**
 * HEAD of every work tree, detached or not (none for a branch without commits), and the ids that operations keep
 * beside it: MERGE_HEAD, ORIG_HEAD, FETCH_HEAD, CHERRY_PICK_HEAD, a rebase under way and so on.
 * @throws {GitError} when git cannot be started at all.
 */
export async function listHeads(
  place: GitPlace,
  places: RepositoryPlaces,
  worktrees: readonly Worktree[],
): Promise<RefList> {
  const refs: Ref[] = [];
  const troubles: string[] = [];
  const tabled = lookAt(join(places.commonDir, "reftable")) !== undefined;
  for (const worktree of worktrees) {
    const own = worktree.name === undefined ? {} : { worktree: worktree.name };
    for (const name of tabled ? ["HEAD", ...tabledHeads] : ["HEAD"]) {
      const answer = await answerOf(openWorktreeGit(place, worktree, ["rev-parse", "--verify", "--quiet", name]));
      const id = answer.text.trim();
      if (id.length === places.idBytes * 2) refs.push({ name, id, ...own });
      else {
        const fatal = answer.troubles.find((line) => line.startsWith("fatal"));
        if (fatal !== undefined) troubles.push(`${name} in ${worktree.gitDir}: ${fatal}`);
      }
    }
    for (const { name, file } of headFiles(worktree.gitDir)) {
      const ids = idsIn(file, places.idBytes, troubles);
      for (const id of ids) refs.push({ name, id, ...own });
    }
  }
  return { refs, troubles };
}

function headFiles(gitDir: string): { name: string; file: string }[] {
  const heads = namesIn(gitDir).filter((name) => name !== "HEAD" && headName.test(name));
  const steps = stepFolders.flatMap((folder) =>
    namesIn(join(gitDir, folder))
      .filter((name) => stepName.test(name))
      .map((name) => `${folder}/${name}`),
  );
  return [...heads, ...steps].map((name) => ({ name, file: join(gitDir, name) }));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    // Not under way.
    return [];
  }
}

/** The ids at the start of the lines of a file, each once. */
function idsIn(file: string, idBytes: 20 | 32, troubles: string[]): Set<string> {
  const id = new RegExp(`^[0-9a-f]{${idBytes * 2}}(?![0-9a-f])`, "gm");
  try {
    return new Set(readRegularFile(file, maxHeadBytes).toString("latin1").match(id));
  } catch (error) {
    if (!isMissing(error)) troubles.push(`${file} cannot be read: ${reasonOf(error)}`);
    return new Set();
  }
}
