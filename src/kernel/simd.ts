// The fast twin: inner loops in WebAssembly SIMD over the module's own memory.
import { InternalError } from "../errors.ts";
import type { Engine, ScanBatch } from "./engine.ts";
import type { Hits } from "./kernel.ts";
import { CONTROL_ADDRESS, Word, imageLayout, imageOf } from "./layout.ts";
import { EMPTY_HITS } from "./lists.ts";
import type { KernelTables } from "./tables.ts";

const PAGE_BYTES = 65_536;
const BLOCK_BYTES = 8192;
const RUN_CAPACITY = 1024;
const ESCAPE_CAPACITY = 2048;
// Holds what 4,096 base64 characters decode to, and what the decoder writes past it.
const SCRATCH_BYTES = 4096;
const LEAST_HITS = 8192;
const fewHits = 64;
const IMAGE_ADDRESS = CONTROL_ADDRESS + 128;

const EMPTY_BATCH: ScanBatch = {
  done: true,
  runs: new Uint32Array(0),
  escapeOffsets: new Uint32Array(0),
  escapeKinds: new Uint8Array(0),
};

interface Exports {
  readonly memory: WebAssembly.Memory;
  find(at: number, length: number): number;
  findMore(): number;
  scan(at: number, length: number): number;
  scanMore(): number;
  base64(from: number, length: number, to: number): number;
  hex(from: number, length: number, to: number): number;
  utf16(from: number, length: number, to: number): number;
}

// Addresses of the fixed buffers, in the words of the control block that hold them.
interface Layout {
  readonly words: ReadonlyMap<number, number>;
  readonly hitCapacity: number;
  readonly floor: number;
}

/** Inner loops in WebAssembly; see `Engine` for the contract of each method. */
export class SimdEngine implements Engine {
  readonly kind = "simd";
  readonly floor: number;
  readonly #module: WebAssembly.Module;
  readonly #image: Uint8Array;
  readonly #layout: Layout;
  // Of the usual, small find; used again by the next.
  readonly #hits: Hits = { count: 0, offsets: new Uint32Array(LEAST_HITS), ids: new Uint16Array(LEAST_HITS) };
  #exports: Exports;
  #bytes: Uint8Array;
  #control: Uint32Array;
  #words: Uint32Array = new Uint32Array(0);
  #halves: Uint16Array = new Uint16Array(0);

  constructor(tables: KernelTables, module: WebAssembly.Module) {
    this.#module = module;
    this.#image = imageOf(tables);
    this.#layout = layoutOf(tables, this.#image.length);
    this.floor = this.#layout.floor;
    this.#exports = new WebAssembly.Instance(module).exports as unknown as Exports;
    this.#bytes = new Uint8Array(0);
    this.#control = new Uint32Array(0);
    this.#prepare();
  }

  bytes(): Uint8Array {
    return this.#bytes;
  }

  ensure(size: number): void {
    const held = this.#bytes.length;
    if (size <= held) return;
    const pages = Math.ceil((Math.max(size, held * 1.25) - held) / PAGE_BYTES);
    try {
      this.#exports.memory.grow(pages);
    } catch (cause) {
      throw new InternalError(`the matcher's memory cannot grow to ${size} bytes`, cause);
    }
    this.#refresh();
  }

  reset(): void {
    this.#exports = new WebAssembly.Instance(this.#module).exports as unknown as Exports;
    this.#prepare();
  }

