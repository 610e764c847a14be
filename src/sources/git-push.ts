// The refs that a push moves → blobs: what of their commits, annotated tags and contents the remote does not have yet.

import { ObjectReader } from "../base/git/cat-file.ts";
import type { ObjectAnswer } from "../base/git/cat-file.ts";
import type { GitPlace } from "../base/git/environment.ts";
import type { Blob, Problem, Skip, Source } from "../model/blob.ts";
import type { PushedRef } from "../model/hook.ts";
import { rangeSource } from "./git-range.ts";
import { sourceError } from "./problems.ts";

/** A push that git is about to make. */
export interface PushOptions {
  /** Absolute; anywhere inside the repository. */
  readonly cwd: string;
  readonly refs: readonly PushedRef[];
  /** The remote's name, whose tracking refs say what it has; its URL where it has no name. */
  readonly remote: string;
  /** Instead of `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
}

const noObject = /^0+$/;

/**
 * A source of what a push adds. The remote has what it says of the refs that are pushed, and what this clone knows of
 * its other branches; a ref that is new there, or was forced, adds everything else. Deletions add nothing.
 * @throws {SourceError} from the iteration: not a repository, git refuses or is missing.
 */
export function pushSource(options: PushOptions): Source {
  return new PushSource(options);
}

class PushSource implements Source {
  readonly name: string;
  readonly problems: Problem[] = [];
  readonly skips: Skip[] = [];
  readonly #options: PushOptions;
  readonly #place: GitPlace;
  #range: Source | undefined;

  constructor(options: PushOptions) {
    this.name = `push to ${options.remote}`;
    this.#options = options;
    const { cwd, env } = options;
    this.#place = { cwd, repository: "environment", ...(env === undefined ? {} : { env }) };
  }

  get commits(): number {
    return this.#range?.commits ?? 0;
  }

  async *blobs(signal?: AbortSignal): AsyncGenerator<readonly Blob[]> {
    const added = this.#options.refs.filter(({ localId }) => !noObject.test(localId));
    if (added.length === 0) return;
    const tips: string[] = [];
    const known: string[] = [];
    try {
      const reader = new ObjectReader(this.#place, { signal });
      try {
        for (const ref of added) yield await this.#peel(reader, ref, tips);
        const theirs = this.#options.refs.map(({ remoteId }) => remoteId).filter((id) => !noObject.test(id));
        // Where another clone pushed first, this one may not have what the remote has.
        for await (const answer of reader.read([...new Set(theirs)])) {
          if (answer.kind === "object" && (answer.type === "commit" || answer.type === "tag")) known.push(answer.id);
        }
      } finally {
        reader.close();
      }
    } catch (error) {
      throw sourceError(error, this.#options.cwd);
    }
    if (tips.length > 0) yield* this.#commits(tips, known, signal);
  }

  /** Follows a ref through its tags, whose messages are yielded, to the commit. */
  async #peel(reader: ObjectReader, { localRef, localId }: PushedRef, tips: string[]): Promise<Blob[]> {
    const blobs: Blob[] = [];
    let id: string | undefined = localId;
    while (id !== undefined) {
      const answer: ObjectAnswer | undefined = await firstOf(reader.read([id]));
      const bytes = answer?.kind === "object" ? answer.bytes : undefined;
      if (answer?.kind !== "object" || (bytes === undefined && answer.type !== "commit")) {
        this.problems.push({ kind: "git-object", message: `git cannot read ${id}, which ${localRef} leads to` });
        return blobs;
      }
      id = undefined;
      if (answer.type === "commit") tips.push(answer.id);
      else if (answer.type === "tag" && bytes !== undefined) {
        const tag = tagOf(bytes);
        const provenance = [{ path: localRef, part: "tag" as const, object: answer.id }];
        blobs.push({ id: answer.id, content: { kind: "bytes", bytes: tag.message }, provenance });
        id = tag.target;
      } else if (answer.type === "blob" && bytes !== undefined) {
        const provenance = [{ path: "", part: "file" as const, object: answer.id }];
        blobs.push({ id: answer.id, content: { kind: "bytes", bytes }, provenance });
      } else this.problems.push({ kind: "git-object", message: `${localRef} leads to a tree without a commit` });
    }
    return blobs;
  }

  async *#commits(
    tips: readonly string[],
    known: readonly string[],
    signal: AbortSignal | undefined,
  ): AsyncGenerator<readonly Blob[]> {
    const { cwd, env, remote } = this.#options;
    // A URL has no tracking refs, and a name with a wildcard would take in those of other remotes.
    const tracked = /[*?[\\:\s]/.test(remote) || remote.startsWith("-") ? [] : [`--remotes=${remote}`];
    const revisions = [...new Set(tips), "--not", ...known, ...tracked];
    const range = rangeSource({ cwd, range: this.name, revisions, ...(env === undefined ? {} : { env }) });
    this.#range = range;
    try {
      yield* range.blobs(signal);
    } finally {
      this.problems.push(...range.problems);
      this.skips.push(...range.skips);
    }
  }
}

async function firstOf<Item>(items: AsyncIterable<Item>): Promise<Item | undefined> {
  for await (const item of items) return item;
  return undefined;
}

/** Format: git's tag objects, headers and an empty line as in commits. */
function tagOf(bytes: Uint8Array): { readonly target: string | undefined; readonly message: Uint8Array } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const blank = buffer.indexOf("\n\n");
  const head = buffer.toString("latin1", 0, blank < 0 ? buffer.length : blank);
  return {
    target: /^object ([0-9a-f]+)$/m.exec(head)?.[1],
    message: buffer.subarray(blank < 0 ? buffer.length : blank + 2),
  };
}
