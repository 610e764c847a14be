// A content in pieces is the content whole, twice is once, and every planted token is found where it stands.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  factsOf,
  foxRule,
  makeScanner,
  placeOf,
  randomText,
  rigRules,
  scanPieces,
  scanWhole,
  tokenRule,
  yakToken,
  zed,
  zedToken,
} from "../helpers/scan-rig.ts";
import { ruleOf } from "../helpers/matches.ts";

const duel = ["duel", "key", ""].join("_");
const family = { contested: "duel", evidence: { near: ["alpha"], lines: 2 } };
const rules = [
  ...rigRules,
  tokenRule("alpha.key", duel, 20, { ...family, reach: 2100 }),
  tokenRule("beta.key", duel, 20, { ...family, evidence: { near: ["beta"], lines: 2 }, reach: 2100 }),
  tokenRule("unclear.duel", duel, 20, { contested: "duel", fallback: true }),
  ruleOf("armour.key", {
    keywords: ["[[START]]"],
    pattern: "\\[\\[START\\]\\]\\s(?P<secret>[A-Za-z0-9\\s]{20,400})\\s\\[\\[END\\]\\]",
    longest: 430,
    reach: 431,
  }),
];
const scanner = makeScanner({ rules });

const piece: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.string({ maxLength: 40 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom("\n", "\r\n", "\u{1f511}", "é", " ", "\0", '"', "=", "alpha", "beta", "%41"),
  },
  { weight: 2, arbitrary: fc.nat(99).map(zedToken) },
  { weight: 2, arbitrary: fc.nat(99).map(yakToken) },
  { weight: 1, arbitrary: fc.nat(99).map((seed) => Buffer.from(` ${zedToken(seed)} `).toString("base64")) },
  { weight: 1, arbitrary: fc.nat(99).map((seed) => Buffer.from(` ${zedToken(seed)}\n`).toString("hex")) },
  { weight: 1, arbitrary: fc.nat(99).map((seed) => encodeURIComponent(`"${yakToken(seed)}"`)) },
  { weight: 1, arbitrary: fc.nat(99).map((seed) => zedToken(seed).replaceAll("_", "\\u005f")) },
  { weight: 1, arbitrary: fc.nat(99).map((seed) => duel + randomText(seed, 20)) },
  { weight: 1, arbitrary: fc.nat(99).map((seed) => `name#fox#${randomText(seed, 16, "abcdef0123456789")}`) },
  {
    weight: 1,
    arbitrary: fc
      .nat(300)
      .map((length) => `[[START]]\n${randomText(length, 20 + length).replaceAll("A", "\n")}\n[[END]]`),
  },
  { weight: 1, arbitrary: fc.nat(900).map((length) => "lorem ipsum ".repeat(length / 12)) },
  { weight: 1, arbitrary: fc.constant("# gitleaks:allow because\n") },
  { weight: 1, arbitrary: fc.constantFrom(zed, `${zed}${zed}`, duel.slice(0, 5)) },
);
// `size`: fast-check would make contents of ten parts otherwise, too short for a second piece.
const contents = fc.array(piece, { maxLength: 80, size: "max" }).map((parts) => parts.join(""));

const described = (scanned: ReturnType<typeof scanWhole>) => ({
  matches: scanned.matches.map((match) => ({ ...factsOf(match), frame: match.frame })),
  directives: scanned.directives,
  bytes: scanned.bytes,
});

describe("a content in pieces", () => {
  test("gives what the whole content gives", () => {
    fc.assert(
      fc.property(
        contents,
        fc.integer({ min: 300, max: 2000 }),
        fc.integer({ min: 1, max: 5000 }),
        (content, own, portion) => {
          const whole = described(scanWhole(scanner, content));
          const pieces = described(scanPieces(scanner, content, { own, overlap: 4096, portion }));
          expect(pieces).toEqual(whole);
        },
      ),
      { numRuns: 120, interruptAfterTimeLimit: 15_000 },
    );
  });

  test("gives what the whole content gives, when it is many pieces long", () => {
    const long = fc.array(contents, { minLength: 8, maxLength: 12 }).map((parts) => parts.join("\n"));
    fc.assert(
      fc.property(long, fc.integer({ min: 300, max: 2000 }), (content, own) => {
        const whole = described(scanWhole(scanner, content));
        expect(described(scanPieces(scanner, content, { own, overlap: 4096, portion: 1000 }))).toEqual(whole);
      }),
      { numRuns: 25, interruptAfterTimeLimit: 15_000 },
    );
  });

  test("is empty when the content is", () => {
    expect(scanPieces(scanner, "", { own: 300, overlap: 4096, portion: 1 })).toEqual({
      matches: [],
      directives: [],
      bytes: 0,
    });
  });
});

test("scanning a content again gives the same, whatever was scanned in between", () => {
  fc.assert(
    fc.property(contents, contents, (content, other) => {
      const first = described(scanWhole(scanner, content));
      scanWhole(scanner, other);
      expect(described(scanWhole(scanner, content))).toEqual(first);
    }),
    { numRuns: 60, interruptAfterTimeLimit: 15_000 },
  );
});

test("a token planted anywhere is found, with its line and column", () => {
  const plain = makeScanner({ rules: rigRules.filter((rule) => rule !== foxRule) });
  const text = fc.array(fc.constantFrom("word ", "\n", "\r\n", "\u{1f511}", "é", "\t", "x = 1;", "€"), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(text, text, fc.nat(9999), (before, after, seed) => {
      const token = zedToken(seed);
      const lead = `${before.join("")} `;
      const bytes = Buffer.from(`${lead}${token} ${after.join("")}`);
      const start = Buffer.byteLength(lead);
      const { matches } = scanWhole(plain, bytes);
      expect(matches.map((match) => match.span)).toEqual([{ start, end: start + token.length }]);
      const place = placeOf(bytes, start);
      expect(matches[0]?.location).toEqual({
        ...place,
        endLine: place.line,
        endColumn: place.column + token.length,
      });
    }),
    { numRuns: 150 },
  );
});
