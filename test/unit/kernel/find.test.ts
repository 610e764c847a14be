// The matcher, both twins, against indexOf.
import { beforeAll, describe, expect, test } from "vitest";
import { shippedCounts } from "../../../src/kernel/ngram-model.ts";
import type { Kernel, Literal } from "../../../src/kernel/kernel.ts";
import { kernelModule, load, naiveHits, pairs, twins } from "./kernels.ts";

const exact = (text: string): Literal => ({ text, ignoreCase: false });
const folded = (text: string): Literal => ({ text, ignoreCase: true });

const LITERALS: readonly Literal[] = [
  exact("SG."),
  exact("r8_"),
  folded("key"),
  folded("api_key"),
  exact("key_"),
  exact("ghx_"),
  exact("mysql://"),
  folded("Password"),
  exact("aaaa"),
  exact("aaaaaa"),
  exact("----------------------------------------------------------------"),
  folded(`${"Long-Literal_".repeat(4)}0123456789ab`),
  exact("@[`{"),
  folded("@[`{"),
  exact("key_"),
];

let wasm: Uint8Array;
let kernels: readonly [Kernel, Kernel];

beforeAll(async () => {
  wasm = await kernelModule();
  kernels = twins(wasm, LITERALS);
});

function expectExact(content: string | Uint8Array, around: string | Uint8Array = ""): [number, number][] {
  const expected = naiveHits(content, LITERALS);
  for (const kernel of kernels) {
    const hits = pairs(kernel.find(load(kernel, content, around)));
    expect({ twin: kernel.kind, hits }).toEqual({ twin: kernel.kind, hits: expected });
  }
  return expected;
}

describe("find", () => {
  const table: readonly (readonly [string, string, number])[] = [
    ["nothing", "", 0],
    ["one byte", "k", 0],
    ["two bytes", "ke", 0],
    ["a literal of three alone", "SG.", 1],
    ["overlaps and duplicates", "aaaaaaaa api_key_KEY_", 5 + 3 + 1 + 2 + 1 + 1],
    ["letters fold, signs do not", "@[`{ `{`[ @[@{ PASSWORD passworD paſſword", 2 + 2],
    ["a literal of 64 at both ends", `${"-".repeat(65)}x${"-".repeat(64)}`, 3],
  ];
  test.each(table)("%s", (_name, content, count) => {
    expect(expectExact(content)).toHaveLength(count);
  });

  test("every literal at every place around the borders of vectors and blocks", () => {
    for (const border of [0, 16, 64, 8192]) {
      for (const { text } of LITERALS) {
        for (let shift = -70; shift <= 4; shift += border === 8192 ? 3 : 7) {
          const at = border + shift;
          if (at < 0) continue;
          expect(expectExact(" ".repeat(at) + text)).not.toHaveLength(0);
          expect(expectExact(`${" ".repeat(at)}${text}${".".repeat(40)}`)).not.toHaveLength(0);
        }
      }
    }
  });

  test("regions of 0 to 200 bytes, with literals that straddle both ends", () => {
    const rows = LITERALS.map(({ text }) => text).join("");
    for (let length = 0; length <= 200; length++) {
      const from = (length * 7) % (rows.length - length);
      const content = rows.slice(from, from + length);
      expectExact(content, rows.slice(0, 90));
    }
    for (const { text } of LITERALS) {
      for (let cut = 1; cut < text.length; cut++) {
        expectExact(text.slice(0, cut), text.slice(cut));
        expectExact(text.slice(cut), text.slice(0, cut));
      }
    }
  });

  test("inputs full of near hits, and all byte values", () => {
    expectExact("_-".repeat(10_000));
    expectExact("-".repeat(9000));
    expectExact("a".repeat(9000));
    expectExact(Uint8Array.from({ length: 70_000 }, (_, index) => (index * index) >> 3));
    expectExact(Uint8Array.from({ length: 65_536 }, (_, index) => (index & 1 ? index >> 8 : index & 255)));
  });

  test("more hits than the buffer holds are all reported, in order", () => {
    const hits = expectExact("key_KEY_api_key_".repeat(8000));
    expect(hits.length).toBeGreaterThan(60_000);
  });

  test("literals of every length that nest in one another", () => {
    const nested = Array.from({ length: 62 }, (_, index) => exact("a".repeat(index + 3)));
    const turned = [...nested].reverse();
    const content = `${"a".repeat(300)}b${"a".repeat(100)}`;
    for (const literals of [nested, turned]) {
      for (const kernel of twins(wasm, literals)) {
        expect(pairs(kernel.find(load(kernel, content)))).toEqual(naiveHits(content, literals));
      }
    }
  });

  test("windows deep inside their literals still give hits sorted by start", () => {
    const literals = [
      exact(`${"e".repeat(60)}Q~^q`),
      exact("eeee"),
      exact("Q~^qeeee"),
      folded(`q~^Q${"e".repeat(60)}`),
    ];
    const content = `${"e".repeat(61)}Q~^q`.repeat(3000);
    for (const kernel of twins(wasm, literals)) {
      expect(pairs(kernel.find(load(kernel, content)))).toEqual(naiveHits(content, literals));
    }
  });

  test("no literals at all", () => {
    for (const kernel of twins(wasm, [])) expect(kernel.find(load(kernel, "key_".repeat(99))).count).toBe(0);
  });

  test.each([
    ["quickly", undefined],
    ["with counts", shippedCounts()],
  ])("2,000 literals, tables built %s", (_name, counts) => {
    const literals = Array.from({ length: 2000 }, (_, index) => ({
      text: `${(index * 7919).toString(36)}_${index}`,
      ignoreCase: index % 3 === 0,
    }));
    const content = literals.map(({ text }, index) => (index % 2 ? text : text.toUpperCase())).join(" ");
    const few = counts === undefined ? literals : literals.slice(0, 100);
    for (const kernel of twins(wasm, few, counts)) {
      expect(pairs(kernel.find(load(kernel, content)))).toEqual(naiveHits(content, few));
    }
  });
});
