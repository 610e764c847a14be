// The unpacker's calls against node:zlib and against what was written by hand, on sound and on damaged input.

import { constants, crc32, deflateRawSync, deflateSync, inflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { failed, Unpacker } from "../../../../src/base/git/unpacker.ts";
import { unpackModule } from "../../../helpers/delta-rig.ts";
import { distanceBytes, headerBytes } from "../../../helpers/pack-writer.ts";
import { randomText } from "../../../helpers/scan-rig.ts";

const unpacker = new Unpacker(unpackModule());
/** Bytes that may be written behind a target's end. */
const slack = 32;
const guard = 0xa5;

/** Puts packed bytes in the middle of others, inflates them, and checks that nothing else was written to. */
function inflate(packed: Uint8Array, size: number, length = packed.length): Buffer | undefined {
  const from = unpacker.floor + 256;
  const to = from + packed.length + 256;
  const end = to + size + slack + 256;
  unpacker.ensure(end + 65_536);
  unpacker.bytes.fill(guard, unpacker.floor, end);
  unpacker.bytes.set(packed, from);
  const answer = unpacker.calls.inflate(from, length, to, size) >>> 0;
  const isUntouched = (start: number, until: number) =>
    unpacker.view(start, until - start).equals(Buffer.alloc(until - start, guard));
  expect(isUntouched(unpacker.floor, from)).toBe(true);
  expect(isUntouched(from + packed.length, to)).toBe(true);
  expect(isUntouched(to + size + slack, end)).toBe(true);
  expect(Buffer.compare(unpacker.bytes.subarray(from, from + packed.length), packed)).toBe(0);
  if (answer === failed) return undefined;
  expect(answer).toBe(size);
  return Buffer.from(unpacker.view(to, size));
}

const noise = (seed: number, length: number) =>
  Buffer.from(
    randomText(seed, length, String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte))),
    "latin1",
  );

const bodies: Readonly<Record<string, Buffer>> = {
  empty: Buffer.alloc(0),
  "one byte": Buffer.from("a"),
  "fifteen bytes": Buffer.from("abcabcabcabcabc"),
  zeros: Buffer.alloc(70_000),
  "two letters": Buffer.from(randomText(1, 6000, "ab")),
  text: Buffer.from(randomText(2, 60_000, "etaoin shrdlu\n").replaceAll("t", "the ")),
  noise: noise(3, 40_000),
  "runs of every length": Buffer.concat(Array.from({ length: 300 }, (_, length) => Buffer.alloc(length, length))),
  "far repetitions": Buffer.concat([noise(4, 32_700), noise(5, 60), noise(4, 32_700), noise(4, 32_700)]),
  "long and text": Buffer.concat([noise(6, 70_000), Buffer.from(randomText(7, 90_000, "abcdefgh"))]),
};
const strategies = {
  usual: constants.Z_DEFAULT_STRATEGY,
  filtered: constants.Z_FILTERED,
  "huffman only": constants.Z_HUFFMAN_ONLY,
  "run lengths": constants.Z_RLE,
  fixed: constants.Z_FIXED,
};

