// Turns an object folder into the list of its packs, each with its index from its .idx or from a multi-pack-index.

import { readdirSync } from "node:fs";
import { basename, join } from "node:path";

import { readMultiPackIndex, type MultiPackIndex } from "./multi-pack-index.ts";
import { readPackIndex, type PackIndex } from "./pack-index.ts";
import { sortedIndex, unitedIndex } from "./sorted-index.ts";
import { isMissing, lookAt, readRegularFile, reasonOf } from "./regular-file.ts";
import type { StoreTrouble } from "./store-trouble.ts";

/** Buffers of Node end at 4 GiB; an index of that size would be one of 130 million objects. */
const maxIndexBytes = 4 * 1024 * 1024 * 1024 - 1;
const repair = "`git index-pack` on its pack makes a new one";
const rewrite = "`git multi-pack-index write` makes a new one";
const maxChainBytes = 1024 * 1024;
/** So long may pass between a pack and its index when both are taken away. */
const removalMs = 100;

/** A pack and its index. */
export interface PackFile {
  /** Without its folder and ending: `pack-…`. */
  readonly name: string;
  /** Absolute path of the .pack. */
  readonly pack: string;
  /** Size of the .pack. */
  readonly bytes: number;
  readonly index: PackIndex;
  /** It came from a promisor remote (`.promisor`): what it refers to may be missing rightly. */
  readonly promisor: boolean;
  /** Marked to be kept by `git gc` (`.keep`). */
  readonly kept: boolean;
}

/** What to read, and where to put what goes wrong. */
export interface PackFolderRequest {
  /** The object folder; packs are in `pack` below it. */
  readonly folder: string;
  readonly idBytes: 20 | 32;
  /** Packs known from before: an unchanged one is given again as it is. */
  readonly earlier: readonly PackFile[];
  /** Packs that no usable index goes with are added here, and to `troubles`. */
  readonly unindexed: string[];
  readonly troubles: StoreTrouble[];
}

/** From which file, and which state of it, the index of a pack was read. */
const readFrom = new WeakMap<PackFile, string>();

/** The packs of one object folder, sorted by name. A pack that is gone when it is opened is passed over. */
export function readPackFolder(request: PackFolderRequest): PackFile[] {
  const folder = join(request.folder, "pack");
  const trouble = (kind: "pack" | "index", path: string, message: string): void => {
    request.troubles.push({ kind, path, message });
  };
  let names: Set<string>;
  try {
    names = new Set(readdirSync(folder).sort());
  } catch (error) {
    if (!isMissing(error)) trouble("pack", folder, `folder of packs cannot be read: ${reasonOf(error)}`);
    return [];
  }
  const reader = new IndexReader(request, folder, names);
  const packs: PackFile[] = [];
  const widowed: string[] = [];
  for (const name of names) {
    const stem = name.replace(/\.(pack|idx)$/, "");
    if (name.endsWith(".pack")) {
      const pack = reader.read(stem);
      if (pack !== undefined) packs.push(pack);
    } else if (name.endsWith(".idx") && !names.has(`${stem}.pack`)) widowed.push(join(folder, name));
  }
  for (const index of stillThere(widowed))
    trouble("index", index, "index without its pack: the objects that it lists are gone");
  return packs;
}

/** Those that do not go away within a moment: `git gc` takes a pack away before its index. */
function stillThere(indexes: readonly string[]): readonly string[] {
  const here = indexes.filter((index) => lookAt(index) !== undefined);
  if (here.length > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, removalMs);
  return here.filter((index) => lookAt(index) !== undefined && lookAt(index.replace(/idx$/, "pack")) === undefined);
}

/** A multi-pack-index, and whether its damage was told of. */
interface Layer {
  readonly file: string;
  readonly index: MultiPackIndex;
  told: boolean;
}

function united(own: PackIndex, shared: PackIndex | undefined): PackIndex {
  return shared === undefined || own.sound ? own : unitedIndex(own, shared);
}

class IndexReader {
  readonly #request: PackFolderRequest;
  readonly #folder: string;
  readonly #names: ReadonlySet<string>;
  readonly #earlier: ReadonlyMap<string, PackFile>;
  #layers: readonly Layer[] | undefined;

  constructor(request: PackFolderRequest, folder: string, names: ReadonlySet<string>) {
    this.#request = request;
    this.#folder = folder;
    this.#names = names;
    this.#earlier = new Map(request.earlier.map((pack) => [pack.pack, pack]));
  }

