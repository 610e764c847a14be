// The matcher of the plain twin: the same tables, one byte at a time.
import type { Hits } from "./kernel.ts";
import { ENTRY_SIZE, NIBBLES_SIZE, TEXT_BLOCK_SIZE, hashOf, imageLayout, imageOf } from "./layout.ts";
import type { ImageLayout } from "./layout.ts";
import { EMPTY_HITS, HitList } from "./lists.ts";
import type { KernelTables } from "./tables.ts";

// A window ends at most this far behind the start of its literal, so hits this far back are final.
const LONGEST = 64;
const CAPACITY = 8192;

/** Finds every literal of built tables in bytes. */
export class PlainFinder {
  readonly #tables: KernelTables;
  readonly #image: Uint8Array;
  readonly #data: DataView;
  readonly #layout: ImageLayout;
  readonly #heads: Uint16Array;
  // Per position of the window and byte: the buckets that it fits.
  readonly #buckets: readonly Uint16Array[];
  #offsets: Uint32Array;
  #ids: Uint16Array;
  #count = 0;
  #list = new HitList();

  constructor(tables: KernelTables) {
    this.#tables = tables;
    this.#image = imageOf(tables);
    this.#data = new DataView(this.#image.buffer);
    this.#layout = imageLayout(tables.buckets, tables.hashBits, tables.literals);
    this.#heads = new Uint16Array((1 << tables.hashBits) + 1);
    for (let index = 0; index < this.#heads.length; index++) {
      this.#heads[index] = this.#data.getUint16(this.#layout.heads + 2 * index, true);
    }
    this.#buckets = [0, 1, 2, 3].map((position) => bucketsOf(this.#image, tables.buckets, position));
    const capacity = Math.max(CAPACITY, 66 * tables.literals + 64);
    this.#offsets = new Uint32Array(capacity);
    this.#ids = new Uint16Array(capacity);
  }

  /** See `Kernel.find`. */
  find(bytes: Uint8Array): Hits {
    const [fits0, fits1, fits2, fits3] = this.#buckets;
    if (fits0 === undefined || fits1 === undefined || fits2 === undefined || fits3 === undefined) return EMPTY_HITS;
    this.#count = 0;
    let one = 0;
    let two = 0;
    let three = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if ((three & (fits3[byte] ?? 0)) !== 0) this.#verify(bytes, at - 3);
      three = two & (fits2[byte] ?? 0);
      two = one & (fits1[byte] ?? 0);
      one = fits0[byte] ?? 0;
    }
    // A window of three bytes may end the region; no byte is left to stand for its fourth.
    if (three !== 0) this.#verify(bytes, bytes.length - 3);
    return this.#finish();
  }

  #finish(): Hits {
    const count = this.#count;
    if (this.#list.isEmpty) {
      if (count === 0) return EMPTY_HITS;
      return { count, offsets: this.#offsets.subarray(0, count), ids: this.#ids.subarray(0, count) };
    }
    this.#settle(count);
    return this.#list.finish();
  }

  #verify(bytes: Uint8Array, window: number): void {
    const [b0 = 0, b1 = 0, b2 = 0, b3 = 0] = [bytes[window], bytes[window + 1], bytes[window + 2], bytes[window + 3]];
    const hash = hashOf(b0 | (b1 << 8) | (b2 << 16) | (b3 << 24), this.#tables.hashMask, this.#tables.hashBits);
    const to = this.#heads[hash + 1] ?? 0;
    for (let index = this.#heads[hash] ?? 0; index < to; index++) {
      const entry = this.#layout.entries + index * ENTRY_SIZE;
      const offset = window - (this.#image[entry + 2] ?? 0);
      const length = this.#image[entry + 3] ?? 0;
      if (offset < 0 || offset + length > bytes.length) continue;
      const text = this.#layout.texts + this.#data.getUint32(entry + 4, true);
      if (this.#isSame(bytes, offset, { text, length })) this.#emit(offset, this.#data.getUint16(entry, true), window);
    }
  }

  #isSame(bytes: Uint8Array, offset: number, literal: { readonly text: number; readonly length: number }): boolean {
    for (let index = 0; index < literal.length; index++) {
      const at = literal.text + (index >> 4) * TEXT_BLOCK_SIZE + (index & 15);
      if (((bytes[offset + index] ?? 0) | (this.#image[at + 16] ?? 0)) !== this.#image[at]) return false;
    }
    return true;
  }

  #emit(offset: number, id: number, window: number): void {
    if (this.#count === this.#offsets.length) this.#flush(window);
    const offsets = this.#offsets;
    const ids = this.#ids;
    let index = this.#count++;
    for (; index > 0; index--) {
      const other = offsets[index - 1] ?? 0;
      const otherId = ids[index - 1] ?? 0;
      if (other < offset || (other === offset && otherId < id)) break;
      offsets[index] = other;
      ids[index] = otherId;
    }
    offsets[index] = offset;
    ids[index] = id;
  }

  #flush(window: number): void {
    let settled = this.#count;
    while (settled > 0 && (this.#offsets[settled - 1] ?? 0) + LONGEST > window) settled--;
    this.#settle(settled);
  }

  #settle(count: number): void {
    this.#list.add(this.#offsets.slice(0, count), this.#ids.slice(0, count));
    this.#offsets.copyWithin(0, count, this.#count);
    this.#ids.copyWithin(0, count, this.#count);
    this.#count -= count;
  }
}

function bucketsOf(image: Uint8Array, buckets: number, position: number): Uint16Array {
  const fits = new Uint16Array(256);
  for (let group = 0; group < buckets / 8; group++) {
    const low = group * NIBBLES_SIZE + position * 16;
    for (let byte = 0; byte < 256; byte++) {
      const bits = (image[low + (byte & 15)] ?? 0) & (image[low + NIBBLES_SIZE / 2 + (byte >> 4)] ?? 0);
      fits[byte] = (fits[byte] ?? 0) | (bits << (8 * group));
    }
  }
  return fits;
}
