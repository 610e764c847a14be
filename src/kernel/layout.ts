// The built tables ↔ bytes: how the image of the tables is laid out, and where the module finds it.
import type { KernelTables } from "./tables.ts";

/** Address of the control block; repeated in assembly/control.ts, the two must agree. */
export const CONTROL_ADDRESS = 1024;

/** Indices of the 32-bit words of the control block; likewise. */
export const Word = {
  nibbles: 0,
  heads: 1,
  entries: 2,
  texts: 3,
  hashShift: 4,
  hashMask: 5,
  buckets: 6,
  masks: 7,
  candidates: 8,
  hitOffsets: 9,
  hitIds: 10,
  hitCapacity: 11,
  longestChain: 12,
  runs: 13,
  runCapacity: 14,
  escapeOffsets: 15,
  escapeKinds: 16,
  escapeCapacity: 17,
  scratch: 18,
  hitCount: 20,
  settledCount: 21,
  runCount: 22,
  escapeCount: 23,
} as const;

/** Bytes of one set of eight buckets: four low-nibble tables, then four high-nibble tables. */
export const NIBBLES_SIZE = 128;

/** Bytes of one entry: id (2), window's offset in the literal (1), length (1), offset of its text (4). */
export const ENTRY_SIZE = 8;

/** Bytes of one block of a text: 16 bytes of text and 16 of what to fold, both 255 behind the literal's end. */
export const TEXT_BLOCK_SIZE = 32;

/** Where the parts of an image begin. */
export interface ImageLayout {
  readonly nibbles: number;
  readonly heads: number;
  readonly entries: number;
  readonly texts: number;
}

function aligned(offset: number): number {
  return Math.ceil(offset / 16) * 16;
}

/** The layout of an image with `hashBits` bits of hash, `entries` entries and 8 or 16 buckets. */
export function imageLayout(buckets: number, hashBits: number, entries: number): ImageLayout {
  const heads = (buckets / 8) * NIBBLES_SIZE;
  // One head more than there are hashes, and two bytes that a 32-bit read of the last one touches.
  const entriesAt = aligned(heads + 2 * ((1 << hashBits) + 2));
  return { nibbles: 0, heads, entries: entriesAt, texts: aligned(entriesAt + entries * ENTRY_SIZE) };
}

/** The image of built tables as bytes. */
export function imageOf(tables: KernelTables): Uint8Array {
  return new Uint8Array(Buffer.from(tables.image, "base64"));
}

/** Hash of the four bytes of a window as a little-endian word; indexes the heads. */
export function hashOf(word: number, hashMask: number, hashBits: number): number {
  return Math.imul((word | 0x20202020) & hashMask, 0x9e3779b1) >>> (32 - hashBits);
}