  read(name: string): PackFile | undefined {
    const pack = join(this.#folder, `${name}.pack`);
    const file = join(this.#folder, `${name}.idx`);
    const seen = lookAt(pack);
    if (seen === undefined) return undefined;
    if (typeof seen === "string") return this.#trouble("pack", pack, `pack cannot be opened: ${seen}`);
    if (!seen.isFile()) return this.#trouble("pack", pack, "not a plain file");
    const facts = {
      bytes: seen.size,
      promisor: this.#names.has(`${name}.promisor`),
      kept: this.#names.has(`${name}.keep`),
    };
    const indexed = this.#names.has(`${name}.idx`);
    const state = JSON.stringify([facts, stateOf(pack), stateOf(file)]);
    const known = this.#earlier.get(pack);
    if (known !== undefined && indexed && known.index.sound && readFrom.get(known) === state) return known;
    const own = indexed ? this.#fromOwnIndex(file) : undefined;
    const shared = own?.sound === true ? undefined : this.#fromMultiPackIndex(`${name}.idx`);
    const index = own === undefined || shared?.sound === true ? shared : united(own, shared);
    if (index === undefined) return this.#withoutIndex(name, indexed);
    const result = { name, pack, ...facts, index: sortedIndex(index) };
    readFrom.set(result, state);
    return result;
  }

  #fromOwnIndex(file: string): PackIndex | undefined {
    try {
      const index = readPackIndex(readRegularFile(file, maxIndexBytes), this.#request.idBytes);
      if (!index.sound) this.#trouble("index", file, `pack index is damaged: its checksum does not hold; ${repair}`);
      return index;
    } catch (error) {
      if (isMissing(error)) return undefined;
      return this.#trouble("index", file, `pack index cannot be read: ${reasonOf(error)}; ${repair}`);
    }
  }

  #fromMultiPackIndex(name: string): PackIndex | undefined {
    this.#layers ??= this.#readLayers();
    const layer = this.#layers.find(({ index }) => index.packs.includes(name));
    if (layer === undefined) return undefined;
    if (!layer.index.sound && !layer.told) {
      layer.told = true;
      this.#trouble("index", layer.file, `${basename(layer.file)} is damaged: its checksum does not hold; ${rewrite}`);
    }
    return layer.index.indexOf(layer.index.packs.indexOf(name));
  }

  #withoutIndex(name: string, indexed: boolean): undefined {
    const pack = join(this.#folder, `${name}.pack`);
    // Gone since the folder was listed: `git gc` took it away.
    if (lookAt(pack) === undefined) return;
    if (indexed) {
      this.#request.unindexed.push(pack);
    } else if (!/^\.?tmp[-_]/.test(name)) {
      // Others are what git leaves while it writes a pack, or when it was stopped.
      this.#request.unindexed.push(pack);
      this.#trouble("pack", pack, `pack without an index: its objects cannot be found; ${repair}`);
    }
  }

  /** The multi-pack-index, or the layers of an incremental one. */
  #readLayers(): Layer[] {
    const chain = join(this.#folder, "multi-pack-index.d", "multi-pack-index-chain");
    const files = [join(this.#folder, "multi-pack-index")];
    try {
      const lines = readRegularFile(chain, maxChainBytes).toString("latin1").split("\n");
      const layers = lines.filter((line) => /^[0-9a-f]{40,64}$/.test(line));
      files.push(...layers.map((line) => join(this.#folder, "multi-pack-index.d", `multi-pack-index-${line}.midx`)));
    } catch (error) {
      if (!isMissing(error))
        this.#trouble("index", chain, `chain of multi-pack indexes cannot be read: ${reasonOf(error)}`);
    }
    return files.flatMap((file) => {
      try {
        const index = readMultiPackIndex(readRegularFile(file, maxIndexBytes), this.#request.idBytes);
        return [{ file, index, told: false }];
      } catch (error) {
        if (!isMissing(error)) this.#trouble("index", file, `${basename(file)} cannot be read: ${reasonOf(error)}`);
        return [];
      }
    });
  }

  #trouble(kind: "pack" | "index", path: string, message: string): undefined {
    this.#request.troubles.push({ kind, path, message });
  }
}

/** Which file it is, its size and time, to tell whether it is still the same. */
function stateOf(file: string): string {
  const seen = lookAt(file);
  return typeof seen === "object" ? `${seen.ino} ${seen.size} ${seen.mtimeMs}` : `${seen}`;
}
