// Pack entries in, the forest of their deltas out: which entry is made from which, and which trees there are.

import { entryAt, shared } from "./pack-order.ts";
import type { PackEntries } from "./pack-order.ts";
import type { PackWindow } from "./pack-window.ts";
import type { Unpacker } from "./unpacker.ts";

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

/** Finds the entry that holds an id (`idBytes` bytes at an address of the unpacker), or -1. */
export type EntryOfId = (pack: number, at: number) => number;

/** Reads the header of every entry and links each delta to its base. */
export function growForest(
  entries: PackEntries,
  window: PackWindow,
  unpacker: Unpacker,
  entryOfId: EntryOfId,
): PackForest {
  const { count } = entries;
  const types = shared(Uint8Array, count);
  const bases = new Uint32Array(count).fill(none);
  for (let pack = 0; pack + 1 < entries.starts.length; pack++) {
    const end = entries.starts[pack + 1] as number;
    for (let entry = entries.starts[pack] as number; entry < end; entry++) {
      const offset = entries.offsets[entry] as number;
      const length = Math.min(headerBytes, entries.lengths[entry] as number);
      const at = length === 0 ? 0 : window.load(pack, offset, length);
      const type = length === 0 ? damagedType : readType(unpacker.bytes, at, length);
      types[entry] = type;
      if (type < offsetDelta || type === damagedType) continue;
      const rest = sizeEnd(unpacker.bytes, at);
      const base =
        type === offsetDelta
          ? entryAt(entries, pack, offset - distanceAt(unpacker.bytes, rest), entry)
          : entryOfId(pack, rest);
      bases[entry] = base < 0 || base === entry ? none : base;
    }
  }
  return link(entries, types, bases);
}

/** Turns bases into children, gives each delta the type of its root, and cuts circles (which only damage makes). */
function link(entries: PackEntries, types: Uint8Array, bases: Uint32Array): PackForest {
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
