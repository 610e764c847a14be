// The run decoder, both twins, against Buffer; and the way back to the source.
import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { sourceOffset } from "../../../src/kernel/kernel.ts";
import type { Kernel } from "../../../src/kernel/kernel.ts";
import { bytesOf, kernelModule, load, pairs, segmentsOf, twins } from "./kernels.ts";
import type { Piece } from "./kernels.ts";
import { naiveEscapes, naiveSegments } from "./naive-decode.ts";

let kernels: readonly [Kernel, Kernel];

beforeAll(async () => {
  kernels = twins(await kernelModule(), []);
});

const PLAIN = "user = alice, pass = wonderland, note = the quick brown fox jumps over the lazy dog";
const base64 = (text: string): string => Buffer.from(text, "latin1").toString("base64");
const lines = (text: string, size: number, joint: string): string =>
  (text.match(new RegExp(`.{1,${size}}`, "g")) ?? []).join(joint);

function expectNaive(content: string, around = ""): Piece[] {
  const expected = naiveSegments(content);
  const escapes = naiveEscapes(content);
  for (const kernel of kernels) {
    const decoded = kernel.decode(load(kernel, content, around), 0);
    const given = { twin: kernel.kind, segments: segmentsOf(kernel, decoded), escapes: pairs(decoded.escapes) };
    expect(given).toEqual({ twin: kernel.kind, segments: expected, escapes });
  }
  return expected;
}

const texts = (pieces: readonly Piece[]): string[] => pieces.map(({ text }) => text);

