// Names and small texts in, a private folder of files out and back: one file an entry, so that runs at once never mix.

import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, lstatSync, mkdirSync, openSync, readdirSync, readSync } from "node:fs";
import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A folder of entries, and its bounds. */
export interface EntryStoreOptions {
  readonly folder: string;
  readonly maxEntries: number;
  readonly maxEntryBytes: number;
}

const nameShape = /^[0-9a-z][0-9a-z.-]{0,99}$/;
const leftoverMs = 3_600_000;

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    return; // its folder is none, so neither is the file
  }
}

/** What is lost costs a question; what is wrong is as good as lost: nothing here ever throws. */
export class EntryStore {
  readonly #options: EntryStoreOptions;

  constructor(options: EntryStoreOptions) {
    this.#options = options;
  }

  /** The text of an entry, or undefined where there is none that can be trusted. */
  read(name: string): string | undefined {
    if (!nameShape.test(name) || !this.#isOwn()) return undefined;
    let handle: number | undefined;
    try {
      handle = openSync(path.join(this.#options.folder, name), "r");
      const found = fstatSync(handle);
      if (!found.isFile() || found.size > this.#options.maxEntryBytes) return undefined;
      const bytes = Buffer.alloc(found.size);
      return readSync(handle, bytes, 0, bytes.length, 0) === bytes.length ? bytes.toString("utf8") : undefined;
    } catch {
      return undefined;
    } finally {
      if (handle !== undefined) closeSync(handle);
    }
  }

  /** Writes an entry in one step; false where it could not be written. */
  write(name: string, text: string): boolean {
    const { folder, maxEntryBytes } = this.#options;
    if (!nameShape.test(name) || Buffer.byteLength(text) > maxEntryBytes) return false;
    const temporary = path.join(folder, `.${randomBytes(8).toString("hex")}.tmp`);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      if (!this.#isOwn()) return false;
      writeFileSync(temporary, text, { flag: "wx", mode: 0o600 });
      renameSync(temporary, path.join(folder, name));
      return true;
    } catch {
      removeQuietly(temporary);
      return false;
    }
  }

  /** Removes leftovers of runs that were killed, and the oldest entries above the limit. */
  prune(now: number): void {
    const { folder, maxEntries } = this.#options;
    try {
      if (!this.#isOwn()) return;
      const files = readdirSync(folder).map((name) => ({ file: path.join(folder, name), name }));
      const aged = files.flatMap(({ file, name }) => {
        const found = statSync(file, { throwIfNoEntry: false });
        return found === undefined ? [] : [{ file, age: now - found.mtimeMs, leftover: name.endsWith(".tmp") }];
      });
      const entries = aged.filter(({ leftover }) => !leftover).toSorted((a, b) => a.age - b.age);
      const old = aged.filter(({ leftover, age }) => leftover && age > leftoverMs);
      for (const { file } of [...old, ...entries.slice(maxEntries)]) rmSync(file, { force: true });
    } catch {
      return; // another run may be pruning, too
    }
  }

  /** A folder, no link, and on POSIX the user's own and closed to others' writing: else its entries prove nothing. */
  #isOwn(): boolean {
    try {
      const found = lstatSync(this.#options.folder);
      const { getuid } = process;
      if (!found.isDirectory()) return false;
      return getuid === undefined || (found.uid === getuid() && (found.mode & 0o022) === 0);
    } catch {
      return false; // not there, or not to be seen
    }
  }
}
