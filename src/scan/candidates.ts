// Keyword hits in, candidates out: each rule's pattern runs on a bounded window around its keyword.

import type { Regex, RegexMatch } from "../base/regex/regex.ts";
import type { Candidate, Span } from "../model/match.ts";
import type { Rule } from "../model/rule.ts";
import { coveringMatch } from "./pages.ts";
import type { Pages } from "./pages.ts";

/** A rule ready to run: its pattern compiles on first use. */
export interface ReadyRule {
  readonly rule: Rule;
  readonly index: number;
  regex(): Regex;
  /** The rule's required text, as bytes. */
  readonly required: Buffer | undefined;
  /** Bytes that must not stand before the keyword (1), where the rule says so of its secret and that begins there. */
  readonly refused: Uint8Array | undefined;
  /** The same once more: engines remember the last text, and pages are asked again and again. */
  probe(): Regex;
}

/** A keyword's place in a layer. */
export interface Hit {
  readonly offset: number;
  readonly length: number;
}

function shift(span: Span, by: number): Span {
  return { start: span.start + by, end: span.end + by };
}

/** Where the keyword's run of bytes begins and ends, and what is known of many hits at once. */
export interface Surroundings {
  readonly range: Span;
  readonly pages?: Pages;
  /** The hit's place in the list that `pages` was made for. */
  readonly index: number;
}

/**
 * The match of `ready`'s pattern that covers `hit`, the leftmost one that starts at most the rule's
 * lead before it; undefined when there is none. The decision depends on nothing but the bytes
 * within the rule's longest match (and one more on either side), and it never leaves the range of `around`.
 */
export function findCandidate(
  ready: ReadyRule,
  bytes: Buffer,
  hit: Hit,
  around: Surroundings = { range: { start: 0, end: bytes.length }, index: 0 },
): Candidate | undefined {
  const { rule } = ready;
  const { range, pages, index } = around;
  if (hit.offset > range.start && ready.refused?.[bytes[hit.offset - 1] as number] === 1) return undefined;
  const earliest = Math.max(range.start, hit.offset - rule.lead);
  if (ready.required !== undefined) {
    const text = bytes.subarray(earliest, Math.min(range.end, hit.offset + rule.longest));
    if (!text.includes(ready.required)) return undefined;
  }
  const quick = pages?.look(rule, ready.probe, { index, from: earliest, length: hit.length });
  if (quick === "none") return undefined;
  if (quick !== undefined && quick.end <= range.end) return candidateOf(ready, quick, 0);
  const windowStart = Math.max(range.start, earliest - 1);
  const windowEnd = Math.min(range.end, hit.offset + rule.longest + 1);
  const window = bytes.toString("latin1", windowStart, windowEnd);
  const found = coveringMatch(ready.regex(), window, {
    from: earliest - windowStart,
    hitStart: hit.offset - windowStart,
    hitEnd: hit.offset - windowStart + hit.length,
    anchored: rule.lead === 0,
  });
  return found === undefined ? undefined : candidateOf(ready, found, windowStart);
}

function candidateOf(ready: ReadyRule, found: RegexMatch, offset: number): Candidate {
  const groups: Record<string, Span> = {};
  for (const [name, span] of Object.entries(found.groups)) groups[name] = shift(span, offset);
  const { secret, ...others } = groups;
  const span = shift(found, offset);
  return { rule: ready.index, span, secret: secret ?? span, groups: others };
}
