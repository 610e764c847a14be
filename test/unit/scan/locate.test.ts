// Lines, columns in UTF-16 code units, source lines with nothing hidden in them, and directives.

import { describe, expect, test } from "vitest";
import {
  contentStart,
  directiveAt,
  frameOf,
  Locator,
  mergeSpans,
  originAfter,
  utf16Length,
} from "../../../src/scan/locate.ts";
import { placeOf } from "../../helpers/scan-rig.ts";
import { processorClock } from "../../helpers/processor-clock.ts";

const texts: readonly (readonly [string, string])[] = [
  ["empty", ""],
  ["one line without an end", "abc"],
  ["one line", "abc\n"],
  ["CRLF", "a\r\nbc\r\n\r\nd"],
  ["blank lines", "\n\n\n"],
  ["astral characters", "\u{1f511}a\u{1f511}\u{1f511}\nb\u{1f511}c"],
  ["two and three bytes", "é€é\n€\né"],
];

describe("places", () => {
  test.each(texts)("%s: every offset, upwards, downwards and at random", (_, text) => {
    const bytes = Buffer.from(text);
    const starts = [...bytes.keys(), bytes.length].filter(
      (at) => at === bytes.length || ((bytes[at] ?? 0) & 0xc0) !== 0x80,
    );
    const orders = [starts, starts.toReversed(), starts.toSorted((a, b) => ((a * 7919) % 31) - ((b * 7919) % 31))];
    for (const order of orders) {
      const locator = new Locator(bytes, contentStart);
      for (const offset of order) expect([offset, locator.position(offset)]).toEqual([offset, placeOf(bytes, offset)]);
    }
  });

  test.each(texts)("%s: cut anywhere, the origin carries over", (_, text) => {
    const bytes = Buffer.from(text);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const origin = originAfter(bytes, cut, contentStart);
      const rest = bytes.subarray(cut);
      const locator = new Locator(rest, origin);
      for (let offset = cut; offset <= bytes.length; offset++) {
        if (((bytes[offset] ?? 0) & 0xc0) === 0x80) continue;
        expect(locator.position(offset - cut)).toEqual(placeOf(bytes, offset));
      }
      const middle = Math.floor(rest.length / 2);
      expect(originAfter(rest, middle, origin)).toEqual(originAfter(bytes, cut + middle, contentStart));
    }
  });

  test("back to the first line of a piece, the origin's column counts again", () => {
    const locator = new Locator(Buffer.from("ab\ncd"), { line: 4, column: 10 });
    expect(locator.position(1)).toEqual({ line: 5, column: 12 });
    expect(locator.position(4)).toEqual({ line: 6, column: 2 });
    expect(locator.position(1)).toEqual({ line: 5, column: 12 });
    expect(locator.position(0)).toEqual({ line: 5, column: 11 });
  });

  test("a span over lines ends where its last byte ends", () => {
    const locator = new Locator(Buffer.from("x = 'a\nbc'\n"), contentStart);
    expect(locator.location({ start: 5, end: 9 })).toEqual({ line: 1, column: 6, endLine: 2, endColumn: 3 });
  });

  test("a line of many megabytes with many secrets on it takes no time to speak of", () => {
    const bytes = Buffer.alloc(6_000_000, "x");
    const locator = new Locator(bytes, contentStart);
    const spent = processorClock();
    for (let at = 0; at < bytes.length; at += 100) locator.location({ start: at, end: at + 50 });
    for (let at = 0; at < bytes.length; at += 100)
      frameOf(bytes, { start: at, end: at + 50 }, [{ start: at, end: at + 50 }], "m");
    expect(spent()).toBeLessThan(5000);
    expect(locator.position(5_999_999)).toEqual({ line: 1, column: 6_000_000 });
  });

  test.each([
    ["abc", 3],
    ["é", 1],
    ["€", 1],
    ["\u{1f511}", 2],
  ])("%s has %i code units", (text, units) => {
    const bytes = Buffer.from(text);
    expect(utf16Length(bytes, 0, bytes.length)).toBe(units);
  });
});

test("spans are merged where they touch or overlap", () => {
  const spans = [
    { start: 10, end: 12 },
    { start: 0, end: 4 },
    { start: 4, end: 6 },
    { start: 1, end: 2 },
    { start: 11, end: 15 },
  ];
  expect(mergeSpans(spans)).toEqual([
    { start: 0, end: 6 },
    { start: 10, end: 15 },
  ]);
});

