// A clock and a way to sleep in, turns for writes and waits that fit a budget out.

/** How patient to be; all of it is given, so that tests need not wait. */
export interface Pace {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Milliseconds between the starts of two writes: GitHub asks for a second or more. */
  readonly betweenWritesMs: number;
  /** What the pauses before a repeated request are multiples of (1, 4, 9). */
  readonly retryUnitMs: number;
  /** How long one answer may take. */
  readonly answerMs: number;
  /** How long all of it may take, waits included. */
  readonly budgetMs: number;
}

/** A second between writes; a quarter of an hour for all. */
export const usualPace = {
  betweenWritesMs: 1000,
  retryUnitMs: 1000,
  answerMs: 30_000,
  budgetMs: 900_000,
} as const;

/** Gives out turns to write, one after the other, and says which waits the budget allows. */
export class Turns {
  readonly #pace: Pace;
  readonly #signal: AbortSignal | undefined;
  readonly #endMs: number;
  #nextMs = 0;

  constructor(pace: Pace, signal?: AbortSignal) {
    this.#pace = pace;
    this.#signal = signal;
    this.#endMs = pace.now() + pace.budgetMs;
  }

  /** Is there time left? */
  get isOver(): boolean {
    return this.#pace.now() >= this.#endMs;
  }

  /** Waits until a write may start. */
  async write(): Promise<void> {
    const wait = this.#nextMs - this.#pace.now();
    this.#nextMs = Math.max(this.#nextMs, this.#pace.now()) + this.#pace.betweenWritesMs;
    if (wait > 0) await this.#pace.sleep(wait, this.#signal);
  }

  /** Waits as long as GitHub asks, if the budget allows it; says whether it did. */
  async waitOut(ms: number): Promise<boolean> {
    if (this.#pace.now() + ms >= this.#endMs) return false;
    await this.#pace.sleep(ms, this.#signal);
    return this.#signal?.aborted !== true;
  }
}
