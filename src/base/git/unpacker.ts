// The WebAssembly module that opens pack entries → calls with names, over one memory that grows.

/** Indices of the control block's words; repeated in assembly/control.ts, the two must agree. */
const Word = {
  taken: 0,
  fault: 1,
  type: 2,
  size: 3,
  headerLength: 4,
  distanceLow: 5,
  distanceHigh: 6,
  pieces: 7,
  zones: 8,
  zoneBytes: 9,
  edges: 10,
  names: 11,
  held: 12,
  edgesAt: 13,
  heldAt: 14,
  namesAt: 15,
} as const;

const pageBytes = 65_536;
/** Every buffer must be readable and writable for so many bytes behind its end. */
export const slackBytes = 64;
/** Stands for the blob in what a tree holds, where it is the name that was looked for. */
export const named = 0xfffffffe;
/** What calls answer when they fail. */
export const failed = 0xffffffff;

/** Why a call failed, in the order of the module's numbers. */
const faults = [
  "",
  "damaged compressed data",
  "wrong size",
  "wrong checksum",
  "damaged delta",
  "damaged header",
  "damaged tree",
];

interface Exports {
  readonly memory: WebAssembly.Memory;
  control(): number;
  floor(): number;
  crc32(at: number, length: number, crc: number): number;
  header(at: number, length: number): number;
  inflate(from: number, length: number, to: number, size: number): number;
  deltaSize(delta: number, length: number, baseSize: number): number;
  applyDelta(base: number, baseSize: number, to: number, pieces: number): number;
  findZones(at: number, pieces: number, baseSize: number, out: number): number;
  setMargin(bytes: number): void;
  writeSketch(to: number): number;
  mark(id: number): void;
  placeOf(id: number): number;
  namesSeen(): number;
  wantName(key: number): void;
  nameKey(at: number, length: number): number;
  readTree(at: number, length: number, out: number): number;
  readCommit(at: number, length: number, out: number): number;
  useIds(first: number, ids: number, idBytes: number): void;
  useWanted(filter: number, mask: number, flags: number): void;
  useNames(table: number, mask: number, key: bigint): void;
}

/** What the start of a pack entry says. */
export interface EntryHeader {
  /** 1 commit, 2 tree, 3 blob, 4 tag, 6 delta at a distance, 7 delta of an id. */
  readonly type: number;
  /** Bytes of the content (of the delta, for one); 0xffffffff for anything larger. */
  readonly size: number;
  readonly length: number;
  /** For type 6: how far before the entry its base stands. */
  readonly distance: number;
}

/** The module over a memory of its own. Addresses are bytes in that memory; not re-entrant, one per thread. */
export class Unpacker {
  readonly calls: Exports;
  #bytes: Uint8Array;
  #words: Uint32Array;
  #control: Uint32Array;

  constructor(module: WebAssembly.Module) {
    this.calls = new WebAssembly.Instance(module).exports as unknown as Exports;
    this.#bytes = new Uint8Array(this.calls.memory.buffer);
    this.#words = new Uint32Array(this.calls.memory.buffer);
    this.#control = this.#words.subarray(this.calls.control() >>> 2);
  }

  /** First address that may be used. */
  get floor(): number {
    return this.calls.floor() >>> 0;
  }

  /** The whole memory; dead after `ensure`. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** The same as 32-bit words: index = address / 4. */
  get words(): Uint32Array {
    return this.#words;
  }

  /** How large the memory is. */
  get size(): number {
    return this.#bytes.length;
  }

  /** Makes the memory at least `size` bytes large; false when it cannot be. */
  ensure(size: number): boolean {
    const held = this.#bytes.length;
    if (size <= held) return true;
    try {
      this.calls.memory.grow(Math.ceil((Math.max(size, held * 1.2) - held) / pageBytes));
    } catch {
      return false;
    }
    this.#bytes = new Uint8Array(this.calls.memory.buffer);
    this.#words = new Uint32Array(this.calls.memory.buffer);
    this.#control = this.#words.subarray(this.calls.control() >>> 2);
    return true;
  }

  /** A part of the memory as a Buffer, without copying; dead after `ensure`. */
  view(at: number, length: number): Buffer {
    return Buffer.from(this.#bytes.buffer as ArrayBuffer, at, length);
  }

  /** The header of the entry at `at`, or undefined when it is damaged. */
  header(at: number, length: number): EntryHeader | undefined {
    if (this.calls.header(at, length) >>> 0 === failed) return undefined;
    const control = this.#control;
    return {
      type: control[Word.type] as number,
      size: control[Word.size] as number,
      length: control[Word.headerLength] as number,
      distance: (control[Word.distanceLow] as number) + (control[Word.distanceHigh] as number) * 2 ** 32,
    };
  }

  /** Pieces of the last delta, zones of the last sketch, edges, held and names of the last tree. */
  count(of: "pieces" | "zones" | "edges" | "held" | "names"): number {
    return this.#control[Word[of]] as number;
  }

  /** Address of what the last tree gave. */
  placeOf(of: "edges" | "held" | "names"): number {
    return this.#control[Word[`${of}At`]] as number;
  }

  /** Why the last call failed, in words. */
  get fault(): string {
    return faults[this.#control[Word.fault] as number] ?? "unknown fault";
  }
}
