// Turns a folder into the files in it, by walking it; for folders outside of git work trees.

import { readdirSync, type Dirent } from "node:fs";

import type { Problem, Skip } from "../model/blob.ts";
import type { Matcher } from "../base/glob.ts";
import { displayName, joinDisplay, joinNative, type NativePath } from "./native-path.ts";
import { fileProblem } from "./problems.ts";

/** A file to scan. */
export interface Listed {
  readonly kind: "file";
  /** Absolute. */
  readonly file: NativePath;
  readonly path: string;
}

/** A folder that is to be listed in a way of its own: a repository or submodule inside of another folder. */
export interface Nested {
  readonly kind: "repository";
  /** Absolute. */
  readonly folder: string;
  readonly path: string;
}

/** What every way of listing shares. */
export interface Listing {
  /** Hand over folders that hold a `.git` instead of walking them. */
  readonly gitignore: boolean;
  readonly excluded?: Matcher | undefined;
  readonly problems: Problem[];
  readonly skips: Skip[];
}

interface Folder {
  readonly native: NativePath;
  readonly path: string;
}

/**
 * Yields the files of `folder` (absolute; shown as `path`), folder by folder, each sorted by name. Never
 * enters `.git` or symbolic links; leaves sockets, pipes and devices out.
 */
export function* walk(folder: NativePath, path: string, listing: Listing): Generator<readonly (Listed | Nested)[]> {
  const waiting: Folder[] = [{ native: folder, path }];
  for (let at = waiting.pop(), isRoot = true; at !== undefined; at = waiting.pop(), isRoot = false) {
    const entries = readFolder(at, listing);
    if (entries === undefined) continue;
    if (!isRoot && listing.gitignore && typeof at.native === "string" && entries.some(({ name }) => name === ".git")) {
      yield [{ kind: "repository", folder: at.native, path: at.path }];
      continue;
    }
    const found = sortEntries(entries, at, listing);
    waiting.push(...found.folders.toReversed());
    if (found.files.length > 0) yield found.files;
  }
}

function sortEntries(
  entries: readonly Dirent<NativePath>[],
  at: Folder,
  listing: Listing,
): { files: Listed[]; folders: Folder[] } {
  const files: Listed[] = [];
  const folders: Folder[] = [];
  for (const entry of entries) {
    if (entry.name === ".git") continue;
    const path = joinDisplay(at.path, displayName(entry.name));
    if (entry.isFile()) files.push({ kind: "file", file: joinNative(at.native, entry.name), path });
    else if (entry.isSymbolicLink()) listing.skips.push({ path, reason: "symlink" });
    else if (entry.isDirectory()) {
      if (listing.excluded?.(path) === true) listing.skips.push({ path: `${path}/`, reason: "excluded" });
      else folders.push({ native: joinNative(at.native, entry.name), path });
    }
  }
  return { files, folders };
}

function readFolder(at: Folder, listing: Listing): Dirent<NativePath>[] | undefined {
  try {
    const entries: Dirent<NativePath>[] = readdirSync(at.native, { withFileTypes: true });
    // A replacement character may stand for bytes that are not UTF-8, by which the file could not be opened.
    if (entries.some(({ name }) => name.includes("\ufffd"))) return readFolderAsBytes(at.native);
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    listing.problems.push(fileProblem(at.path === "" ? "." : at.path, error));
    return undefined;
  }
}

function readFolderAsBytes(folder: NativePath): Dirent<NativePath>[] {
  const entries: Dirent<Buffer>[] = readdirSync(folder, { withFileTypes: true, encoding: "buffer" });
  return entries.sort((a, b) => Buffer.compare(a.name, b.name));
}