  find(at: number, length: number): Hits {
    let more = this.#exports.find(at, length);
    let count = this.#word(Word.settledCount);
    if (more === 0 && count <= LEAST_HITS) {
      this.#takeHits(this.#hits, 0);
      return count === 0 ? EMPTY_HITS : { count, offsets: this.#hits.offsets, ids: this.#hits.ids };
    }
    // Counted first and searched again, so that ever so many hits stand in memory once.
    for (; more !== 0; count += this.#word(Word.settledCount)) more = this.#exports.findMore();
    const hits = { count, offsets: new Uint32Array(count), ids: new Uint16Array(count) };
    more = this.#exports.find(at, length);
    let taken = this.#takeHits(hits, 0);
    for (; more !== 0; taken += this.#takeHits(hits, taken)) more = this.#exports.findMore();
    return hits;
  }

  scan(at: number, length: number): ScanBatch {
    return this.#batch(this.#exports.scan(at, length) === 0);
  }

  scanMore(): ScanBatch {
    return this.#batch(this.#exports.scanMore() === 0);
  }

  base64(from: number, length: number, to: number): number {
    return this.#exports.base64(from, length, to) >>> 0;
  }

  hex(from: number, length: number, to: number): number {
    return this.#exports.hex(from, length, to) >>> 0;
  }

  utf16(from: number, length: number, to: number): number {
    return this.#exports.utf16(from, length, to) >>> 0;
  }

  #prepare(): void {
    this.#bytes = new Uint8Array(this.#exports.memory.buffer);
    this.ensure(this.floor);
    this.#refresh();
    this.#bytes.set(this.#image, IMAGE_ADDRESS);
    for (const [index, value] of this.#layout.words) this.#control[index] = value;
  }

  #refresh(): void {
    const { buffer } = this.#exports.memory;
    this.#bytes = new Uint8Array(buffer);
    this.#control = new Uint32Array(buffer, CONTROL_ADDRESS, 32);
    this.#words = new Uint32Array(buffer);
    this.#halves = new Uint16Array(buffer);
  }

  #word(index: number): number {
    return this.#control[index] ?? 0;
  }

  // Copies the settled hits, so that growing memory cannot detach them, and returns how many there are.
  #takeHits(to: Hits, at: number): number {
    const count = this.#word(Word.settledCount);
    if (count === 0) return 0;
    if (count > fewHits) {
      const { buffer } = this.#exports.memory;
      to.offsets.set(new Uint32Array(buffer, this.#word(Word.hitOffsets), count), at);
      to.ids.set(new Uint16Array(buffer, this.#word(Word.hitIds), count), at);
      return count;
    }
    // A view costs more than a few numbers do.
    const offsets = this.#word(Word.hitOffsets) / 4;
    const ids = this.#word(Word.hitIds) / 2;
    for (let index = 0; index < count; index++) {
      to.offsets[at + index] = this.#words[offsets + index] as number;
      to.ids[at + index] = this.#halves[ids + index] as number;
    }
    return count;
  }

  #batch(done: boolean): ScanBatch {
    const runs = this.#word(Word.runCount);
    const escapes = this.#word(Word.escapeCount);
    if (done && runs === 0 && escapes === 0) return EMPTY_BATCH;
    return {
      done,
      runs: this.#numbers(this.#word(Word.runs), 3 * runs),
      escapeOffsets: this.#numbers(this.#word(Word.escapeOffsets), escapes),
      escapeKinds: this.#bytes.slice(this.#word(Word.escapeKinds), this.#word(Word.escapeKinds) + escapes),
    };
  }

  #numbers(at: number, count: number): Uint32Array {
    return this.#words.slice(at / 4, at / 4 + count);
  }
}

function layoutOf(tables: KernelTables, imageSize: number): Layout {
  // Hits up to 64 bytes back are not settled, so the buffer must hold every literal at each of those bytes.
  const hitCapacity = Math.max(LEAST_HITS, 66 * tables.literals + 64);
  let next = IMAGE_ADDRESS + imageSize;
  const take = (size: number): number => {
    const at = Math.ceil(next / 64) * 64;
    next = at + size;
    return at;
  };
  const image = imageLayout(tables.buckets, tables.hashBits, tables.literals);
  const words = new Map<number, number>([
    [Word.nibbles, IMAGE_ADDRESS + image.nibbles],
    [Word.heads, IMAGE_ADDRESS + image.heads],
    [Word.entries, IMAGE_ADDRESS + image.entries],
    [Word.texts, IMAGE_ADDRESS + image.texts],
    [Word.hashShift, 32 - tables.hashBits],
    [Word.hashMask, tables.hashMask],
    [Word.buckets, tables.buckets],
    [Word.longestChain, tables.longestChain],
    [Word.masks, take(BLOCK_BYTES / 8 + 64)],
    [Word.candidates, take(BLOCK_BYTES * 2 + 64)],
    [Word.hitOffsets, take(hitCapacity * 4)],
    [Word.hitIds, take(hitCapacity * 2)],
    [Word.hitCapacity, hitCapacity],
    [Word.runs, take(RUN_CAPACITY * 12)],
    [Word.runCapacity, RUN_CAPACITY],
    [Word.escapeOffsets, take(ESCAPE_CAPACITY * 4)],
    [Word.escapeKinds, take(ESCAPE_CAPACITY)],
    [Word.escapeCapacity, ESCAPE_CAPACITY],
    [Word.scratch, take(SCRATCH_BYTES)],
  ]);
  return { words, hitCapacity, floor: take(0) };
}
