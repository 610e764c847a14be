// The state of one candidate on its way to a match: what its checks said, where it stands in the content.

import type { Encoding, Fact, Home, Span } from "../model/match.ts";
import type { Confidence, Rule } from "../model/rule.ts";

/** A candidate that passed its rule's checks, still to be weighed against its rivals. */
export interface Claim {
  readonly rule: Rule;
  /** The secret's span in the content (in the outermost layer). */
  readonly span: Span;
  readonly encodings: readonly Encoding[];
  /** The secret as it stands in its layer, latin1. */
  readonly text: string;
  /** The secret proper, the same however it is wrapped: what fingerprints are made of. */
  readonly canonical: string;
  readonly confidence: Confidence;
  readonly facts: readonly Fact[];
  /** Where evidence words of a contested rule stand: on the match's own line, on lines near it, or nowhere. */
  readonly evidence: "line" | "near" | "none";
  /** Where it stands in its layer, where values are kept. */
  readonly home?: Home;
  /** Set by the contest on the family's fallback. */
  readonly candidates?: readonly string[];
}

/** Do two half-open spans share a byte? */
export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}
