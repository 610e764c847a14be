// A repository's folders in, one hash out that is another as soon as anything in them is: objects, refs, reflogs, indexes.
// Format: gitrepository-layout(5).

import { createHash } from "node:crypto";
import { closeSync, lstatSync, readdirSync, readlinkSync, readSync, statSync } from "node:fs";
import { join } from "node:path";

import { isFileTrouble } from "../file-trouble.ts";
import type { RepositoryPlaces } from "./object-folders.ts";
import { PackFormatError } from "./pack-format-error.ts";
import { isMissing, openRegularFile } from "./regular-file.ts";
import { listWorktrees } from "./worktrees.ts";

/**
 * Folders beside HEAD in which git keeps what refers to objects. `modules`, `lfs` and the like belong to others,
 * `hooks` are not run.
 */
const ownFolders = new Set(["refs", "logs", "info", "reftable", "rebase-merge", "rebase-apply", "sequencer"]);
const linkedWorktrees = "worktrees";
const deepest = 64;
const chunkBytes = 256 * 1024;

/**
 * 32 bytes that stand for all that an answer about this repository can hang on. Everything that is small and changes is
 * taken by its bytes; packs, and what lies beside them, by name, size, times and file number; loose objects by their
 * names, which say what is in them. Undefined where something could not be looked at.
 */
export function stateOf(places: RepositoryPlaces, objectFolders: readonly string[]): Buffer | undefined {
  const reading = new StateReading();
  try {
    reading.say("places", JSON.stringify([places, listWorktrees(places), objectFolders]));
    for (const folder of objectFolders) reading.objects(folder);
    reading.gitFolder(places.commonDir);
    if (places.gitDir !== places.commonDir) reading.gitFolder(places.gitDir);
    return reading.digest();
  } catch (error) {
    // Whatever stands in the way of looking would be told of by an audit: it is to look for itself.
    if (isFileTrouble(error) || error instanceof PackFormatError) return undefined;
    throw error;
  }
}

class StateReading {
  readonly #hash = createHash("sha256");
  readonly #chunk = Buffer.allocUnsafe(chunkBytes);

  /** Texts, each with where it ends. */
  say(...texts: readonly string[]): void {
    for (const text of texts) this.#hash.update(`${Buffer.byteLength(text)}:`).update(text);
  }

  digest(): Buffer {
    return this.#hash.digest();
  }

  /** One folder of objects: which loose ones there are, and what lies in `pack`. */
  objects(folder: string): void {
    this.say("objects", folder);
    for (const name of namesIn(folder))
      if (/^[0-9a-f]{2}$/.test(name)) this.say(name, namesIn(join(folder, name)).join("/"));
    this.#stamps(join(folder, "pack"), 0);
  }

  /** What git keeps beside HEAD, in the repository itself or for one linked work tree. */
  gitFolder(folder: string): void {
    this.say("git", folder);
    for (const name of namesIn(folder)) {
      const path = join(folder, name);
      if (name === linkedWorktrees) for (const linked of namesIn(path)) this.gitFolder(join(path, linked));
      else if (ownFolders.has(name) || isFile(path)) this.#contents(path, 0);
      else this.say(name);
    }
  }

  /** Sizes, times and file numbers: enough for what git never writes twice under one name. */
  #stamps(folder: string, depth: number): void {
    if (depth > deepest) throw new PackFormatError("folders without end");
    for (const name of namesIn(folder)) {
      const path = join(folder, name);
      const stat = statSync(path, { bigint: true });
      this.say(name, [stat.size, stat.mtimeNs, stat.ctimeNs, stat.ino, stat.dev, stat.mode].join(" "));
      if (stat.isDirectory()) this.#stamps(path, depth + 1);
    }
  }

  #contents(path: string, depth: number): void {
    if (depth > deepest) throw new PackFormatError("folders without end");
    // Old versions of git keep symbolic refs as links: what they name matters beside what it holds.
    if (lstatSync(path).isSymbolicLink()) this.say("link", readlinkSync(path));
    if (isFile(path)) {
      this.#content(path);
      return;
    }
    this.say("folder", path);
    for (const name of namesIn(path)) this.#contents(join(path, name), depth + 1);
  }

  #content(path: string): void {
    const file = openRegularFile(path);
    try {
      this.say(path, String(file.bytes));
      let length = 0;
      for (let read = readSync(file.fd, this.#chunk); read > 0; read = readSync(file.fd, this.#chunk)) {
        this.#hash.update(this.#chunk.subarray(0, read));
        length += read;
      }
      this.say(String(length));
    } finally {
      closeSync(file.fd);
    }
  }
}

/** Sorted; none where no folder is. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
