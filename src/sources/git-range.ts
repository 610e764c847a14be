// Turns a range of commits into blobs: every content the range introduces, and its commits' messages.

import { repositoryFacts } from "../base/git/ask.ts";
import { ObjectReader } from "../base/git/cat-file.ts";
import { parseCommit } from "../base/git/commit.ts";
import type { GitPlace } from "../base/git/environment.ts";
import { GitError } from "../base/git/git-error.ts";
import { runGit } from "../base/git/run.ts";
import { SourceError } from "../errors.ts";
import type { Blob, Problem, Provenance, Skip, Source } from "../model/blob.ts";
import { partialProblem, readBlobs } from "./git-blobs.ts";
import { listIntroduced, type Introduced } from "./git-introduced.ts";
import { sourceError } from "./problems.ts";

/** What the path of a commit message is shown as. */
const commitMessagePath = "COMMIT_MSG";

const batchMessages = 512;

/** Which commits of which repository are scanned. */
export interface RangeOptions {
  /** Absolute; anywhere inside the repository. */
  readonly cwd: string;
  /** `BASE..HEAD`, `A...B` or `REV` (with all its history), as git reads them. */
  readonly range: string;
  /** What git is asked for in the range's stead, as arguments of rev-list; `range` then only names it. */
  readonly revisions?: readonly string[];
  /** Instead of `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  /** Larger contents become streams. Default 64 MiB. */
  readonly maxBytes?: number;
}

interface CommitLine {
  readonly id: string;
  /** As git walks it, that is without what a shallow clone cut off. */
  readonly parentCount: number;
}

/**
 * A source of the range's commit messages and of every blob that one of its commits holds and none of that
 * commit's parents does at that path. Each content comes once, with all its places, oldest commit first.
 * @throws {SourceError} from the iteration: no such commit, not a repository, git refuses or is missing.
 */
export function rangeSource(options: RangeOptions): Source {
  return new RangeSource(options);
}

class RangeSource implements Source {
  readonly name: string;
  readonly problems: Problem[] = [];
  readonly skips: Skip[] = [];
  readonly #options: RangeOptions;
  readonly #place: GitPlace;
  #commits = 0;

