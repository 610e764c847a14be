// Hosts in, turns out: how fast a host is asked, when it is left alone, and when two failures end it for this run.

/** How patient to be; the clock and the sleep are given. */
export interface PaceOptions {
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Milliseconds between the starts of two requests to a host. */
  readonly intervalOf: (origin: string) => number;
  readonly maxInFlight: number;
  /** Failures in a row after which a host is left alone. */
  readonly maxFailures: number;
}

/** A second between requests, two in flight, two failures. */
export const usualPace = { intervalMs: 1000, maxInFlight: 2, maxFailures: 2 } as const;

interface Host {
  nextStart: number;
  inFlight: number;
  failures: number;
  /** Milliseconds since 1970 until which the host is left alone. */
  pausedUntil: number;
  readonly waiting: (() => void)[];
}

/** Gives out turns, host by host. */
export class Pace {
  readonly #options: PaceOptions;
  readonly #hosts = new Map<string, Host>();

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** Whether a host is left alone now. */
  isPaused(origin: string): boolean {
    const { pausedUntil, failures } = this.#hostOf(origin);
    return failures >= this.#options.maxFailures || pausedUntil > this.#options.now();
  }

  /** Waits for a turn; undefined where the host is left alone. The turn ends when the given function is called. */
  async turn(origin: string, signal?: AbortSignal): Promise<(() => void) | undefined> {
    const host = this.#hostOf(origin);
    while (host.inFlight >= this.#options.maxInFlight) {
      await new Promise<void>((next) => host.waiting.push(next));
    }
    host.inFlight++;
    const end = (): void => {
      host.inFlight--;
      host.waiting.shift()?.();
    };
    const wait = host.nextStart - this.#options.now();
    host.nextStart = Math.max(host.nextStart, this.#options.now()) + this.#options.intervalOf(origin);
    if (wait > 0 && !this.isPaused(origin)) await this.#options.sleep(wait, signal);
    if (!this.isPaused(origin) && signal?.aborted !== true) return end;
    end();
    return undefined;
  }

  /** Leaves a host alone until `until` (milliseconds since 1970), or for the rest of the run. */
  pause(origin: string, until = Number.POSITIVE_INFINITY): void {
    const host = this.#hostOf(origin);
    host.pausedUntil = Math.max(host.pausedUntil, until);
  }

  /** Counts a failure. */
  failed(origin: string): void {
    this.#hostOf(origin).failures++;
  }

  /** Any answer that is no failure of the server's ends the count. */
  answered(origin: string): void {
    const host = this.#hostOf(origin);
    if (host.failures < this.#options.maxFailures) host.failures = 0;
  }

  #hostOf(origin: string): Host {
    let host = this.#hosts.get(origin);
    if (host === undefined) {
      host = { nextStart: 0, inFlight: 0, failures: 0, pausedUntil: 0, waiting: [] };
      this.#hosts.set(origin, host);
    }
    return host;
  }
}
