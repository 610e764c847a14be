// What is known of a repository's objects → a file in the user's cache folder, and back: whole, sound, or not at all.

import { readSync } from "node:fs";
import { crc32 } from "node:zlib";
import { CacheFile } from "./cache-file.ts";
import type { CacheFolder } from "./cache-file.ts";
import { objectsFlaw } from "./cached-objects.ts";
import type { CachedObjects } from "./cached-objects.ts";
import { decodeBody, decodeHeader, encodeObjects, headerBytes, keyBytes } from "./object-cache-format.ts";

export type { CachedObjects } from "./cached-objects.ts";
export { lookAgain } from "./cached-objects.ts";

/** Where a cache is kept, and for what. */
export interface ObjectCacheOptions extends CacheFolder {
  /** A stable name of the repository; only a hash of it is written, as the file's name. */
  readonly repository: string;
  /** 32 bytes, a hash of all that a result depends on besides the object: under another key there is no cache. */
  readonly key: Uint8Array;
}

// Small enough to stay in a processor's cache.
const windowBytes = 1 << 18;

/** The cache of one repository under one key. Never throws for what the file system does. */
export class ObjectCache {
  readonly #key: Uint8Array;
  readonly #file: CacheFile;

  constructor(options: ObjectCacheOptions) {
    if (options.key.length !== keyBytes) throw new RangeError(`a key has ${keyBytes} bytes`);
    this.#key = options.key;
    this.#file = new CacheFile(options, options.repository, "objects");
  }

  /** Why the folder is not used, in words for a person (asked anew each time); undefined where it is, or would be. */
  get refusal(): string | undefined {
    return this.#file.refusal;
  }

  /** What was written last under this key, or undefined: nothing, or nothing that can be believed. */
  read(): CachedObjects | undefined {
    return this.#file.read((file, size) => this.#readFrom(file, size));
  }

  /**
   * Puts `objects` in the place of what was there, within the bound of the folder. Returns why nothing was written, in
   * words for a person; undefined where it was (see `CacheFile.write`).
   */
  write(objects: CachedObjects): string | undefined {
    const flaw = objectsFlaw(objects);
    if (flaw !== undefined) return `the object tables are not sound: ${flaw}`;
    return this.#file.write(encodeObjects(objects, this.#key));
  }

  /** Counts as used, although it was not read: the last to go when room is needed. */
  noteUse(): void {
    this.#file.noteUse();
  }

  #readFrom(file: number, size: number): CachedObjects | undefined {
    const start = Buffer.alloc(headerBytes);
    if (readSync(file, start, 0, headerBytes, 0) !== headerBytes) return undefined;
    const header = decodeHeader(start, this.#key);
    if (header === undefined || headerBytes + header.bodyBytes !== size) return undefined;
    // Memory of its own, which starts at 0: the arrays are views of it.
    const body = Buffer.allocUnsafeSlow(header.bodyBytes);
    if (readBody(file, body) !== header.bodySum) return undefined;
    return decodeBody(header, body.buffer as ArrayBuffer);
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
