// Where patterns run: at a keyword, with bytes before it, at the edges of the content, alone and among many hits.

import { describe, expect, test } from "vitest";
import { loadRegexEngine } from "../../../src/base/regex/engine.ts";
import type { Rule } from "../../../src/model/rule.ts";
import { findCandidate } from "../../../src/scan/candidates.ts";
import type { ReadyRule } from "../../../src/scan/candidates.ts";
import { Pages } from "../../../src/scan/pages.ts";
import { ruleOf } from "../../helpers/matches.ts";

const engines = [loadRegexEngine("re2"), loadRegexEngine("re2js")];

function ready(rule: Rule, engine = engines[0]): ReadyRule {
  const regex = (engine ?? loadRegexEngine()).compile(rule.pattern);
  return { rule, index: 3, refused: undefined, required: undefined, regex: () => regex, probe: () => regex };
}

const anchored = ruleOf("a.key", { keywords: ["kk_"], pattern: "(?P<secret>kk_[a-z]{2,4})", longest: 7, lead: 0 });
const led = ruleOf("b.key", {
  keywords: ["kk_"],
  pattern: "(?P<who>[A-Z]{1,3})\\s?(?P<secret>kk_[a-z]{2,4})(?P<more>!)?",
  longest: 12,
  lead: 4,
});
const bounded = ruleOf("c.key", { keywords: ["kk_"], pattern: "\\bkk_(?P<secret>[a-z]{2,4})\\b", longest: 7, lead: 0 });

const cases: readonly (readonly [string, Rule, string, { start: number; end: number } | undefined])[] = [
  ["at the start", anchored, "kk_abcd", { start: 0, end: 7 }],
  ["at the end", anchored, "....kk_ab", { start: 4, end: 9 }],
  ["cut at the longest", anchored, "kk_abcdefgh", { start: 0, end: 7 }],
  ["one short", anchored, "kk_a", undefined],
  ["a keyword alone", anchored, "kk_", undefined],
  ["lead of one", led, "Akk_ab", { start: 1, end: 6 }],
  ["lead of four", led, "....ABC kk_abcd!", { start: 8, end: 15 }],
  ["lead missing", led, "....kk_abcd", undefined],
  ["lead too far away", led, "ABC  kk_abcd", undefined],
  ["boundary at both ends", bounded, "kk_abcd", { start: 3, end: 7 }],
  ["a letter before", bounded, "xkk_abcd", undefined],
  ["a letter behind, just outside of the longest match", bounded, "kk_abcde", undefined],
  ["a byte that is no UTF-8 before", bounded, "\u00ffkk_abcd\u00ff", { start: 4, end: 8 }],
];

describe.each(engines.map((engine) => [engine.name, engine] as const))("%s", (_, engine) => {
  test.each(cases)("%s", (_name, rule, text, secret) => {
    const bytes = Buffer.from(text, "latin1");
    const offset = text.indexOf("kk_");
    const found = findCandidate(ready(rule, engine), bytes, { offset, length: 3 });
    expect(found?.secret).toEqual(secret);
    expect(found?.rule).toBe(secret === undefined ? undefined : 3);
  });

  test("groups that took part, and no others", () => {
    const bytes = Buffer.from("AB kk_abcd");
    const found = findCandidate(ready(led, engine), bytes, { offset: 3, length: 3 });
    expect(found).toEqual({
      rule: 3,
      span: { start: 0, end: 10 },
      secret: { start: 3, end: 10 },
      groups: { who: { start: 0, end: 2 } },
    });
  });

  test("a hit in the middle of a match finds the match around it", () => {
    const rule = ruleOf("d.key", { keywords: ["kk_"], pattern: "<[a-z_]{2,12}>", longest: 14, lead: 10 });
    const bytes = Buffer.from("..<abkk_kk_cd>..");
    for (const offset of [5, 8]) {
      expect(findCandidate(ready(rule, engine), bytes, { offset, length: 3 })?.span).toEqual({ start: 2, end: 14 });
    }
  });

  test("an earlier match that ends before the hit does not hide a later one", () => {
    const bytes = Buffer.from("A kk_ab B kk_cd");
    expect(findCandidate(ready(led, engine), bytes, { offset: 10, length: 3 })?.span).toEqual({ start: 8, end: 15 });
  });
});

test("a range is never left, on either side", () => {
  const bytes = Buffer.from("ABC kk_abcd!");
  const within = (start: number, end: number) =>
    findCandidate(ready(led), bytes, { offset: 4, length: 3 }, { range: { start, end }, index: 0 })?.span;
  expect(within(0, 12)).toEqual({ start: 0, end: 12 });
  expect(within(2, 12)).toEqual({ start: 2, end: 12 });
  expect(within(4, 12)).toBeUndefined();
  expect(within(0, 10)).toEqual({ start: 0, end: 10 });
  expect(within(0, 8)).toBeUndefined();
});

describe("many hits: what pages say is what windows say", () => {
  const open = ruleOf("e.key", { keywords: ["kk_"], pattern: "kk_[a-z_ ]{2,}(?P<secret>!)", longest: 60, lead: 0 });
  const free = ruleOf("f.key", { keywords: ["kk_"], pattern: "[A-Z ]{0,3}kk_[a-z]+\\b", longest: 40, lead: 3 });
  const texts = [
    "kk_ab ".repeat(3000),
    "kk_".repeat(4000),
    "ABC kk_abcd!kk_a!kk_abcdefgh ".repeat(900),
    `${"kk_a ".repeat(400)}${"kk_".repeat(20)}! ${"A kk_ab".repeat(2000)}`,
    `${"kk_abc! ".repeat(50)}${" ".repeat(30_000)}${"kk_abc! ".repeat(2500)}`,
  ];
  const rules = [anchored, led, bounded, open, free];
  test.each(rules.flatMap((rule) => texts.map((text, index) => [rule.id, index, rule, text] as const)))(
    "%s on text %i",
    (_, _index, rule, text) => {
      const bytes = Buffer.from(text);
      const offsets: number[] = [];
      for (let at = text.indexOf("kk_"); at >= 0; at = text.indexOf("kk_", at + 1)) offsets.push(at);
      const hits = { count: offsets.length, offsets: Uint32Array.from(offsets) };
      const pages = new Pages(bytes, hits, { longest: 60, lead: 4 });
      const range = { start: 0, end: bytes.length };
      const [paged, plain] = [ready(rule), ready(rule)];
      for (const [index, offset] of offsets.entries()) {
        const hit = { offset, length: 3 };
        expect(findCandidate(paged, bytes, hit, { range, pages, index })).toEqual(findCandidate(plain, bytes, hit));
      }
    },
  );
});
