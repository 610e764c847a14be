// A root and a file below it in, where that file really is out: links may not lead out of the root.

import { lstatSync, realpathSync } from "node:fs";
import path from "node:path";
import { isFileTrouble } from "./file-trouble.ts";

/**
 * The real path of `file` (absolute, or relative to `root`), which need not be there yet; undefined if a link on the way
 * leads outside `root` (which must be there) or nowhere.
 */
export function realPlace(root: string, file: string): string | undefined {
  const wanted = path.resolve(root, file);
  let existing = wanted;
  while (!isThere(existing) && path.dirname(existing) !== existing) existing = path.dirname(existing);
  const real = realOf(existing);
  if (real === undefined) return undefined;
  const place = path.join(real, path.relative(existing, wanted));
  const way = path.relative(realpathSync(root), place);
  const isOutside = way === ".." || way.startsWith(`..${path.sep}`) || path.isAbsolute(way);
  return isOutside ? undefined : place;
}

function isMissing(error: unknown): boolean {
  return isFileTrouble(error) && ["ENOENT", "ENOTDIR", "ELOOP"].includes(error.code);
}

function isThere(entry: string): boolean {
  try {
    lstatSync(entry);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function realOf(entry: string): string | undefined {
  try {
    return realpathSync(entry);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