describe("frames", () => {
  const frame = (text: string, secret: string, others: readonly string[] = []) => {
    const bytes = Buffer.from(text);
    const spanOf = (part: string) => {
      const start = bytes.indexOf(part);
      return { start, end: start + Buffer.byteLength(part) };
    };
    const hidden = mergeSpans([secret, ...others].map(spanOf));
    return frameOf(bytes, spanOf(secret), hidden, "[m]");
  };

  test.each([
    ["alone", "SECRET", "SECRET", [], "[m]"],
    ["on a line", "a = 'SECRET';\nnext", "SECRET", [], "a = '[m]';"],
    ["first on its line", "before\nSECRET x", "SECRET", [], "[m] x"],
    ["last on its line", "x SECRET\nbehind", "SECRET", [], "x [m]"],
    ["CRLF", "before\r\nx SECRET y\r\nbehind", "SECRET", [], "x [m] y"],
    ["with a neighbour", "A=OTHER B=SECRET C=THIRD", "SECRET", ["OTHER", "THIRD"], "A=… B=[m] C=…"],
    ["touching a neighbour", "x OTHERSECRETTHIRD y", "SECRET", ["OTHER", "THIRD"], "x [m] y"],
    ["over lines", "x SEC\nRET y", "SEC\nRET", [], "x [m]"],
    ["a neighbour over lines that ends here", "OT\nHER SECRET", "SECRET", ["OT\nHER"], "… [m]"],
    ["a neighbour over lines that begins here", "SECRET OT\nHER", "SECRET", ["OT\nHER"], "[m] …"],
    ["astral", "\u{1f511} SECRET \u{1f511}", "SECRET", [], "\u{1f511} [m] \u{1f511}"],
  ] as const)("%s", (_, text, secret, others, shown) => {
    const found = frame(text, secret, others);
    expect(found.text).toBe(shown);
    expect(found.text.slice(found.start, found.end)).toBe("[m]");
  });

  test("long lines are cut on either side, never inside a character", () => {
    const found = frame(`${"é".repeat(200)}xSECRETx${"€".repeat(200)}`, "SECRET");
    expect(found.text).toMatch(/^…é+x\[m\]x€+…$/);
    expect(found.text.length).toBeLessThan(90);
    expect(frame(`${"x".repeat(80)}SECRET${"y".repeat(80)}\n`, "SECRET").text).toBe(
      `${"x".repeat(80)}[m]${"y".repeat(80)}`,
    );
    expect(frame(`${"x".repeat(81)}SECRET${"y".repeat(81)}`, "SECRET").text).toBe(
      `…${"x".repeat(80)}[m]${"y".repeat(80)}…`,
    );
  });

  test("a neighbour that the cut goes through is hidden", () => {
    const found = frame(`${"x".repeat(50)}OTHERTOKEN${"x".repeat(75)}SECRET`, "SECRET", ["OTHERTOKEN"]);
    expect(found.text).toBe(`……${"x".repeat(75)}[m]`);
  });
});

describe("directives", () => {
  const at = (text: string, hidden: readonly string[] = []) => {
    const bytes = Buffer.from(text);
    const spans = hidden.map((part) => ({ start: bytes.indexOf(part), end: bytes.indexOf(part) + part.length }));
    const offset = bytes.indexOf("ggignore");
    return directiveAt(bytes, { offset, spelling: "ggignore" }, mergeSpans(spans), new Locator(bytes, contentStart));
  };

  test.each([
    ["ggignore", { rest: "", line: 1 }],
    ["x\nggignore why\n", { rest: " why", line: 2 }],
    ["# ggignore why\r\nmore", { rest: " why", line: 1, before: " " }],
    ["xggignore", { rest: "", line: 1, before: "x" }],
    ["éggignore", { rest: "", line: 1, before: "é" }],
    ["\u{1f511}ggignore", { rest: "", line: 1, before: "\u{1f511}" }],
  ])("%j", (text, told) => {
    expect(at(text)).toEqual({ spelling: "ggignore", ...told });
  });

  test("hide what is hidden, before and behind", () => {
    expect(at("ggignore SECRET x", ["SECRET"]).rest).toBe(" … x");
    expect(at(`ggignore ${"x".repeat(400)}`).rest).toHaveLength(300);
  });
});
