// Turns the changes staged in git's index into blobs: what the next commit would hold, never the working copy.

import { ObjectReader } from "../base/git/cat-file.ts";
import type { GitPlace } from "../base/git/environment.ts";
import { GitError } from "../base/git/git-error.ts";
import { rawChanges, type RawChange } from "../base/git/raw-diff.ts";
import { nulRecords } from "../base/git/records.ts";
import { openGit, runGit } from "../base/git/run.ts";
import type { Blob, Problem, Provenance, Skip, Source } from "../model/blob.ts";
import { readBlobs } from "./git-blobs.ts";
import { displayName } from "./native-path.ts";
import { sourceError } from "./problems.ts";

/** Which repository's index is scanned. */
export interface StagedOptions {
  /** Absolute; anywhere inside the work tree. GIT_DIR and GIT_INDEX_FILE are honoured, as hooks need it. */
  readonly cwd: string;
  /** Instead of `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  /** Larger contents become streams. Default 64 MiB. */
  readonly maxBytes?: number;
}

/** Reports of failures that a comparison with the empty tree cannot mend. */
const hopeless: readonly string[] = ["no-git", "no-folder", "not-a-repository", "unsafe-repository"];

/**
 * A source of the index's blobs that differ from HEAD (before the first commit: all of them; while merging:
 * all stages of unmerged files). Paths are relative to the top of the work tree.
 * @throws {SourceError} from the iteration: not a repository, git refuses or is missing.
 */
export function stagedSource(options: StagedOptions): Source {
  const problems: Problem[] = [];
  const skips: Skip[] = [];
  const place: GitPlace = {
    cwd: options.cwd,
    repository: "environment",
    ...(options.env === undefined ? {} : { env: options.env }),
  };
  return {
    name: "staged changes",
    problems,
    skips,
    async *blobs(signal?: AbortSignal): AsyncGenerator<readonly Blob[]> {
      let reader: ObjectReader | undefined;
      try {
        // Started before the changes are known: starting processes is most of the time this takes.
        reader = new ObjectReader(place, {
          signal,
          ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
        });
        const wanted = await stagedIds(place, skips, signal);
        if (wanted.size > 0) yield* readBlobs(wanted, { reader, place, problems });
      } catch (error) {
        throw sourceError(error, options.cwd);
      } finally {
        reader?.close();
      }
    },
  };
}

async function stagedIds(place: GitPlace, skips: Skip[], signal?: AbortSignal): Promise<Map<string, Provenance[]>> {
  const wanted = new Map<string, Provenance[]>();
  const add = (id: string, path: string): void => {
    const places = wanted.get(id) ?? [];
    places.push({ path, part: "file" });
    wanted.set(id, places);
  };
  let hasUnmerged = false;
  for (const change of await stagedChanges(place, signal)) {
    const path = displayName(change.path);
    if (change.status === "U") hasUnmerged = true;
    else if (change.mode === "000000") skips.push({ path, reason: "deleted" });
    else if (change.mode === "160000") skips.push({ path, reason: "submodule", hint: submoduleHint });
    else if (change.isNew) add(change.id, path);
  }
  if (hasUnmerged) for (const { id, path } of await unmergedStages(place, signal)) add(id, path);
  return wanted;
}

const submoduleHint = "Scan it from inside of it, before committing there.";

/** Compares the index with HEAD; before the first commit, or where HEAD is broken, with nothing. */
async function stagedChanges(place: GitPlace, signal?: AbortSignal): Promise<RawChange[]> {
  try {
    return await changesAgainst("HEAD", place, signal);
  } catch (error) {
    if (!(error instanceof GitError) || hopeless.includes(error.kind)) throw error;
    const emptyTree = await runGit(place, ["hash-object", "-t", "tree", "--stdin"], { signal });
    return changesAgainst(emptyTree.toString("latin1").trim(), place, signal);
  }
}

async function changesAgainst(tree: string, place: GitPlace, signal?: AbortSignal): Promise<RawChange[]> {
  const options = ["--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-textconv"];
  // Config can set what this option resets: submodules whose changes are not shown.
  const git = openGit(place, ["diff-index", "--cached", ...options, "--ignore-submodules=none", tree, "--"], {
    signal,
  });
  const changes: RawChange[] = [];
  for await (const found of rawChanges(nulRecords(git.stdout))) changes.push(...found);
  const { error } = await git.result;
  if (error !== undefined) throw error;
  return changes;
}

/** Stages 1 to 3 (base, ours, theirs) of all files with conflicts. */
async function unmergedStages(place: GitPlace, signal?: AbortSignal): Promise<{ id: string; path: string }[]> {
  const git = openGit(place, ["ls-files", "--unmerged", "-z", "--full-name", ":/"], { signal });
  const stages: { id: string; path: string }[] = [];
  for await (const records of nulRecords(git.stdout)) {
    for (const record of records) {
      const tab = record.indexOf("\t");
      if (tab < 0) continue;
      const [mode, id] = displayName(record.slice(0, tab)).split(" ");
      if (id !== undefined && mode !== "160000") stages.push({ id, path: displayName(record.slice(tab + 1)) });
    }
  }
  const { error } = await git.result;
  if (error !== undefined) throw error;
  return stages;
}
