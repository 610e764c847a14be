// A folder in, why it is not this user's alone (or that it is) out.

import { lstatSync, statSync } from "node:fs";
import type { Stats } from "node:fs";
import { isFileTrouble } from "./file-trouble.ts";

/**
 * Why what stands in `folder` is not to be believed: it is no folder, belongs to another user than `uid`, or others may
 * write to it. A link is followed when it and what it leads to both belong to the user. Undefined where all is well and
 * where nothing is there yet. Without a `uid` (Windows, where the profile is protected as a whole) owners are not asked.
 */
export function folderFlaw(folder: string, uid: number | undefined): string | undefined {
  try {
    const entry = lstatSync(folder, { throwIfNoEntry: false });
    if (entry === undefined) return undefined;
    const target = entry.isSymbolicLink() ? statSync(folder, { throwIfNoEntry: false }) : entry;
    if (target === undefined) return `${folder} is a link that leads nowhere`;
    if (!target.isDirectory()) return `${folder} is not a folder`;
    return uid === undefined ? undefined : ownerFlaw(folder, uid, [entry, target]);
  } catch (error) {
    if (isFileTrouble(error)) return `${folder} cannot be looked at: ${error.code}`;
    throw error;
  }
}

function ownerFlaw(folder: string, uid: number, stats: readonly Stats[]): string | undefined {
  if (stats.some((stat) => stat.uid !== uid)) return `${folder} belongs to another user`;
  return stats.some((stat) => stat.isDirectory() && (stat.mode & 0o022) !== 0)
    ? `${folder} can be written to by others`
    : undefined;
}
