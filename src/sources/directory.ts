// Turns files, folders and globs into a stream of blobs that the scanner reads by itself.

import { existsSync, lstatSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { GitError } from "../base/git/git-error.ts";
import { SourceError } from "../errors.ts";
import type { Blob, Problem, Skip, Source } from "../model/blob.ts";
import { compileGlobs, type Matcher } from "../base/glob.ts";
import { listGlob } from "./glob-listing.ts";
import { listWorkTree } from "./git-listing.ts";
import type { NativePath } from "./native-path.ts";
import { errorCode, sourceError } from "./problems.ts";
import { streamFile } from "./stream-file.ts";
import { resolveTargets, type Target } from "./targets.ts";
import { walk, type Listed, type Listing, type Nested } from "./walk.ts";

const batchFiles = 512;

/** Which files of which folders are scanned. */
export interface DirectoryOptions {
  /** Absolute. Arguments are resolved against it, and paths are shown relative to it. */
  readonly root: string;
  /** Absolute; what `paths` are relative to. Default: the root. */
  readonly cwd?: string;
  /** Files, folders and globs as typed; none means the root. A name that exists is never taken for a glob. */
  readonly paths: readonly string[];
  /** Globs; of folders and globs only files that one of them matches are scanned. */
  readonly include?: readonly string[];
  /** Globs; what they match is left out, even when it is named. */
  readonly exclude?: readonly string[];
  /** Leave out what git ignores, wherever there is a work tree. Files that are named are scanned all the same. */
  readonly gitignore: boolean;
  /** Leave out larger files. */
  readonly maxFileBytes?: number;
}

/**
 * A source of the files that `options` name. It lists only; contents are of kind `file` (of kind `stream`
 * where a name is not valid UTF-8). Stops quietly when the signal is aborted.
 * @throws {SourceError} from the iteration: no such path, a glob without a match, a repository git refuses.
 */
export function directorySource(options: DirectoryOptions): Source {
  const problems: Problem[] = [];
  const skips: Skip[] = [];
  const [first = ".", ...others] = options.paths;
  return {
    name: `directory ${first}${others.length > 0 ? ` and ${others.length} more` : ""}`,
    problems,
    skips,
    async *blobs(signal?: AbortSignal): AsyncGenerator<readonly Blob[]> {
      const targets = resolveTargets(
        { root: options.root, cwd: options.cwd ?? options.root },
        options.paths.length === 0 ? ["."] : options.paths,
      );
      const excluded = compileGlobs(options.exclude ?? []);
      const included = compileGlobs(options.include ?? []);
      const listing: Listing = { gitignore: options.gitignore, excluded, problems, skips };
      const filter = new Filter(options, { listing, included, canRepeat: targets.length > 1 });
      yield* inBatches(filter.files(targets, signal), listing, signal);
    },
  };
}

/** Decides which of the listed files are scanned. */
class Filter {
  readonly #options: DirectoryOptions;
  readonly #listing: Listing;
  readonly #included: Matcher | undefined;
  readonly #seen: Set<string> | undefined;

  constructor(
    options: DirectoryOptions,
    context: { listing: Listing; included: Matcher | undefined; canRepeat: boolean },
  ) {
    this.#options = options;
    this.#listing = context.listing;
    this.#included = context.included;
    this.#seen = context.canRepeat ? new Set() : undefined;
  }

  async *files(targets: readonly Target[], signal?: AbortSignal): AsyncGenerator<readonly Listed[]> {
    for (const target of targets) {
      if (target.kind === "problem") this.#listing.problems.push(target.problem);
      else if (target.kind === "file") yield this.#keep([{ ...target, kind: "file" }]);
      else yield* this.#folder(target, signal);
    }
  }

  async *#folder(target: Extract<Target, { kind: "folder" }>, signal?: AbortSignal): AsyncGenerator<readonly Listed[]> {
    let hits = 0;
    for await (const found of listTarget(target, this.#listing, signal)) {
      hits += found.length;
      yield this.#keep(found, this.#included);
    }
    if (target.only !== undefined && hits === 0 && signal?.aborted !== true) {
      throw new SourceError(`no file matches ${target.typed}`, {
        hint: "Check the pattern, and whether git ignores the files (--no-gitignore).",
      });
    }
  }

  #keep(files: readonly Listed[], included?: Matcher): readonly Listed[] {
    const { excluded, skips } = this.#listing;
    if (!excluded && !included && !this.#seen && this.#options.maxFileBytes === undefined) return files;
    return files.filter(({ file, path }) => {
      const reason = this.#reasonToSkip(file, path, included);
      if (reason !== undefined) skips.push({ path, reason });
      if (reason !== undefined || this.#seen?.has(path) === true) return false;
      this.#seen?.add(path);
      return true;
    });
  }

  #reasonToSkip(file: NativePath, path: string, included: Matcher | undefined): Skip["reason"] | undefined {
    if (this.#listing.excluded?.(path) === true || included?.(path) === false) return "excluded";
    const limit = this.#options.maxFileBytes;
    if (limit === undefined) return undefined;
    return (lstatSync(file, { throwIfNoEntry: false })?.size ?? 0) > limit ? "too-large" : undefined;
  }
}

/** The files that a folder or a glob means. */
async function* listTarget(
  target: Extract<Target, { kind: "folder" }>,
  listing: Listing,
  signal?: AbortSignal,
): AsyncGenerator<readonly Listed[]> {
  const { only, pattern, folder, path } = target;
  if (only === undefined || pattern === undefined) return yield* listFolder(target, listing, signal);
  const seen = new Set<string>();
  if (!listing.gitignore || !isInRepository(folder)) {
    try {
      for await (const found of listGlob(folder, path, pattern)) {
        for (const file of found) seen.add(file.path);
        yield found;
      }
      return;
    } catch (error) {
      // One folder that cannot be read ends fast-glob's walk; ours names it and goes on.
      if (errorCode(error) === "") throw error;
    }
  }
  for await (const found of listFolder(target, listing, signal)) {
    yield found.filter((file) => only(file.path) && !seen.has(file.path));
  }
}

/** The files of a named folder and of the repositories in it, each listed in its own way. */
async function* listFolder(
  target: { readonly folder: string; readonly path: string },
  listing: Listing,
  signal?: AbortSignal,
): AsyncGenerator<readonly Listed[]> {
  let count = 0;
  const skipsBefore = listing.skips.length;
  if (listing.gitignore && isInRepository(target.folder)) {
    for await (const found of enterAll(tryGit(target, { listing, signal, isNamed: true }), listing, signal)) {
      count += found.length;
      yield found;
    }
    // Git has nothing to say about a folder that it ignores, but this one was asked for by name.
    if (count > 0 || listing.skips.length > skipsBefore || signal?.aborted === true) return;
  }
  yield* enterAll(walk(target.folder, target.path, listing), listing, signal);
}

async function* enterAll(
  listed: AsyncIterable<readonly (Listed | Nested)[]> | Iterable<readonly (Listed | Nested)[]>,
  listing: Listing,
  signal?: AbortSignal,
): AsyncGenerator<readonly Listed[]> {
  for await (const found of listed) {
    if (signal?.aborted === true) return;
    const nested = found.find((entry) => entry.kind === "repository");
    if (nested === undefined) yield found.filter((entry) => entry.kind === "file");
    else yield* enterAll(tryGit(nested, { listing, signal, isNamed: false }), listing, signal);
  }
}

/** Lists through git, or by walking where there is no git, no work tree, or a repository inside that git refuses. */
async function* tryGit(
  target: { readonly folder: string; readonly path: string },
  options: { readonly listing: Listing; readonly signal: AbortSignal | undefined; readonly isNamed: boolean },
): AsyncGenerator<readonly (Listed | Nested)[]> {
  try {
    yield* listWorkTree(target.folder, target.path, options);
  } catch (error) {
    const walkable: readonly string[] = ["no-git", "not-a-repository", "no-work-tree"];
    if (!(error instanceof GitError) || (options.isNamed && !walkable.includes(error.kind))) {
      throw sourceError(error, target.folder);
    }
    yield* walk(target.folder, target.path, options.listing);
  }
}

/** Saves three processes where there is no repository above. */
function isInRepository(folder: string): boolean {
  if (basename(folder) === ".git") return false;
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return true;
    if (dirname(at) === at) return false;
  }
}

async function* inBatches(
  files: AsyncIterable<readonly Listed[]>,
  listing: Listing,
  signal?: AbortSignal,
): AsyncGenerator<readonly Blob[]> {
  let batch: Blob[] = [];
  for await (const found of files) {
    for (const { file, path } of found) {
      const content: Blob["content"] =
        typeof file === "string"
          ? { kind: "file", file }
          : { kind: "stream", read: () => streamFile(file, path, listing.problems) };
      batch.push({ content, provenance: [{ path, part: "file" }] });
      if (batch.length < batchFiles) continue;
      yield batch;
      batch = [];
      // Walking is synchronous: let workers' answers and signals through.
      await new Promise((next) => setImmediate(next));
      if (signal?.aborted === true) return;
    }
  }
  if (batch.length > 0) yield batch;
}
