// Claims in, claims out: a token of a family that several providers share goes to the one provider with evidence, or
// to the family's fallback, which names everybody whose format fits.

import type { Rule } from "../model/rule.ts";
import type { Claim } from "./claim.ts";

/**
 * What stands for the provider in a fingerprint: the family of a secret that starts as the family's tokens do, so that
 * the same token has one fingerprint whether its provider was clear in this place or not; else the provider.
 */
export function namespaceOf(rule: Rule, canonical: string, fallbacks: Iterable<Rule>): string {
  for (const fallback of fallbacks) {
    const family = fallback.contested;
    if (family === undefined) continue;
    if (rule.contested === family || fallback.keywords.some((keyword) => canonical.startsWith(keyword))) return family;
  }
  return rule.provider;
}

/** Finds the fallback rule of a family. */
export type FallbackOf = (family: string) => Rule | undefined;

function longest(claims: readonly Claim[]): Claim {
  return claims.reduce((best, claim) => {
    const longer = claim.span.end - best.span.end;
    return longer > 0 || (longer === 0 && claim.rule.id < best.rule.id) ? claim : best;
  });
}

/** The claims of the one provider that evidence points at: on the same line first, then near it. */
function provenClaims(owners: readonly Claim[]): readonly Claim[] {
  const sameLine = owners.filter((claim) => claim.evidence === "line");
  if (new Set(sameLine.map((claim) => claim.rule.provider)).size === 1) return sameLine;
  return owners.filter((claim) => claim.evidence !== "none");
}

function settle(claims: readonly Claim[], fallbackOf: FallbackOf): Claim | undefined {
  const owners = claims.filter((claim) => !claim.rule.fallback);
  const proven = provenClaims(owners);
  if (new Set(proven.map((claim) => claim.rule.provider)).size === 1) return longest(proven);
  const fallback = fallbackOf(claims[0]?.rule.contested ?? "");
  const rivals = proven.length > 0 ? proven : owners;
  if (fallback === undefined || rivals.length === 0) return claims.find((claim) => claim.rule.fallback);
  const candidates = [...new Set(rivals.map((claim) => claim.rule.provider))].toSorted();
  return { ...longest(rivals), rule: fallback, confidence: fallback.confidence, facts: [], candidates };
}

/** Settles every contested family start by start; claims of uncontested rules pass unchanged. */
export function settleContests(claims: readonly Claim[], fallbackOf: FallbackOf): Claim[] {
  const settled: Claim[] = [];
  const contests = new Map<string, Claim[]>();
  for (const claim of claims) {
    if (claim.rule.contested === undefined) {
      settled.push(claim);
      continue;
    }
    const key = `${claim.rule.contested} ${claim.span.start} ${claim.encodings.join(",")}`;
    const rivals = contests.get(key);
    if (rivals === undefined) contests.set(key, [claim]);
    else rivals.push(claim);
  }
  for (const rivals of contests.values()) {
    const winner = settle(rivals, fallbackOf);
    if (winner !== undefined) settled.push(winner);
  }
  return settled;
}
