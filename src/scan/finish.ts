// Claims of one content in, its matches and directives out: contests settled, overlaps resolved, places named.

import type { Directive, Fact, Match, Scanned, Span } from "../model/match.ts";
import { Secret } from "../model/secret.ts";
import type { Rule } from "../model/rule.ts";
import type { Claim } from "./claim.ts";
import { namespaceOf, settleContests } from "./contest.ts";
import type { FallbackOf } from "./contest.ts";
import type { Layer } from "./layer.ts";
import { directiveAt, frameOf, Locator, mergeSpans } from "./locate.ts";
import type { Origin } from "./locate.ts";
import { maskSecret } from "./mask.ts";
import { overlapIndex, resolveOverlaps } from "./overlaps.ts";

/** A text shorter than this says nothing when it stands in a fact. */
const shortestSecret = 6;

/** Hides a canonical secret of a provider behind a keyed hash. */
export type Fingerprint = (provider: string, canonical: string) => string;

/** Everything found in one content, or in one piece of a large one. */
export interface Findings {
  readonly root: Layer;
  readonly claims: readonly Claim[];
  /** Spans of all candidates, dropped ones too: nothing in them is ever shown. */
  readonly hidden: readonly Span[];
  readonly directives: readonly { readonly offset: number; readonly spelling: string }[];
}

/** How matches are made from what was found, and which of them are wanted. */
export interface FinishOptions {
  /** The fallback rule of each contested family. */
  readonly fallbacks: ReadonlyMap<string, Rule>;
  /** The same, where it may report. */
  readonly fallbackOf: FallbackOf;
  readonly fingerprint: Fingerprint;
  /** Keep values in the matches' secrets; they are empty otherwise. */
  readonly keepValues: boolean;
  readonly origin: Origin;
  /** Only matches that begin in here are reported: the rest belongs to a neighbouring piece. */
  readonly own: Span;
  /** Directives are wanted even without matches (the matches may stand in another piece). */
  readonly allDirectives: boolean;
}

function within(offset: number, span: Span): boolean {
  return span.start <= offset && offset < span.end;
}

/** The facts that hold no secret: neither the claim's own nor one that another rule sees in the same bytes. */
function publicFacts(claim: Claim, rivalsAt: (span: Span) => readonly Claim[]): readonly Fact[] {
  if (claim.facts.length === 0) return claim.facts;
  const secrets = [claim, ...rivalsAt(claim.span)]
    .flatMap(({ text, canonical }) => [text, canonical])
    .filter((text) => text.length >= shortestSecret);
  return claim.facts.filter(({ value }) => !secrets.some((secret) => value.includes(secret)));
}

/** What the matches of one content share. */
interface Surroundings {
  readonly hidden: readonly Span[];
  readonly locator: Locator;
  readonly rivalsAt: (span: Span) => readonly Claim[];
}

function matchOf(claim: Claim, around: Surroundings, given: Findings & FinishOptions): Match {
  const { rule, span } = claim;
  const { hidden, locator, rivalsAt } = around;
  const masked = maskSecret(rule, claim.text);
  return {
    rule: rule.id,
    provider: rule.provider,
    ...(claim.candidates === undefined ? {} : { candidates: claim.candidates }),
    severity: rule.severity,
    confidence: claim.confidence,
    secret: new Secret(given.keepValues ? claim.text : "", masked),
    fingerprint: given.fingerprint(namespaceOf(rule, claim.canonical, given.fallbacks.values()), claim.canonical),
    span,
    location: locator.location(span),
    decodedFrom: claim.encodings,
    facts: publicFacts(claim, rivalsAt),
    frame: frameOf(given.root.bytes, span, hidden, masked),
    ...(claim.home === undefined ? {} : { home: claim.home }),
  };
}

/** Turns what was found into matches in the order of their places. */
export function finish(given: Findings & FinishOptions): Scanned {
  const bytes = given.root.bytes;
  const claims = resolveOverlaps(settleContests(given.claims, given.fallbackOf)).filter((claim) =>
    within(claim.span.start, given.own),
  );
  const wanted = claims.length > 0 || given.allDirectives;
  const hidden = mergeSpans(given.hidden);
  const locator = new Locator(bytes, given.origin);
  const rivalsAt = overlapIndex(given.claims.filter((claim) => claim.rule.role === "secret"));
  const matches = claims.map((claim) => matchOf(claim, { hidden, locator, rivalsAt }, given));
  const directives: Directive[] = wanted
    ? given.directives
        .filter(({ offset }) => within(offset, given.own))
        .map((found) => directiveAt(bytes, found, hidden, locator))
    : [];
  return { matches, directives, bytes: given.own.end - given.own.start };
}
