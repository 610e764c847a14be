// Multi-pack indexes made by hand: both hashes, large offsets, and every way in which one can lie.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sortedIndex, unitedIndex } from "../../../../src/base/git/sorted-index.ts";
import { readMultiPackIndex } from "../../../../src/base/git/multi-pack-index.ts";
import { PackFormatError } from "../../../../src/base/git/pack-format-error.ts";
import { multiPackIndexBytes, someIds, words } from "../../../helpers/pack-index-bytes.ts";

const packs = ["pack-a.idx", "pack-bb.idx", "pack-c.idx"];

function entriesOf(count: number, idBytes: 20 | 32) {
  return someIds(count, idBytes).map((id, place) => ({ id, offset: 12 + place * 7, pack: place % 2 }));
}

/** Where a chunk starts, read as a plain search for its row. */
function chunkStart(bytes: Buffer, name: string): number {
  return Number(bytes.readBigUInt64BE(bytes.indexOf(name) + 4));
}

describe.each([20, 32] as const)("ids of %i bytes", (idBytes) => {
  test.each([1, 2])("version %i gives each pack its own index", (version) => {
    const entries = entriesOf(500, idBytes);
    const index = readMultiPackIndex(multiPackIndexBytes(packs, entries, idBytes, { version }), idBytes);
    expect(index.packs).toEqual(packs);
    for (const pack of [0, 1, 2]) {
      const own = entries.filter((entry) => entry.pack === pack);
      const found = index.indexOf(pack);
      expect([found.count, found.idBytes, found.sound, found.crcs]).toEqual([own.length, idBytes, true, undefined]);
      expect(Buffer.from(found.ids).equals(Buffer.concat(own.map(({ id }) => id)))).toBe(true);
      expect([...found.offsets]).toEqual(own.map(({ offset }) => offset));
    }
  });

  test("without a table of large offsets, 32 bits are an offset", () => {
    const entries = someIds(2, idBytes).map((id) => ({ id, offset: 2 ** 31 + 5 }));
    const index = readMultiPackIndex(multiPackIndexBytes(["pack-a.idx"], entries, idBytes), idBytes);
    expect([...index.indexOf(0).offsets]).toEqual([2 ** 31 + 5, 2 ** 31 + 5]);
  });

  test("with one, the high bit points into it", () => {
    const far = [2 ** 31 + 5, 12, 3 * 2 ** 32 + 1];
    const entries = someIds(3, idBytes).map((id, place) => ({ id, offset: far[place]! }));
    const index = readMultiPackIndex(multiPackIndexBytes(["pack-a.idx"], entries, idBytes), idBytes);
    expect([...index.indexOf(0).offsets]).toEqual(far);
    const spoil = (bytes: Buffer): Buffer => {
      words(2 ** 31 + 2).copy(bytes, chunkStart(bytes, "OOFF") + 4);
      return bytes;
    };
    const lying = readMultiPackIndex(multiPackIndexBytes(["pack-a.idx"], entries, idBytes, { spoil }), idBytes);
    expect([...lying.indexOf(0).offsets]).toEqual([Infinity, 12, 3 * 2 ** 32 + 1]);
  });

  test("cut anywhere, or with any bit flipped: an error of ours, or unsound", () => {
    const bytes = multiPackIndexBytes(packs, entriesOf(6, idBytes), idBytes);
    const outcome = (spoiled: Buffer): unknown => {
      try {
        return readMultiPackIndex(spoiled, idBytes).indexOf(0).sound;
      } catch (error) {
        return error instanceof PackFormatError ? "refused" : error;
      }
    };
    for (let length = 0; length < bytes.length; length += 1) {
      expect([length, outcome(bytes.subarray(0, length))]).toEqual([length, expect.toBeOneOf([false, "refused"])]);
    }
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const spoiled = Buffer.from(bytes);
        spoiled[bit >> 3]! ^= 1 << (bit & 7);
        expect(outcome(spoiled)).toBeOneOf([false, "refused"]);
      }),
      { numRuns: 1000 },
    );
  });

  test("an object of a pack that is not named is in no pack", () => {
    const entries = entriesOf(4, idBytes).map((entry) => ({ ...entry, pack: 0xffffffff }));
    const index = readMultiPackIndex(multiPackIndexBytes(packs, entries, idBytes), idBytes);
    expect(packs.map((_, pack) => index.indexOf(pack).count)).toEqual([0, 0, 0]);
  });
});

