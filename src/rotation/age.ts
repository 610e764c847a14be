// What is declared and what is known of a credential in, the day its value was made out: best evidence first.

import { dayOfInstant } from "../base/days.ts";
import type { Age, AgeSource, Day, DeclaredCredential, Instant, KnownFingerprint } from "../model/rotation.ts";
import type { Knowledge } from "./observe.ts";
import { currentOf, endOf, sortValues } from "./values.ts";

/** What an age is told from. */
export interface AgeInput {
  readonly declared: DeclaredCredential | undefined;
  readonly knowledge: Knowledge;
  /** The age that the ledger remembers; its declared date holds on when its entry is gone from the inventory. */
  readonly remembered: Age | undefined;
  readonly today: Day;
}

/** Values that were there before the one in use. */
function replacedBy(
  subject: KnownFingerprint | undefined,
  all: Iterable<KnownFingerprint>,
): readonly KnownFingerprint[] {
  return [...all].filter((value) => value !== subject && (value.state === "dead" || value.watchedUntil !== undefined));
}

/** Can a value made on that day be the one in use? Not one made before its forerunners were seen, nor one seen before. */
function isCredible(
  date: Instant | Day,
  subject: KnownFingerprint | undefined,
  forerunners: readonly KnownFingerprint[],
): boolean {
  const { length } = date;
  const { watchedFrom, watchedUntil } = subject ?? {};
  // A day is compared with days, a moment with moments.
  const isContradicted =
    watchedFrom !== undefined &&
    watchedUntil !== undefined &&
    watchedFrom.slice(0, length) < date &&
    watchedUntil.slice(0, length) > date;
  return !isContradicted && forerunners.every((value) => knownFrom(value).slice(0, length) < date);
}

/** A commit may tell that a value is older than the day on which anybody looked. */
function knownFrom({ firstSeen, firstCommitAt = firstSeen }: KnownFingerprint): Instant {
  return firstCommitAt < firstSeen ? firstCommitAt : firstSeen;
}

function declaredDay(
  { declared, knowledge, remembered, today }: AgeInput,
  ok: (date: string) => boolean,
): Day | undefined {
  if (declared === undefined) return remembered?.source === "declared" ? remembered.since : undefined;
  const dates = [declared.created, declared.rotated, knowledge.rotatedAt].filter((date) => date !== undefined);
  const credible = dates.filter(ok).map(dayOfInstant).sort();
  const newest = credible.at(-1);
  // A day ahead of UTC is a time zone, not a prophecy.
  return newest === undefined || newest <= today ? newest : today;
}

function historyOf(value: KnownFingerprint | undefined): Instant | undefined {
  return value?.mayBeOlder === false ? value.firstCommitAt : undefined;
}

/**
 * The age of the value in use: from the provider, from the token, as declared, since it was first watched, since the
 * store was written, since its forerunner was proven dead, since its first commit. Only the first three are exact.
 * A declared date that is proven to be about an earlier value, or about none, is passed over.
 */
export function ageOf(input: AgeInput): Age {
  const { declared, knowledge } = input;
  const { values, storedAt } = knowledge;
  const all = sortValues(values);
  const current = currentOf(values);
  const end = endOf(values);
  // Of one that was only found, the dead value itself is the credential.
  const subject = current ?? (declared === undefined ? all.at(-1) : undefined);
  const forerunners = replacedBy(subject, all);
  const ok = (date: string): boolean => isCredible(date, subject, forerunners);
  const told: readonly (readonly [AgeSource, Age["confidence"], Instant | Day | undefined])[] = [
    ["provider", "exact", subject?.createdAt],
    ["token", "exact", subject?.issuedAt],
    ["declared", "exact", declaredDay(input, ok)],
    ["watch", "at-least", subject?.watchedFrom],
    ["store", "at-least", storedAt !== undefined && ok(storedAt) ? storedAt : undefined],
    ["proof", "at-least", subject === undefined ? end?.evidence.at : undefined],
    ["history", "at-least", historyOf(subject)],
  ];
  const best = told.find(([, , since]) => since !== undefined);
  if (best === undefined) return { source: "none", confidence: "unknown" };
  const [source, confidence, since] = best as readonly [AgeSource, Age["confidence"], string];
  return { source, confidence, since: dayOfInstant(since) };
}
