// Deltas applied, their pieces, and the zones around what changed, against what they must be by their definition.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { failed, Unpacker } from "../../../../src/base/git/unpacker.ts";
import { buildTables, createKernel } from "../../../../src/kernel/kernel.ts";
import { unpackModule } from "../../../helpers/delta-rig.ts";
import { contentOf, deltaOf, sizeBytes } from "../../../helpers/git-delta.ts";
import type { DeltaPiece } from "../../../helpers/git-delta.ts";
import { randomText } from "../../../helpers/scan-rig.ts";

const unpacker = new Unpacker(unpackModule());
const guard = 0xa5;
const inserted = 0xffffffff;

interface Piece {
  readonly start: number;
  readonly length: number;
  readonly source: number;
}

interface Applied {
  readonly bytes: Buffer;
  readonly pieces: readonly Piece[];
  readonly at: number;
  readonly piecesAt: number;
}

const aligned = (address: number) => Math.ceil(address / 64) * 64;

/** Applies a delta and checks that nothing was written to but its targets; undefined where it is refused. */
function apply(base: Uint8Array, delta: Uint8Array): Applied | undefined {
  const baseAt = aligned(unpacker.floor + 64);
  const deltaAt = aligned(baseAt + base.length + 64);
  unpacker.ensure(deltaAt + delta.length + 4096);
  unpacker.bytes.set(base, baseAt);
  unpacker.bytes.set(delta, deltaAt);
  const size = unpacker.calls.deltaSize(deltaAt, delta.length, base.length) >>> 0;
  if (size === failed || size > 4_000_000) return undefined;
  const at = aligned(deltaAt + delta.length + 64);
  const piecesAt = aligned(at + size + 64);
  const end = piecesAt + 12 * delta.length + 64;
  unpacker.ensure(end + 65_536);
  unpacker.bytes.fill(guard, deltaAt + delta.length, end + 4096);
  const answer = unpacker.calls.applyDelta(baseAt, base.length, at, piecesAt) >>> 0;
  const isUntouched = (from: number, to: number) =>
    unpacker.view(from, to - from).equals(Buffer.alloc(to - from, guard));
  expect(isUntouched(deltaAt + delta.length, at)).toBe(true);
  expect(isUntouched(at + size + 16, piecesAt)).toBe(true);
  expect(isUntouched(piecesAt + 12 * delta.length, end + 4096)).toBe(true);
  if (answer === failed) return undefined;
  const words = unpacker.words.subarray(piecesAt / 4, piecesAt / 4 + 3 * unpacker.count("pieces"));
  const pieces = Array.from({ length: words.length / 3 }, (_, index) => ({
    start: words[3 * index] as number,
    length: words[3 * index + 1] as number,
    source: words[3 * index + 2] as number,
  }));
  return { bytes: Buffer.from(unpacker.view(at, size)), pieces, at, piecesAt };
}

/** Neighbours that go on in one another are one piece. */
function joinedPieces(pieces: readonly DeltaPiece[]): Piece[] {
  const joined: Piece[] = [];
  let start = 0;
  for (const piece of pieces) {
    const length = "bytes" in piece ? piece.bytes.length : piece.length;
    const source = "bytes" in piece ? inserted : piece.from;
    const last = joined.at(-1);
    const goesOn =
      last !== undefined && (source === inserted ? last.source === inserted : last.source + last.length === source);
    if (length > 0 && goesOn) joined.splice(-1, 1, { ...last, length: last.length + length });
    else if (length > 0) joined.push({ start, length, source });
    start += length;
  }
  return joined;
}

const text = (alphabet: string, maxLength: number) =>
  fc.array(fc.constantFrom(...alphabet), { maxLength, size: "max" }).map((all) => all.join(""));

/** A base and the pieces of a content made of it. */
function edits(alphabet: string): fc.Arbitrary<{ base: Buffer; pieces: DeltaPiece[] }> {
  const piece = fc.tuple(fc.nat(3), fc.nat(10_000), fc.nat(300), text(alphabet, 40));
  return fc.tuple(text(alphabet, 900), fc.array(piece, { maxLength: 8, size: "max" })).map(([given, wanted]) => {
    const base = Buffer.from(given, "latin1");
    const pieces = wanted.flatMap(([kind, at, length, own]): DeltaPiece[] => {
      if (kind === 0 || base.length === 0) return own === "" ? [] : [{ bytes: Buffer.from(own, "latin1") }];
      const from = at % base.length;
      const most = Math.min(kind === 1 ? length + 1 : base.length, base.length - from);
      return [{ from, length: most }];
    });
    return { base, pieces };
  });
}

