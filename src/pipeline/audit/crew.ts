// Orders in, the joint answers of all threads out: in this thread where values are kept or there is little to do.

import { Worker } from "node:worker_threads";
import { assetUrl } from "../../base/assets.ts";
import { InternalError } from "../../errors.ts";
import type { AuditAnswer, AuditOrder } from "../audit-worker.ts";
import { ContentScanner } from "../content-scanner.ts";
import { unpack } from "../packed.ts";
import type { ScanSetup } from "../scan-setup.ts";
import { Counter } from "./share.ts";
import type {
  AuditShare,
  ContentSummary,
  FailedObject,
  FoundObject,
  TreeSummary,
  UnitResult,
  Wanted,
} from "./share.ts";
import { AuditThread } from "./thread.ts";

/** So long this thread works before signals get their turn. */
const pauseMs = 50;

/** The threads of one audit. */
export class Crew {
  #share: AuditShare | undefined;
  readonly #workers: Worker[] = [];
  readonly #times = new Map<string, number>();
  /** What was found, and what could not be read, until somebody takes it; kept when an order is broken off. */
  readonly found: FoundObject[] = [];
  readonly failed: FailedObject[] = [];
  #inline: AuditThread | undefined;
  #isClosed = false;

  /**
   * Starts `jobs` threads, so that they are up when the work is laid out. None (and this thread does it all) where values
   * are kept, because those never cross threads.
   */
  constructor(setup: ScanSetup, jobs: number) {
    if (setup.keepValues) return;
    for (let index = 0; index < jobs; index++)
      this.#workers.push(new Worker(assetUrl("audit-worker.js"), { workerData: setup }));
  }

  /** Gives the threads their work; none where they were ended before. */
  begin(share: AuditShare): void {
    this.#share = share;
    if (this.#isClosed) Atomics.store(share.counters, Counter.stop, 1);
    for (const worker of this.#workers) worker.postMessage({ kind: "share", share } satisfies AuditOrder);
  }

  /** Looks at all blobs, commits and tags. */
  contents(): Promise<readonly ContentSummary[]> {
    if (this.#workers.length === 0) return this.#here((thread) => thread.contents());
    return this.#order({ kind: "contents" }, (answer) => {
      if (answer.kind !== "contents") return undefined;
      this.#addTimes(answer.times);
      return answer.summary;
    });
  }

  /** Looks at all trees, and for what is `wanted` in them. */
  trees(wanted: Wanted): Promise<readonly TreeSummary[]> {
    Atomics.store(this.#work().counters, Counter.nextTree, 0);
    if (this.#workers.length === 0) return this.#here((thread) => thread.trees(wanted));
    return this.#order({ kind: "trees", wanted }, (answer) => (answer.kind === "trees" ? answer.summary : undefined));
  }

  /** Milliseconds spent on each rule, over all threads. */
  get times(): ReadonlyMap<string, number> {
    this.#addTimes(this.#inline?.takeTimes() ?? []);
    return this.#times;
  }

  /** Ends all threads, at the next object at the latest. What they are asked afterwards fails. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#share !== undefined) Atomics.store(this.#share.counters, Counter.stop, 1);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #work(): AuditShare {
    if (this.#share === undefined) throw new InternalError("an audit was begun before its work was laid out");
    return this.#share;
  }

  #addTimes(times: Iterable<readonly [string, number]>): void {
    for (const [rule, ms] of times) this.#times.set(rule, (this.#times.get(rule) ?? 0) + ms);
  }

  async #here<Out>(begin: (thread: AuditThread) => Generator<UnitResult, Out>): Promise<readonly Out[]> {
    const work = begin((this.#inline ??= new AuditThread(this.#work(), new ContentScanner(this.#work().setup))));
    let paused = performance.now();
    let step = work.next();
    for (; step.done !== true; step = work.next()) {
      this.found.push(...step.value.found);
      this.failed.push(...step.value.failed);
      if (performance.now() - paused < pauseMs) continue;
      await new Promise((next) => setImmediate(next));
      paused = performance.now();
    }
    return [step.value];
  }

  async #order<Out>(order: AuditOrder, partOf: (answer: AuditAnswer) => Out | undefined): Promise<readonly Out[]> {
    // A thread that is gone says so once; whoever asks it later would wait for ever.
    if (this.#isClosed) throw new InternalError("the threads of an audit were asked after their end");
    return Promise.all(this.#workers.map((worker) => this.#ask(worker, order, partOf)));
  }

  #ask<Out>(worker: Worker, order: AuditOrder, partOf: (answer: AuditAnswer) => Out | undefined): Promise<Out> {
    return new Promise<Out>((resolve, reject) => {
      const fail = (reason: string, error?: unknown) => {
        reject(new InternalError(`a thread of the audit failed: ${reason}`, error));
      };
      const onMessage = (answer: AuditAnswer) => {
        if (answer.kind === "unit") {
          for (const one of answer.found) this.found.push({ ...one, scanned: unpack(one.scanned) });
          this.failed.push(...answer.failed);
          return;
        }
        const part = partOf(answer);
        if (part === undefined) return;
        for (const event of ["message", "error", "exit"]) worker.removeAllListeners(event);
        resolve(part);
      };
      worker.on("message", onMessage);
      worker.on("error", (error) => fail((error instanceof Error ? error.message : "").split("\n")[0] ?? "", error));
      worker.on("exit", (code) => fail(`it ended with code ${code}`));
      worker.postMessage(order);
    });
  }
}
