// Pack indexes in, their entries in the order of their offsets out: what stands where, and how long it is.

import type { PackIndex } from "./pack-index.ts";

/** The entries of all packs, pack after pack, each in the order of its offsets. Shared between threads. */
export interface PackEntries {
  readonly count: number;
  /** First entry of each pack, and one more at the end. */
  readonly starts: Uint32Array;
  readonly offsets: Float64Array;
  /** Bytes from the entry's start to the next one's (or the trailer); 0 for one that cannot be where it claims. */
  readonly lengths: Float64Array;
  /** The entry's place in its pack's index. */
  readonly places: Uint32Array;
}

/** Allocates a typed array that threads can share. */
export function shared<T>(
  make: { new (buffer: SharedArrayBuffer, offset: number, length: number): T; readonly BYTES_PER_ELEMENT: number },
  length: number,
): T {
  return new make(new SharedArrayBuffer(length * make.BYTES_PER_ELEMENT), 0, length);
}

const digitValues = 65_536;

/** The 16 bits of each offset from bit `shift` on; those of an offset that is none are all ones. */
function digitsOf(offsets: Float64Array, shift: number): Uint16Array {
  const digits = new Uint16Array(offsets.length);
  const divisor = 2 ** (shift < 32 ? 0 : 32);
  const bits = shift % 32;
  for (let place = 0; place < offsets.length; place++) {
    const offset = offsets[place] as number;
    // A number is cut to 32 bits by the conversion, so nothing has to be divided below 4 GB.
    digits[place] =
      offset === Number.POSITIVE_INFINITY ? digitValues - 1 : (divisor === 1 ? offset : offset / divisor) >>> bits;
  }
  return digits;
}

/** The places of the offsets in ascending order. Radix sort, 16 bits a pass. */
function orderOf(offsets: Float64Array): Uint32Array {
  const { length } = offsets;
  let most = 0;
  let from = new Uint32Array(length);
  for (let place = 0; place < length; place++) {
    const offset = offsets[place] as number;
    if (offset > most && offset !== Number.POSITIVE_INFINITY) most = offset;
    from[place] = place;
  }
  let to = new Uint32Array(length);
  const counts = new Uint32Array(digitValues + 1);
  for (let shift = 0; 2 ** shift <= most; shift += 16) {
    const digits = digitsOf(offsets, shift);
    counts.fill(0);
    for (let place = 0; place < length; place++) {
      const above = (digits[place] as number) + 1;
      counts[above] = (counts[above] as number) + 1;
    }
    for (let value = 1; value <= digitValues; value++)
      counts[value] = (counts[value] as number) + (counts[value - 1] as number);
    for (let index = 0; index < length; index++) {
      const place = from[index] as number;
      const digit = digits[place] as number;
      const at = counts[digit] as number;
      to[at] = place;
      counts[digit] = at + 1;
    }
    [from, to] = [to, from];
  }
  return from;
}

/** The entries of packs of `bytes` bytes each, in the order of the packs. */
export function orderEntries(packs: readonly { readonly index: PackIndex; readonly bytes: number }[]): PackEntries {
  const count = packs.reduce((sum, { index }) => sum + index.count, 0);
  const entries = {
    count,
    starts: shared(Uint32Array, packs.length + 1),
    offsets: shared(Float64Array, count),
    lengths: shared(Float64Array, count),
    places: shared(Uint32Array, count),
  };
  let at = 0;
  packs.forEach(({ index, bytes }, pack) => {
    entries.starts[pack] = at;
    const order = orderOf(index.offsets);
    const end = bytes - index.idBytes;
    for (let rank = 0; rank < order.length; rank++) {
      const place = order[rank] as number;
      const offset = index.offsets[place] as number;
      const next = rank + 1 < order.length ? Math.min(end, index.offsets[order[rank + 1] as number] as number) : end;
      entries.places[at + rank] = place;
      entries.offsets[at + rank] = offset;
      entries.lengths[at + rank] = offset >= 12 && next > offset ? next - offset : 0;
    }
    at += order.length;
  });
  entries.starts[packs.length] = at;
  return entries;
}

/** The entry of `pack` that begins at `offset`, or -1. `near` is an entry behind it, from which the search begins. */
export function entryAt(entries: PackEntries, pack: number, offset: number, near: number): number {
  const { offsets } = entries;
  let high = near;
  let step = 1;
  const first = entries.starts[pack] as number;
  let low = Math.max(first, high - step);
  while (low > first && (offsets[low] as number) > offset) {
    high = low;
    step *= 2;
    low = Math.max(first, high - step);
  }
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((offsets[middle] as number) < offset) low = middle + 1;
    else high = middle;
  }
  return (offsets[low] as number) === offset ? low : -1;
}
