// Turns object ids into contents through one `git cat-file --batch` child, in order and in bounded memory.

import type { GitPlace } from "./environment.ts";
import { GitError } from "./git-error.ts";
import { openGit, type GitProcess } from "./run.ts";
import { StreamReader } from "./stream-reader.ts";

/** How many requests are written ahead of the answers: small enough that both pipes never fill at once. */
const requestsAhead = 256;
const defaultMaxBytes = 64 * 1024 * 1024;
const lineFeed = 10;
/** So long a content may come to a halt before git is asked for more, or told that there is no more. */
const haltMs = 250;

/** An object, or why there is none. */
export type ObjectAnswer =
  | {
      readonly kind: "object";
      readonly id: string;
      readonly type: string;
      /** Bytes. */
      readonly size: number;
      /** Absent when larger than the limit: see `streamObject`. */
      readonly bytes?: Uint8Array;
    }
  /** `partial`: left at a promisor remote. `broken`: git cannot read it. */
  | { readonly kind: "missing"; readonly id: string; readonly why: "missing" | "partial" | "broken" };

/** Where a reader of objects runs, and how far it may go. */
export interface ObjectReaderOptions {
  /** Larger objects are answered without their bytes. Default 64 MiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal | undefined;
}

/** A `git cat-file --batch` child, started at once; restarted after an object that makes git give up. */
export class ObjectReader {
  readonly #place: GitPlace;
  readonly #options: ObjectReaderOptions;
  #git: GitProcess;
  #answers: StreamReader;
  /** Writes further requests; false when there are none. */
  #ask: () => boolean = () => false;
  /** It was told that there are no more requests. */
  #isEnding = false;

  /** @throws {GitError} when git cannot be started. */
  constructor(place: GitPlace, options: ObjectReaderOptions = {}) {
    this.#place = place;
    this.#options = options;
    this.#git = openGit(place, ["cat-file", "--batch"], { input: true, signal: options.signal });
    this.#answers = new StreamReader(this.#git.stdout);
  }

  /**
   * Yields one answer for each id, in order. One call at a time.
   * @throws {GitError} when there is no usable repository at all.
   */
  async *read(ids: readonly string[]): AsyncGenerator<ObjectAnswer> {
    let written = 0;
    let known: ReadonlySet<string> | undefined;
    if (this.#isEnding) this.#restart();
    for (const [index, id] of ids.entries()) {
      if (this.#aborted()) return;
      if (known?.has(id) === false) {
        yield { kind: "missing", id, why: "partial" };
        continue;
      }
      written = this.#request(ids, Math.max(written, index), index, known);
      this.#ask = () => {
        const before = written;
        written = this.#request(ids, written, written, known);
        return written > before;
      };
      const answer = await this.#answer(id);
      if (answer.kind === "object" ? answer.bytes !== undefined : answer.why === "missing") {
        yield answer;
        continue;
      }
      if (this.#aborted()) return;
      if (answer.kind === "missing" && answer.why === "partial") known = await this.#present(ids.slice(index));
      this.#restart();
      written = index + 1;
      yield answer;
    }
  }

  /** Ends the child. */
  close(): void {
    this.#git.stop();
  }

  #aborted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  /** Keeps git busy without waiting for each answer; gives the index up to which requests are written. */
  #request(ids: readonly string[], from: number, index: number, known: ReadonlySet<string> | undefined): number {
    if (from - index > requestsAhead / 2) return from;
    const until = Math.min(ids.length, index + requestsAhead);
    const wanted = ids.slice(from, until).filter((id) => known?.has(id) !== false);
    if (wanted.length > 0) this.#git.stdin.write(`${wanted.join("\n")}\n`);
    return until;
  }

  async #answer(id: string): Promise<ObjectAnswer> {
    const header = await this.#answers.line();
    if (header === undefined) return this.#afterEnd(id);
    if (/^[0-9a-f]{40,64}$/.test(id) && !header.startsWith(id)) return { kind: "missing", id, why: "broken" };
    // An object that is not there is answered by the name that was asked for, which may hold spaces.
    const [, type, digits] = /^[0-9a-f]{40,64} ([a-z]+) (\d+)$/.exec(header) ?? [];
    if (type === undefined) return { kind: "missing", id, why: "missing" };
    const size = Number(digits);
    if (size > (this.#options.maxBytes ?? defaultMaxBytes)) return { kind: "object", id, type, size };
    const bytes = await this.#content(size + 1);
    if (bytes === undefined) return this.#afterEnd(id);
    // Damage can make git announce another size than that of what it gives, and then all that follows is astray.
    if (bytes[size] !== lineFeed) return { kind: "missing", id, why: "broken" };
    return { kind: "object", id, type, size, bytes: bytes.subarray(0, size) };
  }

  /**
   * Bytes of an answer. Where git gave fewer than it announced it waits for us while we wait for it: so it gets the
   * requests that are left, and at last the end of them, whereupon it ends.
   */
  async #content(size: number): Promise<Uint8Array | undefined> {
    const bytes = this.#answers.exactly(size);
    const tick = setInterval(() => {
      if (this.#ask() || this.#isEnding) return;
      this.#isEnding = true;
      this.#git.stdin.end();
    }, haltMs);
    try {
      return await bytes;
    } finally {
      clearInterval(tick);
    }
  }

  async #afterEnd(id: string): Promise<ObjectAnswer> {
    const { error } = await this.#git.result;
    const fatal: readonly string[] = ["not-a-repository", "unsafe-repository"];
    if (error !== undefined && fatal.includes(error.kind)) throw error;
    return { kind: "missing", id, why: error?.kind === "partial" ? "partial" : "broken" };
  }

  #restart(): void {
    this.#git.stop();
    this.#isEnding = false;
    this.#git = openGit(this.#place, ["cat-file", "--batch"], { input: true, signal: this.#options.signal });
    this.#answers = new StreamReader(this.#git.stdout);
  }

  /** Which of `ids` are in this clone: git would end at each one that is not. */
  async #present(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const wanted = new Set(ids);
    const present = new Set<string>();
    const args = ["cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objectname)"];
    const git = openGit(this.#place, args, { signal: this.#options.signal });
    const lines = new StreamReader(git.stdout);
    for (let line = await lines.line(); line !== undefined; line = await lines.line()) {
      if (wanted.has(line)) present.add(line);
    }
    return present;
  }
}

/**
 * The content of one blob of any size, through a child of its own.
 * @throws {GitError} from the iteration, when git ends before the content does.
 */
export async function* streamObject(place: GitPlace, id: string): AsyncGenerator<Uint8Array> {
  if (!/^[0-9a-f]{40,64}$/.test(id)) throw new GitError("failed", `not an object id: ${JSON.stringify(id)}`);
  const git = openGit(place, ["cat-file", "blob", id]);
  try {
    yield* git.stdout;
    const { error } = await git.result;
    if (error !== undefined) throw error;
  } finally {
    git.stop();
  }
}
