// Matches with their values in, the subjects of verification out: each secret once for every rule and spelling.

import { compareText } from "../base/compare-text.ts";
import type { Home, Match } from "../model/match.ts";
import type { Rule } from "../model/rule.ts";
import type { Subject } from "../model/subject.ts";

function isWithin(inner: Home, outer: Home): boolean {
  const { layer, block } = outer;
  return inner.layer === layer && block.start <= inner.span.start && inner.span.end <= block.end;
}

/** The distinct public halves in the block of a secret; nearness is not enough, the block is what counts. */
function halvesOf(match: Match, rule: Rule, identifiers: readonly Match[]): readonly string[] {
  const { home } = match;
  if (rule.pair === undefined || home === undefined) return [];
  const wanted = rule.pair.with;
  // An identifier is public: its mask is the whole value (scan/mask.ts).
  const values = identifiers
    .filter((other) => other.rule === wanted && other.home !== undefined && isWithin(other.home, home))
    .map((other) => other.secret.masked);
  return [...new Set(values)].sort(compareText);
}

/**
 * The subjects among the matches of several contents, by fingerprint, the plainest first. `wanted` says which
 * fingerprints. Only matches whose values were kept are of use; two places that give the same request are one subject.
 */
export function subjectsOf(
  contents: Iterable<readonly Match[]>,
  ruleOf: (id: string) => Rule | undefined,
  wanted: (fingerprint: string) => boolean,
): ReadonlyMap<string, readonly Subject[]> {
  const subjects = new Map<string, Subject[]>();
  for (const matches of contents) {
    const identifiers = matches.filter((match) => ruleOf(match.rule)?.role === "identifier");
    for (const match of matches.toSorted((a, b) => a.decodedFrom.length - b.decodedFrom.length)) {
      const rule = ruleOf(match.rule);
      if (rule === undefined || rule.role === "identifier" || !wanted(match.fingerprint)) continue;
      const pairs = halvesOf(match, rule, identifiers);
      const known = subjects.get(match.fingerprint) ?? [];
      known.push({ fingerprint: match.fingerprint, rule, secret: match.secret, pairs });
      subjects.set(match.fingerprint, known);
    }
  }
  return subjects;
}