  constructor(options: RangeOptions) {
    this.name = `range ${options.range}`;
    this.#options = options;
    this.#place = {
      cwd: options.cwd,
      repository: "environment",
      ...(options.env === undefined ? {} : { env: options.env }),
    };
  }

  /** Known once the stream has begun. */
  get commits(): number {
    return this.#commits;
  }

  async *blobs(signal?: AbortSignal): AsyncGenerator<readonly Blob[]> {
    // Aborted at the end, so that no git outlives a stream that nobody reads on.
    const ending = new AbortController();
    const stopping = AbortSignal.any(signal === undefined ? [ending.signal] : [ending.signal, signal]);
    try {
      if (this.#options.revisions === undefined) checkRange(this.#options.range);
      const { maxBytes } = this.#options;
      const readerOptions = { signal: stopping, ...(maxBytes === undefined ? {} : { maxBytes }) };
      const reader = new ObjectReader(this.#place, readerOptions);
      const commits = await this.#listCommits(stopping);
      this.#commits = commits.length;
      const ids = commits.map(({ id }) => id);
      // Both run while messages are read.
      const listing = listIntroduced(this.#place, ids, stopping);
      const about = new Map<string, Provenance>();
      yield* this.#messages(commits, reader, about);
      const introduced = await listing;
      if (introduced.error !== undefined) this.#reportListing(introduced.error);
      yield* readBlobs(this.#wanted(introduced, about), {
        reader,
        place: this.#place,
        problems: this.problems,
      });
    } catch (error) {
      throw sourceError(error, this.#options.cwd);
    } finally {
      ending.abort();
    }
  }

  async #listCommits(signal?: AbortSignal): Promise<CommitLine[]> {
    const { revisions = ["--end-of-options", this.#options.range] } = this.#options;
    const args = ["rev-list", "--reverse", "--topo-order", "--parents", ...revisions, "--"];
    try {
      const lines = (await runGit(this.#place, args, { signal })).toString("latin1").split("\n");
      const commits = lines
        .filter((line) => line !== "")
        .map((line) => {
          const [id = "", ...parents] = line.split(" ");
          return { id, parentCount: parents.length };
        });
      const mayBeEmpty = this.#options.revisions !== undefined || /\.\.|\^[@!-]/.test(this.#options.range);
      if (commits.length === 0 && !mayBeEmpty && signal?.aborted !== true) {
        throw new SourceError(`not a commit: ${this.#options.range}`, {
          hint: "Give BASE..HEAD, A...B or one revision.",
        });
      }
      return commits;
    } catch (error) {
      if (error instanceof GitError && error.kind === "unknown-revision") throw await this.#unknown(error);
      throw error;
    }
  }

  async #unknown(cause: GitError): Promise<SourceError> {
    const { shallow } = await repositoryFacts(this.#place);
    const hint = shallow
      ? "This clone is shallow. Fetch the whole history: git fetch --unshallow (GitHub Actions: fetch-depth: 0)."
      : "Check the spelling, or fetch the branch first: git fetch origin";
    return new SourceError(`git knows no such revision: ${this.#options.range}`, { hint, cause });
  }

  async *#messages(
    commits: readonly CommitLine[],
    reader: ObjectReader,
    about: Map<string, Provenance>,
  ): AsyncGenerator<readonly Blob[]> {
    const parentCounts = new Map(commits.map(({ id, parentCount }) => [id, parentCount]));
    let cutOff = 0;
    let batch: Blob[] = [];
    for await (const answer of reader.read([...parentCounts.keys()])) {
      if (answer.kind === "missing" || answer.bytes === undefined) {
        this.problems.push({ kind: "git-object", message: `git cannot read commit ${answer.id}` });
        continue;
      }
      const commit = parseCommit(answer.bytes);
      if (commit.parents.length > (parentCounts.get(answer.id) ?? 0)) cutOff++;
      const provenance: Provenance = {
        path: commitMessagePath,
        part: "message",
        commit: answer.id,
        ...(commit.author === undefined ? {} : { author: commit.author }),
        ...(commit.date === undefined ? {} : { date: commit.date }),
      };
      about.set(answer.id, provenance);
      batch.push({ id: answer.id, content: { kind: "bytes", bytes: commit.message }, provenance: [provenance] });
      for (const bytes of commit.tagMessages)
        batch.push({ content: { kind: "bytes", bytes }, provenance: [provenance] });
      if (batch.length < batchMessages) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
    if (cutOff > 0) this.problems.push(shallowProblem(this.#options.range));
  }

  #wanted(introduced: Introduced, about: ReadonlyMap<string, Provenance>): Map<string, Provenance[]> {
    const wanted = new Map<string, Provenance[]>();
    for (const { id, commit, path } of introduced.blobs) {
      const places = wanted.get(id) ?? [];
      places.push({ ...about.get(commit), commit, path, part: "file" });
      wanted.set(id, places);
    }
    for (const path of introduced.submodules) this.skips.push({ path, reason: "submodule" });
    return wanted;
  }

  #reportListing(error: GitError): void {
    const message = `git could not compare all commits of ${this.#options.range}`;
    if (error.kind === "partial")
      this.problems.push(partialProblem(`${message}: folders are not in this partial clone`));
    else this.problems.push({ kind: "git-object", message: `${message}: ${error.message}`, hint: "Run git fsck." });
  }
}

function shallowProblem(range: string): Problem {
  return {
    kind: "shallow",
    message: `the history of ${range} is cut off by a shallow clone`,
    hint: "Fetch the whole history: git fetch --unshallow (GitHub Actions: fetch-depth: 0).",
  };
}

/** Refuses what git would take for an option, for an exclusion alone, or for nothing at all. */
function checkRange(range: string): void {
  const sides = range.split(/\.\.\.?/);
  // oxlint-disable-next-line no-control-regex
  if (range === "" || /[\0-\x1f]/.test(range) || sides.some((side) => side.startsWith("-") || side.startsWith("^"))) {
    throw new SourceError(`not a range of commits: ${JSON.stringify(range)}`, {
      hint: "Give BASE..HEAD, A...B or one revision.",
    });
  }
}
