// What is known of a repository's objects → a file in the user's cache folder, and back: whole, sound, or not at all.
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
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { objectsFlaw } from "./cached-objects.ts";
import type { CachedObjects } from "./cached-objects.ts";
import { isFileTrouble } from "./file-trouble.ts";
import { decodeBody, decodeHeader, encodeObjects, headerBytes, keyBytes } from "./object-cache-format.ts";
import { folderFlaw } from "./private-folder.ts";

export type { CachedObjects } from "./cached-objects.ts";
export { lookAgain } from "./cached-objects.ts";

/** Where a cache is kept, and for what. */
export interface ObjectCacheOptions {
  /** Absolute. It is made on the first write, for the user alone, and holds nothing but such files. */
  readonly folder: string;
  /** A stable name of the repository; only a hash of it is written, as the file's name. */
  readonly repository: string;
  /** 32 bytes, a hash of all that a result depends on besides the object: under another key there is no cache. */
  readonly key: Uint8Array;
  /** Bound for all files of the folder together. While a file is written, it comes on top. */
  readonly maxBytes: number;
  /** The user's number, where it is not the one of this process. */
  readonly uid?: number;
}

const finished = /^[0-9a-f]{40}\.objects$/;
const unfinished = /^[0-9a-f]{40}\.[0-9a-f]{16}\.tmp$/;
// A writer that takes longer has been killed.
const abandonedMs = 60 * 60 * 1000;
// Some systems take no more than 2 GB at once.
const writtenAtOnce = 1 << 26;
// Small enough to stay in a processor's cache.
const windowBytes = 1 << 18;

/** The cache of one repository under one key. Never throws for what the file system does. */
export class ObjectCache {
  readonly #options: ObjectCacheOptions;
  readonly #uid: number | undefined;
  readonly #name: string;

  constructor(options: ObjectCacheOptions) {
    if (options.key.length !== keyBytes) throw new RangeError(`a key has ${keyBytes} bytes`);
    this.#options = options;
    this.#uid = options.uid ?? process.getuid?.();
    this.#name = createHash("sha256").update(options.repository).digest("hex").slice(0, 40);
  }

  /** Why the folder is not used, in words for a person (asked anew each time); undefined where it is, or would be. */
  get refusal(): string | undefined {
    return folderFlaw(this.#options.folder, this.#uid);
  }

  /** What was written last under this key, or undefined: nothing, or nothing that can be believed. */
  read(): CachedObjects | undefined {
    if (this.refusal !== undefined) return undefined;
    let file: number | undefined;
    try {
      file = openSync(this.#path(), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
      const objects = this.#readFrom(file);
      if (objects !== undefined) this.#noteUse();
      return objects;
    } catch (error) {
      // As on every first run: there is no file, or none that may be opened.
      if (isFileTrouble(error)) return undefined;
      throw error;
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  /**
   * Puts `objects` in the place of what was there, then removes the files that were not used for longest until the
   * folder keeps its bound. Returns why nothing was written, in words for a person; undefined where it was, or where
   * Windows kept the file because someone reads it just now.
   */
  write(objects: CachedObjects): string | undefined {
    const { folder, key, maxBytes } = this.#options;
    const flaw = objectsFlaw(objects);
    if (flaw !== undefined) return `the object tables are not sound: ${flaw}`;
    const pieces = encodeObjects(objects, key);
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

  #path(): string {
    return join(this.#options.folder, `${this.#name}.objects`);
  }

  /** For the order of pruning; where that is not allowed, the file counts as unused. */
  #noteUse(): void {
    const now = new Date();
    tryTo(() => utimesSync(this.#path(), now, now));
  }

  #readFrom(file: number): CachedObjects | undefined {
    const { key, maxBytes } = this.#options;
    const stats = fstatSync(file);
    if (!stats.isFile() || (this.#uid !== undefined && stats.uid !== this.#uid)) return undefined;
    const start = Buffer.alloc(headerBytes);
    if (stats.size > maxBytes || readSync(file, start, 0, headerBytes, 0) !== headerBytes) return undefined;
    const header = decodeHeader(start, key);
    if (header === undefined || headerBytes + header.bodyBytes !== stats.size) return undefined;
    // Memory of its own, which starts at 0: the arrays are views of it.
    const body = Buffer.allocUnsafeSlow(header.bodyBytes);
    if (readBody(file, body) !== header.bodySum) return undefined;
    return decodeBody(header, body.buffer as ArrayBuffer);
  }

  #replace(pieces: readonly Uint8Array[]): void {
    const path = join(this.#options.folder, `${this.#name}.${randomBytes(8).toString("hex")}.tmp`);
    try {
      writeNew(path, pieces);
      const rename = () => renameSync(path, this.#path());
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
    const own = this.#path();
    const files = this.#list(finished).toSorted((a, b) => a.usedMs - b.usedMs);
    let total = [...files, ...this.#list(unfinished)].reduce((sum, { size }) => sum + size, 0);
    for (const { path, size } of files) {
      if (total <= this.#options.maxBytes) return;
      if (path !== own && remove(path)) total -= size;
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

/** The cache of a repository; nothing is read or made yet. */
export function openObjectCache(options: ObjectCacheOptions): ObjectCache {
  return new ObjectCache(options);
}

/**
 * Fills `body` with what follows the header, and gives its checksum; undefined where the file is shorter. All goes
 * through a window: the system would have to touch new memory before this process does, which can cost as much again.
 */
function readBody(file: number, body: Uint8Array): number | undefined {
  const window = Buffer.allocUnsafeSlow(windowBytes);
  let sum = 0;
  for (let at = 0; at < body.length;) {
    const read = readSync(file, window, 0, Math.min(body.length - at, windowBytes), headerBytes + at);
    if (read === 0) return undefined;
    const part = window.subarray(0, read);
    sum = crc32(part, sum);
    body.set(part, at);
    at += read;
  }
  return sum;
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
