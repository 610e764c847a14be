// Objects in, a pack file and what its index would say of it out, written by hand: sound packs and impossible ones.

import { createHash } from "node:crypto";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { orderEntries } from "../../src/base/git/pack-order.ts";
import type { PackEntries } from "../../src/base/git/pack-order.ts";

/** One entry of a pack to write. */
export interface WrittenEntry {
  /** 1 commit, 2 tree, 3 blob, 4 tag, 6 delta at a distance, 7 delta of an id. */
  readonly type: number;
  /** The content, or the delta. */
  readonly body: Buffer;
  /** For type 6: the place of its base in the list, or a distance of its own. */
  readonly base?: number | { readonly distance: number };
  /** For type 7. */
  readonly baseId?: Buffer;
  /** What the header says its size is, where that is a lie. */
  readonly size?: number;
  /** What stands in the place of the compressed body. */
  readonly packed?: Buffer;
}

/** The type and size at the start of an entry. */
export function headerBytes(type: number, size: number): Buffer {
  const bytes = [(type << 4) | (size % 16)];
  for (let left = Math.floor(size / 16); left > 0; left = Math.floor(left / 128)) {
    bytes[bytes.length - 1] = (bytes.at(-1) as number) | 128;
    bytes.push(left % 128);
  }
  return Buffer.from(bytes);
}

/** The distance of a delta's base, as packs write it. */
export function distanceBytes(distance: number): Buffer {
  const bytes = [distance % 128];
  for (let left = Math.floor(distance / 128) - 1; left >= 0; left = Math.floor(left / 128) - 1)
    bytes.unshift(128 | (left % 128));
  return Buffer.from(bytes);
}

/** A written pack. */
export interface WrittenPack {
  readonly bytes: Buffer;
  /** By the entries' places in the list. */
  readonly offsets: readonly number[];
  readonly crcs: readonly number[];
}

/** Writes a pack with its trailer. */
export function packBytes(entries: readonly WrittenEntry[], idBytes: 20 | 32 = 20): WrittenPack {
  const head = Buffer.alloc(12);
  head.write("PACK", "latin1");
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(entries.length, 8);
  const parts = [head];
  const offsets: number[] = [];
  const crcs: number[] = [];
  let at = head.length;
  for (const { type, body, base, baseId, size, packed } of entries) {
    const distance = typeof base === "number" ? at - (offsets[base] as number) : (base?.distance ?? 0);
    const entry = Buffer.concat([
      headerBytes(type, size ?? body.length),
      type === 6 ? distanceBytes(distance) : (baseId ?? Buffer.alloc(0)),
      packed ?? deflateSync(body),
    ]);
    offsets.push(at);
    crcs.push(crc32(entry));
    parts.push(entry);
    at += entry.length;
  }
  const body = Buffer.concat(parts);
  const trailer = createHash(idBytes === 20 ? "sha1" : "sha256")
    .update(body)
    .digest();
  return { bytes: Buffer.concat([body, trailer]), offsets, crcs };
}

/** A pack on the disk, opened, with its entries in order. */
export interface OpenedPack {
  readonly file: number;
  readonly size: number;
  readonly entries: PackEntries;
  close(): void;
}

/** The entries of one pack whose objects stand in the order of `offsets`. */
export function entriesOf(offsets: readonly number[], bytes: number, idBytes: 20 | 32 = 20): PackEntries {
  const index = {
    idBytes,
    count: offsets.length,
    ids: new Uint8Array(idBytes * offsets.length),
    offsets: Float64Array.from(offsets),
    packChecksum: new Uint8Array(0),
    sound: true,
  };
  return orderEntries([{ index, bytes }]);
}

/** Writes the bytes of a pack to a folder and opens it; `close` it afterwards. */
export function openPack(folder: string, pack: WrittenPack): OpenedPack {
  const path = join(folder, `pack-${createHash("sha1").update(pack.bytes).digest("hex")}.pack`);
  writeFileSync(path, pack.bytes);
  const file = openSync(path, "r");
  const size = pack.bytes.length;
  return { file, size, entries: entriesOf(pack.offsets, size), close: () => closeSync(file) };
}
