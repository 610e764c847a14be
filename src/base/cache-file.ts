// Names and pieces in, files of a private cache folder out, and back: whole or not at all, and bounded together.
// Any number of processes may read and write at once, and may be killed at any moment.

import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { isFileTrouble } from "./file-trouble.ts";
import { folderFlaw } from "./private-folder.ts";

/** A folder of cache files. */
export interface CacheFolder {
  /** Absolute. It is made on the first write, for the user alone, and holds nothing but such files. */
  readonly folder: string;
  /** Bound for all files of the folder together. While a file is written, it comes on top. */
  readonly maxBytes: number;
  /** The user's number, where it is not the one of this process. */
  readonly uid?: number;
}

/** What a file is for; the ending of its name. */
export type CacheFileKind = "objects" | "unchanged";

const finished = /^[0-9a-f]{40}\.(?:objects|unchanged)$/;
const unfinished = /^[0-9a-f]{40}\.[0-9a-f]{16}\.tmp$/;
// A writer that takes longer has been killed.
const abandonedMs = 60 * 60 * 1000;
// Some systems take no more than 2 GB at once.
const writtenAtOnce = 1 << 26;

/** One file of a cache folder. Never throws for what the file system does. */
export class CacheFile {
  readonly #options: CacheFolder;
  readonly #uid: number | undefined;
  readonly #name: string;
  readonly #path: string;

  /** `subject` is a stable name of what is kept; only a hash of it is written, as the file's name. */
  constructor(options: CacheFolder, subject: string, kind: CacheFileKind) {
    this.#options = options;
    this.#uid = options.uid ?? process.getuid?.();
    this.#name = createHash("sha256").update(subject).digest("hex").slice(0, 40);
    this.#path = join(options.folder, `${this.#name}.${kind}`);
  }

  /** Why the folder is not used, in words for a person (asked anew each time); undefined where it is, or would be. */
  get refusal(): string | undefined {
    return folderFlaw(this.#options.folder, this.#uid);
  }

  /**
   * What `take` makes of the open file and its size; undefined where there is no file that is the user's own and within
   * the bound. Where it makes something of it, the file counts as used.
   */
  read<T>(take: (file: number, size: number) => T | undefined): T | undefined {
    if (this.refusal !== undefined) return undefined;
    let file: number | undefined;
    try {
      file = openSync(this.#path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
      const stats = fstatSync(file);
      if (!stats.isFile() || (this.#uid !== undefined && stats.uid !== this.#uid)) return undefined;
      const taken = stats.size > this.#options.maxBytes ? undefined : take(file, stats.size);
      if (taken !== undefined) this.noteUse();
      return taken;
    } catch (error) {
      // As on every first run: there is no file, or none that may be opened.
      if (isFileTrouble(error)) return undefined;
      throw error;
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  /**
   * Puts `pieces` in the place of what was there, then removes the files that were not used for longest until the
   * folder keeps its bound. Returns why nothing was written, in words for a person; undefined where it was, or where
   * Windows kept the file because someone reads it just now.
   */
  write(pieces: readonly Uint8Array[]): string | undefined {
    const { folder, maxBytes } = this.#options;
    const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (size > maxBytes) return `${size} bytes are more than the ${maxBytes} that the cache may have`;
    const before = this.refusal;
    if (before !== undefined) return before;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const refusal = this.refusal;
      if (refusal !== undefined) return refusal;
      this.#removeAbandoned();
      this.#replace(pieces);
      this.#prune();
      return undefined;
    } catch (error) {
      if (isFileTrouble(error)) return `the cache in ${folder} cannot be written: ${error.code}`;
      throw error;
    }
  }

  /** For the order of pruning; where that is not allowed, or nothing is there, the file counts as unused. */
  noteUse(): void {
    const now = new Date();
    tryTo(() => utimesSync(this.#path, now, now));
  }

  #replace(pieces: readonly Uint8Array[]): void {
    const path = join(this.#options.folder, `${this.#name}.${randomBytes(8).toString("hex")}.tmp`);
    try {
      writeNew(path, pieces);
      const rename = () => renameSync(path, this.#path);
      // Windows does not replace a file that is open elsewhere: the old one stays.
      if (process.platform === "win32") tryTo(rename);
      else rename();
    } finally {
      // After the rename nothing is there.
      remove(path);
    }
  }

  #removeAbandoned(): void {
    for (const { path, usedMs } of this.#list(unfinished)) {
      if (usedMs < Date.now() - abandonedMs) remove(path);
    }
  }

  #prune(): void {
    const files = this.#list(finished).toSorted((a, b) => a.usedMs - b.usedMs);
    let total = [...files, ...this.#list(unfinished)].reduce((sum, { size }) => sum + size, 0);
    for (const { path, size } of files) {
      if (total <= this.#options.maxBytes) return;
      if (path !== this.#path && remove(path)) total -= size;
    }
  }

  #list(pattern: RegExp): readonly { readonly path: string; readonly size: number; readonly usedMs: number }[] {
    const { folder } = this.#options;
    return readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      const stat = pattern.test(name) ? lstatSync(path, { throwIfNoEntry: false }) : undefined;
      return stat?.isFile() === true ? [{ path, size: stat.size, usedMs: stat.mtimeMs }] : [];
    });
  }
}

/** Makes a file for the user alone; all of it is on the disk when this returns. */
function writeNew(path: string, pieces: readonly Uint8Array[]): void {
  const file = openSync(path, "wx", 0o600);
  try {
    for (const bytes of pieces) {
      let at = 0;
      while (at < bytes.length) at += writeSync(file, bytes, at, Math.min(bytes.length - at, writtenAtOnce));
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function remove(path: string): boolean {
  return tryTo(() => rmSync(path, { force: true }));
}

/** Does it, unless the file system refuses: a file that is gone, or on Windows one that is open elsewhere. */
function tryTo(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (isFileTrouble(error)) return false;
    throw error;
  }
}