describe("decode", () => {
  const long = base64(PLAIN.repeat(3));
  const table: readonly (readonly [string, string, string | undefined])[] = [
    ["base64", `x = "${base64(PLAIN)}"`, PLAIN],
    ["base64url", `x = "${Buffer.from(`???>>>${PLAIN}`).toString("base64url")}"`, `???>>>${PLAIN}`],
    ["base64 behind two characters", `ab${base64(PLAIN)}`, PLAIN],
    ["base64 in lines", lines(long, 64, "\n"), PLAIN.repeat(3)],
    ["base64 in lines with CRLF", lines(long, 76, "\r\n"), PLAIN.repeat(3)],
    ["base64 in indented lines", lines(long, 40, "\n \t    "), PLAIN.repeat(3)],
    ["base64 in lines of a shell", lines(long, 64, "\\\n"), PLAIN.repeat(3)],
    ["base64 in lines spelled as escapes", lines(long, 64, "\\n"), PLAIN.repeat(3)],
    ["base64 in lines spelled as two escapes", lines(long, 64, "\\r\\n"), PLAIN.repeat(3)],
    ["hex", `x = ${Buffer.from(PLAIN).toString("hex")};`, PLAIN],
    ["hex in upper case behind a letter", `a${Buffer.from(PLAIN).toString("hex").toUpperCase()}`, PLAIN],
    ["UTF-16 little-endian", Buffer.from(PLAIN, "utf16le").toString("latin1"), PLAIN],
    ["UTF-16 big-endian", Buffer.from(PLAIN, "utf16le").swap16().toString("latin1"), PLAIN],
    ["UTF-16 in base64", base64(Buffer.from(PLAIN, "utf16le").toString("latin1")), [...PLAIN].join("\0") + "\0"],
    [
      "a line that is longer than the first",
      `${long.slice(0, 40)}\n${long.slice(40, 84)}`,
      PLAIN.repeat(3).slice(0, 30),
    ],
    ["a first line that is too short", lines(long, 36, "\n"), PLAIN.slice(0, 27)],
    ["33 spaces are too many", lines(long.slice(0, 80), 40, `\n${" ".repeat(33)}`), PLAIN.slice(0, 30)],
    ["a lone return does not join", lines(long.slice(0, 80), 40, "\r"), PLAIN.slice(0, 30)],
    ["an identifier", "src/components/foo_bar_baz/theQuickBrownFoxJumps", undefined],
    ["a row of dashes", "-".repeat(300), undefined],
    ["zeros", base64("\0".repeat(100)), undefined],
    ["31 characters", base64(PLAIN).slice(0, 31), undefined],
    ["32 characters", base64(PLAIN).slice(0, 32), PLAIN.slice(0, 24)],
    ["30 bytes of UTF-16 without pairs", "a\0b".repeat(10), undefined],
  ];
  test.each(table)("%s", (_name, content, wanted) => {
    const found = texts(expectNaive(content));
    if (wanted === undefined) expect(found).toEqual([]);
    else expect(found).toContain(wanted);
  });

  test("escapes, whole ones only", () => {
    const all = "%4a%4 %zz \\u0041 \\u004 \\U00000041 \\u{1F600} \\u{} \\u{41 \\x41 \\x4 &#65; &#x41; &#X4 &#x &# & \\";
    expectNaive(all);
    expectNaive("%41\\u0041\\x41&#65;".repeat(2000));
    for (let length = 0; length <= all.length; length++) {
      expectNaive(all.slice(0, length), "1234567890}");
      expectNaive(all.slice(length), "%");
    }
  });

  test("runs at every place around vector borders, and what stands around the region does not matter", () => {
    for (let shift = 0; shift < 34; shift++) {
      for (const size of [31, 32, 33, 40, 47, 48, 64]) {
        const run = base64(PLAIN).slice(0, size);
        expectNaive(`${".".repeat(shift)}${run}`, "Zm9v");
        expectNaive(`${".".repeat(shift)}${run}=\n`, "\n");
        expectNaive(`${".".repeat(shift)}${Buffer.from(PLAIN.slice(0, size >> 1)).toString("hex")}`, "66");
      }
      const wide = Buffer.from(PLAIN.slice(0, 8), "utf16le").toString("latin1");
      for (const tail of ["", "%41", "\0", "x", base64(PLAIN), ` ${base64(PLAIN)}`]) {
        expectNaive(`${".".repeat(shift)}${wide.slice(0, -1)}${tail}`, "\0");
        expectNaive(`${".".repeat(shift)}${wide}${tail}`, "a\0");
      }
    }
  });

  test("runs next to one another", () => {
    const wide = Buffer.from(PLAIN, "utf16le").toString("latin1");
    const hex = Buffer.from(PLAIN).toString("hex");
    expectNaive(`${base64(PLAIN)}${wide}${base64(PLAIN)}${wide}${hex}\0${hex}g${hex}\n${hex}=${base64(PLAIN)}`);
    expectNaive(`${wide.slice(0, 40)}${wide.slice(1, 40)}${wide.slice(0, 16)}%41%${wide}`);
  });

  test("long runs are decoded once, unless they touch the region's start", () => {
    const text = base64(PLAIN.repeat(80));
    expect(expectNaive(`.${text}`).filter(({ kind }) => kind === 0)).toHaveLength(1);
    expect(texts(expectNaive(`.a${text}`))).not.toContain(PLAIN.repeat(80));
    expect(texts(expectNaive(`a${text}`))).toContain(PLAIN.repeat(80));
    expectNaive(`.${lines(text, 64, "\n")}`);
  });

  test("a long list of separate base64 lines keeps each line's own alignment", () => {
    const line = base64(PLAIN).slice(0, 43);
    const found = texts(expectNaive(`.\n${`${line}\n`.repeat(150)}`));
    expect(found.filter((text) => text === PLAIN.slice(0, 32)).length).toBeGreaterThan(100);
  });

  test("many runs and escapes fill the buffers and none is lost", () => {
    const row = `${Buffer.from(PLAIN.slice(0, 16)).toString("hex")}.${base64(PLAIN).slice(0, 32)} %41`;
    expect(expectNaive(row.repeat(3000)).length).toBeGreaterThanOrEqual(6000);
    expectNaive(`${Buffer.from(PLAIN.slice(0, 16)).toString("hex")}g`.repeat(4000));
    expectNaive(Buffer.from(PLAIN.slice(0, 9), "utf16le").toString("latin1").concat("\0.").repeat(3000));
  });

  test("random bytes in hex and base64 are mostly dropped", () => {
    const found = expectNaive(Array.from({ length: 100 }, () => randomBytes(20).toString("hex")).join(" "));
    expect(found.length).toBeLessThan(20);
  });

  test("arenas: output of one depth is decoded at the next and both stay", () => {
    const inner = base64(PLAIN);
    const content = `a = ${base64(inner)}; b = ${Buffer.from(base64("other text, long enough")).toString("hex")}`;
    for (const kernel of kernels) {
      const first = kernel.decode(load(kernel, content), 0);
      const firstText = texts(segmentsOf(kernel, first));
      expect(firstText).toContain(inner);
      const second = kernel.decode(first.region, 1);
      expect(texts(segmentsOf(kernel, second))).toContain(PLAIN);
      expect(texts(segmentsOf(kernel, first))).toEqual(firstText);
      const third = kernel.decode(second.region, 2);
      expect(third.segments.count).toBe(0);
      expect(third.region.length).toBe(0);
      expect(texts(segmentsOf(kernel, kernel.decode(first.region, 1)))).toContain(PLAIN);
      expect(() => kernel.decode(first.region, 6)).toThrow(RangeError);
    }
  });
});

