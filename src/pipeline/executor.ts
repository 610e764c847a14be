// Batches of blobs in, what was found out: in this thread while there is little, over worker threads when there is much.

import { assetUrl } from "../base/assets.ts";
import { InternalError } from "../errors.ts";
import type { Blob, Problem } from "../model/blob.ts";
import { Pool } from "../scan/pool.ts";
import { ContentScanner } from "./content-scanner.ts";
import type { ScannedBlob } from "./content-scanner.ts";
import { unpack } from "./packed.ts";
import type { PackedBatch } from "./packed.ts";
import type { ScanSetup } from "./scan-setup.ts";

/** What came of one batch: only contents with matches or problems are named, all are counted. */
export interface BatchResult {
  readonly contents: number;
  readonly bytes: number;
  readonly blobs: readonly ScannedBlob[];
  readonly problems: readonly Problem[];
}

/** How many threads, and what ends the work early. */
export interface ExecutorOptions {
  readonly jobs: number;
  readonly signal?: AbortSignal | undefined;
  /** Say where what was found can be read again; of streams, which cannot, the values are kept. */
  readonly rereadable?: boolean;
}

/** Starting threads costs about as much as scanning this many small contents. */
const inlineBlobs = 48;
/** So long this thread scans before signals get their turn. */
const pauseMs = 50;

/** Scans batches; up to `jobs` threads, none for little work. */
export class Executor {
  readonly #setup: ScanSetup;
  readonly #options: ExecutorOptions;
  #inline: ContentScanner | undefined;
  #streams: ContentScanner | undefined;
  #pool: Pool<readonly Blob[], PackedBatch> | undefined;
  #seen = 0;
  #paused = 0;
  #failure: InternalError | undefined;
  readonly #times = new Map<string, number>();

  constructor(setup: ScanSetup, options: ExecutorOptions) {
    this.#setup = setup;
    this.#options = options;
  }

  /** How many batches are worth handing in at once. */
  get width(): number {
    return this.#options.jobs * 2;
  }

  /** Scans one batch; several may be under way at once. Throws InternalError when a thread fails. */
  async scan(batch: readonly Blob[]): Promise<BatchResult> {
    this.#seen += batch.length;
    const streams = batch.some((blob) => blob.content.kind === "stream");
    const many = this.#pool !== undefined || this.#seen > inlineBlobs;
    if (streams || !many || this.#options.jobs === 1 || this.#setup.keepValues) return this.#scanHere(batch);
    // This thread is one of the jobs: it lists, hands out, and scans what nobody else has time for.
    this.#pool ??= new Pool(assetUrl("scan-worker.js"), this.#options.jobs - 1, this.#setup);
    if (this.#pool.isBusy && this.#failure === undefined) {
      const result = await this.#scanHere(batch);
      // The threads' answers, and with them the next work for them, wait for this thread's turn to end.
      await new Promise((next) => setImmediate(next));
      return result;
    }
    const packed = await this.#ask(this.#pool, batch);
    this.#addTimes(packed.times);
    const blobs = packed.blobs.map(({ index, problem, scanned }) => ({
      provenance: batch[index]?.provenance ?? [],
      ...this.#contentOf(batch[index]),
      ...(problem === undefined ? {} : { problem }),
      ...(scanned === undefined ? {} : { scanned: unpack(scanned) }),
    }));
    return { contents: packed.contents, bytes: packed.bytes, blobs, problems: problemsOf(blobs) };
  }

  /** A pool whose threads have ended answers nothing any more, so what comes after the first failure fails at once. */
  async #ask(pool: Pool<readonly Blob[], PackedBatch>, batch: readonly Blob[]): Promise<PackedBatch> {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return await pool.run(batch);
    } catch (error) {
      const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
      this.#failure ??= new InternalError(`a scanning thread failed: ${reason}`, error);
      throw this.#failure;
    }
  }

  async #scanHere(batch: readonly Blob[]): Promise<BatchResult> {
    this.#inline ??= new ContentScanner(this.#setup);
    const blobs: ScannedBlob[] = [];
    let bytes = 0;
    let contents = 0;
    for (const blob of batch) {
      if (this.#options.signal?.aborted === true) break;
      const scanner = this.#scannerFor(blob, this.#inline);
      const scanned = { ...(await scanner.scanPatiently(blob, this.#options.signal)), ...this.#contentOf(blob) };
      bytes += scanned.scanned?.bytes ?? 0;
      if (scanned.scanned !== undefined) contents++;
      if (scanned.problem !== undefined || (scanned.scanned?.matches.length ?? 0) > 0) blobs.push(scanned);
      await this.#pause();
    }
    return { contents, bytes, blobs, problems: problemsOf(blobs) };
  }

  /** A stream is read once: whoever wants its values must take them on the way. */
  #scannerFor(blob: Blob, usual: ContentScanner): ContentScanner {
    if (blob.content.kind !== "stream" || this.#options.rereadable !== true) return usual;
    return (this.#streams ??= new ContentScanner({ ...this.#setup, keepValues: true }));
  }

  #contentOf(blob: Blob | undefined): Pick<ScannedBlob, "content"> {
    if (this.#options.rereadable !== true || blob === undefined || blob.content.kind === "stream") return {};
    return { content: blob.content };
  }

  /** Scanning is synchronous: lets signals through once in a while. */
  async #pause(): Promise<void> {
    const now = performance.now();
    if (now - this.#paused < pauseMs) return;
    await new Promise((next) => setImmediate(next));
    this.#paused = performance.now();
  }

  /** Milliseconds spent on each rule, over all threads. */
  get times(): ReadonlyMap<string, number> {
    this.#addTimes(this.#inline?.takeTimes() ?? []);
    return this.#times;
  }

  #addTimes(times: Iterable<readonly [string, number]>): void {
    for (const [rule, ms] of times) this.#times.set(rule, (this.#times.get(rule) ?? 0) + ms);
  }

  /** Stops the threads; batches under way fail. */
  async close(): Promise<void> {
    await this.#pool?.close();
  }
}

function problemsOf(blobs: readonly ScannedBlob[]): Problem[] {
  return blobs.map((blob) => blob.problem).filter((problem) => problem !== undefined);
}
