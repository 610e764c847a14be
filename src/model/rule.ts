// The vocabulary of rules: what one rule says, as written by people and as the scanner uses it.

import type { Recipe } from "./recipe.ts";

/** How bad it is if the credential works, from least to worst. */
export const severities = ["info", "low", "medium", "high", "critical"] as const;
export type Severity = (typeof severities)[number];

/** How sure a rule is that this is a credential, from least to most. */
export const confidences = ["low", "medium", "high"] as const;
export type Confidence = (typeof confidences)[number];

/** Words near a match are looked for within so many bytes on either side, however many lines are allowed. */
export const maxNearBytes = 2048;

/** One check of a rule: its name (a file of scan/checks/) and its options. */
export interface CheckUse {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Words that must stand near a match before it is given to this provider. */
export interface Evidence {
  /** Case-insensitive words; one of them is enough. */
  readonly near: readonly string[];
  /** How many lines above and below are looked at. */
  readonly lines: number;
}

/** How often the credential should be replaced, and how. */
export interface Rotation {
  /** Whole days. */
  readonly everyDays: number;
  /** Who says so: the provider's own page, or nobody but us. */
  readonly source: "provider" | "default";
  readonly where?: string;
  readonly steps: readonly string[];
}

/** A text on which the rule must not fire. */
export interface SkipExample {
  readonly text: string;
  readonly why: string;
  /** This one looks like a token in all but one point. */
  readonly nearMiss: boolean;
}

/** A rule, parsed, validated and expanded; plain data, so it can be stored and sent to workers. */
export interface Rule {
  /** `provider.kind`, unique. */
  readonly id: string;
  readonly provider: string;
  readonly providerName: string;
  readonly homepage?: string;
  readonly name: string;
  readonly what: string;
  readonly risk: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** `secret` is reported; `identifier` is public by design and only completes a pair. */
  readonly role: "secret" | "identifier";
  /** Literals (ASCII), at least one of which stands in every match. */
  readonly keywords: readonly string[];
  /**
   * For each keyword, which bytes a match allows right after it: a position per comma (`*n`: n of them), ranges of bytes in hex; then,
   * after a semicolon, a byte that must come and what may stand before it. Lets the scanner drop most hits without
   * running the pattern (rules/follow.ts writes it, scan/follow.ts reads it).
   */
  readonly follow?: readonly string[];
  /** Latin1 text that stands in every match, apart from its keywords; absent where nobody knows one. */
  readonly requires?: string;
  /** Keywords and pattern ignore the case of ASCII letters. */
  readonly ignoreCase: boolean;
  /** RE2 syntax, white space and comments already removed, `(?i)` already added. */
  readonly pattern: string;
  /** Longest match in bytes. */
  readonly longest: number;
  /** The largest distance in bytes from the start of a match to the start of its first keyword. */
  readonly lead: number;
  /** How far in bytes from either end of a match a decision can look (checks included). */
  readonly reach: number;
  readonly checks: readonly CheckUse[];
  /** Name of a token family that several providers share (`sk-live`); see scan/contest.ts. */
  readonly contested?: string;
  /** A shape that any provider's token may take (a JWT, a Basic header): gives way to a provider's own rule. */
  readonly general: boolean;
  /** In a contested family: stands in when no provider, or more than one, has evidence. */
  readonly fallback: boolean;
  readonly evidence?: Evidence;
  /** The rule whose match, within so many lines, completes this one to a pair. */
  readonly pair?: { readonly with: string; readonly lines: number };
  readonly rotate?: Rotation;
  /** How the provider is asked whether it still works. */
  readonly verify?: Recipe;
  /** Why nobody is asked, where there is a reason to tell. */
  readonly unverified?: string;
  readonly examples: {
    readonly match: readonly string[];
    readonly skip: readonly SkipExample[];
    /** Rule ids that may fire on these examples too. */
    readonly also: readonly string[];
  };
  readonly references: readonly string[];
  /** The file it was read from, for messages; absent for built-in rules in a shipped bundle. */
  readonly file?: string;
  /** Hex SHA-256 of that file as it was read: trust goes to these very bytes. */
  readonly digest?: string;
}

/** The rules of one run, in id order, with a hash of everything that can change a result. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  /** Hex SHA-256 over the rules' contents. */
  readonly hash: string;
}
