// Turns the arguments of a scan, as typed, into the files and folders they name.

import { lstatSync, realpathSync, statSync, type Stats } from "node:fs";
import { basename, resolve } from "node:path";

import { SourceError } from "../errors.ts";
import type { Problem } from "../model/blob.ts";
import { compileArgument, isGlob, splitGlob, type Matcher } from "../base/glob.ts";
import { displayPath, joinDisplay } from "./native-path.ts";
import { errorCode, fileProblem, notAFile } from "./problems.ts";

/** What one argument names; paths are absolute, `path` is what is shown. */
export type Target =
  | { readonly kind: "file"; readonly file: string; readonly path: string }
  | {
      readonly kind: "folder";
      readonly folder: string;
      readonly path: string;
      readonly typed: string;
      /** Of a glob: the files it means, and the pattern below the folder. */
      readonly only?: Matcher;
      readonly pattern?: string;
    }
  | { readonly kind: "problem"; readonly problem: Problem };

/** Where arguments are relative to (`cwd`), and where shown paths start from (`root`); both absolute. */
export interface TargetPlace {
  readonly root: string;
  readonly cwd: string;
}

/**
 * Resolves every argument before anything is read.
 * @throws {SourceError} for a name that does not exist, and for a `.git` folder.
 */
export function resolveTargets(place: TargetPlace, typed: readonly string[]): Target[] {
  return typed.map((argument) => resolveName(place, argument) ?? resolveGlob(place, argument));
}

/** Errors by which a system says that nothing can have this name. */
const unnameable: readonly string[] = ["ENOTDIR", "ENAMETOOLONG", "EINVAL"];

function resolveName({ root, cwd }: TargetPlace, typed: string): Target | undefined {
  const file = resolve(cwd, typed);
  const path = displayPath(root, file);
  const shown = path === "" ? "." : path;
  let stats: Stats | undefined;
  try {
    stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined && lstatSync(file, { throwIfNoEntry: false }) === undefined) return undefined;
  } catch (error) {
    if (unnameable.includes(errorCode(error))) return undefined;
    return { kind: "problem", problem: fileProblem(shown, error) };
  }
  if (stats === undefined) {
    const message = `${shown} is a symbolic link that leads nowhere`;
    return { kind: "problem", problem: { kind: "vanished", path: shown, message } };
  }
  if (stats.isFile()) return { kind: "file", file: realpathSync(file), path };
  if (!stats.isDirectory()) return { kind: "problem", problem: notAFile(shown) };
  if (basename(file) === ".git") {
    throw new SourceError(`${shown} is git's own folder, whose contents are packed`, {
      hint: "To scan all that a repository holds: keywarden audit",
    });
  }
  return { kind: "folder", folder: file, path, typed };
}

function resolveGlob({ root, cwd }: TargetPlace, typed: string): Target {
  if (!isGlob(typed)) {
    throw new SourceError(`no such file or folder: ${typed}`, { hint: `Looked for ${resolve(cwd, typed)}` });
  }
  const { base, rest } = splitGlob(typed);
  const folder = resolve(cwd, base);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new SourceError(`no file matches ${typed}`, { hint: `There is no folder ${folder}` });
  }
  const path = displayPath(root, folder);
  // The base is a plain name, even if it holds characters that are special in a glob.
  const escaped = path.replaceAll(/[()[\]{}!*?@+|\\]/g, "\\$&");
  return { kind: "folder", folder, path, typed, only: compileArgument(joinDisplay(escaped, rest)), pattern: rest };
}
