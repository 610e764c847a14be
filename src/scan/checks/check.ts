// What a check is: one small judgement about a candidate, with the text around it at hand.

import type { RegexEngine } from "../../base/regex/regex.ts";
import type { Fact } from "../../model/match.ts";
import type { Confidence, Rule } from "../../model/rule.ts";

/** What a check may look at. All texts are latin1: one code unit is one byte. */
export interface CheckInput {
  readonly rule: Rule;
  /** The secret as it stands. */
  readonly secret: string;
  /** Named groups that took part, `secret` included. */
  readonly groups: Readonly<Record<string, string>>;
  /** Up to `count` bytes right before the secret. */
  before(count: number): string;
  /** Up to `count` bytes right after the secret. */
  after(count: number): string;
  /** The lines around the match, in its own layer and, where it was decoded, in the content too. */
  nearby(lines: number): string;
  /** Milliseconds since 1970 that count as today. */
  readonly now: number;
  readonly engine: RegexEngine;
}

/** Passed, with what was learned; or dropped, with the reason. */
export type CheckResult =
  | {
      readonly pass: true;
      readonly facts?: readonly Fact[];
      /** Lowers the match's confidence to this, never raises it. */
      readonly confidence?: Confidence;
      /** The secret proper, where the match wraps it. */
      readonly canonical?: string;
    }
  | { readonly pass: false; readonly why: string };

/** `options` were validated when the rule was parsed. */
export type Check = (input: CheckInput, options: Readonly<Record<string, unknown>>) => CheckResult;

/** Passed, and nothing was learned. */
export const passed: CheckResult = { pass: true };

/** A candidate dropped because of `why`. */
export function dropped(why: string): CheckResult {
  return { pass: false, why };
}

/** The secret without the public prefix (a keyword of the rule) that it starts with. */
export function randomPart(input: Pick<CheckInput, "rule" | "secret">): string {
  let longest = 0;
  for (const keyword of input.rule.keywords) {
    if (keyword.length > longest && input.secret.startsWith(keyword)) longest = keyword.length;
  }
  return input.secret.slice(longest);
}
