// Entries of other scanners' lists in; for each place of a finding, the entries that name it.

import type { Finding, Occurrence } from "../model/finding.ts";
import type { Secret } from "../model/secret.ts";
import type { ForeignEntry, HashEntry, PlaceEntry, SecretEntry, SecretNames } from "./foreign-entry.ts";
import { isGitleaksRule } from "./rule-names.ts";

/** The formats that can be read; `gitleaks-report` only for import. */
export const foreignKinds = ["gitleaks-ignore", "gitleaks-report", "detect-secrets", "gitguardian"] as const;
export type ForeignKind = (typeof foreignKinds)[number];

/** The files that are honoured where they stand in the scanned root, and what they are. */
export const foreignLists: Readonly<Record<string, ForeignKind>> = {
  ".betterleaksignore": "gitleaks-ignore",
  ".gitleaksignore": "gitleaks-ignore",
  ".secrets.baseline": "detect-secrets",
  ".gitguardian.yaml": "gitguardian",
  ".gitguardian.yml": "gitguardian",
};

/** What matching needs from outside of this room. */
export interface ForeignTools {
  /** Does a path (forward slashes, relative) match a glob? */
  readonly matchesGlob: (path: string, glob: string) => boolean;
  /** The hashes of a secret; undefined where its value was not kept. Absent: nothing can be matched by hash. */
  readonly namesOf?: (secret: Secret) => SecretNames | undefined;
}

/**
 * Whether some entry knows its secret by a hash or by itself, so that findings must keep their values: without them a
 * hash decides nothing, and a new secret on a listed line would pass for the old one.
 */
export function needsValues(entries: readonly ForeignEntry[]): boolean {
  return entries.some((entry) => entry.kind === "secret" || entry.kind === "hash" || isHashedPlace(entry));
}

function isHashedPlace(entry: ForeignEntry): boolean {
  return entry.kind === "place" && entry.sha256 !== undefined;
}

/** The entries that name a place of one finding, in the order of the lists. */
export type EntriesAt = (occurrence: Occurrence) => readonly ForeignEntry[];

function covers(occurrence: Occurrence, line: number | undefined): boolean {
  return line !== undefined && occurrence.line <= line && line <= occurrence.endLine;
}

function isCommit({ commit, commitOptional }: PlaceEntry, occurrence: Occurrence): boolean {
  if (commit === undefined || commit === occurrence.commit) return true;
  return commitOptional === true && occurrence.commit === undefined;
}

function namesPlace(entry: PlaceEntry, finding: Finding, at: Occurrence, names: SecretNames | undefined): boolean {
  if (entry.sha256 !== undefined && names?.sha256.includes(entry.sha256) === true) return true;
  return covers(at, entry.line) && isCommit(entry, at) && isGitleaksRule(entry.rule, finding);
}

/**
 * By hash, as detect-secrets does: a new secret on a listed line is new. The line decides only where the hash cannot
 * speak of our secret: of private keys it covers the header, of decoded secrets their encoding, and without the
 * secret's value there is none.
 */
function namesHash(entry: HashEntry, at: Occurrence, names: SecretNames | undefined): boolean {
  if (names?.sha1 === entry.sha1) return true;
  const isSilent = names === undefined || entry.byLine || at.decodedFrom !== undefined;
  return isSilent && covers(at, entry.line);
}

function namesSecret(entry: SecretEntry, names: SecretNames): boolean {
  if (entry.sha256 !== undefined) return names.sha256.includes(entry.sha256);
  return entry.secret !== undefined && names.is(entry.secret);
}

function byPath(entries: readonly ForeignEntry[]): ReadonlyMap<string, readonly (PlaceEntry | HashEntry)[]> {
  const paths = new Map<string, (PlaceEntry | HashEntry)[]>();
  for (const entry of entries) {
    if (entry.kind !== "place" && entry.kind !== "hash") continue;
    const there = paths.get(entry.path);
    if (there === undefined) paths.set(entry.path, [entry]);
    else there.push(entry);
  }
  return paths;
}

/**
 * Prepares lists for questions: for a finding, then for each of its places, the entries that name it. Entries by place
 * or file hash speak of files only, never of commit messages.
 */
export function indexForeign(entries: readonly ForeignEntry[], tools: ForeignTools): (finding: Finding) => EntriesAt {
  const order = new Map(entries.map((entry, index) => [entry, index]));
  const paths = byPath(entries);
  const secrets = entries.filter((entry) => entry.kind === "secret");
  const globs = entries.filter((entry) => entry.kind === "paths");
  return (finding) => {
    const names = entries.length === 0 ? undefined : tools.namesOf?.(finding.secret);
    const anywhere = names === undefined ? [] : secrets.filter((entry) => namesSecret(entry, names));
    return (at) => {
      if (at.part !== "file") return anywhere;
      const here = (paths.get(at.path) ?? []).filter((entry) =>
        entry.kind === "place" ? namesPlace(entry, finding, at, names) : namesHash(entry, at, names),
      );
      const inPath = globs.filter((entry) => entry.globs.some((glob) => tools.matchesGlob(at.path, glob)));
      return [...here, ...anywhere, ...inPath].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    };
  };
}