describe("inflate", () => {
  test.each(Object.keys(bodies))("gives back what zlib packed: %s", (name) => {
    const body = bodies[name] as Buffer;
    for (const strategy of Object.values(strategies)) {
      for (const level of [0, 1, 2, 4, 6, 8, 9]) {
        for (const memLevel of level % 4 === 1 ? [1, 9] : [8]) {
          const packed = deflateSync(body, { level, strategy, memLevel, windowBits: level === 2 ? 9 : 15 });
          expect(inflate(packed, body.length)?.equals(body)).toBe(true);
        }
      }
    }
  });

  test("takes several blocks of every kind, empty ones too", () => {
    const parts = [Buffer.from("stored"), bodies["text"] as Buffer, Buffer.alloc(0), bodies["two letters"] as Buffer];
    const raw = parts.map((part, index) =>
      deflateRawSync(part, { level: index === 0 ? 0 : 9, finishFlush: constants.Z_FULL_FLUSH, strategy: index % 5 }),
    );
    const whole = Buffer.concat(parts);
    const tail = deflateSync(whole).subarray(-4);
    const packed = Buffer.concat([Buffer.from([0x78, 0x9c]), ...raw, Buffer.from([3, 0]), tail]);
    expect(inflate(packed, whole.length)?.equals(whole)).toBe(true);
  });

  test.each(["empty", "one byte", "text", "noise", "two letters"])("wants every byte of its input: %s", (name) => {
    const body = (bodies[name] as Buffer).subarray(0, 3000);
    for (const level of [0, 1, 9]) {
      const packed = deflateSync(body, { level });
      for (let length = 0; length < packed.length; length += length < 40 ? 1 : 7)
        expect(inflate(packed, body.length, length)).toBeUndefined();
      for (let length = packed.length - 8; length < packed.length; length++)
        expect(inflate(packed, body.length, length)).toBeUndefined();
    }
  });

  test.each(["one byte", "text", "zeros", "noise"])("takes no other size than the right one: %s", (name) => {
    const body = bodies[name] as Buffer;
    for (const level of [0, 6]) {
      const packed = deflateSync(body, { level });
      for (const size of [0, body.length - 1, body.length + 1, body.length + 300, Math.floor(body.length / 2)])
        if (size !== body.length) expect(inflate(packed, size)).toBeUndefined();
    }
  });

  test("takes of streams with flipped and swapped bytes what zlib takes of them, and gives the same", () => {
    const name = fc.constantFrom(...Object.keys(bodies));
    const damage = fc.tuple(fc.nat(3), fc.nat(100_000), fc.nat(255), fc.nat(100_000));
    fc.assert(
      fc.property(name, fc.nat(9), fc.nat(4), damage, (body, level, strategy, given) => {
        const plain = (bodies[body] as Buffer).subarray(0, 2000);
        const packed = deflateSync(plain, { level, strategy });
        const [kind, at, value, to] = given;
        const place = at % packed.length;
        const other = to % packed.length;
        const byte = packed[place] as number;
        if (kind === 0) packed[place] = byte ^ (1 << (value & 7));
        else if (kind === 1) packed[place] = value;
        else if (kind === 2) packed.copyWithin(place, other, other + 16);
        else {
          packed[place] = packed[other] as number;
          packed[other] = byte;
        }
        let wanted: Buffer | undefined;
        try {
          wanted = inflateSync(packed);
        } catch {
          wanted = undefined;
        }
        if (wanted?.length !== plain.length) wanted = undefined;
        expect(inflate(packed, plain.length)?.toString("latin1")).toBe(wanted?.toString("latin1"));
      }),
      { numRuns: 3000 },
    );
  });

  test("survives anything that only begins like a stream", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400, size: "max" }), fc.nat(3000), fc.nat(2), (rest, size, kind) => {
        // A dynamic block first, or a fixed one: noise seldom gets that far by itself.
        const start = [
          [0x78, 0x9c],
          [0x78, 0x9c, 0xed],
          [0x78, 0x9c, 0x63],
        ][kind] as number[];
        const packed = Buffer.from([...start, ...rest]);
        inflate(packed, size);
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ["a preset dictionary", [0x78, 0xbb]],
    ["another method", [0x79, 0x9c]],
    ["a window that is too large", [0x88, 0x1c]],
    ["a wrong check of the first bytes", [0x78, 0x9d]],
  ])("refuses %s", (_, start) => {
    const packed = Buffer.concat([Buffer.from(start), deflateSync("some text").subarray(2)]);
    expect(inflate(packed, 9)).toBeUndefined();
    expect(unpacker.fault).toBe("damaged compressed data");
  });

  test("says why: a checksum, a size", () => {
    const packed = deflateSync("some text");
    const spoilt = Buffer.from(packed);
    spoilt.writeUInt8((spoilt.at(-1) as number) ^ 1, spoilt.length - 1);
    expect(inflate(spoilt, 9)).toBeUndefined();
    expect(unpacker.fault).toBe("wrong checksum");
    expect(inflate(packed, 8)).toBeUndefined();
    expect(unpacker.fault).toBe("wrong size");
  });
});

describe("crc32", () => {
  test("is zlib's, from any start, whole and in parts", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500, size: "max" }), fc.nat(63), fc.nat(500), (bytes, shift, cut) => {
        const at = unpacker.floor + shift;
        unpacker.ensure(at + 2000);
        unpacker.bytes.set(bytes, at);
        expect(unpacker.calls.crc32(at, bytes.length, 0) >>> 0).toBe(crc32(bytes));
        const first = Math.min(cut, bytes.length);
        const half = unpacker.calls.crc32(at, first, 0);
        expect(unpacker.calls.crc32(at + first, bytes.length - first, half) >>> 0).toBe(crc32(bytes));
      }),
    );
  });
});

describe("header", () => {
  const read = (bytes: Buffer, length = bytes.length) => {
    const at = unpacker.floor + 64;
    unpacker.ensure(at + 4096);
    unpacker.bytes.fill(0xff, at, at + 256);
    unpacker.bytes.set(bytes, at);
    return unpacker.header(at, length);
  };

  test.each([0, 1, 15, 16, 127, 2047, 2048, 2 ** 20, 2 ** 28 - 1, 2 ** 31, 2 ** 32 - 2])("size %i", (size) => {
    for (const type of [1, 2, 3, 4]) {
      const bytes = headerBytes(type, size);
      expect(read(bytes)).toMatchObject({ type, size, length: bytes.length });
      for (let length = 0; length < bytes.length; length++) expect(read(bytes, length)).toBeUndefined();
    }
  });

  test.each([2 ** 32 - 1, 2 ** 32, 2 ** 40, 2 ** 52])("a size of %i is more than fits", (size) => {
    expect(read(headerBytes(3, size))).toMatchObject({ size: 0xffffffff });
  });

  test.each([1, 127, 128, 129, 16_511, 16_512, 2 ** 21, 2 ** 31 + 5, 2 ** 40 + 12_345])("distance %i", (distance) => {
    const bytes = Buffer.concat([headerBytes(6, 300), distanceBytes(distance)]);
    expect(read(bytes)).toMatchObject({ type: 6, size: 300, distance, length: bytes.length });
    for (let length = 0; length < bytes.length; length++) expect(read(bytes, length)).toBeUndefined();
  });

  test("numbers without end are damage", () => {
    expect(read(Buffer.alloc(40, 0xff))).toBeUndefined();
    expect(read(Buffer.concat([headerBytes(6, 3), Buffer.alloc(40, 0xff)]))).toBeUndefined();
  });
});
