// Packs written by hand: what stands where, which entry is made from which, and every object rebuilt or named.

import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { deflateSync } from "node:zlib";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { DeltaWalker } from "../../../../src/base/git/delta-walk.ts";
import { growForest, none } from "../../../../src/base/git/pack-forest.ts";
import { entryAt } from "../../../../src/base/git/pack-order.ts";
import { PackWindow } from "../../../../src/base/git/pack-window.ts";
import { slackBytes, Unpacker } from "../../../../src/base/git/unpacker.ts";
import type { WalkFailure, WalkLimits } from "../../../../src/base/git/walk-visitor.ts";
import { unpackModule } from "../../../helpers/delta-rig.ts";
import { contentOf, deltaOf, sizeBytes } from "../../../helpers/git-delta.ts";
import type { DeltaPiece } from "../../../helpers/git-delta.ts";
import { removeTemporary, temporaryFolder } from "../../../helpers/git-repo.ts";
import { entriesOf, openPack, packBytes } from "../../../helpers/pack-writer.ts";
import type { OpenedPack, WrittenEntry, WrittenPack } from "../../../helpers/pack-writer.ts";

const folder = temporaryFolder();
const opened: OpenedPack[] = [];
afterEach(() => opened.splice(0).forEach((pack) => pack.close()));
afterAll(removeTemporary);

describe("orderEntries", () => {
  test("puts entries in the order of their offsets, those over 4 GB too", () => {
    const offsets = [2 ** 33 + 5, 12, 70_000, 2 ** 32, 65_536, 500, 2 ** 31];
    const entries = entriesOf(offsets, 2 ** 33 + 1000);
    const sorted = offsets.toSorted((a, b) => a - b);
    expect([...entries.offsets]).toEqual(sorted);
    expect([...entries.places]).toEqual(sorted.map((offset) => offsets.indexOf(offset)));
    const ends = [...sorted.slice(1), 2 ** 33 + 1000 - 20];
    expect([...entries.lengths]).toEqual(sorted.map((offset, index) => (ends[index] as number) - offset));
  });

  test("gives no length to what cannot be where the index puts it", () => {
    const { offsets, lengths } = entriesOf([4, 12, 12, 90, 200, Number.POSITIVE_INFINITY], 120);
    expect([...offsets]).toEqual([4, 12, 12, 90, 200, Number.POSITIVE_INFINITY]);
    expect([...lengths]).toEqual([0, 0, 78, 10, 0, 0]);
  });

  test("finds entries by their offset, from any later one", () => {
    const offsets = Array.from({ length: 300 }, (_, index) => 12 + 7 * index);
    const entries = entriesOf(offsets, 12 + 7 * 300 + 20);
    for (const near of [0, 1, 2, 17, 128, 299]) {
      for (let entry = 0; entry <= near; entry++) expect(entryAt(entries, 0, 12 + 7 * entry, near)).toBe(entry);
      for (const offset of [-1, 0, 11, 13, 18, Number.NaN]) expect(entryAt(entries, 0, offset, near)).toBe(-1);
    }
  });
});

const ids = new Map<string, number>();
const blob = (text: string): WrittenEntry => ({ type: 3, body: Buffer.from(text) });
const at = (base: number, delta: Buffer): WrittenEntry => ({ type: 6, body: delta, base });
const byId = (name: string, delta: Buffer): WrittenEntry => ({ type: 7, body: delta, baseId: Buffer.alloc(20, name) });

function open(
  entries: readonly WrittenEntry[],
  spoil: (pack: WrittenPack) => WrittenPack = (pack) => pack,
): OpenedPack {
  const pack = openPack(folder, spoil(packBytes(entries)));
  opened.push(pack);
  return pack;
}

function grow({ entries, file, size }: OpenedPack, checksum = new Uint8Array(0)) {
  const ground = { entries, files: [file], sizes: [size], checksums: [checksum], idBytes: 20 as const };
  return growForest(ground, (_, id) => ids.get(Buffer.from(id).toString("latin1", 0, 1)) ?? -1);
}

test("a pack is sound when its checksum holds and is the one of its index", () => {
  const pack = open([blob("one")]);
  const trailer = Uint8Array.from(readFileSync(pack.file).subarray(-20));
  const other = trailer.map((byte, place) => (place === 0 ? byte ^ 1 : byte));
  expect([grow(pack).sound, grow(pack, trailer).sound, grow(pack, other).sound]).toEqual([[true], [true], [false]]);
});

