// Everything that was ever heard of one credential, replayed from the beginning → what must be open, and since when.

import { addDays, daysBetween } from "../../src/base/days.ts";
import type { Observation, Proof } from "../../src/model/rotation.ts";

const day = 86_400_000;

interface Replayed {
  readonly firstSeen: string;
  lastLife: string;
  watchedFrom: string | undefined;
  watchedUntil: string | undefined;
  leakedAt: string | undefined;
  /** The last time that it was proven to work; empty if it never was, since it was back. */
  works: string;
  end: { readonly by: "provider" | "person"; readonly at: string } | undefined;
  readonly paths: Set<string>;
}

/** What people have declared of it. */
export interface Declared {
  readonly isDeclared: boolean;
  readonly dates: readonly string[];
  readonly exemptUntil: string | undefined;
}

/** What must be shown: nothing, or something; and the step, where it follows from the calendar alone. */
export interface Expected {
  readonly open: boolean;
  readonly step?: string;
}

/** The story of one credential: a naive twin of the ledger, which keeps everything and is reckoned anew each time. */
export class Story {
  readonly #heard: Observation[] = [];

  hear(observation: Observation): void {
    this.#heard.push(observation);
  }

  expect(declared: Declared, now: string): Expected {
    const { values, inUse, rotatedAt } = this.#replay(declared.isDeclared);
    const all = [...values.values()];
    const leaks = all.filter((value) => value.leakedAt !== undefined && value.end === undefined);
    if (leaks.length > 0) return { open: true, step: leakStep(leaks, now) };
    const today = now.slice(0, 10);
    if (declared.exemptUntil !== undefined && declared.exemptUntil >= today) return { open: false };
    if (!declared.isDeclared) return { open: false };
    const replaced = all.some((value) => value.watchedFrom !== undefined && value !== inUse && value.end === undefined);
    if (replaced) return { open: true };
    const made = madeOn(declared, { all, inUse, rotatedAt, today });
    if (made === undefined) return { open: true, step: "unknown-age" };
    const left = daysBetween(today, addDays(made, 90));
    return left > 14 ? { open: false } : { open: true, step: calendarStep(left) };
  }

  /** Did what a closing says really happen? */
  proves(proof: Proof | undefined, declared: Declared, now: string): boolean {
    if (proof === undefined) return false;
    if (proof.kind === "exemption")
      return declared.exemptUntil !== undefined && declared.exemptUntil >= now.slice(0, 10);
    if (proof.kind === "not-due") return declared.isDeclared && !this.expect(declared, now).open;
    if (proof.kind === "moved") return false;
    return this.#heard.some(
      (one) =>
        one.at === proof.at &&
        (proof.kind === "attestation"
          ? one.kind === "attestation"
          : one.kind === "verification" && one.status === "inactive"),
    );
  }

  #replay(isDeclared: boolean) {
    const values = new Map<string, Replayed>();
    let inUse: Replayed | undefined;
    let word: string | undefined;
    let rotatedAt: string | undefined;
    const valueOf = (fingerprint: string, at: string): Replayed => {
      const known = values.get(fingerprint) ?? {
        firstSeen: at,
        lastLife: "",
        watchedFrom: undefined,
        watchedUntil: undefined,
        leakedAt: undefined,
        works: "",
        end: undefined,
        paths: new Set<string>(),
      };
      values.set(fingerprint, known);
      return known;
    };
    const revive = (value: Replayed, at: string): void => {
      value.end = undefined;
      value.works = "";
      if (value.leakedAt !== undefined) value.leakedAt = at;
    };
    for (const one of this.#heard) {
      const { at } = one;
      if (one.kind === "watch") {
        const value = valueOf(one.fingerprint, at);
        if (
          inUse !== undefined &&
          inUse !== value &&
          inUse.end === undefined &&
          word !== undefined &&
          word >= inUse.lastLife
        )
          inUse.end = { by: "person", at: word };
        inUse = value;
        if (value.end?.by === "person" && value.end.at < at) revive(value, at);
        value.watchedFrom ??= at;
        value.watchedUntil = at;
        value.lastLife = at;
      } else if (one.kind === "finding") {
        const value = valueOf(one.fingerprint, at);
        const isElsewhere = one.places.some(({ path }) => !value.paths.has(path));
        if (value.end?.by === "person" && value.end.at < at && isElsewhere) {
          revive(value, at);
          value.leakedAt = at;
        }
        for (const { path } of one.places) value.paths.add(path);
        value.leakedAt ??= at;
        if (value.end === undefined && value.leakedAt > value.lastLife) value.lastLife = value.leakedAt;
      } else if (one.kind === "verification") {
        const value = valueOf(one.fingerprint, at);
        if (one.status === "active" && (value.end === undefined || value.end.at <= at)) {
          if (value.end !== undefined) revive(value, at);
          value.works = at;
          value.lastLife = at;
        }
        // Dead and alive at the same moment is alive.
        const isNews = value.end === undefined ? value.works < at : value.end.by === "person" && value.end.at < at;
        if (one.status === "inactive" && isNews) value.end = { by: "provider", at };
      } else if (one.kind === "attestation") {
        word = at;
        const meant = [...values.values()].filter(
          (value) =>
            value.end === undefined &&
            value.lastLife <= at &&
            (value.leakedAt !== undefined || (value.watchedFrom !== undefined && value !== inUse) || !isDeclared),
        );
        for (const value of meant) value.end = { by: "person", at };
        if (meant.length === 0) rotatedAt = at;
      }
    }
    return { values, inUse: inUse?.end === undefined ? inUse : undefined, rotatedAt };
  }
}

function madeOn(
  { dates }: Declared,
  known: {
    readonly all: readonly Replayed[];
    readonly inUse: Replayed | undefined;
    readonly rotatedAt: string | undefined;
    readonly today: string;
  },
): string | undefined {
  const { all, inUse, rotatedAt } = known;
  const others = all.filter((value) => value !== inUse);
  const seenAround = (at: string): boolean =>
    inUse !== undefined && (inUse.watchedFrom ?? "~") < at && (inUse.watchedUntil ?? "") > at;
  const words = dates.filter((date) => others.every(({ firstSeen }) => firstSeen.slice(0, 10) < date));
  if (rotatedAt !== undefined && !seenAround(rotatedAt) && others.every(({ firstSeen }) => firstSeen < rotatedAt))
    words.push(rotatedAt.slice(0, 10));
  const newest = words.sort().at(-1);
  if (newest !== undefined) return newest;
  if (inUse?.watchedFrom !== undefined) return inUse.watchedFrom.slice(0, 10);
  const ends = all.map(({ end }) => end?.at ?? "").sort();
  const last = ends.at(-1) ?? "";
  return last === "" ? undefined : last.slice(0, 10);
}

function leakStep(leaks: readonly Replayed[], now: string): string {
  const dues = leaks.map(({ leakedAt, works }) => Date.parse(leakedAt!) + (works === "" ? 7 : 1) * day);
  const name = leaks.some(({ works }) => works !== "") ? "leaked-active" : "leaked";
  const late = Date.parse(now) - Math.min(...dues);
  return late < 0 ? name : `${name}-overdue-${lateName(Math.floor(late / day))}`;
}

function lateName(days: number): number {
  return [...Array(days + 1).keys()].findLast((one) => one % 7 === 0 || one === 30)!;
}

function calendarStep(left: number): string {
  if (left <= 0) return `overdue-${lateName(-left)}`;
  return `due-${[14, 7, 1].findLast((step) => left <= step)}`;
}
