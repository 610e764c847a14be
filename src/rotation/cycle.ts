// What was known before and what is known now in, whether something began anew and what people's closes count for out.

import { dayMs, later } from "../base/days.ts";
import { defined } from "../base/defined.ts";
import type { Instant, KnownFingerprint, LedgerCredential } from "../model/rotation.ts";
import { currentOf, type Values } from "./values.ts";

/** For how long a person's close without proof is respected, the first time in a cycle. */
const snoozeDays = 7;

/**
 * Did something begin anew for a credential that was known: a new value in use, a leak, a leak proven to work, or the
 * return of a dead value? The same observations a second time say no, because then they are known.
 */
export function beginsAnew(before: Values, now: Values): boolean {
  const old = currentOf(before);
  const current = currentOf(now);
  const isReplaced = current?.watchedUntil !== undefined && old?.fingerprint !== current.fingerprint && before.size > 0;
  return isReplaced || [...now.values()].some((value) => isNews(before.get(value.fingerprint), value));
}

function isNews(before: KnownFingerprint | undefined, now: KnownFingerprint): boolean {
  if (now.state === "dead") return false;
  if (before?.state === "dead") return true;
  if (now.leakedAt === undefined) return false;
  return before?.leakedAt !== now.leakedAt || (before.state !== "live" && now.state === "live");
}

/** What people's closes without proof amount to in a cycle. */
export type EarlyCloses = Pick<LedgerCredential, "closedAt" | "snoozedUntil" | "closedEarly">;

/**
 * Counts closes: the first is respected for a week, later ones are not. One that was heard before, that was about an
 * earlier cycle or that falls into a week that runs anyway does not count. Times are a channel's, whose clock may
 * differ: what is ahead of us is heard and respected from now.
 */
export function hearCloses(
  before: EarlyCloses,
  closes: readonly Instant[],
  { begun, now }: { readonly begun: Instant; readonly now: Instant },
): EarlyCloses {
  let { closedAt, snoozedUntil, closedEarly } = before;
  for (const at of closes) {
    if (at <= begun || at <= (closedAt ?? "")) continue;
    closedAt = at;
    if (at < (snoozedUntil ?? "")) continue;
    closedEarly = (closedEarly ?? 0) + 1;
    snoozedUntil = closedEarly === 1 ? later(at < now ? at : now, snoozeDays * dayMs) : undefined;
  }
  return defined({ closedAt, snoozedUntil, closedEarly });
}
