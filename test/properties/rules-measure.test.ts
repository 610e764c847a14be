// measure.ts against RE2 and against the language itself, written out where it is small.

import fc from "fast-check";
import { expect, test } from "vitest";
import { loadRegexEngine } from "../../src/base/regex/engine.ts";
import { measurePattern } from "../../src/rules/measure.ts";
import { parsePattern } from "../../src/rules/syntax.ts";
import { allTextsOf, textOf } from "../unit/rules/random-text.ts";

/** Patterns over few letters, so that keywords are met often. */
const bounds = fc.constantFrom("?", "*", "+", "{2}", "{0,3}", "{2,5}", "{1,40}", "{3,}");
const { pattern } = fc.letrec<{ pattern: string; piece: string }>((tie) => ({
  piece: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("a", "b", "c", "ab", "key_", "[ab]", "[^a\\n]", "[a-c]", "."),
    fc.tuple(tie("pattern"), bounds).map(([body, bound]) => `(?:${body})${bound}`),
    fc.tuple(tie("pattern"), tie("pattern")).map(([a, b]) => `(?:${a}|${b})`),
    fc.tuple(fc.constantFrom("a", "b", "[ab]", "."), bounds).map(([one, bound]) => one + bound),
  ),
  pattern: fc.array(tie("piece"), { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join("")),
}));
const keywords = fc.uniqueArray(fc.constantFrom("a", "ab", "aba", "bc", "cab", "bbb", "key_", "y_a"), {
  minLength: 1,
  maxLength: 4,
});
const choices = fc.infiniteStream(fc.nat(1_000_000));

/** Where the keyword that ends first starts, the longest where several end there; -1 if there is none. */
function firstKeyword(text: string, words: readonly string[]): number {
  for (let end = 1; end <= text.length; end++) {
    const ending = words.filter((word) => text.endsWith(word, end)).map((word) => word.length);
    if (ending.length > 0) return end - Math.max(...ending);
  }
  return -1;
}

function parsed(source: string): ReturnType<typeof parsePattern> | undefined {
  try {
    return parsePattern(source, { ignoreCase: false });
  } catch {
    return undefined; // nested counts beyond RE2's limit, or a loop over what can be empty
  }
}

test("texts of a pattern keep what was measured, and RE2 matches them", () => {
  let met = 0;
  fc.assert(
    fc.property(pattern, keywords, choices, (source, words, stream) => {
      const tree = parsed(source)?.tree;
      if (tree === undefined) return;
      const measure = measurePattern(tree, { keywords: words, ignoreCase: false });
      const regex = loadRegexEngine().compile(`^(?:${source})$`);
      for (let i = 0; i < 5; i++) {
        const text = textOf(tree, (limit) => (stream.next().value as number) % limit);
        expect(text.length).toBeGreaterThanOrEqual(measure.shortest);
        expect(text.length).toBeLessThanOrEqual(measure.longest ?? Number.POSITIVE_INFINITY);
        expect(regex.find(text, 0, true)?.end).toBe(text.length);
        const lead = firstKeyword(text, words);
        if (measure.keywordFree === undefined) expect(lead).toBeGreaterThanOrEqual(0);
        expect(lead).toBeLessThanOrEqual(measure.lead ?? Number.POSITIVE_INFINITY);
        for (const word of measure.unused) expect(text).not.toContain(word);
        met++;
      }
    }),
    { numRuns: 250 },
  );
  expect(met).toBeGreaterThan(500);
});

test("a counterexample is one", () => {
  let seen = 0;
  fc.assert(
    fc.property(pattern, keywords, (source, words) => {
      const tree = parsed(source)?.tree;
      if (tree === undefined) return;
      const { keywordFree } = measurePattern(tree, { keywords: words, ignoreCase: false });
      if (keywordFree === undefined) return;
      seen++;
      expect(firstKeyword(keywordFree, words)).toBe(-1);
      expect(loadRegexEngine().compile(`^(?:${source})$`).find(keywordFree, 0, true)?.end).toBe(keywordFree.length);
    }),
    { numRuns: 400 },
  );
  expect(seen).toBeGreaterThan(20);
});

test("of a small language, the measures are exact", () => {
  let seen = 0;
  fc.assert(
    fc.property(pattern, keywords, (source, words) => {
      const tree = parsed(source.replaceAll(".", "[ab]").replaceAll("[^a\\n]", "[bc]"))?.tree;
      const texts = tree === undefined ? undefined : allTextsOf(tree, 500);
      if (tree === undefined || texts === undefined) return;
      seen++;
      const leads = [...texts].map((text) => firstKeyword(text, words));
      const lengths = [...texts].map((text) => text.length);
      const measure = measurePattern(tree, { keywords: words, ignoreCase: false });
      expect(measure.shortest).toBe(Math.min(...lengths));
      expect(measure.longest).toBe(Math.max(...lengths));
      expect(measure.lead).toBe(Math.max(0, ...leads));
      expect(measure.keywordFree !== undefined).toBe(leads.includes(-1));
      expect(measure.unused).toEqual(words.filter((word) => [...texts].every((text) => !text.includes(word))));
    }),
    { numRuns: 1200 },
  );
  expect(seen).toBeGreaterThan(100);
});
