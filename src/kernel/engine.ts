// What the two twins do differently: memory and the inner loops. Everything above them is shared.
import type { Hits } from "./kernel.ts";

/** Kinds of runs, as in `Segments.kind`. */
export const RunKind = { base64: 0, hex: 1, utf16: 2 } as const;

/** Kinds of escapes, as in `Decoded.escapes.ids`. */
export const EscapeKind = { percent: 0, unicode: 1, hex: 2, entity: 3 } as const;

/** One batch of the class pass. Offsets count from the region's start; the arrays belong to the caller. */
export interface ScanBatch {
  /** Whether the region is read to its end; if not, `scanMore` goes on. */
  readonly done: boolean;
  /** Triples of kind, start and end, in order of start; hex runs follow the base64 run that they lie in. */
  readonly runs: Uint32Array;
  readonly escapeOffsets: Uint32Array;
  readonly escapeKinds: Uint8Array;
}

/**
 * Memory with inner loops over it. Addresses are absolute; the memory must be readable and writable for 64 bytes
 * behind every range that is passed.
 */
export interface Engine {
  readonly kind: "simd" | "plain";
  /** First address that contents may use, a multiple of 64. */
  readonly floor: number;
  /** The whole memory; dead after `ensure` or `reset`. */
  bytes(): Uint8Array;
  /** Grows the memory to at least `size` bytes, keeping what it holds. Throws InternalError when that fails. */
  ensure(size: number): void;
  /** Drops the memory for a new one of the first size. */
  reset(): void;
  /** All hits in `length` bytes at `at`; valid until the next find. */
  find(at: number, length: number): Hits;
  /** Begins the class pass over `length` bytes at `at`. */
  scan(at: number, length: number): ScanBatch;
  /** The next batch of the pass; the region's bytes must be as they were. */
  scanMore(): ScanBatch;
  /**
   * Decodes `length` base64 characters at `from` to `to`; the ranges may overlap if `to` is not above `from`. Returns
   * the number of bytes, or 0 when no eight of them in a row are text. May write 16 bytes past them.
   */
  base64(from: number, length: number, to: number): number;
  /** The same for hex digits; the ranges must not overlap. */
  hex(from: number, length: number, to: number): number;
  /** The same for every other byte, beginning with the one at `from`; the ranges must not overlap. */
  utf16(from: number, length: number, to: number): number;
}
