// Turns an object folder into the list of its loose objects, by name only: nothing is opened.

import { readdirSync } from "node:fs";
import { join } from "node:path";

import { isMissing, reasonOf } from "./regular-file.ts";
import type { StoreTrouble } from "./store-trouble.ts";

/** An object in a file of its own. */
export interface LooseObject {
  readonly id: Uint8Array;
  /** Absolute. */
  readonly file: string;
}

/** Makes its path when it is asked for: there may be a million of them. */
class LooseEntry implements LooseObject {
  readonly id: Uint8Array;
  readonly #folder: string;

  constructor(id: Uint8Array, folder: string) {
    this.id = id;
    this.#folder = folder;
  }

  get file(): string {
    const name = Buffer.from(this.id.buffer, this.id.byteOffset, this.id.length).toString("hex");
    return join(this.#folder, name.slice(0, 2), name.slice(2));
  }
}

/** Yields the loose objects of one folder in the order of their ids; other files there are passed over, as git does. */
export function* listLoose(folder: string, idBytes: 20 | 32, troubles: StoreTrouble[]): Generator<LooseObject> {
  const objectName = new RegExp(`^[0-9a-f]{${idBytes * 2 - 2}}$`);
  for (const prefix of read(folder, /^[0-9a-f]{2}$/, troubles)) {
    const rests = read(join(folder, prefix), objectName, troubles);
    const ids = Buffer.from(rests.map((rest) => prefix + rest).join(""), "hex");
    for (let start = 0; start < ids.length; start += idBytes) {
      yield new LooseEntry(new Uint8Array(ids.buffer, ids.byteOffset + start, idBytes), folder);
    }
  }
}

function read(folder: string, name: RegExp, troubles: StoreTrouble[]): string[] {
  try {
    return readdirSync(folder)
      .filter((entry) => name.test(entry))
      .sort();
  } catch (error) {
    const message = `folder of loose objects cannot be read: ${reasonOf(error)}`;
    if (!isMissing(error)) troubles.push({ kind: "loose", path: folder, message });
    return [];
  }
}
