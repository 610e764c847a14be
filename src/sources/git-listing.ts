// Turns a folder of a git work tree into the files in it that git tracks or does not ignore.

import { existsSync, lstatSync } from "node:fs";
import { join, sep } from "node:path";

import type { GitPlace } from "../base/git/environment.ts";
import { nulRecords, type GitRecord } from "../base/git/records.ts";
import { openGit, type GitProcess } from "../base/git/run.ts";
import { displayName, joinDisplay, joinNative, type NativePath } from "./native-path.ts";
import { fileProblem } from "./problems.ts";
import { walk, type Listed, type Listing, type Nested } from "./walk.ts";

const submoduleMode = "160000";
const symlinkMode = "120000";

interface Repository extends Listing {
  readonly folder: string;
  readonly path: string;
  readonly run: (...args: string[]) => GitProcess;
}

/** A tracked file that is handed on when the next record does not say that it is gone. */
interface Pending {
  readonly key: string;
  readonly name: GitRecord;
  readonly mode: string;
  isGone: boolean;
}

/**
 * Yields the tracked files of `folder` (absolute; shown as `path`), then the untracked ones that no ignore
 * rule names. Submodules and repositories inside are handed over. Tracked files that are gone become skips.
 * @throws {GitError} before anything is yielded, when the folder is in no work tree that git will read.
 */
