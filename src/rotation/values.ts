// The known values of one credential in, which of them is in use, replaced, leaked or dead out.

import { compareText } from "../base/compare-text.ts";
import type { Evidence, Instant, KnownFingerprint } from "../model/rotation.ts";
import { maxKnownPlaces, type LeakPlace } from "../model/rotation.ts";

/** Values by fingerprint. */
export type Values = ReadonlyMap<string, KnownFingerprint>;

function newest(
  values: Iterable<KnownFingerprint>,
  timeOf: (value: KnownFingerprint) => readonly (Instant | undefined)[],
): KnownFingerprint | undefined {
  let best: KnownFingerprint | undefined;
  for (const value of values) {
    const [first, second] = timeOf(value);
    if (first === undefined) continue;
    const [bestFirst = "", bestSecond = ""] = best === undefined ? [] : timeOf(best);
    const order =
      compareText(first, bestFirst) ||
      compareText(second ?? "", bestSecond) ||
      compareText(value.fingerprint, best?.fingerprint ?? "");
    if (order > 0) best = value;
  }
  return best;
}

/** The value that its variable was last seen to hold. */
export function lastWatched(values: Values): KnownFingerprint | undefined {
  return newest(values.values(), ({ watchedUntil, watchedFrom }) => [watchedUntil, watchedFrom]);
}

/**
 * The value in use: the one that was last watched, else the newest that is not dead. Undefined where nobody knows: the
 * one that was last watched is proven dead, so another is, or will be, in its place.
 */
export function currentOf(values: Values): KnownFingerprint | undefined {
  const watched = lastWatched(values);
  if (watched !== undefined && watched.state !== "dead") return watched;
  const others = [...values.values()].filter(
    ({ state, watchedUntil }) => state !== "dead" && watchedUntil === undefined,
  );
  return newest(others, ({ firstSeen }) => [firstSeen]);
}

/** Values that stand in code and are not proven dead. */
export function leaksOf(values: Values): readonly KnownFingerprint[] {
  return [...values.values()].filter(({ state, leakedAt }) => state !== "dead" && leakedAt !== undefined);
}

/** Values that another one has replaced and that are not proven dead. */
export function replacedOf(values: Values): readonly KnownFingerprint[] {
  const current = currentOf(values);
  return [...values.values()].filter(
    (value) => value.state !== "dead" && value.watchedUntil !== undefined && value !== current,
  );
}

/** The newest proof that one of the values is dead. */
export function endOf(values: Values): { readonly value: KnownFingerprint; readonly evidence: Evidence } | undefined {
  const dead = [...values.values()].filter(({ state }) => state === "dead");
  const value = newest(dead, ({ evidence }) => [evidence?.at]);
  return value?.evidence === undefined ? undefined : { value, evidence: value.evidence };
}

/** The last moment at which something was seen that speaks for its being in use. */
export function lastLifeOf({ state, evidence, watchedUntil = "", leakedAt = "" }: KnownFingerprint): Instant {
  const proven = state === "live" && evidence !== undefined ? evidence.at : "";
  return [watchedUntil, leakedAt, proven].reduce((a, b) => (a > b ? a : b));
}

/** Sorts values as the ledger keeps them: by first sight, then by name. */
export function sortValues(values: Values): readonly KnownFingerprint[] {
  return [...values.values()].sort(
    (a, b) => compareText(a.firstSeen, b.firstSeen) || compareText(a.fingerprint, b.fingerprint),
  );
}

/** Order of places: path, line, commit. */
export function comparePlaces(a: LeakPlace, b: LeakPlace): number {
  return compareText(a.path, b.path) || a.line - b.line || compareText(a.commit ?? "", b.commit ?? "");
}

/**
 * What is known of places and what was seen anew, once each, sorted, at most `maxKnownPlaces`. A line number without a
 * commit holds only until the same file is seen again.
 */
export function unitePlaces(known: readonly LeakPlace[], seen: readonly LeakPlace[]): readonly LeakPlace[] {
  const paths = new Set(seen.map(({ path }) => path));
  const kept = known.filter(({ commit, path }) => commit !== undefined || !paths.has(path));
  const sorted = [...kept, ...seen].sort(comparePlaces);
  return sorted
    .filter((place, i) => i === 0 || comparePlaces(sorted[i - 1] as LeakPlace, place) !== 0)
    .slice(0, maxKnownPlaces);
}
