// Pack entries in, the forest of their deltas out: which entry is made from which, and which trees there are.

import { createHash, type Hash } from "node:crypto";
import { readSync } from "node:fs";
import { entryAt, shared } from "./pack-order.ts";
import type { PackEntries } from "./pack-order.ts";

/** No entry, no object. */
export const none = 0xffffffff;

/** Object types as packs number them. */
export const ObjectType = { commit: 1, tree: 2, blob: 3, tag: 4 } as const;

/** The deltas of all packs as trees, by entry. Shared between threads. */
export interface PackForest {
  /** The type of the object, that of the tree's root; 0 where it cannot be known, 255 for a damaged header. */
  readonly types: Uint8Array;
  readonly firstChild: Uint32Array;
  readonly nextSibling: Uint32Array;
  /** The entry that each is made from; all ones for none. */
  readonly bases: Uint32Array;
  /** Entries without a base in the packs, in order: the roots, and deltas whose base is elsewhere or nowhere. */
  readonly roots: Uint32Array;
  /** About how many bytes are packed in the whole tree below each entry, itself included. */
  readonly weights: Float64Array;
}

/** So much of a pack is read at a time; every header fits into what is read again at the end of a part. */
const partBytes = 4 * 1024 * 1024;
const headerBytes = 64;
const offsetDelta = 6;
const damagedType = 255;
/** Longer numbers are damage: they would not fit a pack. */
const mostDigits = 10;

/** The type that an entry's first byte names, or that of damage where its size does not end. */
function readType(bytes: Uint8Array, at: number, length: number): number {
  let digits = 0;
  while (((bytes[at + digits] as number) & 128) !== 0) if (++digits >= Math.min(length, mostDigits)) return damagedType;
  return ((bytes[at] as number) >> 4) & 7;
}

/** Behind the size that `readType` found sound. */
function sizeEnd(bytes: Uint8Array, at: number): number {
  let end = at;
  while (((bytes[end] as number) & 128) !== 0) end++;
  return end + 1;
}

/** How far before its entry a base stands; not a number of any entry where it is damaged. */
function distanceAt(bytes: Uint8Array, start: number): number {
  let at = start;
  let byte = bytes[at++] as number;
  let distance = byte & 127;
  for (; (byte & 128) !== 0; distance = (distance + 1) * 128 + (byte & 127)) {
    if (at - start >= mostDigits) return Number.NaN;
    byte = bytes[at++] as number;
  }
  return distance;
}

/** Finds the entry that holds an id, looking into `pack` first; -1 where none does. */
export type EntryOfId = (pack: number, id: Uint8Array) => number;

/** A forest, and for each pack whether its bytes are those that its own checksum was made of. */
export interface GrownForest {
  readonly forest: PackForest;
  readonly sound: readonly boolean[];
}

/** Reads packs from their start to their end, in parts; each part is looked at while it is at hand. */
class PackReader {
  readonly #bytes = Buffer.allocUnsafeSlow(partBytes + headerBytes);
  readonly #file: number;
  readonly #hashed: number;
  readonly #hash: Hash;
  /** Where the part begins in the pack, and where what was read ends. */
  #start = 0;
  #end = 0;