describe("applyDelta", () => {
  test("makes of any pieces what they are", () => {
    fc.assert(
      fc.property(edits("abcdefgh\0\n"), ({ base, pieces }) => {
        const applied = apply(base, deltaOf(base.length, pieces));
        expect(applied?.bytes.toString("latin1")).toBe(contentOf(base, pieces).toString("latin1"));
        expect(applied?.pieces).toEqual(joinedPieces(pieces));
      }),
      { numRuns: 500 },
    );
  });

  test("copies of every length and from every offset", () => {
    const base = Buffer.from(randomText(1, 0x30000 + 77), "latin1");
    for (const length of [1, 255, 256, 0xffff, 0x10000, 0x10001, 0x20000, 0x2ffff]) {
      for (const from of [0, 1, 255, 256, 0x10000, 0x10101]) {
        const pieces = [{ from, length: Math.min(length, base.length - from) }];
        expect(apply(base, deltaOf(base.length, pieces))?.bytes.equals(contentOf(base, pieces))).toBe(true);
      }
    }
  });

  test.each([
    ["all three bytes", [0xf0, 0, 0, 2]],
    ["only the highest of three bytes", [0xc0, 2]],
  ])("a copy may say its length in %s", (_, op) => {
    const base = Buffer.alloc(0x20000, "x");
    const delta = Buffer.from([...sizeBytes(base.length), ...sizeBytes(base.length), ...op]);
    expect(apply(base, delta)?.bytes.equals(base)).toBe(true);
  });

  const base = Buffer.from("0123456789");
  const ops = (size: number, ...bytes: number[]) => Buffer.from([...sizeBytes(10), ...sizeBytes(size), ...bytes]);
  test.each<[string, Buffer]>([
    ["an op of zero", ops(1, 0)],
    ["an op of zero at the end", ops(1, 1, 97, 0)],
    ["a base of another size", Buffer.from([9, 1, 1, 97])],
    ["a content that ends early", ops(2, 1, 97)],
    ["a content that goes on", ops(1, 2, 97, 98)],
    ["nothing at all", Buffer.alloc(0)],
    ["no second size", Buffer.from([10])],
    ["sizes without end", Buffer.alloc(30, 0xff)],
    ["a copy from behind the base's end", ops(1, 0x91, 11, 1)],
    ["a copy over the base's end", ops(5, 0x91, 6, 5)],
    ["a copy from far away", ops(1, 0x9f, 255, 255, 255, 255, 1)],
    ["a copy of more than the content", ops(3, 0x90, 4)],
    ["a copy without its bytes", ops(3, 0xff, 1)],
    ["bytes that are not there", ops(5, 5, 97)],
  ])("refuses %s", (_, delta) => {
    expect(apply(base, delta)).toBeUndefined();
  });

  test("every beginning of a delta is refused", () => {
    const pieces: DeltaPiece[] = [{ from: 2, length: 5 }, { bytes: Buffer.from("abc") }, { from: 0, length: 9 }];
    const delta = deltaOf(10, pieces);
    expect(apply(base, delta)?.bytes.toString()).toBe("23456abc012345678");
    for (let length = 0; length < delta.length; length++)
      expect(apply(base, delta.subarray(0, length))).toBeUndefined();
  });

  test("survives any bytes after honest sizes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200, size: "max" }), fc.nat(600), (rest, size) => {
        apply(base, Buffer.concat([Buffer.from([10, ...sizeBytes(size)]), rest]));
      }),
      { numRuns: 3000 },
    );
  });
});

interface Zone {
  readonly start: number;
  readonly end: number;
  readonly offset: number;
}

function zonesOf({ at, piecesAt }: Applied, baseSize: number, margin: number, count: number) {
  const { calls } = unpacker;
  const out = aligned(piecesAt + 12 * count + 4096);
  const sketchAt = aligned(out + 12 * (count + 2) + 64);
  unpacker.ensure(sketchAt + 200_000);
  calls.setMargin(margin);
  const total = calls.findZones(at, piecesAt, baseSize, out) >>> 0;
  const zoneCount = unpacker.count("zones");
  const length = calls.writeSketch(sketchAt) >>> 0;
  const words = unpacker.words.subarray(out / 4, out / 4 + 3 * zoneCount);
  const zones = Array.from({ length: zoneCount }, (_, index): Zone => {
    return { start: words[3 * index]!, end: words[3 * index + 1]!, offset: words[3 * index + 2]! };
  });
  return { total, zones, sketch: Buffer.from(unpacker.view(sketchAt, length)) };
}

