// Turns a multi-pack-index into one pack index for each pack that it names; for packs whose own .idx is missing.
// Format: gitformat-pack(5), "multi-pack-index (MIDX) files have the following format", in gitformat-chunk(5).

import { PackFormatError } from "./pack-format-error.ts";
import { areSorted, bigEndian32, checksumHolds, largeOffset, view, type PackIndex } from "./pack-index.ts";

const headerBytes = 12;
const chunkRowBytes = 12;
const largeFlag = 0x80000000;

/** A multi-pack-index, or one layer of an incremental one: a layer is a whole file over packs of its own. */
export interface MultiPackIndex {
  /** File names of the packs' indexes (`pack-….idx`), in the order in which the file numbers them. */
  readonly packs: readonly string[];
  /** Its own checksum holds and its ids are in order. */
  readonly sound: boolean;
  /**
   * What it knows of one pack, by its place in `packs`. An object that stands in several packs is listed under one of
   * them only, so this may be a part of what is in the pack. It has no CRCs and an empty `packChecksum`.
   */
  indexOf(pack: number): PackIndex;
}

/**
 * Reads a multi-pack-index of version 1 or 2 (they differ in the order of the packs only).
 * @throws {PackFormatError} when it cannot be one at all.
 */
export function readMultiPackIndex(bytes: Buffer, idBytes: 20 | 32): MultiPackIndex {
  const chunks = readChunks(bytes, idBytes);
  const packs = readNames(required(chunks, "PNAM"), bytes.readUInt32BE(8));
  const fanOutChunk = required(chunks, "OIDF");
  if (fanOutChunk.length !== 256 * 4) throw new PackFormatError("multi-pack index has a fan-out of the wrong size");
  const fanOut = bigEndian32(fanOutChunk, 0, 256);
  const ids = required(chunks, "OIDL");
  const places = required(chunks, "OOFF");
  const count = ids.length / idBytes;
  if (places.length !== count * 8) throw new PackFormatError("multi-pack index has tables of different lengths");
  const numbers = bigEndian32(places, 0, count * 2);
  const idsView = view(ids, 0, ids.length);
  // git goes by the one number of the fan-out that it needs, so damage elsewhere in it hides nothing.
  const sound = fanOut[255] === count && checksumHolds(bytes, idBytes) && areSorted(idsView, fanOut, idBytes);
  const table = { ids: idsView, numbers, large: chunks.get("LOFF"), idBytes, sound };
  return { packs, sound, indexOf: (pack) => indexOf(table, pack) };
}

interface MultiPackTable {
  readonly ids: Uint8Array;
  /** Pack and offset of each object, in turns. */
  readonly numbers: Uint32Array;
  readonly large: Buffer | undefined;
  readonly idBytes: 20 | 32;
  readonly sound: boolean;
}

function indexOf(table: MultiPackTable, pack: number): PackIndex {
  const { ids, numbers, large, idBytes, sound } = table;
  let count = 0;
  for (let at = 0; at < numbers.length; at += 2) if (numbers[at] === pack) count += 1;
  const own = new Uint8Array(count * idBytes);
  const offsets = new Float64Array(count);
  for (let at = 0, entry = 0; at < numbers.length; at += 2) {
    if (numbers[at] !== pack) continue;
    const from = (at / 2) * idBytes;
    own.set(ids.subarray(from, from + idBytes), entry * idBytes);
    const offset = numbers[at + 1] ?? 0;
    // Without a table of large offsets the high bit is a part of the offset.
    offsets[entry] = large === undefined || offset < largeFlag ? offset : largeOffset(large, offset - largeFlag);
    entry += 1;
  }
  return { idBytes, count, ids: own, offsets, packChecksum: new Uint8Array(0), sound };
}

/** The chunks by name; of several with one name the first counts, as it does for git. */
function readChunks(bytes: Buffer, idBytes: 20 | 32): Map<string, Buffer> {
  if (bytes.length < headerBytes + chunkRowBytes + idBytes) throw new PackFormatError("multi-pack index is too short");
  if (bytes.toString("latin1", 0, 4) !== "MIDX") throw new PackFormatError("not a multi-pack index");
  const version = bytes[4] ?? 0;
  if (version !== 1 && version !== 2) throw new PackFormatError(`multi-pack index has unknown version ${version}`);
  if (bytes[5] !== (idBytes === 20 ? 1 : 2)) {
    throw new PackFormatError("multi-pack index is for another hash than the repository's");
  }
  const rows = bytes[6] ?? 0;
  const end = bytes.length - idBytes;
  if (headerBytes + (rows + 1) * chunkRowBytes > end) throw new PackFormatError("multi-pack index is too short");
  const chunks = new Map<string, Buffer>();
  for (let row = 0; row < rows; row += 1) {
    const at = headerBytes + row * chunkRowBytes;
    const name = bytes.toString("latin1", at, at + 4);
    const start = largeOffset(bytes.subarray(at + 4), 0);
    const stop = largeOffset(bytes.subarray(at + 4 + chunkRowBytes), 0);
    if (start > stop || stop > end) throw new PackFormatError("multi-pack index has a chunk outside of the file");
    if (!chunks.has(name)) chunks.set(name, bytes.subarray(start, stop));
  }
  return chunks;
}

function required(chunks: ReadonlyMap<string, Buffer>, name: string): Buffer {
  const chunk = chunks.get(name);
  if (chunk === undefined) throw new PackFormatError(`multi-pack index has no chunk ${name}`);
  return chunk;
}

function readNames(chunk: Buffer, count: number): string[] {
  const names: string[] = [];
  for (let start = 0; names.length < count;) {
    const end = chunk.indexOf(0, start);
    if (end <= start) throw new PackFormatError(`multi-pack index says it has ${count} packs, but names fewer`);
    names.push(chunk.toString("utf8", start, end));
    start = end + 1;
  }
  return names;
}
