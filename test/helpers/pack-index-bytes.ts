// Writes pack indexes and multi-pack indexes by hand, so that tests can hold what no git would write.

import { createHash } from "node:crypto";

/** One object of a made-up index. */
export interface IndexedObject {
  readonly id: Buffer;
  readonly offset: number;
  readonly crc?: number;
  /** For a multi-pack index: the place of its pack. */
  readonly pack?: number;
}

/** What to write differently from what git does. */
export interface IndexTwist {
  readonly version?: number;
  readonly large?: (entry: IndexedObject) => boolean;
  /** Changes the bytes before the checksum is made. */
  readonly spoil?: (bytes: Buffer) => Buffer;
}

function trailer(bytes: Buffer, idBytes: number): Buffer {
  return createHash(idBytes === 20 ? "sha1" : "sha256")
    .update(bytes)
    .digest();
}

/** Big-endian numbers of four bytes. */
export function words(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [place, number] of numbers.entries()) bytes.writeUInt32BE(number >>> 0, place * 4);
  return bytes;
}

function long(number: number): Buffer {
  return words(Math.floor(number / 2 ** 32), number % 2 ** 32);
}

function fanOut(entries: readonly IndexedObject[]): Buffer {
  const counts = Array.from({ length: 256 }, (_, byte) => entries.filter(({ id }) => id[0]! <= byte).length);
  return words(...counts);
}

/** `count` sorted ids, the same ones each time. */
export function someIds(count: number, idBytes: 20 | 32, seed = "id"): Buffer[] {
  const name = idBytes === 20 ? "sha1" : "sha256";
  const ids = Array.from({ length: count }, (_, place) => createHash(name).update(`${seed} ${place}`).digest());
  return ids.sort(Buffer.compare);
}

/** A .idx of version 2 (or 1) for entries that are sorted by id. */
export function packIndexBytes(entries: readonly IndexedObject[], idBytes: 20 | 32, twist: IndexTwist = {}): Buffer {
  const packChecksum = Buffer.alloc(idBytes, 0xab);
  let body: Buffer<ArrayBufferLike>;
  if (twist.version === 1) {
    const rows = entries.flatMap(({ id, offset }) => [words(offset), id]);
    body = Buffer.concat([fanOut(entries), ...rows, packChecksum]);
  } else {
    const isLarge = twist.large ?? (({ offset }) => offset >= 2 ** 31);
    const large = entries.filter((entry) => isLarge(entry));
    const offsets = entries.map((entry) => (isLarge(entry) ? 2 ** 31 + large.indexOf(entry) : entry.offset));
    body = Buffer.concat([
      words(0xff744f63, twist.version ?? 2),
      fanOut(entries),
      ...entries.map(({ id }) => id),
      words(...entries.map(({ crc }) => crc ?? 0)),
      words(...offsets),
      ...large.map(({ offset }) => long(offset)),
      packChecksum,
    ]);
  }
  body = twist.spoil?.(body) ?? body;
  return Buffer.concat([body, trailer(body, idBytes)]);
}

/** A multi-pack-index of version 1 over the packs named (`pack-….idx`), for entries that are sorted by id. */
export function multiPackIndexBytes(
  packs: readonly string[],
  entries: readonly IndexedObject[],
  idBytes: 20 | 32,
  twist: IndexTwist & { readonly leaveOut?: string } = {},
): Buffer {
  const isLarge = twist.large ?? (({ offset }) => offset >= 2 ** 32);
  const anyLarge = entries.some((entry) => isLarge(entry));
  const large = entries.filter((entry) => isLarge(entry) || (anyLarge && entry.offset >= 2 ** 31));
  const names = Buffer.from(packs.map((name) => `${name}\0`).join(""));
  const chunks: [string, Buffer][] = [
    ["PNAM", Buffer.concat([names, Buffer.alloc((4 - (names.length % 4)) % 4)])],
    ["OIDF", fanOut(entries)],
    ["OIDL", Buffer.concat(entries.map(({ id }) => id))],
    [
      "OOFF",
      words(
        ...entries.flatMap((entry) => [
          entry.pack ?? 0,
          large.includes(entry) ? 2 ** 31 + large.indexOf(entry) : entry.offset,
        ]),
      ),
    ],
  ];
  if (large.length > 0) chunks.push(["LOFF", Buffer.concat(large.map(({ offset }) => long(offset)))]);
  const kept = chunks.filter(([name]) => name !== twist.leaveOut);
  let at = 12 + (kept.length + 1) * 12;
  const table = kept.map(([name, chunk]) => {
    const row = Buffer.concat([Buffer.from(name), long(at)]);
    at += chunk.length;
    return row;
  });
  let body: Buffer<ArrayBufferLike> = Buffer.concat([
    Buffer.from("MIDX"),
    Buffer.from([twist.version ?? 1, idBytes === 20 ? 1 : 2, kept.length, 0]),
    words(packs.length),
    ...table,
    words(0),
    long(at),
    ...kept.map(([, chunk]) => chunk),
  ]);
  body = twist.spoil?.(body) ?? body;
  return Buffer.concat([body, trailer(body, idBytes)]);
}
