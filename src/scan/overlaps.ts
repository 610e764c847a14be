// Claims in, claims out: where secrets overlap in the content, only the most specific rule's claim stays.

import type { Span } from "../model/match.ts";
import { confidences, severities } from "../model/rule.ts";
import { overlaps } from "./claim.ts";
import type { Claim } from "./claim.ts";

/** Answers which of some claims overlap a span; quick when few do. */
export function overlapIndex(claims: readonly Claim[]): (span: Span) => Claim[] {
  const byStart = claims.toSorted((a, b) => a.span.start - b.span.start);
  const furthestEnd = reachOf(byStart);
  return (span) => {
    const found: Claim[] = [];
    let low = 0;
    for (let high = byStart.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((byStart[middle] as Claim).span.start < span.end) low = middle + 1;
      else high = middle;
    }
    for (let i = low - 1; i >= 0 && (furthestEnd[i] as number) > span.start; i--) {
      const claim = byStart[i] as Claim;
      if (overlaps(claim.span, span)) found.push(claim);
    }
    return found;
  };
}

/** For each claim (sorted by start), how far it and those before it reach; nothing before touches what begins there. */
function reachOf(claims: readonly Claim[]): number[] {
  let furthest = 0;
  return claims.map((claim) => (furthest = Math.max(furthest, claim.span.end)));
}

/** Larger is more specific; compared from left to right. */
function rank(claim: Claim): readonly number[] {
  return [
    claim.rule.general ? 0 : 1,
    claim.candidates === undefined ? 1 : 0,
    confidences.indexOf(claim.rule.confidence),
    confidences.indexOf(claim.confidence),
    -claim.encodings.length,
    claim.span.end - claim.span.start,
    severities.indexOf(claim.rule.severity),
  ];
}

/** Negative when `a` is the more specific of the two; never 0 for different claims of different rules. */
function compare(a: Claim, b: Claim): number {
  const left = rank(a);
  const right = rank(b);
  for (const [index, value] of left.entries()) {
    const difference = (right[index] ?? 0) - value;
    if (difference !== 0) return difference;
  }
  return a.span.start - b.span.start || (a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : 0);
}

/**
 * Drops each claim that overlaps a more specific one (whether that one stays or not, so that the answer for one place
 * never hangs on a chain of others); sorted by place. Identifiers compete only among themselves.
 */
export function resolveOverlaps(claims: readonly Claim[]): Claim[] {
  const byPlace = claims.toSorted((a, b) => a.span.start - b.span.start || compare(a, b));
  const furthestEnd = reachOf(byPlace);
  return byPlace.filter((claim, index) => {
    const beaten = (other: Claim) =>
      other.rule.role === claim.rule.role && overlaps(claim.span, other.span) && compare(other, claim) < 0;
    for (let i = index - 1; i >= 0; i--) {
      if ((furthestEnd[i] as number) <= claim.span.start) break;
      if (beaten(byPlace[i] as Claim)) return false;
    }
    for (let i = index + 1; i < byPlace.length; i++) {
      const other = byPlace[i] as Claim;
      if (other.span.start >= claim.span.end) break;
      if (beaten(other) || isSame(claim, other)) return false;
    }
    return true;
  });
}

/** The same secret found twice at one place (through two decodings): the later one stays. */
function isSame(a: Claim, b: Claim): boolean {
  return a.span.start === b.span.start && a.span.end === b.span.end && compare(a, b) === 0;
}