/** What a base does not vouch for: inserted bytes, and places where what stood together no longer does. */
function changesOf(pieces: readonly Piece[], baseSize: number, size: number) {
  const changes = pieces
    .filter(({ source }) => source === inserted)
    .map(({ start, length }) => [start, start + length]);
  pieces.forEach((piece, index) => {
    const before = pieces[index - 1];
    const from = before === undefined ? 0 : before.source + before.length;
    const isSeam = before?.source !== inserted && piece.source !== inserted && from !== piece.source;
    if (isSeam) changes.push([piece.start, piece.start]);
  });
  const last = pieces.at(-1);
  if (last === undefined || (last.source !== inserted && last.source + last.length !== baseSize))
    changes.push([size, size]);
  return changes as [number, number][];
}

const kernel = createKernel(buildTables([{ text: "keyword", ignoreCase: false }]), { plain: true });

/** Encoded runs of a content, as the scanner's own kernel sees them. */
function runsOf(bytes: Buffer): [number, number][] {
  const region = kernel.reserve(bytes.length);
  kernel.view(region).set(bytes);
  const { segments } = kernel.decode(region, 0);
  return Array.from({ length: segments.count }, (_, index) => [
    segments.sourceStart[index] as number,
    segments.sourceEnd[index] as number,
  ]);
}

describe("findZones and writeSketch", () => {
  const check = (base: Buffer, given: readonly DeltaPiece[], margin: number) => {
    const applied = apply(base, deltaOf(base.length, given));
    if (applied === undefined) throw new Error("a sound delta was refused");
    const { bytes, pieces } = applied;
    const { total, zones, sketch } = zonesOf(applied, base.length, margin, pieces.length);
    const isIn = (start: number, end: number) => zones.some((zone) => zone.start <= start && end <= zone.end);
    const changes = changesOf(pieces, base.length, bytes.length);
    for (const [start, end] of changes)
      expect(isIn(Math.max(0, start - margin), Math.min(bytes.length, end + margin))).toBe(true);
    for (const [start, end] of runsOf(bytes)) {
      if (changes.some(([from, to]) => start <= to && from <= end)) expect(isIn(start, end)).toBe(true);
    }
    expect(total).toBe(zones.reduce((sum, { start, end }) => sum + end - start, 0));
    zones.forEach(({ start, end, offset }, index) => {
      expect(start).toBeLessThanOrEqual(end);
      expect(end).toBeLessThanOrEqual(bytes.length);
      if (index > 0) expect(start).toBeGreaterThan(zones[index - 1]!.end);
      expect(sketch.subarray(offset, offset + end - start).equals(bytes.subarray(start, end))).toBe(true);
      expect(offset).toBe(
        index === 0 && start === 0 ? 0 : (zones[index - 1]?.offset ?? 0) + lengthOf(zones[index - 1]) + 2,
      );
      if (start > 0) expect([...sketch.subarray(offset - 2, offset)]).toEqual([1, 1]);
    });
    const last = zones.at(-1);
    expect(sketch.length).toBe((last?.offset ?? 0) + lengthOf(last));
    if (changes.length === 0) expect(zones).toEqual([]);
  };
  const lengthOf = (zone: Zone | undefined) => (zone === undefined ? 0 : zone.end - zone.start);

  test.each([
    ["words", "abcdefgh    .,\n"],
    ["long runs", "abcdefghijklmnopqrstuvwxyz0123456789+/AB."],
    ["runs on many lines", "abcdef0123456789\n\n \t\\nr."],
    ["wide characters", "a\0b\0\0c\0."],
    ["anything", "ab0\0\n\r \\n%.=+\xff"],
  ])("cover every change, with every run that touches it: %s", (_, alphabet) => {
    fc.assert(
      fc.property(edits(alphabet), fc.constantFrom(1, 5, 64), ({ base, pieces }, margin) =>
        check(base, pieces, margin),
      ),
      { numRuns: 400 },
    );
  });

  test("cover wrapped runs of many lines", () => {
    const line = fc.tuple(fc.constantFrom("\n", "\r\n", "\n    ", "\n\t", "\\n", "\\\n ", "\\r\\n", " "), fc.nat(3));
    const wrapped = fc
      .array(line, { minLength: 2, maxLength: 12, size: "max" })
      .map((lines) => lines.map(([lineBreak, seed]) => `${randomText(seed, 60)}${lineBreak}`).join(""));
    fc.assert(
      fc.property(wrapped, fc.nat(1000), fc.nat(80), fc.constantFrom("", "x", "\n", " ", "="), (body, at, cut, put) => {
        const base = Buffer.from(`words, words. ${body} more words`, "latin1");
        const from = at % base.length;
        const rest = Math.min(base.length, from + cut);
        const all: DeltaPiece[] = [
          { from: 0, length: from },
          { bytes: Buffer.from(put) },
          { from: rest, length: base.length - rest },
        ];
        check(
          base,
          all.filter((piece) => ("bytes" in piece ? piece.bytes : piece).length > 0),
          8,
        );
      }),
      { numRuns: 500 },
    );
  });
});
