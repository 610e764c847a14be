// Random literals and contents: both twins of the kernel agree with one another and with naive oracles.
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { sourceMapper } from "../../src/kernel/kernel.ts";
import type { Literal } from "../../src/kernel/kernel.ts";
import { bytesOf, kernelModule, load, naiveHits, pairs, segmentsOf, twins } from "../unit/kernel/kernels.ts";
import { naiveEscapes, naiveSegments } from "../unit/kernel/naive-decode.ts";

let wasm: Uint8Array;

beforeAll(async () => {
  wasm = await kernelModule();
});

const letters = fc.constantFrom(..."aAbBkKeyE_-@`0/");
const word = (least: number, most: number): fc.Arbitrary<string> =>
  fc.string({ unit: letters, minLength: least, maxLength: most });
const literal: fc.Arbitrary<Literal> = fc.record({
  text: fc.oneof({ weight: 4, arbitrary: word(3, 9) }, word(3, 64)),
  ignoreCase: fc.boolean(),
});
const noise = fc.oneof(word(0, 40), fc.string({ unit: "binary-ascii", maxLength: 40 }), latin1(60));

function latin1(most: number): fc.Arbitrary<string> {
  return fc.uint8Array({ maxLength: most }).map((bytes) => Buffer.from(bytes).toString("latin1"));
}

// Contents that hold whole and cut literals between noise.
function planted(literals: readonly Literal[]): fc.Arbitrary<string> {
  const whole = fc.constantFrom(...literals).map(({ text }) => text);
  const cut = fc.tuple(whole, fc.nat(64)).map(([text, length]) => text.slice(length % text.length));
  const turned = whole.map((text) => text.toUpperCase());
  return fc.array(fc.oneof(whole, cut, turned, noise), { maxLength: 30 }).map((parts) => parts.join(""));
}

describe("find", () => {
  test("is indexOf for every literal", () => {
    const input = fc
      .array(literal, { minLength: 1, maxLength: 40 })
      .chain((literals) => fc.tuple(fc.constant(literals), fc.array(planted(literals), { maxLength: 6 }), noise));
    fc.assert(
      fc.property(input, ([literals, contents, around]) => {
        const kernels = twins(wasm, literals);
        for (const content of contents) {
          const expected = naiveHits(content, literals);
          for (const kernel of kernels) expect(pairs(kernel.find(load(kernel, content, around)))).toEqual(expected);
        }
      }),
      { numRuns: 150 },
    );
  });
});

const ENCODINGS = ["base64", "base64url", "hex", "utf16le"] as const;
const JOINTS = ["\n", "\r\n", "\\\n", "\\n", "\\r\\n", "\n    ", "\r", "\n\n", `\n${" ".repeat(33)}`] as const;
const encoded = fc
  .tuple(fc.oneof(latin1(120), fc.string({ unit: "grapheme-ascii", maxLength: 120 })), fc.constantFrom(...ENCODINGS))
  .map(([text, encoding]) =>
    encoding === "utf16le"
      ? Buffer.from(text, encoding).toString("latin1")
      : Buffer.from(text, "latin1").toString(encoding),
  );
const wrapped = fc
  .tuple(encoded, fc.integer({ min: 20, max: 70 }), fc.constantFrom(...JOINTS))
  .map(([text, size, joint]) => (text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? []).join(joint));
const escape = fc.constantFrom(
  "%41",
  "%4",
  "\\u0041",
  "\\u{41}",
  "\\x4",
  "\\x41",
  "&#65;",
  "&#x41",
  "&#",
  "\\U00000041",
);
const glue = fc.constantFrom("", " ", "=", "\n", "\0", "a", "\\", "%", ".", "\u00ff", "f");
const document = fc
  .array(fc.oneof(encoded, wrapped, escape, glue, glue, noise), { maxLength: 24 })
  .map((parts) => parts.join(""));

describe("decode", () => {
  test("is what regular expressions and Buffer give", () => {
    const kernels = { pair: twins(wasm, []) };
    fc.assert(
      fc.property(document, fc.constantFrom("", "A", "\0a", "\n", "=", "41}"), (content, around) => {
        const expected = naiveSegments(content);
        const escapes = naiveEscapes(content);
        for (const kernel of kernels.pair) {
          const decoded = kernel.decode(load(kernel, content, around), 0);
          expect(segmentsOf(kernel, decoded)).toEqual(expected);
          expect(pairs(decoded.escapes)).toEqual(escapes);
        }
      }),
      { numRuns: 1500 },
    );
  });

  test("source offsets rise, stay in the run, and lead to characters that decode to the same bytes", () => {
    fc.assert(
      fc.property(document, (content) => {
        const source = bytesOf(content);
        for (const piece of naiveSegments(content)) {
          const toSource = sourceMapper(source, piece);
          let before = piece.sourceStart;
          for (let offset = 0; offset < piece.text.length; offset++) {
            const start = toSource(offset, "start");
            const end = toSource(offset + 1, "end");
            expect(start).toBeGreaterThanOrEqual(before);
            expect(end).toBeGreaterThan(start);
            expect(end).toBeLessThanOrEqual(piece.sourceEnd);
            if (piece.kind === 1)
              expect(Buffer.from(content.slice(start, end), "hex").toString("latin1")).toBe(piece.text[offset]);
            if (piece.kind === 2) expect(content.slice(start, end)).toBe(piece.text[offset]);
            before = start;
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
