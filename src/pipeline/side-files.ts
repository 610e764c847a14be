// A root folder in, the texts of the files beside its sources that a scan goes by out: salt, baseline, foreign lists.

import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { readSmallFile } from "../base/small-file.ts";
import { UsageError } from "../errors.ts";
import { chooseKey, saltFile } from "../findings/key.ts";
import type { FingerprintKey } from "../findings/key.ts";
import { baselineFile, parseBaseline } from "../policy/baseline.ts";
import type { Baseline } from "../policy/baseline.ts";
import { foreignLists } from "../policy/foreign.ts";
import type { ForeignEntry } from "../policy/foreign-entry.ts";

/** The text of a small file, or undefined where there is none; ConfigError when it cannot be read. */
export function readSideFile(file: string, shown: string): string | undefined {
  return readSmallFile(file, shown)?.toString("utf8");
}

/** The key that fingerprints are made with: the environment's, the repository's, or the published one. */
export function keyOf(root: string, env: NodeJS.ProcessEnv): FingerprintKey {
  return chooseKey({ env: env["KEYWARDEN_KEY"], salt: readSideFile(path.join(root, saltFile), saltFile) });
}

/** The baseline in force: the named one (which must exist), the default one if it is there, or none. */
export function baselineOf(root: string, setting: string | false | undefined, key: string): Baseline | undefined {
  if (setting === false) return undefined;
  const file = path.resolve(root, setting ?? baselineFile);
  const shown = setting ?? baselineFile;
  const text = readSideFile(file, shown);
  if (text !== undefined) return parseBaseline(text, { file: shown, key });
  if (setting === undefined) return undefined;
  throw new UsageError(`no such baseline: ${shown}`, { hint: "Make one with: keywarden baseline create" });
}

/** Entries of the other scanners' lists at the root, of those that `honour` names. */
export async function foreignOf(root: string, honour: readonly string[]): Promise<ForeignEntry[]> {
  const entries: ForeignEntry[] = [];
  for (const [name, kind] of Object.entries(foreignLists)) {
    if (!honour.includes(name)) continue;
    const text = readSideFile(path.join(root, name), name);
    if (text === undefined) continue;
    const { readForeign } = await import("../policy/foreign-read.ts");
    entries.push(...readForeign(kind, text, name));
  }
  // betterleaks reads gitleaks' list only where it has none of its own.
  const own = entries.some((entry) => entry.list === ".betterleaksignore");
  return own ? entries.filter((entry) => entry.list !== ".gitleaksignore") : entries;
}

/** The nearest folder at or above `start` that holds `.git`, or undefined. */
export function workTreeOf(start: string): string | undefined {
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, ".git"))) return folder;
    if (path.dirname(folder) === folder) return undefined;
  }
}

/**
 * The root that paths are shown from and settings are read from: the work tree that holds the first path, else the
 * working folder if it holds that path, else the path itself (or the folder it stands in).
 */
export function rootOf(cwd: string, paths: readonly string[]): string {
  const first = path.resolve(cwd, paths[0] ?? ".");
  let folder = first;
  while (!existsSync(folder) && path.dirname(folder) !== folder) folder = path.dirname(folder);
  if (existsSync(folder) && !statSync(folder).isDirectory()) folder = path.dirname(folder);
  const tree = workTreeOf(folder);
  if (tree !== undefined) return tree;
  const inside = path.relative(cwd, folder);
  const isOutside = path.isAbsolute(inside) || inside.split(path.sep)[0] === "..";
  return isOutside ? folder : cwd;
}