export async function* listWorkTree(
  folder: string,
  path: string,
  options: { readonly listing: Listing; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<readonly (Listed | Nested)[]> {
  const place: GitPlace = { cwd: folder, repository: "discover" };
  const running: GitProcess[] = [];
  const run = (...args: string[]): GitProcess => {
    const git = openGit(place, ["ls-files", "-z", ...args], { signal: options.signal });
    running.push(git);
    return git;
  };
  const repository: Repository = { ...options.listing, folder, path, run };
  try {
    // --deduplicate has no effect here, but only a git that knows it (2.31) puts a deleted file's second
    // record right behind its first.
    const tracked = run("-t", "--stage", "--cached", "--deleted", "--deduplicate");
    const untracked = run("--others", "--exclude-standard");
    const isNewGit = yield* listTracked(tracked, new Set(), repository);
    if (!isNewGit) {
      const gone = await deletedNames(run("--deleted"));
      yield* listTracked(run("-t", "--stage"), gone, repository);
    }
    yield* listUntracked(untracked, repository);
  } finally {
    for (const git of running) git.stop();
  }
}

/** A name as a map key that keeps text and bytes apart. */
function keyOf(name: GitRecord): string {
  return typeof name === "string" ? name : `\0${name.toString("latin1")}`;
}

async function deletedNames(git: GitProcess): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for await (const records of nulRecords(git.stdout)) for (const record of records) names.add(keyOf(record));
  return names;
}

/** Returns false, having yielded nothing, when git does not know an option. */
async function* listTracked(
  git: GitProcess,
  gone: ReadonlySet<string>,
  repository: Repository,
): AsyncGenerator<readonly (Listed | Nested)[], boolean> {
  let pending: Pending | undefined;
  for await (const records of nulRecords(git.stdout)) {
    const found: (Listed | Nested)[] = [];
    for (const record of records) {
      if (record.length === 0) continue;
      const next = parseTracked(record, gone, repository);
      // A deleted file stands there twice, an unmerged one once for each stage.
      if (next.key === pending?.key) {
        pending.isGone ||= next.isGone;
        continue;
      }
      if (pending !== undefined) yield* settle(pending, found, repository);
      pending = next;
    }
    if (found.length > 0) yield found;
  }
  const last: Listed[] = [];
  if (pending !== undefined) yield* settle(pending, last, repository);
  if (last.length > 0) yield last;
  const { error } = await git.result;
  if (error !== undefined && pending === undefined) {
    if (error.stderr.includes("unknown option")) return false;
    throw error;
  }
  await endOf(git, repository);
  return true;
}

/** Format: `<tag> <mode> <id> <stage>`, a tab, the name; tag R: gone, S: left out by a sparse checkout. */
function parseTracked(record: GitRecord, gone: ReadonlySet<string>, repository: Repository): Pending {
  const tab = record.indexOf("\t");
  const head = record.toString().slice(0, tab);
  const name = typeof record === "string" ? record.slice(tab + 1) : Buffer.from(record.subarray(tab + 1));
  const key = keyOf(name);
  const isAbsent = head.startsWith("S") && !isThere(nativeOf(repository, name));
  return { key, name, mode: head.slice(2, 8), isGone: head.startsWith("R") || isAbsent || gone.has(key) };
}

function* settle(
  { name, mode, isGone }: Pending,
  found: (Listed | Nested)[],
  repository: Repository,
): Generator<readonly (Listed | Nested)[]> {
  if (isGone) skip(repository, name, "deleted");
  else if (mode === symlinkMode) skip(repository, name, "symlink");
  else if (mode === submoduleMode) yield* enter(name, repository);
  else found.push(listed(repository, name));
}

async function* listUntracked(git: GitProcess, repository: Repository): AsyncGenerator<readonly (Listed | Nested)[]> {
  for await (const records of nulRecords(git.stdout)) {
    const found: Listed[] = [];
    for (const record of records) {
      if (record.length === 0) continue;
      const isFolder = typeof record === "string" ? record.endsWith("/") : record.at(-1) === 0x2f;
      if (isFolder) yield* enter(typeof record === "string" ? record.slice(0, -1) : record.subarray(0, -1), repository);
      else if (isRegular(record, repository)) found.push(listed(repository, record));
    }
    if (found.length > 0) yield found;
  }
  await endOf(git, repository);
}

/** A submodule or a repository inside of the work tree: handed over, or walked where there is no `.git`. */
function* enter(name: GitRecord, repository: Repository): Generator<readonly (Listed | Nested)[]> {
  const folder = nativeOf(repository, name);
  const path = joinDisplay(repository.path, displayName(name));
  if (repository.excluded?.(path) === true) {
    repository.skips.push({ path: `${path}/`, reason: "excluded" });
    return;
  }
  if (typeof folder === "string" && existsSync(join(folder, ".git"))) {
    yield [{ kind: "repository", folder, path }];
    return;
  }
  let isEmpty = true;
  for (const found of walk(folder, path, repository)) {
    isEmpty = false;
    yield found;
  }
  const hint = "Check it out to have it scanned: git submodule update --init";
  if (isEmpty) repository.skips.push({ path, reason: "submodule", hint });
}

function isRegular(name: GitRecord, repository: Repository): boolean {
  const stats = lstatSync(nativeOf(repository, name), { throwIfNoEntry: false });
  if (stats === undefined) {
    const path = joinDisplay(repository.path, displayName(name));
    repository.problems.push({ kind: "vanished", path, message: `${path} was listed, but is gone` });
  } else if (stats.isSymbolicLink()) skip(repository, name, "symlink");
  return stats?.isFile() === true;
}

function isThere(file: NativePath): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

function nativeOf(repository: Repository, name: GitRecord): NativePath {
  if (typeof name !== "string") return joinNative(repository.folder, name);
  const native = sep === "/" ? name : name.replaceAll("/", sep);
  return repository.folder.endsWith(sep) ? repository.folder + native : repository.folder + sep + native;
}

function listed(repository: Repository, name: GitRecord): Listed {
  const path = joinDisplay(repository.path, displayName(name));
  return { kind: "file", file: nativeOf(repository, name), path };
}

function skip(repository: Repository, name: GitRecord, reason: "deleted" | "symlink"): void {
  repository.skips.push({ path: joinDisplay(repository.path, displayName(name)), reason });
}

/** Git warns about folders it could not open, and otherwise carries on. */
async function endOf(git: GitProcess, repository: Repository): Promise<void> {
  const { error, stderr } = await git.result;
  for (const [, folder, reason] of stderr.matchAll(/could not open directory '(.*?)\/?': (.*)/g)) {
    const code = reason?.includes("Permission denied") === true ? "EACCES" : "EIO";
    const path = joinDisplay(repository.path, folder ?? "");
    repository.problems.push(fileProblem(path, Object.assign(new Error(reason), { code })));
  }
  if (error === undefined) return;
  const path = repository.path === "" ? "." : repository.path;
  repository.problems.push({
    kind: "unreadable",
    path,
    message: `git could not list all of ${path}: ${error.message}`,
    hint: "Scan without the ignore rules: --no-gitignore",
  });
}