const good = () => multiPackIndexBytes(packs, entriesOf(5, 20), 20);
const spoiled = (change: (bytes: Buffer) => void): Buffer =>
  multiPackIndexBytes(packs, entriesOf(5, 20), 20, {
    spoil: (bytes) => {
      change(bytes);
      return bytes;
    },
  });

test.each([
  ["nothing", Buffer.alloc(0), /too short/],
  ["zeros", Buffer.alloc(2000), /not a multi-pack index/],
  ["version 3", spoiled((bytes) => bytes.writeUInt8(3, 4)), /unknown version 3/],
  ["one for SHA-256", spoiled((bytes) => bytes.writeUInt8(2, 5)), /another hash/],
  ["more chunks than bytes", spoiled((bytes) => bytes.writeUInt8(255, 6)), /too short|outside/],
  ["more packs than names", spoiled((bytes) => bytes.writeUInt32BE(0xffffffff, 8)), /names fewer/],
  ["a chunk far away", spoiled((bytes) => bytes.writeUInt32BE(1, 16)), /outside of the file/],
  ["no names", multiPackIndexBytes(packs, entriesOf(5, 20), 20, { leaveOut: "PNAM" }), /no chunk PNAM/],
  ["no fan-out", multiPackIndexBytes(packs, entriesOf(5, 20), 20, { leaveOut: "OIDF" }), /no chunk OIDF/],
  ["no ids", multiPackIndexBytes(packs, entriesOf(5, 20), 20, { leaveOut: "OIDL" }), /no chunk OIDL/],
  ["no offsets", multiPackIndexBytes(packs, entriesOf(5, 20), 20, { leaveOut: "OOFF" }), /no chunk OOFF/],
  ["ids of another size", good(), /another hash/, 32],
] as const)("%s is refused", (_, bytes, says, idBytes: 20 | 32 = 20) => {
  expect(() => readMultiPackIndex(bytes, idBytes)).toThrow(PackFormatError);
  expect(() => readMultiPackIndex(bytes, idBytes)).toThrow(says);
});

test.each([
  ["a count that lies", (bytes: Buffer, at: number) => bytes.writeUInt32BE(0xfffffff, at + 255 * 4)],
  ["a fan-out that goes down", (bytes: Buffer, at: number) => bytes.writeUInt32BE(0xffff, at + 9 * 4)],
])("%s hides nothing, but it is not sound", (_, spoil) => {
  const index = readMultiPackIndex(
    spoiled((bytes) => spoil(bytes, chunkStart(bytes, "OIDF"))),
    20,
  );
  expect(index.sound).toBe(false);
  const whole = readMultiPackIndex(good(), 20);
  expect(packs.map((__, pack) => [...index.indexOf(pack).ids])).toEqual(
    packs.map((__, pack) => [...whole.indexOf(pack).ids]),
  );
});

test("two damaged indexes of a pack know together what each of them lost", () => {
  const entries = entriesOf(40, 20).map((entry) => ({ ...entry, pack: 0 }));
  const whole = readMultiPackIndex(multiPackIndexBytes(packs, entries, 20), 20).indexOf(0);
  const losing = (place: number) => {
    const ids = Uint8Array.from(whole.ids);
    ids.fill(0, place * 20, (place + 3) * 20);
    return { ...whole, ids, sound: false };
  };
  const united = sortedIndex(unitedIndex(losing(4), losing(20)));
  const placesOf = (index: typeof whole) =>
    new Map(
      Array.from({ length: index.count }, (_, place) => [
        Buffer.from(index.ids.subarray(place * 20, (place + 1) * 20)).toString("hex"),
        index.offsets[place],
      ]),
    );
  const known = placesOf(united);
  for (const [id, offset] of placesOf(whole)) expect([id, known.get(id)]).toEqual([id, offset]);
  expect(united.sound).toBe(false);
});
