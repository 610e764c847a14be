// Joins and unions of sorted id tables, against maps and sets of hex.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NONE, joinIds, mergeSortedIds } from "../../../src/base/merge-ids.ts";
import { pseudoIds } from "./object-tables.ts";
import { processorClock } from "../../helpers/processor-clock.ts";

type Width = 20 | 32;

// Few distinct bytes, mostly at the ends, so that ids share their first words and differ in any later one.
const byte = fc.constantFrom(0, 1, 0x7f, 0x80, 0xff);

function idOf(width: Width): fc.Arbitrary<string> {
  return fc
    .array(fc.tuple(fc.nat(width - 1), byte), { maxLength: 3 })
    .map((changes) =>
      changes.reduce((id, [at, value]) => id.fill(value, at, at + 1), Buffer.alloc(width)).toString("hex"),
    );
}

const sortedIds = (width: Width): fc.Arbitrary<string[]> =>
  fc.uniqueArray(idOf(width), { maxLength: 30 }).map((ids) => ids.toSorted());

/** Joined to one table that starts `shift` bytes into its memory. */
function tableOf(ids: readonly string[], shift = 0): Uint8Array {
  const bytes = Buffer.from(ids.join(""), "hex");
  const memory = new Uint8Array(new ArrayBuffer(bytes.length + shift));
  memory.set(bytes, shift);
  return memory.subarray(shift);
}

function hexOf(ids: Uint8Array, width: Width): string[] {
  return Array.from({ length: ids.length / width }, (_, i) =>
    Buffer.from(ids.subarray(i * width, (i + 1) * width)).toString("hex"),
  );
}

const widths: readonly Width[] = [20, 32];
const shift = fc.nat(7);

describe.each(widths)("ids of %i bytes", (width) => {
  const [a, b, c] = ["11", "80", "ff"].map((text) => text.repeat(width)) as [string, string, string];

  test.each<[name: string, known: string[], all: string[], want: number[]]>([
    ["nothing", [], [], []],
    ["nothing known", [], [a, b], [NONE, NONE]],
    ["nothing wanted", [a, b], [], []],
    ["equal", [a, b, c], [a, b, c], [0, 1, 2]],
    ["some known", [a, c], [a, b, c], [0, NONE, 1]],
    ["more known", [a, b, c], [b], [1]],
    ["wanted before and after", [b], [a, b, c], [NONE, 0, NONE]],
  ])("join: %s", (_, known, all, want) => {
    expect([...joinIds(tableOf(known), tableOf(all), width)]).toEqual(want);
  });

  test("join: each id has its place in the known ones, or none", () => {
    fc.assert(
      fc.property(sortedIds(width), sortedIds(width), shift, shift, (known, all, s, t) => {
        const want = all.map((id) => (known.includes(id) ? known.indexOf(id) : NONE));
        expect([...joinIds(tableOf(known, s), tableOf(all, t), width)]).toEqual(want);
      }),
    );
  });

  test("merge: the sorted set of all, each from the first table that has it", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(sortedIds(width), shift), { maxLength: 9 }), (parts) => {
        const tables = parts.map(([ids]) => ids);
        const want = [...new Set(tables.flat())].toSorted();
        const merged = mergeSortedIds(
          parts.map(([ids, s]) => tableOf(ids, s)),
          width,
        );
        expect(hexOf(merged.ids, width)).toEqual(want);
        const firsts = want.map((id) => tables.findIndex((ids) => ids.includes(id)));
        expect([...merged.sources.tables]).toEqual(firsts);
        expect([...merged.sources.places]).toEqual(want.map((id, i) => tables[firsts[i]!]!.indexOf(id)));
      }),
    );
  });

  test("merge: an id twice in one table is taken once, from its first place", () => {
    for (const tables of [[[a, a, b]], [[a, a, b], []]]) {
      const merged = mergeSortedIds(
        tables.map((ids) => tableOf(ids)),
        width,
      );
      expect(hexOf(merged.ids, width)).toEqual([a, b]);
      expect([...merged.sources.places]).toEqual([0, 2]);
    }
  });

  test("tables out of order end as soon", () => {
    fc.assert(
      fc.property(fc.array(idOf(width), { maxLength: 20 }), fc.array(idOf(width), { maxLength: 20 }), (one, other) => {
        const places = joinIds(tableOf(one), tableOf(other), width);
        expect([...places].every((place, i) => place === NONE || one[place] === other[i])).toBe(true);
        const merged = mergeSortedIds([tableOf(one), tableOf(other)], width);
        expect(new Set(hexOf(merged.ids, width))).toEqual(new Set([...one, ...other]));
      }),
    );
  });
});

function everyOther(ids: Buffer, start: number): Buffer {
  const half = Buffer.allocUnsafe(ids.length / 2);
  for (let i = 0; i < half.length / 20; i++) ids.copy(half, i * 20, (2 * i + start) * 20, (2 * i + start + 1) * 20);
  return half;
}

// Generous: measured on two cores, a join takes 15 to 55 ms, a merge of two tables 30 to 240 ms.
test("1.2 million ids join and merge in a moment", () => {
  const ids = pseudoIds(1_200_000);
  const [even, odd] = [everyOther(ids, 0), everyOther(ids, 1)];
  const timed = (work: () => number): { readonly ms: number; readonly count: number } => {
    const spent = processorClock();
    const count = work();
    return { ms: spent(), count };
  };
  const known = (places: Uint32Array): number => places.reduce((sum, place) => sum + (place === NONE ? 0 : 1), 0);
  const equal = timed(() => known(joinIds(ids, Buffer.from(ids), 20)));
  const half = timed(() => known(joinIds(even, ids, 20)));
  const merged = timed(() => Number(mergeSortedIds([even, odd], 20).ids.length === ids.length));
  expect([equal.count, half.count, merged.count]).toEqual([1_200_000, 600_000, 1]);
  for (const { ms } of [equal, half, merged]) expect(ms).toBeLessThan(1500);
});
