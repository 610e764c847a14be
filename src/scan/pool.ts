// Work in, answers out, over a few worker threads; each worker has at most three pieces of work at a time.

import { Worker } from "node:worker_threads";

/** What a worker answers: the work's number, and its result or that it failed. */
export type Answer<Out> = { readonly id: number } & ({ readonly result: Out } | { readonly failed: string });

interface Job<In, Out> {
  readonly id: number;
  readonly work: In;
  readonly transfer: readonly ArrayBuffer[];
  readonly resolve: (result: Out) => void;
  readonly reject: (error: Error) => void;
}

const perWorker = 3;

/** A fixed number of worker threads that run one module; answers may come in any order. */
export class Pool<In, Out> {
  readonly #workers: { readonly worker: Worker; readonly jobs: Map<number, Job<In, Out>> }[] = [];
  readonly #queue: Job<In, Out>[] = [];
  #next = 0;

  /** Starts `size` workers of the module at `url`, each with `workerData`. */
  constructor(url: URL, size: number, workerData: unknown) {
    for (let i = 0; i < size; i++) this.#start(url, workerData);
  }

  #start(url: URL, workerData: unknown): void {
    const worker = new Worker(url, { workerData, stdout: false, stderr: false });
    const slot = { worker, jobs: new Map<number, Job<In, Out>>() };
    worker.unref();
    worker.on("message", (answer: Answer<Out>) => {
      const job = slot.jobs.get(answer.id);
      slot.jobs.delete(answer.id);
      if (slot.jobs.size === 0) worker.unref();
      if ("failed" in answer) job?.reject(new Error(answer.failed));
      else job?.resolve(answer.result);
      this.#feed();
    });
    const fail = (error: Error) => {
      for (const job of slot.jobs.values()) job.reject(error);
      slot.jobs.clear();
      const index = this.#workers.indexOf(slot);
      if (index >= 0) this.#workers.splice(index, 1);
      if (this.#workers.length === 0) for (const job of this.#queue.splice(0)) job.reject(error);
    };
    worker.on("error", fail);
    worker.on("exit", (code) => fail(new Error(`a scanning thread ended with code ${code}`)));
    this.#workers.push(slot);
  }

  #feed(): void {
    for (const slot of this.#workers.toSorted((a, b) => a.jobs.size - b.jobs.size)) {
      while (slot.jobs.size < perWorker && this.#queue.length > 0) {
        const job = this.#queue.shift() as Job<In, Out>;
        slot.jobs.set(job.id, job);
        slot.worker.ref();
        slot.worker.postMessage({ id: job.id, work: job.work }, job.transfer);
      }
    }
  }

  /** Has every worker all the work it may hold? More would wait. */
  get isBusy(): boolean {
    return this.#workers.every(({ jobs }) => jobs.size >= perWorker);
  }

  /** Runs one piece of work; rejects if its thread fails. Buffers in `transfer` are gone afterwards. */
  run(work: In, transfer: readonly ArrayBuffer[] = []): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ id: this.#next++, work, transfer, resolve, reject });
      this.#feed();
    });
  }

  /** Stops all workers; work under way rejects. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map(({ worker }) => worker.terminate()));
  }
}
