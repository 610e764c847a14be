// The vocabulary of asking: a secret with its value and what completes it, which is what a request is made of.

import type { Rule } from "./rule.ts";
import type { Secret } from "./secret.ts";

/** One secret as it was found under one rule, with its value. */
export interface Subject {
  readonly fingerprint: string;
  readonly rule: Rule;
  readonly secret: Secret;
  /** Public halves that stand in the same block, each once, sorted; a pair is one of exactly one. */
  readonly pairs: readonly string[];
}
