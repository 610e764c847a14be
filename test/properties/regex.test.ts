// The two engines against each other, on patterns of the kind that rules use and texts made to nearly match them.

import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { loadRegexEngine } from "../../src/base/regex/engine.ts";
import { RegexSyntaxError } from "../../src/base/regex/regex.ts";
import type { Regex } from "../../src/base/regex/regex.ts";
import { loadRules } from "../../src/rules/load.ts";
import { shortestMatch } from "../../src/rules/measure.ts";
import { expandTemplate } from "../../src/rules/samples.ts";
import { parsePattern } from "../../src/rules/syntax.ts";
import { PatternError } from "../../src/rules/syntax-reader.ts";
import { textOf } from "../unit/rules/random-text.ts";

const atom = fc.constantFrom(
  "k",
  "key_",
  "sk-",
  "\\.",
  "=",
  "[0-9]",
  "[0-9A-Za-z]",
  "[A-Za-z0-9_-]",
  "[^\\n\"']",
  "\\s",
  "\\w",
  "\\W",
  "\\d",
  ".",
  "(?s:.)",
  "\\b",
  "\\B",
  "[[:alpha:]]",
  "[\\x80-\\xff]",
  "[^a-z]",
  "\\x20",
  "(?i:key)",
  "(?i)x",
  "\\xe9",
);
const bound = fc.constantFrom("", "", "", "?", "*", "+", "*?", "+?", "??", "{2}", "{1,3}", "{2,}", "{0,4}?");
const { pattern } = fc.letrec<{ pattern: string; piece: string }>((tie) => ({
  piece: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc
      .tuple(atom, bound)
      .map(([one, times]) => (one.startsWith("\\b") || one.startsWith("\\B") || one === "(?i)x" ? one : one + times)),
    fc.tuple(tie("pattern"), bound).map(([body, times]) => `(?:${body})${times}`),
    fc.tuple(tie("pattern"), tie("pattern")).map(([a, b]) => `(?:${a}|${b})`),
    fc.tuple(tie("pattern"), bound).map(([body, times]) => `(?P<NAME>${body})${times}`),
  ),
  pattern: fc.array(tie("piece"), { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join("")),
}));
/** Every group gets a name of its own; what rules may not hold is left out. */
const source = pattern
  .map((text) => {
    let count = 0;
    return text.replaceAll("NAME", () => `g${count++}`);
  })
  .filter(isAllowed);
const noise = fc.string({ unit: fc.constantFrom(..."aKx_k-.=09 \n\"'s\u00e9\u00c9\u00ff\u0080ey"), maxLength: 12 });
const choices = fc.infiniteStream(fc.nat(1_000_000));

function isAllowed(text: string): boolean {
  try {
    // Rules match no empty text. RE2 has an empty \B between the two UTF-8 bytes of a character.
    return shortestMatch(parsePattern(text, { ignoreCase: false }).tree) > 0;
  } catch (error) {
    if (error instanceof PatternError) return false;
    throw error;
  }
}

function found(regex: Regex, text: string, from: number, anchored: boolean): unknown {
  return regex.find(text, from, anchored);
}

test("re2 and re2js find the same", () => {
  let hits = 0;
  const [native, portable] = [loadRegexEngine("re2"), loadRegexEngine("re2js")];
  fc.assert(
    fc.property(source, noise, noise, choices, (text, before, after, stream) => {
      const { tree } = parsePattern(text, { ignoreCase: false });
      const [one, other] = [native.compile(text), portable.compile(text)];
      const sample = before + textOf(tree, (limit) => (stream.next().value as number) % limit) + after;
      for (const from of new Set([0, 1, before.length, before.length + 1, sample.length])) {
        for (const anchored of [false, true]) {
          const want = found(one, sample, from, anchored);
          expect(found(other, sample, from, anchored)).toEqual(want);
          if (want !== undefined) hits++;
        }
      }
    }),
    { numRuns: 400 },
  );
  expect(hits).toBeGreaterThan(600);
});

test("an anchored search is a free one that happens to start there", () => {
  for (const name of ["re2", "re2js"] as const) {
    const engine = loadRegexEngine(name);
    fc.assert(
      fc.property(source, noise, fc.nat(12), (text, sample, from) => {
        const regex = engine.compile(text);
        const free = regex.find(sample, from, false);
        expect(regex.find(sample, from, true)).toEqual(free?.start === from ? free : undefined);
      }),
      { numRuns: 200 },
    );
  }
});

test("what our parser accepts, both engines accept", () => {
  const raw = fc.string({ unit: fc.constantFrom(..."ab[]()*+?{}|\\^-:,.123<>P=!idws"), maxLength: 14 });
  let accepted = 0;
  fc.assert(
    fc.property(raw, (text) => {
      try {
        parsePattern(text, { ignoreCase: false });
      } catch (error) {
        expect(error).toBeInstanceOf(PatternError);
        return;
      }
      accepted++;
      for (const name of ["re2", "re2js"] as const)
        expect(() => loadRegexEngine(name).compile(text)).not.toThrow(RegexSyntaxError);
    }),
    { numRuns: 3000 },
  );
  expect(accepted).toBeGreaterThan(100);
});

test("the shipped rules find the same in their own examples with either engine", () => {
  const { rules } = loadRules({ paths: [fileURLToPath(new URL("../../rules", import.meta.url))] });
  let hits = 0;
  for (const { id, pattern: text, keywords, examples } of rules) {
    const [native, portable] = [loadRegexEngine("re2").compile(text), loadRegexEngine("re2js").compile(text)];
    const templates = [...examples.match, ...examples.skip.map((skip) => skip.text)];
    for (const template of templates) {
      const sample = Buffer.from(expandTemplate(template, id), "utf8").toString("latin1");
      const starts = keywords.map((keyword) => sample.indexOf(keyword)).filter((at) => at >= 0);
      for (const from of new Set([0, ...starts])) {
        for (const anchored of [false, true]) {
          const want = native.find(sample, from, anchored);
          expect(portable.find(sample, from, anchored), id).toEqual(want);
          if (want !== undefined) hits++;
        }
      }
    }
  }
  expect(hits).toBeGreaterThan(rules.length);
});
