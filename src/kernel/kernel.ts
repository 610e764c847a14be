// Literals and bytes → exact hits and decoded runs: the interface of the kernel and the choice between its twins.
import type { Decoded } from "./decode.ts";
import { MatcherKernel } from "./matcher.ts";
import { PlainEngine } from "./plain.ts";
import { SimdEngine } from "./simd.ts";
import type { KernelTables } from "./tables.ts";

export type { Decoded, Segments } from "./decode.ts";
export { sourceMapper, sourceOffset } from "./pieces.ts";
export type { SourceMapper, SourceSegment } from "./pieces.ts";
export { buildTables } from "./tables.ts";
export type { KernelTables } from "./tables.ts";
export type { NgramCounts } from "./ngram-model.ts";

/** One string to look for: 3 to 64 bytes of ASCII. `ignoreCase` folds the letters A to Z only. */
export interface Literal {
  readonly text: string;
  readonly ignoreCase: boolean;
}

/** A place in the kernel's memory, in bytes. */
export interface Region {
  readonly at: number;
  readonly length: number;
}

/**
 * Places in a region: `offsets[i]` counts from the region's start, `ids[i]` says what stands there. Sorted by offset,
 * then id. The arrays are valid until the next call of the kernel that gave them.
 */
export interface Hits {
  readonly count: number;
  readonly offsets: Uint32Array;
  readonly ids: Uint16Array;
}

/** A literal-set matcher with a run decoder and the memory that both work on. Not re-entrant; one per thread. */
export interface Kernel {
  readonly kind: "simd" | "plain";
  /**
   * Makes room for the next content of `length` bytes and forgets the decoded output of the one before. May move the
   * memory: views taken earlier are dead. Throws InternalError when the memory cannot hold it.
   */
  reserve(length: number): Region;
  /** The bytes of a region; valid until the next `reserve`, `decode` or `release`. */
  view(region: Region): Uint8Array;
  /** Every occurrence of every literal inside the region, overlapping ones too; an id is the literal's index. */
  find(region: Region): Hits;
  /**
   * Decodes the base64, hex and UTF-16 runs of the region and finds its escapes. The output stands in arena `depth`
   * (0 to 5), which lives until the next decode with the same or a lower depth, or the next `reserve`. Decode the
   * content at depth 0, output of depth n at n + 1.
   */
  decode(region: Region, depth: number): Decoded;
  /** Gives memory back after a big content; every region and view is dead afterwards. */
  release(): void;
}

/** How to make a kernel: the compiled module, as bytes or ready, or `plain` to do without. */
export interface KernelOptions {
  readonly wasm?: Uint8Array | WebAssembly.Module;
  readonly plain?: boolean;
}

/** Makes a kernel for `tables`. Without a module, or where SIMD is missing, it is the plain twin, equal but slower. */
export function createKernel(tables: KernelTables, options: KernelOptions = {}): Kernel {
  const module = options.plain === true || options.wasm === undefined ? undefined : toModule(options.wasm);
  return new MatcherKernel(module === undefined ? new PlainEngine(tables) : new SimdEngine(tables, module));
}

function toModule(wasm: Uint8Array | WebAssembly.Module): WebAssembly.Module | undefined {
  if (typeof WebAssembly === "undefined") return undefined;
  if (wasm instanceof WebAssembly.Module) return wasm;
  return WebAssembly.validate(wasm) ? new WebAssembly.Module(wasm) : undefined;
}
