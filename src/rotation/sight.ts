// A value that was known, or was not, and one more sight of it in, the value with what that sight tells out.

import { compareText } from "../base/compare-text.ts";
import { defined } from "../base/defined.ts";
import { instantOf, msOf } from "../base/days.ts";
import type { Instant, KnownFingerprint, LeakPlace } from "../model/rotation.ts";
import { lastLifeOf, unitePlaces } from "./values.ts";

/** What a sight may tell besides that it was one. */
interface Told {
  readonly places?: readonly LeakPlace[];
  readonly author?: string;
  readonly firstCommitAt?: string;
  readonly mayBeOlder?: boolean;
  readonly createdAt?: string | undefined;
  readonly issuedAt?: string | undefined;
}

function earlier(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

/** A date that somebody else wrote, none later than the sight that tells it; undefined for what is no date. */
export function dateOf(text: string | undefined, at: Instant): Instant | undefined {
  const ms = text === undefined ? undefined : msOf(text);
  return ms === undefined ? undefined : earlier(instantOf(ms), at);
}

/** Adds a sight to what is known; the earliest dates and all places win, whatever came first. */
export function sight(
  known: KnownFingerprint | undefined,
  fingerprint: string,
  at: Instant,
  told: Told = {},
): KnownFingerprint {
  const firstCommitAt = dateOf(told.firstCommitAt, at);
  const isEarlier = firstCommitAt !== undefined && firstCommitAt < (known?.firstCommitAt ?? "~");
  const author = isEarlier ? (told.author ?? known?.author) : (known?.author ?? told.author);
  const places = unitePlaces(known?.places ?? [], told.places ?? []);
  // One history with a beginning is enough to know.
  const mayBeOlder = told.mayBeOlder === undefined ? known?.mayBeOlder : (known?.mayBeOlder ?? true) && told.mayBeOlder;
  return {
    state: "unproven",
    ...known,
    ...defined({
      fingerprint,
      firstSeen: earlier(known?.firstSeen, at) ?? at,
      lastSeen: at > (known?.lastSeen ?? "") ? at : (known?.lastSeen ?? at),
      places: places.length === 0 ? undefined : places,
      author,
      firstCommitAt: earlier(known?.firstCommitAt, firstCommitAt),
      mayBeOlder,
      createdAt: earlier(known?.createdAt, dateOf(told.createdAt, at)),
      issuedAt: earlier(known?.issuedAt, dateOf(told.issuedAt, at)),
    }),
  };
}

function lastWordOf(value: KnownFingerprint): Instant {
  const heard = value.evidence?.at ?? "";
  const seen = lastLifeOf(value);
  return heard > seen ? heard : seen;
}

/**
 * When the newest word on the life of `value` was said, as far as it can contradict `other`: a sight contradicts nothing
 * but an attested end (`observe`), so that no later look at a value takes back what its provider said.
 */
function wordAgainst(value: KnownFingerprint, other: KnownFingerprint): Instant {
  const isAttested = other.state === "dead" && other.evidence?.kind === "attestation";
  return isAttested ? lastWordOf(value) : (value.evidence?.at ?? "");
}

/** Two entries of one value, from credentials that turn out to be one: the newer word on its life wins, then life. */
export function uniteValues(a: KnownFingerprint, b: KnownFingerprint): KnownFingerprint {
  const order =
    compareText(wordAgainst(a, b), wordAgainst(b, a)) ||
    Number(a.state !== "dead") - Number(b.state !== "dead") ||
    compareText(lastWordOf(a), lastWordOf(b));
  const isNewer = order > 0 || (order === 0 && a.state !== "dead");
  const [older, newer] = isNewer ? [b, a] : [a, b];
  const both = sight(sight(newer, newer.fingerprint, older.firstSeen, older), newer.fingerprint, older.lastSeen);
  const { watchedUntil: first = "" } = a;
  const { watchedUntil: second = "" } = b;
  const watchedUntil = first > second ? first : second;
  return {
    ...both,
    ...defined({
      leakedAt: earlier(a.leakedAt, b.leakedAt),
      watchedFrom: earlier(a.watchedFrom, b.watchedFrom),
      watchedUntil: watchedUntil === "" ? undefined : watchedUntil,
    }),
  };
}
