// The vocabulary of what people declare: credentials, how often each is replaced, exemptions; and the words for age and state.

import type { Severity } from "./rule.ts";

/** A calendar day in UTC, `YYYY-MM-DD`. */
export type Day = string;

/** A moment, ISO 8601 in UTC with seconds: `2026-11-28T09:30:00Z`. */
export type Instant = string;

/** Where a credential stands between its making and its proven end. */
export const rotationStates = [
  "fresh",
  "due-soon",
  "overdue",
  "leaked",
  "rotating",
  "rotated",
  "exempt",
  "unknown-age",
] as const;
export type RotationState = (typeof rotationStates)[number];

/**
 * Where the age of a credential is known from, best evidence first. `proof`: its last known value was proven dead, so
 * the one in use, which nobody has seen, is another.
 */
export const ageSources = ["provider", "token", "declared", "watch", "store", "history", "proof", "none"] as const;
export type AgeSource = (typeof ageSources)[number];

/** How sure an age is: a lower bound (made on that day or before) is `at-least`. */
export const ageConfidences = ["exact", "at-least", "unknown"] as const;
export type AgeConfidence = (typeof ageConfidences)[number];

/** When a credential was made, as far as anybody knows. */
export interface Age {
  readonly source: AgeSource;
  readonly confidence: AgeConfidence;
  /** Absent where the confidence is `unknown`. */
  readonly since?: Day;
}

/** How often a credential must be replaced, who is told when, and who says so. */
export interface RotationPolicy {
  /** As in the inventory; `default` for the rules' own and for ours. */
  readonly name: string;
  readonly everyDays: number;
  /** Days before the due day on which its owner is reminded, from the earliest to 0; each less than `everyDays`. */
  readonly notifyDays: readonly number[];
  /** Days after the due day before it counts as overdue. */
  readonly graceDays: number;
  readonly reason: string;
  /** The provider's own page, people in the inventory, or nobody but us. */
  readonly saidBy: "provider" | "inventory" | "default";
}

/** Which credentials a policy is for; every part that is there must fit, and one of a part's entries is enough. */
export interface PolicyMatch {
  readonly providers?: readonly string[];
  /** Globs over the paths that a credential was found at. */
  readonly paths?: readonly string[];
  readonly environments?: readonly string[];
  readonly severities?: readonly Severity[];
}

/** A policy of the inventory; the first one that fits decides. What it leaves out comes from the provider's own. */
export interface DeclaredPolicy {
  readonly name: string;
  readonly match: PolicyMatch;
  readonly everyDays?: number;
  readonly notifyDays?: readonly number[];
  readonly graceDays?: number;
  readonly reason: string;
}

/** How far ahead the end of an exemption may lie. */
export const maxExemptionDays = 180;

/** A credential that people keep and need not be reminded of, for a while. It does not cover a leak. */
export interface Exemption {
  readonly credential: string;
  readonly reason: string;
  /** It ends at the end of this day, UTC; at most 180 days ahead. */
  readonly until: Day;
}

/** Where a credential is kept; names only. */
export interface Keeping {
  /** Name of an environment variable. */
  readonly env?: string;
  /** Name of a CI secret. */
  readonly ciSecret?: string;
  /** Where it is kept for good, in free words. */
  readonly store?: string;
}

/** One credential as people declare it. */
export interface DeclaredCredential {
  /** A logical name that stays through every rotation: lower case letters, digits, `.`, `_`, `-`. */
  readonly id: string;
  readonly provider: string;
  readonly owner?: string;
  readonly environment?: string;
  readonly severity?: Severity;
  readonly keptIn: Keeping;
  readonly created?: Day;
  readonly rotated?: Day;
  /** The name of a policy of the inventory. */
  readonly policy?: string;
  readonly notes?: string;
  /** Fingerprints that people put under this name (`rotation adopt` writes them). */
  readonly fingerprints: readonly string[];
}

/** `.keywarden/rotation.yml`, parsed and checked; every list sorted as written. */
export interface Inventory {
  readonly credentials: readonly DeclaredCredential[];
  readonly policies: readonly DeclaredPolicy[];
  readonly exemptions: readonly Exemption[];
  /** Whom to tell where nobody owns a credential, and whom 30 days after it was due. */
  readonly owners: { readonly fallback?: string; readonly security?: string };
  readonly github: {
    /** `owner/name` of the private repository that leaks are filed in. */
    readonly leaksTo?: string;
    readonly dashboard: boolean;
  };
}
