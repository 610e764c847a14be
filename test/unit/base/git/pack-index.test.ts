// Pack indexes made by hand: both versions, both hashes, large offsets, and every way in which one can lie.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PackFormatError } from "../../../../src/base/git/pack-format-error.ts";
import { readPackIndex } from "../../../../src/base/git/pack-index.ts";
import { packIndexBytes, someIds, words } from "../../../helpers/pack-index-bytes.ts";

const sizes = [20, 32] as const;
const versions = [1, 2] as const;
const kinds = sizes.flatMap((idBytes) => versions.map((version) => ({ idBytes, version })));

function entriesOf(count: number, idBytes: 20 | 32) {
  return someIds(count, idBytes).map((id, place) => ({ id, offset: 12 + place * 7, crc: 0xffffffff - place }));
}

describe.each(kinds)("version $version with ids of $idBytes bytes", ({ idBytes, version }) => {
  test.each([0, 1, 2, 3, 255, 1000])("%i objects", (count) => {
    const entries = entriesOf(count, idBytes);
    const index = readPackIndex(packIndexBytes(entries, idBytes, { version }), idBytes);
    expect(index.count).toBe(count);
    expect(Buffer.from(index.ids).equals(Buffer.concat(entries.map(({ id }) => id)))).toBe(true);
    expect([...index.offsets]).toEqual(entries.map(({ offset }) => offset));
    expect(index.crcs && [...index.crcs]).toEqual(version === 1 ? undefined : entries.map(({ crc }) => crc));
    expect(index.packChecksum).toEqual(new Uint8Array(idBytes).fill(0xab));
    expect(index.sound).toBe(true);
  });

  test("reads from the middle of a larger buffer, at any alignment", () => {
    const bytes = packIndexBytes(entriesOf(9, idBytes), idBytes, { version });
    for (const shift of [1, 2, 3, 8]) {
      const inside = Buffer.concat([Buffer.alloc(shift, 0xee), bytes, Buffer.alloc(5)]);
      const index = readPackIndex(inside.subarray(shift, shift + bytes.length), idBytes);
      expect([index.sound, index.count, index.offsets[8]]).toEqual([true, 9, 12 + 8 * 7]);
    }
  });

  test("cut anywhere: an error of ours", () => {
    const bytes = packIndexBytes(entriesOf(5, idBytes), idBytes, { version });
    for (let length = 0; length < bytes.length; length += 1) {
      let thrown: unknown;
      try {
        const { sound } = readPackIndex(bytes.subarray(0, length), idBytes);
        // A cut of exactly 8 bytes reads as a shorter table of large offsets would: the checksum tells.
        expect([length, sound]).toEqual([length, false]);
      } catch (error) {
        thrown = error;
        expect(thrown).toBeInstanceOf(PackFormatError);
      }
    }
  });

  test("any bit that flips is an error or unsound", () => {
    const bytes = packIndexBytes(entriesOf(4, idBytes), idBytes, { version });
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const spoiled = Buffer.from(bytes);
        spoiled[bit >> 3]! ^= 1 << (bit & 7);
        try {
          expect(readPackIndex(spoiled, idBytes).sound).toBe(false);
        } catch (error) {
          expect(error).toBeInstanceOf(PackFormatError);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("ids out of order are unsound, though the checksum holds", () => {
    const entries = entriesOf(300, idBytes);
    const same = entries.findIndex(({ id }, place) => entries[place + 1]?.id[0] === id[0]);
    const swapped = entries.with(same, entries[same + 1]!).with(same + 1, entries[same]!);
    expect(readPackIndex(packIndexBytes(swapped, idBytes, { version }), idBytes).sound).toBe(false);
  });

  test("ids that differ in their last byte only are put in order too", () => {
    const low = Buffer.alloc(idBytes, 7);
    const high = Buffer.from(low).fill(8, idBytes - 1);
    const index = (ids: Buffer[]) =>
      readPackIndex(
        packIndexBytes(
          ids.map((id) => ({ id, offset: 12 })),
          idBytes,
          { version },
        ),
        idBytes,
      );
    expect([index([low, high]).sound, index([low, low]).sound, index([high, low]).sound]).toEqual([true, true, false]);
  });

  test("ids that are not where the fan-out says are unsound", () => {
    const spoil = (bytes: Buffer): Buffer => {
      // Everything is said to start with 0xff.
      bytes.fill(0, version === 1 ? 0 : 8, (version === 1 ? 0 : 8) + 255 * 4);
      return bytes;
    };
    expect(readPackIndex(packIndexBytes(entriesOf(3, idBytes), idBytes, { version, spoil }), idBytes).sound).toBe(
      false,
    );
  });

  test.each([
    ["goes down", (fanOut: Buffer) => fanOut.writeUInt32BE(9, 40), /fan-out that goes down/],
    ["says one more", (fanOut: Buffer) => fanOut.writeUInt32BE(6, 255 * 4), /6 objects, which does not fit/],
    ["says one less", (fanOut: Buffer) => fanOut.writeUInt32BE(4, 255 * 4), /goes down|4 objects, which does not fit/],
    ["says four billion", (fanOut: Buffer) => fanOut.writeUInt32BE(0xffffffff, 255 * 4), /4294967295 objects/],
  ])("a fan-out that %s", (_, change, says) => {
    const spoil = (bytes: Buffer): Buffer => {
      change(bytes.subarray(version === 1 ? 0 : 8));
      return bytes;
    };
    const bytes = packIndexBytes(entriesOf(5, idBytes), idBytes, { version, spoil });
    expect(() => readPackIndex(bytes, idBytes)).toThrow(PackFormatError);
    expect(() => readPackIndex(bytes, idBytes)).toThrow(says);
  });
});

describe.each(sizes)("large offsets with ids of %i bytes", (idBytes) => {
  const ids = someIds(4, idBytes);
  const far = [2 ** 31, 12, 5 * 2 ** 32 + 17, 2 ** 31 - 1];
  const entries = ids.map((id, place) => ({ id, offset: far[place]! }));

  test("come from the table of 64-bit offsets", () => {
    const index = readPackIndex(packIndexBytes(entries, idBytes), idBytes);
    expect([[...index.offsets], index.sound]).toEqual([far, true]);
  });

  test("may be small, as `git index-pack --index-version=2,0x40` writes them", () => {
    const bytes = packIndexBytes(entries, idBytes, { large: () => true });
    expect([...readPackIndex(bytes, idBytes).offsets]).toEqual(far);
  });

  test("outside of the table are in no pack", () => {
    const spoil = (bytes: Buffer): Buffer => {
      const offsets = 8 + 1024 + 4 * (idBytes + 4);
      words(2 ** 31 + 2, 0xffffffff).copy(bytes, offsets);
      return bytes;
    };
    const index = readPackIndex(packIndexBytes(entries, idBytes, { spoil }), idBytes);
    expect([...index.offsets]).toEqual([Infinity, Infinity, far[2], far[3]]);
  });

  test("of more than 2^53 stay out of any pack", () => {
    const spoil = (bytes: Buffer): Buffer => {
      bytes.fill(0xff, bytes.length - idBytes - 8, bytes.length - idBytes);
      return bytes;
    };
    const index = readPackIndex(packIndexBytes(entries, idBytes, { spoil }), idBytes);
    expect(index.offsets[2]).toBeGreaterThan(2 ** 53);
  });
});

test.each([
  ["nothing", Buffer.alloc(0), /too short/],
  ["zeros", Buffer.alloc(5000), /0 objects, which does not fit/],
  ["version 3", packIndexBytes([], 20, { version: 3 }), /version 3; only 1 and 2/],
  ["version 2 without ids of its size", packIndexBytes([], 20).subarray(0, 1064), /too short/],
])("%s is no index", (_, bytes, says) => {
  expect(() => readPackIndex(bytes, 20)).toThrow(PackFormatError);
  expect(() => readPackIndex(bytes, 20)).toThrow(says);
});

test("an index with ids of another size is refused or unsound", () => {
  for (const count of [0, 1, 2, 100]) {
    const bytes = packIndexBytes(entriesOf(count, 32), 32);
    try {
      expect(readPackIndex(bytes, 20).sound).toBe(false);
    } catch (error) {
      expect(error).toBeInstanceOf(PackFormatError);
    }
  }
});
