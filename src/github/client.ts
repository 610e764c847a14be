// A question for octokit in, GitHub's answer or one word of trouble out. The only file that talks to GitHub.

import type { Octokit } from "octokit";
import { ownVersion } from "../base/version.ts";
import { UsageError } from "../errors.ts";
import { Turns, usualPace } from "./pace.ts";
import type { Pace } from "./pace.ts";
import { Refused, troubleOf } from "./trouble.ts";
import type { Trouble } from "./trouble.ts";

/** How GitHub is reached; `pace` and `fetch` are there for tests. */
export interface ClientOptions {
  /** The value of GITHUB_API_URL; api.github.com where it is absent or empty. */
  readonly baseUrl?: string | undefined;
  readonly token: string;
  readonly signal?: AbortSignal | undefined;
  /** Each request is tried once, and nothing is waited for: for what nobody should wait for. */
  readonly isHasty?: boolean | undefined;
  readonly pace?: Partial<Pace> | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** An answer, or why there is none. */
export type Result<T> = { readonly ok: true; readonly data: T } | { readonly ok: false; readonly trouble: Trouble };

/** An answer of octokit's, as far as it is looked at. */
interface Answer<T> {
  readonly status: number;
  readonly data: T;
  readonly headers: { readonly link?: string };
}

/** The most pages of a hundred entries that are read of one list. */
const maxPages = 300;

/** How often a request that was limited is repeated. */
const maxLimitedRetries = 3;

/** The address of the API without a slash at its end; a UsageError for what is none. Plain http is for loopback. */
export function apiUrl(text: string | undefined): string {
  const given = text?.trim() ?? "";
  if (given === "") return "https://api.github.com";
  const url = tryUrl(given);
  const isLocal = url?.protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
  if (url === undefined || (url.protocol !== "https:" && !isLocal) || url.username !== "") {
    throw new UsageError("GITHUB_API_URL is not an address of GitHub's API", {
      hint: "Give https://HOST/api/v3 for GitHub Enterprise Server, or leave it unset for github.com.",
    });
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

function tryUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  const { setTimeout: wait } = await import("node:timers/promises");
  // An end that is asked for ends the wait; the request that follows finds it.
  await wait(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}

/** What the throttling plugin takes for a queue: `turn` says when the next may go. */
function lane(turn: () => Promise<void>): object {
  type Job = (...values: readonly unknown[]) => unknown;
  const schedule = async (_: object, job: Job, ...values: readonly unknown[]): Promise<unknown> => {
    await turn();
    return job(...values);
  };
  return { key: () => ({ schedule }) };
}

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Asks GitHub, one request after the other. After trouble that ends a run, nothing more is sent. */
export class Client {
  readonly #octokit: Octokit;
  readonly #turns: Turns;
  readonly #origin: string;
  readonly #signal: AbortSignal | undefined;
  #stopped: Trouble | undefined;

  /** Loads octokit, which no other run needs. */
  static async open(options: ClientOptions): Promise<Client> {
    const { Octokit: Made } = await import("octokit");
    return new Client(Made, options);
  }

  private constructor(Made: typeof Octokit, options: ClientOptions) {
    const pace: Pace = { now: Date.now, sleep, ...usualPace, ...options.pace };
    const baseUrl = apiUrl(options.baseUrl);
    const isHasty = options.isHasty === true;
    this.#origin = new URL(baseUrl).origin;
    this.#signal = options.signal;
    this.#turns = new Turns(pace, options.signal);
    const writes = lane(() => this.#turns.write());
    const onLimit = (seconds: number, ...[, , count]: readonly [unknown, unknown, number]): Promise<boolean> =>
      count < maxLimitedRetries ? this.#turns.waitOut(seconds * 1000) : Promise.resolve(false);
    this.#octokit = new Made({
      auth: options.token,
      baseUrl,
      userAgent: `keywarden/${ownVersion()}`,
      log: quiet,
      request: { fetch: this.#fetchWith(options.fetch ?? globalThis.fetch, pace.answerMs), redirect: "manual" },
      // What was limited is waited for below; 429 is the throttling plugin's business alone.
      retry: {
        enabled: !isHasty,
        doNotRetry: [400, 401, 403, 404, 409, 410, 422, 429, 451],
        retryAfterBaseValue: pace.retryUnitMs,
      },
      throttle: {
        enabled: !isHasty,
        write: writes,
        // It waits for the turn of a write as well: one second, not four.
        notifications: lane(() => Promise.resolve()),
        global: lane(() => Promise.resolve()),
        retryAfterBaseValue: 0,
        onRateLimit: onLimit,
        onSecondaryRateLimit: onLimit,
      } as object as NonNullable<ConstructorParameters<typeof Octokit>[0]>["throttle"],
    });
    this.#octokit.hook.before("request", (request) => {
      request.headers["x-github-api-version"] = "2022-11-28";
      // Whether a cut connection still made an issue, nobody knows: looking is the next run's business.
      if (request.method === "POST") request.request = { ...request.request, retries: 0 };
    });
    // Following a redirect would turn a POST into a GET.
    this.#octokit.hook.after("request", ({ status, headers }) => {
      if (status < 300 || status === 304) return;
      const { location } = headers;
      throw new Refused({ kind: "moved", status, ...(location === undefined ? {} : { location }) });
    });
  }

  #fetchWith(fetch: typeof globalThis.fetch, answerMs: number): typeof globalThis.fetch {
    return async (url, init) => {
      if (this.#signal?.aborted === true) throw new Refused({ kind: "interrupted" });
      if (this.#turns.isOver) throw new Refused({ kind: "budget" });
      // The token goes to one place, whatever a link says.
      if (new URL(String(url)).origin !== this.#origin) throw new Refused({ kind: "bad-answer" });
      const ends = [AbortSignal.timeout(answerMs), ...(this.#signal === undefined ? [] : [this.#signal])];
      return fetch(url, { ...init, signal: AbortSignal.any(ends) });
    };
  }

  /** One request. Never throws. */
  async ask<T>(question: (octokit: Octokit) => Promise<Answer<T>>): Promise<Result<T>> {
    const asked = await this.#send(question);
    return asked.ok ? { ok: true, data: asked.data.data } : asked;
  }

  /** All pages of a list; `pick` takes the entries out of a page. A list that broke off is trouble, not a short list. */
  async all<T, Entry>(
    question: (octokit: Octokit) => Promise<Answer<T>>,
    pick: (page: T) => readonly Entry[],
  ): Promise<Result<Entry[]>> {
    const entries: Entry[] = [];
    let next = question;
    for (let pages = 0; pages < maxPages; pages++) {
      const asked = await this.#send(async (octokit) => {
        const { headers, data } = await next(octokit);
        return { link: headers.link, entries: pick(data) };
      });
      if (!asked.ok) return asked;
      entries.push(...asked.data.entries);
      const url = /<([^<>]+)>;\s*rel="next"/.exec(asked.data.link ?? "")?.[1];
      if (url === undefined) return { ok: true, data: entries };
      next = (octokit) => octokit.request({ method: "GET", url }) as Promise<Answer<T>>;
    }
    return { ok: false, trouble: { kind: "too-many" } };
  }

  async #send<T>(question: (octokit: Octokit) => Promise<T>): Promise<Result<T>> {
    if (this.#stopped !== undefined) return { ok: false, trouble: this.#stopped };
    try {
      const answer = await question(this.#octokit);
      return { ok: true, data: answer };
    } catch (error) {
      const trouble = this.#signal?.aborted === true ? { kind: "interrupted" as const } : troubleOf(error);
      if (["unauthorized", "rate-limited", "budget", "interrupted"].includes(trouble.kind)) this.#stopped = trouble;
      return { ok: false, trouble };
    }
  }
}