  /** `end` is where the trailer begins: the bytes before it are hashed. */
  constructor(file: number, end: number, idBytes: number) {
    this.#file = file;
    this.#hashed = end;
    this.#hash = createHash(idBytes === 20 ? "sha1" : "sha256");
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Where `offset` stands in `bytes`, with a header's length behind it; what is behind the pack's end is of no meaning. */
  at(offset: number): number {
    while (offset + headerBytes > this.#end && this.#end < this.#hashed + headerBytes && this.#next());
    return Math.max(0, Math.min(offset - this.#start, partBytes));
  }

  /** Reads on to the end and says whether the checksum holds, and is the one that its index was made for. */
  isSound(expected: Uint8Array): boolean {
    while (this.#next());
    const digest = this.#hash.digest();
    const trailer = Buffer.alloc(digest.length);
    if (readSync(this.#file, trailer, 0, trailer.length, this.#hashed) !== trailer.length) return false;
    return trailer.equals(digest) && (expected.length === 0 || trailer.equals(expected));
  }

  /** The next part; the end of the last one stands before it. */
  #next(): boolean {
    const kept = Math.min(headerBytes, this.#end - this.#start);
    this.#bytes.copyWithin(0, this.#end - this.#start - kept, this.#end - this.#start);
    const count = readSync(this.#file, this.#bytes, kept, partBytes, this.#end);
    const hashed = Math.max(0, Math.min(count, this.#hashed - this.#end));
    this.#hash.update(this.#bytes.subarray(kept, kept + hashed));
    this.#start = this.#end - kept;
    this.#end += count;
    return count > 0;
  }
}

/** What a forest is grown from: packs by their open files, and their sizes in bytes. */
export interface ForestGround {
  readonly entries: PackEntries;
  readonly files: readonly number[];
  readonly sizes: readonly number[];
  /** The checksum that each pack has by its index; empty where nobody knows. */
  readonly checksums: readonly Uint8Array[];
  readonly idBytes: 20 | 32;
}

/** Reads every pack once, from end to end: links each delta to its base and sums up the bytes. */
export function growForest(ground: ForestGround, entryOfId: EntryOfId): GrownForest {
  const { entries, files, sizes, checksums, idBytes } = ground;
  const types = shared(Uint8Array, entries.count);
  const bases = new Uint32Array(entries.count).fill(none);
  const sound = files.map((file, pack) => {
    const reader = new PackReader(file, Math.max(0, (sizes[pack] as number) - idBytes), idBytes);
    const { bytes } = reader;
    const end = entries.starts[pack + 1] as number;
    for (let entry = entries.starts[pack] as number; entry < end; entry++) {
      const offset = entries.offsets[entry] as number;
      const length = Math.min(headerBytes, entries.lengths[entry] as number);
      const at = length === 0 ? 0 : reader.at(offset);
      const type = length === 0 ? damagedType : readType(bytes, at, length);
      types[entry] = type;
      if (type < offsetDelta || type === damagedType) continue;
      const rest = sizeEnd(bytes, at);
      const base =
        type === offsetDelta
          ? entryAt(entries, pack, offset - distanceAt(bytes, rest), entry)
          : entryOfId(pack, bytes.subarray(rest, rest + idBytes));
      bases[entry] = base < 0 || base === entry ? none : base;
    }
    return reader.isSound(checksums[pack] as Uint8Array);
  });
  return { forest: linkForest(entries, types, bases), sound };
}

/** Turns bases into children, gives each delta the type of its root, and cuts circles (which only damage makes). */
export function linkForest(entries: PackEntries, types: Uint8Array, bases: Uint32Array): PackForest {
  const { count } = entries;
  const firstChild = shared(Uint32Array, count).fill(none);
  const nextSibling = shared(Uint32Array, count).fill(none);
  const weights = Float64Array.from(entries.lengths);
  resolveTypes(types, bases);
  const roots: number[] = [];
  // From the back, so that children stand in the order of their offsets.
  for (let entry = count - 1; entry >= 0; entry--) {
    const base = bases[entry] as number;
    if (base === none) {
      roots.push(entry);
      continue;
    }
    // Nearly all bases stand before what is made from them, so this adds up whole trees.
    weights[base] = (weights[base] as number) + (weights[entry] as number);
    nextSibling[entry] = firstChild[base] as number;
    firstChild[base] = entry;
  }
  roots.reverse();
  const shares = shared(Uint32Array, roots.length);
  shares.set(roots);
  return { types, firstChild, nextSibling, bases, roots: shares, weights };
}

function resolveTypes(types: Uint8Array, bases: Uint32Array): void {
  const path: number[] = [];
  for (let entry = 0; entry < types.length; entry++) {
    let at = entry;
    // 128 marks what is on the path: meeting it again is a circle.
    while ((types[at] === 6 || types[at] === 7) && bases[at] !== none) {
      path.push(at);
      types[at] = (types[at] as number) | 128;
      at = bases[at] as number;
    }
    const type = types[at] as number;
    if (type > 128 && type < 255) bases[at] = none;
    const known = type >= 1 && type <= 4 ? type : type === 255 ? 255 : 0;
    if (type === 6 || type === 7) types[at] = 0;
    while (path.length > 0) types[path.pop() as number] = known;
    if (type > 128 && type < 255) types[at] = 0;
  }
}
