// The vocabulary of scanning: candidates (a pattern's spans) and matches (what the checks let through).

import type { Confidence, Severity } from "./rule.ts";
import type { Secret } from "./secret.ts";

/** Half-open byte range. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a pattern found around a keyword, before any check. Offsets are bytes of the layer. */
export interface Candidate {
  /** Index into the rule set. */
  readonly rule: number;
  readonly span: Span;
  readonly secret: Span;
  /** Other named groups that took part. */
  readonly groups: Readonly<Record<string, Span>>;
}

/** 1-based lines and columns; columns count UTF-16 code units, the end column is exclusive. */
export interface Location {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** One encoding between the file's own bytes and the secret, outermost first. */
export type Encoding = "utf-16" | "base64" | "base64url" | "hex" | "percent" | "unicode" | "html";

/** Something a check learned that is safe to show: `scope: admin`, `expires: 2026-12-01`. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** The line a secret stands on, every candidate on it masked, cut to a readable length. */
export interface Frame {
  readonly text: string;
  /** Where the mask of this match stands in `text`, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

/** Where a match stands among those of its content: halves of a pair belong together within one block. */
export interface Home {
  /** Names the content, or the text decoded from a part of it, that `span` and `block` count in. */
  readonly layer: number;
  readonly span: Span;
  /** The assignment block around it (scan/block.ts). */
  readonly block: Span;
}

/** A candidate that passed its checks. */
export interface Match {
  readonly rule: string;
  readonly provider: string;
  /** Providers that may own it, sorted, where the rule is a contested family's fallback. */
  readonly candidates?: readonly string[];
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly secret: Secret;
  /** Hides the secret behind a keyed hash: see findings/fingerprint.ts. */
  readonly fingerprint: string;
  /** Bytes of the secret in the scanned content (in the outermost layer). */
  readonly span: Span;
  readonly location: Location;
  readonly decodedFrom: readonly Encoding[];
  readonly facts: readonly Fact[];
  readonly frame?: Frame;
  /** Only where values are kept. */
  readonly home?: Home;
}

/**
 * An inline comment that may allow a match: the spelling and what follows it on its line
 * (candidates masked). Read by policy/allow.ts.
 */
export interface Directive {
  /** One of `directiveSpellings`. */
  readonly spelling: string;
  readonly line: number;
  /** The rest of the line after the spelling, at most 300 characters. */
  readonly rest: string;
  /** The character before the spelling; absent at the start of a line. Tells `ggignore` from `myggignore`. */
  readonly before?: string;
}

/** Inline suppressions: ours and the ones other scanners read (matched case-sensitively). */
export const directiveSpellings = [
  "keywarden:allow",
  "gitleaks:allow",
  "betterleaks:allow",
  "trufflehog:ignore",
  "kingfisher:ignore",
  "kingfisher:allow",
  "pragma: allowlist secret",
  "pragma: whitelist secret",
  "pragma: allowlist nextline secret",
  "pragma: whitelist nextline secret",
  "ggignore",
  "secretlint-disable",
  "secretlint-disable-line",
  "secretlint-disable-next-line",
  "secretlint-enable",
] as const;

/** What scanning one content gave. */
export interface Scanned {
  readonly matches: readonly Match[];
  /** Empty when there are no matches. */
  readonly directives: readonly Directive[];
  /** Bytes looked at. */
  readonly bytes: number;
}
