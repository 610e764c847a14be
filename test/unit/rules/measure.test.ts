import { describe, expect, test } from "vitest";
import { measurePattern } from "../../../src/rules/measure.ts";
import { stripPattern } from "../../../src/rules/pattern.ts";
import { parsePattern } from "../../../src/rules/syntax.ts";
import { processorClock } from "../../helpers/processor-clock.ts";

function measure(pattern: string, keywords: readonly string[], ignoreCase = false): ReturnType<typeof measurePattern> {
  const { tree } = parsePattern(stripPattern(pattern), { ignoreCase });
  return measurePattern(tree, { keywords, ignoreCase });
}

test.each([
  { pattern: "acme_ [a-z]{32}", keywords: ["acme_"], want: { shortest: 37, longest: 37, lead: 0, unused: [] } },
  {
    pattern: "\\b x{2,5} acme_ [a-z]{3,40}",
    keywords: ["acme_"],
    want: { shortest: 10, longest: 50, lead: 5, unused: [] },
  },
  { pattern: ".{0,1000} key_", keywords: ["key_"], want: { shortest: 4, longest: 1004, lead: 1000, unused: [] } },
  { pattern: "(?: ab | abc | x{7} ab )", keywords: ["ab"], want: { shortest: 2, longest: 9, lead: 7, unused: [] } },
  { pattern: "key_ .*", keywords: ["key_"], want: { shortest: 4, lead: 0, unused: [] } },
  { pattern: "[a-z]* key_", keywords: ["key_"], want: { shortest: 4, unused: [] } },
  { pattern: "(?: aab )+ c", keywords: ["abc"], want: { shortest: 4, unused: [] } },
  // The keyword that ends first counts, though another one starts before it.
  { pattern: "abcdef", keywords: ["bcd", "abcdef"], want: { shortest: 6, longest: 6, lead: 1, unused: [] } },
  { pattern: "abcdef", keywords: ["cd", "abcd"], want: { shortest: 6, longest: 6, lead: 0, unused: [] } },
  {
    pattern: "[0-9]{3} key_ [a-z]{9} other_",
    keywords: ["key_", "other_"],
    want: { shortest: 22, longest: 22, lead: 3, unused: [] },
  },
  {
    pattern: "(?: [a-z]{1,10} - ){0,20} key_",
    keywords: ["key_"],
    want: { shortest: 4, longest: 224, lead: 220, unused: [] },
  },
  {
    pattern: "(?: \\b )? key_ (?: x{0} )?",
    keywords: ["key_"],
    want: { shortest: 4, longest: 4, lead: 0, unused: [] },
  },
  {
    pattern: "key_ [a-z]{3}",
    keywords: ["key_", "kex_"],
    want: { shortest: 7, longest: 7, lead: 0, unused: ["kex_"] },
  },
])("$pattern", ({ pattern, keywords, want }) => {
  expect(measure(pattern, keywords)).toEqual(want);
});

describe("a match without a keyword is shown", () => {
  test.each([
    { pattern: "(?: key_ | kex_ ) [a-z]{2}", keywords: ["key_"], want: "kex_aa" },
    { pattern: "key_? [0-9]", keywords: ["key_"], want: "key0" },
    { pattern: "[ab]{3}", keywords: ["aab"], want: "aaa" },
    { pattern: "(?: a | key_ )* b", keywords: ["key_"], want: "b" },
    { pattern: "[Kk]ey_", keywords: ["key_"], want: "Key_" },
  ])("$pattern", ({ pattern, keywords, want }) => {
    expect(measure(pattern, keywords).keywordFree).toBe(want);
  });
});

test("ignoring case, any spelling of a keyword counts", () => {
  expect(measure("(?: KEY | Key ) _", ["key_"], true)).toEqual({ shortest: 4, longest: 4, lead: 0, unused: [] });
  expect(measure("[Kk]ey_", ["KEY_"], true).keywordFree).toBeUndefined();
});

test("large repetitions and many keywords are measured quickly", () => {
  const keywords = Array.from({ length: 60 }, (_, i) => `word${String.fromCharCode(97 + (i % 26))}${i}_`);
  const pattern = `[a-z0-9]{0,1000} (?: ${keywords.join(" | ")} ) (?: [a-z_]{1,30} [-.] ){0,30} [a-z]{16,1000}`;
  const spent = processorClock();
  const measured = measure(pattern, keywords);
  expect(measured.lead).toBe(1000);
  expect(measured.unused).toEqual([]);
  expect(spent()).toBeLessThan(1000);
});
