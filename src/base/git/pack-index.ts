// Turns the bytes of a pack's index (.idx, versions 1 and 2) into tables of ids, offsets and checksums.
// Format: gitformat-pack(5), "Original (version 1) pack-*.idx files" and "Version 2 pack-*.idx files".

import { createHash } from "node:crypto";

import { PackFormatError } from "./pack-format-error.ts";

const magic = 0xff744f63;
const fanOutBytes = 256 * 4;
const v2HeaderBytes = 8;
const largeFlag = 0x80000000;

/** Where the objects of one pack stand. Tables, not objects: packs hold millions. */
export interface PackIndex {
  readonly idBytes: 20 | 32;
  readonly count: number;
  /** `count` ids of `idBytes` each, sorted, one after the other. */
  readonly ids: Uint8Array;
  /**
   * Pack offset of each id, by its place in `ids`. Doubles, so packs over 4 GB fit. Infinity where the index points
   * outside of its own table of large offsets.
   */
  readonly offsets: Float64Array;
  /** CRC-32 of the packed bytes of each entry; absent in version 1 and in a multi-pack index. */
  readonly crcs?: Uint32Array;
  /** The trailer of the pack, as the index records it; empty when it comes from a multi-pack index. */
  readonly packChecksum: Uint8Array;
  /** Its own checksum holds and its ids are in order. Where not, ids and offsets are not to be believed. */
  readonly sound: boolean;
}

/**
 * Reads an index; `ids` and `packChecksum` are views of `bytes`, except in version 1.
 * @throws {PackFormatError} when it cannot be an index at all.
 */
export function readPackIndex(bytes: Buffer, idBytes: 20 | 32): PackIndex {
  if (bytes.length < fanOutBytes + 2 * idBytes) throw new PackFormatError("pack index is too short");
  if (bytes.readUInt32BE(0) !== magic) return readVersion1(bytes, idBytes);
  const version = bytes.readUInt32BE(4);
  if (version !== 2) throw new PackFormatError(`pack index has version ${version}; only 1 and 2 are known`);
  return readVersion2(bytes, idBytes);
}

function readVersion1(bytes: Buffer, idBytes: 20 | 32): PackIndex {
  const fanOut = readFanOut(bytes, 0);
  const count = fanOut[255] ?? 0;
  const entryBytes = 4 + idBytes;
  if (bytes.length !== fanOutBytes + count * entryBytes + 2 * idBytes) {
    throw new PackFormatError(`pack index says it has ${count} objects, which does not fit its size`);
  }
  const ids = new Uint8Array(count * idBytes);
  const offsets = new Float64Array(count);
  for (let entry = 0, from = fanOutBytes, to = 0; entry < count; entry += 1) {
    offsets[entry] = bytes.readUInt32BE(from);
    from += 4;
    for (const end = from + idBytes; from < end; from += 1, to += 1) ids[to] = bytes[from] ?? 0;
  }
  const packChecksum = view(bytes, bytes.length - 2 * idBytes, idBytes);
  const sound = checksumHolds(bytes, idBytes) && areSorted(ids, fanOut, idBytes);
  return { idBytes, count, ids, offsets, packChecksum, sound };
}

function readVersion2(bytes: Buffer, idBytes: 20 | 32): PackIndex {
  const idsStart = v2HeaderBytes + fanOutBytes;
  if (bytes.length < idsStart + 2 * idBytes) throw new PackFormatError("pack index is too short");
  const fanOut = readFanOut(bytes, v2HeaderBytes);
  const count = fanOut[255] ?? 0;
  const crcsStart = idsStart + count * idBytes;
  const offsetsStart = crcsStart + count * 4;
  const largeStart = offsetsStart + count * 4;
  const largeBytes = bytes.length - 2 * idBytes - largeStart;
  // git takes an odd number of bytes there, too, and finds what stands before the damage.
  if (largeBytes < 0 || largeBytes > count * 8) {
    throw new PackFormatError(`pack index says it has ${count} objects, which does not fit its size`);
  }
  const ids = view(bytes, idsStart, count * idBytes);
  return {
    idBytes,
    count,
    ids,
    offsets: widen(bigEndian32(bytes, offsetsStart, count), bytes.subarray(largeStart, largeStart + largeBytes)),
    crcs: bigEndian32(bytes, crcsStart, count),
    packChecksum: view(bytes, bytes.length - 2 * idBytes, idBytes),
    sound: largeBytes % 8 === 0 && checksumHolds(bytes, idBytes) && areSorted(ids, fanOut, idBytes),
  };
}

