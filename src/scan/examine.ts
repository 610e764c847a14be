// A candidate in, a claim out: its checks run in order, and the first that drops it ends the matter.

import type { RegexEngine } from "../base/regex/regex.ts";
import type { Candidate, Fact } from "../model/match.ts";
import { confidences } from "../model/rule.ts";
import type { Confidence, Rule } from "../model/rule.ts";
import { blockAround } from "./block.ts";
import { canonicalText } from "./canonical.ts";
import type { CheckInput } from "./checks/check.ts";
import { hasNear } from "./checks/near.ts";
import { checks } from "./checks/table.ts";
import type { Claim } from "./claim.ts";
import type { Layer } from "./layer.ts";
import { linesAround } from "./nearby.ts";

/** What stays the same during one scan. */
export interface Examination {
  readonly root: Layer;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly engine: RegexEngine;
  /** Gives each layer a number, where the homes of claims are wanted. */
  readonly numberOf?: (layer: Layer) => number;
}

function inputOf(rule: Rule, candidate: Candidate, layer: Layer, examination: Examination): CheckInput {
  const { bytes } = layer;
  const { secret } = candidate;
  const groups: Record<string, string> = { secret: bytes.toString("latin1", secret.start, secret.end) };
  for (const [name, span] of Object.entries(candidate.groups))
    groups[name] = bytes.toString("latin1", span.start, span.end);
  return {
    rule,
    secret: groups["secret"] ?? "",
    groups,
    before: (count) => bytes.toString("latin1", Math.max(0, secret.start - count), secret.start),
    after: (count) => bytes.toString("latin1", secret.end, Math.min(bytes.length, secret.end + count)),
    nearby: (lines) => {
      const own = linesAround(layer, candidate.span, lines);
      if (layer === examination.root) return own;
      return `${own}\n${linesAround(examination.root, layer.toRoot(candidate.span), lines)}`;
    },
    now: examination.now,
    engine: examination.engine,
  };
}

function lower(a: Confidence, b: Confidence): Confidence {
  return confidences.indexOf(a) < confidences.indexOf(b) ? a : b;
}

/** The claim of a candidate of `rule`, or undefined when a check dropped it. */
export function examine(rule: Rule, candidate: Candidate, layer: Layer, examination: Examination): Claim | undefined {
  const input = inputOf(rule, candidate, layer, examination);
  const facts: Fact[] = [];
  let confidence = rule.confidence;
  let canonical: string | undefined;
  for (const use of rule.checks) {
    const result = checks[use.name]?.(input, use.options);
    if (result === undefined || !result.pass) return undefined;
    facts.push(...(result.facts ?? []));
    canonical ??= result.canonical;
    if (result.confidence !== undefined) confidence = lower(confidence, result.confidence);
  }
  return {
    rule,
    span: layer.toRoot(candidate.secret),
    encodings: layer.encodingsAt(candidate.secret.start),
    text: input.secret,
    canonical: canonical ?? canonicalText(input.secret),
    confidence,
    facts,
    evidence: evidenceOf(rule, input),
    ...(examination.numberOf === undefined
      ? {}
      : {
          home: {
            layer: examination.numberOf(layer),
            span: candidate.secret,
            block: blockAround(layer, candidate.secret),
          },
        }),
  };
}

function evidenceOf({ evidence }: Rule, input: CheckInput): Claim["evidence"] {
  if (evidence === undefined) return "none";
  // The token itself says nothing here: words of its own format must not outvote a provider's name.
  const line = { nearby: () => input.nearby(0).replaceAll(input.secret, "") };
  if (hasNear(line, evidence.near, 0)) return "line";
  return hasNear(input, evidence.near, evidence.lines) ? "near" : "none";
}
