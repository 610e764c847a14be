// The vocabulary of other scanners' lists: what one entry of them can say about a finding.

import type { Secret } from "../model/secret.ts";

interface EntryBase {
  /** The file that lists it, as people know it: `.gitleaksignore`. */
  readonly list: string;
  /** 1-based line in that file. */
  readonly listLine: number;
  /** What the list says about why. */
  readonly reason?: string;
}

/** A place. */
export interface PlaceEntry extends EntryBase {
  readonly kind: "place";
  readonly path: string;
  readonly line: number;
  readonly commit?: string;
  /** The entry is for this commit, or for places that have no commit; otherwise for this commit alone. */
  readonly commitOptional?: true;
  /** gitleaks's id of the rule. */
  readonly rule: string;
  /** Hex SHA-256 of the secret: in that file it is meant on any line. */
  readonly sha256?: string;
}

/** A file and the hash of a secret in it; the line is only a hint. */
export interface HashEntry extends EntryBase {
  readonly kind: "hash";
  readonly path: string;
  readonly line?: number;
  readonly sha1: string;
  /** The hash is of something else than the secret itself, so the line decides. */
  readonly byLine: boolean;
}

/** A secret wherever it stands, by a SHA-256 or (`secret`) by itself or a large part of it. */
export interface SecretEntry extends EntryBase {
  readonly kind: "secret";
  readonly sha256?: string;
  readonly secret?: Secret;
}

/** Files by globs. */
export interface PathsEntry extends EntryBase {
  readonly kind: "paths";
  readonly globs: readonly string[];
}

/** An entry that cannot be compared with anything of ours. */
export interface OpaqueEntry extends EntryBase {
  readonly kind: "opaque";
}

/** What one entry of another scanner's list accepts. */
export type ForeignEntry = PlaceEntry | HashEntry | SecretEntry | PathsEntry | OpaqueEntry;

/** What other scanners' lists know a secret by. Made where secrets may be revealed: findings/fingerprint.ts. */
export interface SecretNames {
  readonly sha1: string;
  readonly sha256: readonly string[];
  is(other: Secret): boolean;
}

/** A path as other scanners may write it, in our form: forward slashes, no leading `./`. */
export function ourPath(path: string): string {
  return path.replaceAll("\\", "/").replace(/^(?:\.\/)+/, "");
}