/**
 * The 256 running counts that start at `start`, which must be within `bytes`.
 * @throws {PackFormatError} when they ever go down.
 */
function readFanOut(bytes: Buffer, start: number): Uint32Array {
  const fanOut = bigEndian32(bytes, start, 256);
  for (let byte = 1; byte < 256; byte += 1) {
    if ((fanOut[byte] ?? 0) < (fanOut[byte - 1] ?? 0))
      throw new PackFormatError("pack index has a fan-out that goes down");
  }
  return fanOut;
}

/** `count` big-endian numbers from `start`, in memory of their own. The caller has checked that they are there. */
export function bigEndian32(bytes: Buffer, start: number, count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  const raw = Buffer.from(numbers.buffer);
  bytes.copy(raw, 0, start, start + count * 4);
  if (littleEndian) raw.swap32();
  return numbers;
}

const littleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Offsets of 31 bits as they are, those with the high bit from the table of 64-bit offsets. */
function widen(small: Uint32Array, large: Buffer): Float64Array {
  const offsets = new Float64Array(small.length);
  for (let entry = 0; entry < small.length; entry += 1) {
    const offset = small[entry] ?? 0;
    offsets[entry] = offset < largeFlag ? offset : largeOffset(large, offset - largeFlag);
  }
  return offsets;
}

/** The offset at `place` in a table of 64-bit offsets; Infinity, which is in no pack, when the table ends before. */
export function largeOffset(large: Buffer, place: number): number {
  const start = place * 8;
  if (start + 8 > large.length) return Infinity;
  return large.readUInt32BE(start) * 2 ** 32 + large.readUInt32BE(start + 4);
}

/** Does the hash over everything before the trailer stand in the trailer? */
export function checksumHolds(bytes: Buffer, idBytes: 20 | 32): boolean {
  const end = bytes.length - idBytes;
  const hash = createHash(idBytes === 20 ? "sha1" : "sha256");
  return hash.update(bytes.subarray(0, end)).digest().equals(bytes.subarray(end));
}

/** Are ids in ascending order (equal ones are allowed), and where the fan-out says? */
export function areSorted(ids: Uint8Array, fanOut: Uint32Array, idBytes: 20 | 32): boolean {
  const words = new DataView(ids.buffer, ids.byteOffset, ids.length);
  for (let byte = 0, start = 0; byte < 256; byte += 1) {
    const end = fanOut[byte] ?? 0;
    if (end > start && (ids[start * idBytes] !== byte || ids[(end - 1) * idBytes] !== byte)) return false;
    start = end;
  }
  for (let at = idBytes, before = words.byteLength < 4 ? 0 : words.getUint32(0); at < ids.length; at += idBytes) {
    const word = words.getUint32(at);
    if (word < before || (word === before && comesBefore(ids, at, idBytes))) return false;
    before = word;
  }
  return true;
}

/** Is the id at `at` smaller than the one in front of it? */
function comesBefore(ids: Uint8Array, at: number, idBytes: number): boolean {
  for (let byte = 4; byte < idBytes; byte += 1) {
    const difference = (ids[at + byte] ?? 0) - (ids[at - idBytes + byte] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** A part of `bytes` without copying; plain, so that nobody takes it for text. */
export function view(bytes: Buffer, start: number, length: number): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset + start, length);
}
