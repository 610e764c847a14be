// The matches of one content in, its secrets out: each with the public identifier that completes it, if only one can.

import type { Location, Match } from "../model/match.ts";
import type { Rule } from "../model/rule.ts";

/** A match of a secret, and the public half of its pair where exactly one stands close enough. */
export interface PairedMatch extends Match {
  readonly pairedWith?: { readonly rule: string; readonly value: string };
}

/** The fact that says several public halves were possible. */
export const pairFact = "pair";

/** Lines between two places; 0 when they share one. */
function distance(a: Location, b: Location): number {
  return Math.max(0, a.line - b.endLine, b.line - a.endLine);
}

function complete(match: Match, identifiers: readonly Match[], lines: number): PairedMatch {
  const near = identifiers.filter((identifier) => distance(match.location, identifier.location) <= lines);
  // An identifier is public: its mask is the whole value (scan/mask.ts).
  const values = new Set(near.map((identifier) => identifier.secret.masked));
  const [only] = near;
  if (only === undefined) return match;
  if (values.size === 1) return { ...match, pairedWith: { rule: only.rule, value: only.secret.masked } };
  return { ...match, facts: [...match.facts, { name: pairFact, value: `ambiguous: ${values.size} candidates` }] };
}

/**
 * Drops the identifiers among the matches of one content, which are never findings, and completes its secrets with
 * them: a rule's `pair` names the identifier's rule and how many lines away it may stand. Several distinct values in
 * reach complete nothing and become a fact. Order is kept; matches that need nothing come back as they are.
 */
export function pairMatches(
  matches: readonly Match[],
  ruleOf: (id: string) => Rule | undefined,
): readonly PairedMatch[] {
  const identifiers = new Map<string, Match[]>();
  const secrets: Match[] = [];
  for (const match of matches) {
    if (ruleOf(match.rule)?.role !== "identifier") secrets.push(match);
    else if (identifiers.has(match.rule)) identifiers.get(match.rule)?.push(match);
    else identifiers.set(match.rule, [match]);
  }
  return secrets.map((match) => {
    const pair = ruleOf(match.rule)?.pair;
    const candidates = pair === undefined ? undefined : identifiers.get(pair.with);
    return pair === undefined || candidates === undefined ? match : complete(match, candidates, pair.lines);
  });
}
