// The list of rule files that a user trusts to ask providers: read, asked and written; pinned by what is in the files.

import { existsSync, mkdirSync, realpathSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ConfigError } from "../errors.ts";
import type { Rule } from "../model/rule.ts";
import { readSideFile } from "./side-files.ts";

/** Its name in the user's folder of settings. */
const trustFile = "trusted-rules.json";

/** One file that was trusted as it was then. */
interface TrustedFile {
  readonly file: string;
  readonly sha256: string;
}

/** Is `inner` the folder `outer`, or below it, links followed? */
export function isInside(inner: string, outer: string): boolean {
  const real = (name: string): string => (existsSync(name) ? realpathSync(name) : path.resolve(name));
  const way = path.relative(real(outer), real(inner));
  return way === "" || (way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way));
}

function readTrusted(folder: string): readonly TrustedFile[] {
  const shown = path.join(folder, trustFile);
  const text = readSideFile(shown, shown);
  if (text === undefined) return [];
  try {
    const { files } = Object(JSON.parse(text)) as { readonly files?: unknown };
    if (Array.isArray(files)) return files as TrustedFile[];
  } catch {
    // Said below.
  }
  throw new ConfigError(
    "not a list of trusted rule files",
    { file: shown },
    { hint: "Remove it, and trust your files again." },
  );
}

function writeTrusted(folder: string, files: readonly TrustedFile[]): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const target = path.join(folder, trustFile);
  const temporary = `${target}.${process.pid}.tmp`;
  const sorted = files.toSorted((a, b) => (a.file < b.file ? -1 : 1));
  writeFileSync(temporary, `${JSON.stringify({ version: 1, files: sorted }, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, target);
}

/** Trusts a file with these very bytes (hex SHA-256): those that were shown, whatever it has become since. */
export function trustRules(folder: string, file: string, digest: string): void {
  const absolute = realpathSync(file);
  const others = readTrusted(folder).filter((known) => known.file !== absolute);
  writeTrusted(folder, [...others, { file: absolute, sha256: digest }]);
}

/** Trusts a file no longer; false where it was not trusted. */
export function distrustRules(folder: string, file: string): boolean {
  const absolute = existsSync(file) ? realpathSync(file) : path.resolve(file);
  const known = readTrusted(folder);
  const others = known.filter((one) => one.file !== absolute);
  if (others.length < known.length) writeTrusted(folder, others);
  return others.length < known.length;
}

/**
 * Who may say how a provider is asked: shipped rules; and rule files that the user trusted, word for word as they were
 * then (what counts is what the rules were read from, not what stands there now), and only where they stand outside of what is scanned.
 */
export function trustOf(folder: string, scannedRoot: string): (rule: Rule) => boolean {
  const answers = new Map<string, boolean>();
  let trusted: readonly TrustedFile[] | undefined;
  return ({ file, digest }) => {
    if (file === undefined) return true;
    const name = `${digest ?? ""} ${file}`;
    const known = answers.get(name);
    if (known !== undefined) return known;
    trusted ??= isInside(folder, scannedRoot) ? [] : readTrusted(folder);
    const absolute = existsSync(file) ? realpathSync(file) : path.resolve(file);
    const entry = trusted.find((one) => one.file === absolute);
    const answer = entry !== undefined && !isInside(absolute, scannedRoot) && digest === entry.sha256;
    answers.set(name, answer);
    return answer;
  };
}
