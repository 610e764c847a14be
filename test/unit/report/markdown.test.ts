// Text of others in Markdown: shown literally, whatever it is.

import fc from "fast-check";
import { expect, test } from "vitest";
import { codeOf, plainOf, tableOf } from "../../../src/report/markdown.ts";

test.each([
  ["a.env", "a&#46;env"],
  ["a|b", "a&#124;b"],
  ["<img src=x>", "&#60;img src&#61;x&#62;"],
  ["@octo/team", "&#64;octo/team"],
  ["[x](y)", "&#91;x&#93;&#40;y&#41;"],
  ["`x`", "&#96;x&#96;"],
  ["a\nb", "a&#92;nb"],
  ["😀", "&#128512;"],
])("%j", (given, want) => {
  expect(plainOf(given)).toBe(want);
  expect(codeOf(given)).toBe(`<code>${want}</code>`);
});

test("nothing but letters, digits, blanks, slashes, hyphens and references is left, and reads back as what was shown", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 100 }), (text) => {
      const shown = plainOf(text);
      expect(shown).toMatch(/^(?:[A-Za-z0-9 /-]|&#\d+;)*$/);
      expect(shown.split("\n")).toHaveLength(1);
    }),
  );
});

test("what is long is cut", () => expect(plainOf("x".repeat(10_000)).length).toBeLessThan(300));

test("a table has a line for each row, none without rows", () => {
  expect(tableOf(["a", "b"], [["1", "2"]])).toBe("| a | b |\n| --- | --- |\n| 1 | 2 |\n");
  expect(tableOf(["a"], [])).toBe("");
});
