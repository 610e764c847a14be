// The vocabulary of results: findings, verdicts and the report that every format is made from.

import type { Part, Problem, Skip } from "./blob.ts";
import type { Origin } from "./history.ts";
import type { Encoding, Fact, Frame, Location } from "./match.ts";
import type { Confidence, Rule, Severity } from "./rule.ts";
import type { Secret } from "./secret.ts";
import type { Verification } from "./verification.ts";

/** One place in which a secret stands. */
export interface Occurrence extends Location {
  /** As in `Provenance`: empty for a git object without a name, masked where a name is what holds the secret. */
  readonly path: string;
  /** `line` counts the lines of this part: of the file, or of the message. */
  readonly part: Part;
  readonly commit?: string;
  /** Hex id of the git object that holds it: the blob, commit or tag. */
  readonly object?: string;
  readonly author?: string;
  readonly date?: string;
  readonly decodedFrom?: readonly Encoding[];
  /** The masked source line; not part of any machine format. */
  readonly frame?: Frame;
}

/** One secret, with all its places in a fixed order (path, line, column, commit). */
export interface Finding {
  readonly fingerprint: string;
  readonly rule: string;
  readonly provider: string;
  readonly candidates?: readonly string[];
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly secret: Secret;
  readonly facts: readonly Fact[];
  /** The public half of a pair, where exactly one stands close enough. */
  readonly pairedWith?: { readonly rule: string; readonly value: string } | undefined;
  readonly firstSeen?: { readonly commit: string; readonly author?: string; readonly date?: string };
  /** What the history of the repository says of it; audits only. */
  readonly origin?: Origin;
  readonly occurrences: readonly Occurrence[];
}

/** Why a finding, or one of its places, is allowed. */
export interface Suppression {
  readonly kind: "inline" | "baseline" | "config" | "foreign";
  /** What said so: a directive's spelling, or the file that lists it (`.gitleaksignore`). */
  readonly by: string;
  readonly reason?: string;
  readonly owner?: string;
  /** YYYY-MM-DD; the suppression ends at the end of that day, UTC. */
  readonly until?: string;
}

/**
 * Findings that are known and accepted. `paths` are globs relative to the root, `rules` are ids or
 * providers; every part that is there must fit. At least one part is there.
 */
export interface AllowEntry {
  readonly paths?: readonly string[];
  readonly rules?: readonly string[];
  readonly fingerprints?: readonly string[];
  readonly reason: string;
  readonly owner?: string;
  /** YYYY-MM-DD; the entry ends at the end of that day, UTC. */
  readonly until?: string;
}

/** block: counts against the exit code. warn: shown. allow: shown only on request. */
export type Decision = "block" | "warn" | "allow";

/** A finding and what the policy makes of it. */
export interface Verdict {
  readonly finding: Finding;
  readonly decision: Decision;
  /** What the provider said, where verification was asked for. */
  readonly verification?: Verification;
  /** Set when every occurrence is suppressed. */
  readonly suppressed?: Suppression;
  /** For people, in order: why this decision. */
  readonly reasons: readonly string[];
}

/** Distinct objects that an audit looked at, by kind. */
export interface ObjectCounts {
  readonly commits: number;
  readonly trees: number;
  readonly blobs: number;
  readonly tags: number;
  /** Of their contents, unpacked. */
  readonly bytes: number;
  /** Objects known to be clean from an earlier audit, and not read again. */
  readonly cached: number;
  /** Objects that keywarden could not read itself and asked git for. */
  readonly byGit: number;
  /** Files of the working tree; absent where it was not read. */
  readonly worktreeFiles?: number;
}

/**
 * Why an audit did not see something. `lfs`: a pointer to a content stored elsewhere; `replaced`: an object for which
 * git shows another one (the real one was read); `out-of-scope`: left out by `--ref`, `--since` or `--path`.
 */
export const unseenKinds = [
  "shallow",
  "promisor",
  "damaged",
  "too-large",
  "lfs",
  "submodule",
  "replaced",
  "out-of-scope",
] as const;
export type UnseenKind = (typeof unseenKinds)[number];

/** What an audit could not or did not see, of one kind. */
export interface Unseen {
  readonly kind: UnseenKind;
  readonly count: number;
  /** The first few paths, object ids or names. */
  readonly examples: readonly string[];
  /** Whether it makes the report incomplete. */
  readonly incomplete: boolean;
}

/** What was read and what was not. */
export interface Coverage {
  /** False when something that should have been read was not. */
  readonly complete: boolean;
  readonly sources: readonly string[];
  readonly files: number;
  /** Distinct contents scanned. */
  readonly blobs: number;
  readonly bytes: number;
  readonly commits?: number;
  /** How much was left out on purpose, by reason, and the first few paths of each. */
  readonly skipped: readonly {
    readonly reason: Skip["reason"];
    readonly count: number;
    readonly examples: readonly string[];
  }[];
  /** Audits only. */
  readonly objects?: ObjectCounts;
  /** Audits only: what was not seen, one entry a kind. */
  readonly unseen?: readonly Unseen[];
}

/** How many places one list, spelling or settings file allows; a place counts once. */
export interface SuppressionCount {
  readonly by: string;
  readonly kind: Suppression["kind"];
  readonly count: number;
}

/** The report in numbers; `findings` and `occurrences` count suppressed ones, too. */
export interface Summary {
  readonly findings: number;
  readonly blocking: number;
  readonly warnings: number;
  readonly suppressed: number;
  readonly occurrences: number;
  /** Findings that are not suppressed, by severity. */
  readonly bySeverity: Readonly<Record<Severity, number>>;
  readonly suppressions: readonly SuppressionCount[];
}

/** Everything a format may show. Findings are sorted: verified active first, then blocking, then severity, then path and line. */
export interface Report {
  readonly tool: {
    readonly name: "keywarden";
    readonly version: string;
    readonly rules: string;
    readonly engine: string;
  };
  readonly summary: Summary;
  readonly verdicts: readonly Verdict[];
  readonly coverage: Coverage;
  readonly problems: readonly Problem[];
  /** The rules that the verdicts name, by id (and, for SARIF, all that ran). */
  readonly rules: readonly Rule[];
}
