// Turns object folders into what is in them: packs with their indexes, loose objects, and what cannot be read.

import { readdirSync } from "node:fs";
import { join } from "node:path";

import { listLoose, type LooseObject } from "./loose-list.ts";
import { readPackFolder, type PackFile } from "./pack-list.ts";
import { isMissing, lookAt, reasonOf } from "./regular-file.ts";
import type { StoreTrouble } from "./store-trouble.ts";

/** How often a folder is read again when it changed while it was read. */
const attempts = 5;

/** All objects that a repository has, by place. An object may stand in several packs and be loose too. */
export interface ObjectStore {
  readonly idBytes: 20 | 32;
  readonly folders: readonly string[];
  readonly packs: readonly PackFile[];
  /** Absolute paths of packs that no usable index goes with; each is in `troubles` too. */
  readonly unindexed: readonly string[];
  readonly loose: readonly LooseObject[];
  readonly troubles: readonly StoreTrouble[];
  /** What `stampOf` said when it was read; another stamp later means that `git gc` or the like has been at work. */
  readonly stamp: string;
}

/**
 * Lists the objects of `folders`. When a folder changes under our hands it is read again. Given an earlier reading,
 * packs that have not changed are the same `PackFile`, and nothing of them is read.
 */
export function openObjectStore(folders: readonly string[], idBytes: 20 | 32, earlier?: ObjectStore): ObjectStore {
  let store = readOnce(folders, idBytes, earlier);
  for (let attempt = 1; attempt < attempts && store.stamp !== stampOf(folders); attempt += 1) {
    store = readOnce(folders, idBytes, store);
  }
  return store;
}

function readOnce(folders: readonly string[], idBytes: 20 | 32, earlier: ObjectStore | undefined): ObjectStore {
  const stamp = stampOf(folders);
  const packs: PackFile[] = [];
  const unindexed: string[] = [];
  const loose: LooseObject[] = [];
  const troubles: StoreTrouble[] = [];
  for (const folder of folders) {
    const seen = lookAt(folder);
    if (typeof seen !== "object" || !seen.isDirectory()) {
      const why = typeof seen === "string" ? seen : seen === undefined ? "not there" : "not a folder";
      troubles.push({ kind: "loose", path: folder, message: `object folder cannot be opened: ${why}` });
      continue;
    }
    // Loose ones first: what is packed in between is then met in its pack.
    for (const object of listLoose(folder, idBytes, troubles)) loose.push(object);
    packs.push(...readPackFolder({ folder, idBytes, earlier: earlier?.packs ?? [], unindexed, troubles }));
  }
  return { idBytes, folders, packs, unindexed, loose, troubles, stamp };
}

/** Changes whenever a pack or a loose object comes or goes. Costs a few hundred looks at folders, no reading. */
export function stampOf(folders: readonly string[]): string {
  return JSON.stringify(folders.map((folder) => [names(join(folder, "pack")), looseTimes(folder)]));
}

function names(folder: string): readonly string[] | string {
  try {
    return readdirSync(folder)
      .filter((name) => /\.(pack|idx)$|^multi-pack-index/.test(name))
      .toSorted();
  } catch (error) {
    return isMissing(error) ? "" : reasonOf(error);
  }
}

function looseTimes(folder: string): string {
  try {
    return readdirSync(folder)
      .filter((name) => /^[0-9a-f]{2}$/.test(name))
      .toSorted()
      .map((name) => {
        const seen = lookAt(join(folder, name));
        return `${name} ${typeof seen === "object" ? seen.mtimeMs : seen}`;
      })
      .join();
  } catch (error) {
    return reasonOf(error);
  }
}