describe("sourceOffset", () => {
  const needle = "wonderland";
  const table: readonly (readonly [string, string, string])[] = [
    ["base64", `x = "${base64(PLAIN)}"`, base64(PLAIN)],
    ["base64 behind three characters", `. abc${base64(PLAIN)}`, base64(PLAIN)],
    ["base64 in lines", `.\n${lines(base64(PLAIN.repeat(4)), 40, "\\\n  ")}`, base64(PLAIN.repeat(4))],
    ["hex behind a digit", `.0${Buffer.from(PLAIN).toString("hex")}`, Buffer.from(PLAIN).toString("hex")],
  ];
  test.each(table)("%s: the characters between both edges decode to the needle", (_name, content, encoded) => {
    for (const piece of naiveSegments(content)) {
      const at = piece.text.indexOf(needle);
      if (at < 0) continue;
      const start = sourceOffset(bytesOf(content), piece, at, "start");
      const end = sourceOffset(bytesOf(content), piece, at + needle.length, "end");
      const characters = content.slice(start, end).replace(/\\\n {2}/g, "");
      const width = piece.kind === 0 ? 8 / 6 : 2;
      const first = Math.floor(encoded.indexOf(characters) / width);
      expect(encoded).toContain(characters);
      expect(Math.abs(characters.length - needle.length * width)).toBeLessThan(2);
      expect(Math.abs(first - PLAIN.indexOf(needle))).toBeLessThan(2);
    }
    expect(naiveSegments(content).some(({ text }) => text.includes(needle))).toBe(true);
  });

  test("UTF-16 of both orders", () => {
    for (const swapped of [false, true]) {
      const bytes = Buffer.from(`..${PLAIN}`, "utf16le");
      if (swapped) bytes.swap16();
      const content = bytes.toString("latin1");
      const [piece] = naiveSegments(content);
      if (piece === undefined) throw new Error("nothing decoded");
      const at = piece.text.indexOf(needle);
      const start = sourceOffset(bytes, piece, at, "start");
      const end = sourceOffset(bytes, piece, at + needle.length, "end");
      expect(content.slice(start, end).replaceAll("\0", "")).toBe(needle);
    }
  });

  test("the edges of a segment map to the edges of its run", () => {
    const content = `. ${base64(PLAIN.slice(0, 48))} .`;
    const [piece] = naiveSegments(content);
    if (piece === undefined) throw new Error("nothing decoded");
    expect(sourceOffset(bytesOf(content), piece, 0, "start")).toBe(2);
    expect(sourceOffset(bytesOf(content), piece, 0, "end")).toBe(2);
    expect(sourceOffset(bytesOf(content), piece, 48, "end")).toBe(66);
  });
});