const usual: WalkLimits = { mostObjectBytes: 1024 * 1024, mostBytes: 64 * 1024 * 1024 };

/** Walks all trees of a pack: what was rebuilt, and what could not be. */
function walkAll(
  pack: OpenedPack,
  given: { limits?: WalkLimits; crcs?: Uint32Array; wants?: (entry: number) => boolean } = {},
) {
  const { forest } = grow(pack);
  const unpacker = new Unpacker(unpackModule());
  const { floor } = unpacker;
  unpacker.ensure(floor + PackWindow.bytes + 1024 * 1024);
  unpacker.calls.useIds(0, 0, 20);
  const walker = new DeltaWalker({
    entries: pack.entries,
    forest,
    crcs: given.crcs,
    unpacker,
    window: new PackWindow(unpacker, floor, [pack.file]),
    floor: floor + PackWindow.bytes + slackBytes,
    limits: given.limits ?? usual,
  });
  const rebuilt = new Map<number, Buffer>();
  const depths = new Map<number, number>();
  const failed = new Map<number, WalkFailure & { below: boolean }>();
  for (const root of forest.roots) {
    walker.walk(root, {
      wants: given.wants ?? (() => true),
      visit: ({ entry, at: address, size, depth, free }) => {
        rebuilt.set(entry, Buffer.from(unpacker.view(address, size)));
        depths.set(entry, depth);
        // The visitor's own: nothing that is needed later stands there.
        unpacker.bytes.fill(0xee, free, Math.min(free + 4096, unpacker.size));
      },
      fail: (entry, failure, below) => failed.set(entry, { ...failure, below }),
    });
  }
  return { rebuilt, depths, failed, forest, size: unpacker.size };
}

const change = (base: Buffer, pieces: readonly DeltaPiece[]) => ({
  delta: deltaOf(base.length, pieces),
  content: contentOf(base, pieces),
});

/** A chain of deltas, each with a line more than its base. */
function chain(length: number, start: Buffer): { entries: WrittenEntry[]; contents: Buffer[] } {
  const entries: WrittenEntry[] = [{ type: 3, body: start }];
  const contents = [start];
  for (let index = 1; index < length; index++) {
    const base = contents.at(-1) as Buffer;
    const cut = (index * 37) % base.length;
    const { delta, content } = change(base, [
      { from: 0, length: cut },
      { bytes: Buffer.from(`line ${index}\n`) },
      { from: cut, length: base.length - cut },
    ]);
    entries.push(at(index - 1, delta));
    contents.push(content);
  }
  return { entries, contents };
}

