// Verdicts, passed controls and pauses in, the same out again in a later run, as long as they count; errors never.

import { createHash } from "node:crypto";
import type { EntryStore } from "../base/entry-store.ts";
import type { Fact } from "../model/match.ts";
import type { Verification } from "../model/verification.ts";

const hourMs = 3_600_000;

/** How long a verdict counts: a dead key stays dead longer than a live one stays alive. */
export const verdictMs = { active: 24 * hourMs, inactive: 7 * 24 * hourMs, revoked: 7 * 24 * hourMs } as const;
/** How long a passed control counts. */
const controlMs = 24 * hourMs;

/** The name of an entry: a hash of everything that the answer hangs on. None of it can be read from the name. */
export function entryName(kind: "verdict" | "control" | "pause", parts: readonly string[]): string {
  const hash = createHash("sha256").update("keywarden verification 1\0");
  for (const part of [kind, ...parts]) hash.update(`${part.length}:`).update(part);
  return `${kind}.${hash.digest("hex").slice(0, 48)}.json`;
}

type Kept = Pick<Verification, "reason" | "row" | "facts"> & { readonly status: keyof typeof verdictMs };

function isFact(value: unknown): value is Fact {
  const { name, value: text } = Object(value) as Partial<Fact>;
  return typeof name === "string" && typeof text === "string" && name.length <= 60 && text.length <= 2000;
}

function isKept(value: Partial<Kept>): value is Kept {
  const { status, reason, row, facts } = value;
  return (
    typeof status === "string" &&
    Object.hasOwn(verdictMs, status) &&
    reason === "answer" &&
    typeof row === "string" &&
    Array.isArray(facts) &&
    facts.every(isFact)
  );
}

/** What earlier runs learned; without a store, nothing. */
export class VerificationCache {
  readonly #store: EntryStore | undefined;
  readonly #now: () => number;
  #written = false;

  constructor(store: EntryStore | undefined, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** The verdict that was reached before, with its own dates, while it counts. */
  verdict(name: string, fingerprint: string): Verification | undefined {
    const entry = this.#read(name);
    if (entry === undefined || !isKept(entry.value)) return undefined;
    const { status, reason, row, facts } = entry.value;
    // What a file says of its own lifetime is believed up to the law's.
    if (entry.until > entry.at + verdictMs[status]) return undefined;
    return {
      fingerprint,
      status,
      reason,
      ...(row === undefined ? {} : { row }),
      checkedAt: new Date(entry.at).toISOString(),
      until: new Date(entry.until).toISOString(),
      facts: facts.map(({ name: fact, value }) => ({ name: fact, value })),
    };
  }

  /** Keeps a verdict that came from a row of the table; anything else is forgotten. */
  keepVerdict(name: string, verification: Verification): void {
    const { status, reason, row, facts, checkedAt, until } = verification;
    if (reason !== "answer" || until === undefined || !Object.hasOwn(verdictMs, status)) return;
    this.#write(name, { status, reason, row, facts }, { at: Date.parse(checkedAt), until: Date.parse(until) });
  }

  /** Whether the control of a recipe was answered as it should within the last day. */
  controlPassed(name: string): boolean {
    const entry = this.#read(name);
    return entry !== undefined && entry.until <= entry.at + controlMs;
  }

  keepControl(name: string): void {
    const at = this.#now();
    this.#write(name, {}, { at, until: at + controlMs });
  }

  /** Until when a host asked to be left alone, if that is still to come. */
  pausedUntil(name: string): number | undefined {
    const entry = this.#read(name);
    return entry !== undefined && entry.until <= entry.at + controlMs ? entry.until : undefined;
  }

  keepPause(name: string, until: number): void {
    this.#write(name, {}, { at: this.#now(), until });
  }

  /** Bounds what is kept. */
  close(): void {
    if (this.#written) this.#store?.prune(this.#now());
  }

  #read(name: string): { value: Partial<Kept>; at: number; until: number } | undefined {
    const text = this.#store?.read(name);
    if (text === undefined) return undefined;
    try {
      const { at, until, value } = Object(JSON.parse(text)) as { at?: unknown; until?: unknown; value?: unknown };
      const now = this.#now();
      if (typeof at !== "number" || typeof until !== "number" || !(at <= now && now < until)) return undefined;
      return { value: Object(value) as Partial<Kept>, at, until };
    } catch {
      return undefined; // written by something else
    }
  }

  #write(name: string, value: object, times: { readonly at: number; readonly until: number }): void {
    if (this.#store?.write(name, JSON.stringify({ ...times, value })) === true) this.#written = true;
  }
}