describe("growForest and DeltaWalker", () => {
  test("link deltas at a distance and of an id, before and behind their base, and rebuild all", () => {
    const base = Buffer.from("the quick brown fox jumps over the lazy dog\n".repeat(20));
    const first = change(base, [{ from: 0, length: 100 }, { bytes: Buffer.from("!") }, { from: 100, length: 200 }]);
    const second = change(first.content, [{ from: 50, length: 220 }]);
    const third = change(base, [{ bytes: Buffer.from("only this") }]);
    ids.clear();
    ids.set("b", 1).set("s", 3);
    const pack = open([
      byId("b", third.delta),
      { type: 3, body: base },
      at(1, first.delta),
      at(2, second.delta),
      byId("s", deltaOf(second.content.length, [{ from: 0, length: second.content.length }])),
      { type: 2, body: Buffer.alloc(0) },
      { type: 1, body: Buffer.from("a commit") },
      { type: 4, body: Buffer.from("a tag") },
    ]);
    const { rebuilt, failed, forest, depths } = walkAll(pack);
    expect(failed.size).toBe(0);
    expect([...forest.types]).toEqual([3, 3, 3, 3, 3, 2, 1, 4]);
    expect([...forest.roots]).toEqual([1, 5, 6, 7]);
    expect([...forest.bases].slice(0, 5)).toEqual([1, none, 1, 2, 3]);
    expect([0, 1, 2, 3, 4].map((entry) => depths.get(entry))).toEqual([1, 0, 1, 2, 3]);
    const wanted = [third.content, base, first.content, second.content, second.content].map(String);
    expect([0, 1, 2, 3, 4].map((entry) => String(rebuilt.get(entry)))).toEqual(wanted);
    expect([5, 6, 7].map((entry) => String(rebuilt.get(entry)))).toEqual(["", "a commit", "a tag"]);
    expect(grow(pack).sound).toEqual([true]);
  });

  test.each([
    ["thousands of small ones", 3000, 400],
    ["large ones, which take the place of their bases", 60, 1_500_000],
    ["entries larger than the window takes", 20, 60_000],
  ])("rebuild a long chain: %s", (_, length, bytes) => {
    const { entries, contents } = chain(length, randomBytes(bytes));
    const limits = { mostObjectBytes: 4 * 1024 * 1024, mostBytes: 64 * 1024 * 1024 };
    const { rebuilt, failed, depths } = walkAll(open(entries), { limits });
    expect(failed.size).toBe(0);
    for (const [entry, content] of contents.entries()) expect(rebuilt.get(entry)?.equals(content)).toBe(true);
    expect(depths.get(length - 1)).toBe(length - 1);
  });

  test("what is not wanted is left out, and what hangs on it with it", () => {
    const { entries, contents } = chain(6, randomBytes(300));
    const { rebuilt } = walkAll(open(entries), { wants: (entry) => entry < 3 });
    expect([...rebuilt.keys()]).toEqual([0, 1, 2]);
    expect(rebuilt.get(2)?.equals(contents[2] as Buffer)).toBe(true);
  });

  test("circles, bases that are not there and bases of themselves become roots that fail", () => {
    const base = Buffer.alloc(40, "x");
    const { delta } = change(base, [{ from: 0, length: 40 }]);
    ids.clear();
    ids.set("0", 0).set("1", 1).set("4", 4);
    const pack = open([
      byId("1", delta),
      byId("0", delta),
      byId("?", delta),
      { type: 6, body: delta, base: { distance: 5 } },
      byId("4", delta),
      { type: 6, body: delta, base: { distance: 1e9 } },
      at(0, delta),
      { type: 3, body: base },
    ]);
    const { rebuilt, failed, forest } = walkAll(pack);
    expect([...rebuilt.keys()]).toEqual([7]);
    expect([...failed.keys()].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect([...failed.values()].every(({ kind }) => kind === "no-base")).toBe(true);
    expect([...forest.types].slice(0, 7).every((type) => type === 0)).toBe(true);
  });

  test("a failure names everything below it, and nothing else", () => {
    const start = randomBytes(500);
    const { entries, contents } = chain(5, start);
    const side = change(contents[1] as Buffer, [{ from: 0, length: 100 }]);
    const broken: WrittenEntry = { ...(entries[2] as WrittenEntry), packed: Buffer.from("no stream of zlib") };
    const pack = open([...entries.slice(0, 2), broken, ...entries.slice(3), at(1, side.delta), blob("on its own")]);
    const { rebuilt, failed } = walkAll(pack);
    expect([...rebuilt.keys()]).toEqual([0, 1, 5, 6]);
    expect([...failed].map(([entry, { kind, below }]) => [entry, kind, below])).toEqual([
      [2, "damaged", false],
      [3, "damaged", true],
      [4, "damaged", true],
    ]);
  });

  test("a sum that does not hold is damage, where sums are given", () => {
    const { entries } = chain(3, Buffer.alloc(600, "sum"));
    const written = packBytes(entries);
    const crcs = Uint32Array.from(written.crcs);
    expect(walkAll(open(entries), { crcs }).failed.size).toBe(0);
    crcs[1] = (crcs[1] as number) ^ 1;
    const { failed } = walkAll(open(entries), { crcs });
    expect([...failed.keys()]).toEqual([1, 2]);
  });

  test("a pack whose bytes were altered is not sound, and a cut one fails where it is cut", () => {
    const { entries } = chain(5, Buffer.from("some lines of text\n".repeat(40)));
    const isSound = (spoil: (bytes: Buffer) => Buffer) => {
      const pack = open(entries, (written) => ({ ...written, bytes: spoil(Buffer.from(written.bytes)) }));
      return { sound: grow(pack).sound[0], ...walkAll(pack) };
    };
    expect(isSound((bytes) => bytes).sound).toBe(true);
    expect(isSound((bytes) => bytes.fill(7, 40, 41)).sound).toBe(false);
    expect(isSound((bytes) => bytes.fill(7, bytes.length - 1)).sound).toBe(false);
    const cut = isSound((bytes) => bytes.subarray(0, bytes.length - 60));
    expect(cut.sound).toBe(false);
    expect(cut.failed.has(4)).toBe(true);
    expect(isSound((bytes) => bytes.subarray(0, 12)).failed.size).toBe(5);
    expect(isSound((bytes) => bytes.subarray(0, 0)).rebuilt.size).toBe(0);
  });

  test.each<[string, WrittenEntry[], WalkFailure["kind"], number]>([
    ["a header that claims more than zlib can pack", [{ ...blob("small"), size: 50_000_000 }], "bomb", 0],
    ["a small header that claims more than zlib can pack", [{ ...blob("small"), size: 500_000 }], "damaged", 0],
    ["a header that claims more than 32 bits", [{ ...blob("small"), size: 2 ** 40 }], "bomb", 0],
    ["a header that claims too little", [{ ...blob("not so small"), size: 3 }], "damaged", 0],
    ["a header that claims too much", [{ ...blob("not so small"), size: 30 }], "damaged", 0],
    ["an object over the limit", [{ type: 3, body: randomBytes(1_100_000) }], "large", 0],
    ["an object that packs well, over the limit", [{ type: 3, body: Buffer.alloc(1_100_000) }], "large", 0],
    ["type 0", [{ type: 0, body: Buffer.from("x") }], "damaged", 0],
    ["type 5", [{ type: 5, body: Buffer.from("x") }], "damaged", 0],
    ["a delta for another base", [blob("a base"), at(0, deltaOf(99, [{ from: 0, length: 9 }]))], "damaged", 1],
    ["a delta that is none", [blob("a base"), at(0, Buffer.from([6, 200, 1, 0]))], "damaged", 1],
    [
      "a delta that claims gigabytes",
      [blob("a base"), at(0, Buffer.from([...sizeBytes(6), ...sizeBytes(2 ** 31), 0x91, 0, 6]))],
      "bomb",
      1,
    ],
    [
      "a small delta that makes much of little",
      [
        { type: 3, body: Buffer.alloc(0x10000) },
        at(
          0,
          deltaOf(
            0x10000,
            Array.from({ length: 400 }, () => ({ from: 0, length: 0x10000 })),
          ),
        ),
      ],
      "bomb",
      1,
    ],
    [
      "a stream that ends early",
      [{ ...blob("some text"), packed: deflateSync("some text").subarray(0, 9) }],
      "damaged",
      0,
    ],
  ])("refuse %s", (_, entries, kind, entry) => {
    const { failed, rebuilt, size } = walkAll(open(entries));
    expect(failed.get(entry)?.kind).toBe(kind);
    expect(rebuilt.size).toBe(entries.length - 1);
    expect(size).toBeLessThan(40_000_000);
  });

  test("together, objects take no more memory than they may", () => {
    const { entries } = chain(40, randomBytes(900_000));
    const limits = { mostObjectBytes: 1024 * 1024, mostBytes: 6 * 1024 * 1024 };
    const { size } = walkAll(open(entries), { limits });
    expect(size).toBeLessThan(PackWindow.bytes + 40_000_000);
  });

  test("any bytes in the place of a pack neither hang nor throw", () => {
    const { entries } = chain(12, Buffer.from("line of text\n".repeat(30)));
    const written = packBytes(entries);
    for (let seed = 0; seed < 60; seed++) {
      const bytes = Buffer.from(written.bytes);
      for (let index = 0; index < 3; index++)
        bytes[(seed * 7919 + index * 31_337) % bytes.length] = (seed * 57 + index) % 256;
      const { rebuilt, failed } = walkAll(open(entries, (pack) => ({ ...pack, bytes })));
      expect(rebuilt.size + failed.size).toBe(12);
    }
    const path = join(folder, "empty.pack");
    writeFileSync(path, "");
    const file = openSync(path, "r");
    expect(() => grow({ file, size: 0, entries: entriesOf(written.offsets, 0), close: () => undefined })).not.toThrow();
    closeSync(file);
  });
});
