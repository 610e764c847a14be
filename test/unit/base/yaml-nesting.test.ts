// Depth of YAML without parsing it: what is deep is found, what only looks deep is not.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAlias, isMap, isSeq, parseDocument } from "yaml";
import { findDeepNesting } from "../../../src/base/yaml-nesting.ts";

describe("findDeepNesting", () => {
  test.each<[name: string, text: string, maxDepth: number, want: number | undefined]>([
    ["nothing", "", 0, undefined],
    ["flow at the bound", "a: [[1]]", 2, undefined],
    ["flow beyond it", "a: [[[1]]]", 2, 5],
    ["closed and opened again", "[[], [], []]", 2, undefined],
    ["more closed than opened", "]]]]\n[[]]", 2, undefined],
    ["across lines", "[\n[\n[", 2, 4],
    ["with CRLF", "[\r\n[\r\n[", 2, 6],
    ["mixed brackets", "{a: [{b: 1}]}", 2, 5],
    ["dashes at the bound", "- - x", 2, undefined],
    ["dashes beyond it", "- - - x", 2, 4],
    ["question marks", "? ? ? x", 2, 4],
    ["indentation at the bound", `a:\n${" ".repeat(8)}b: 1`, 2, undefined],
    ["indentation beyond it", `a:\n${" ".repeat(9)}b: 1`, 2, 3],
    ["brackets in quotes", `a: "[[[["\nb: '{{{{'`, 1, undefined],
    ["brackets in a block text", "a: |\n  [[[[\n  {{{{", 1, undefined],
    ["brackets in a plain text", "a: x[[[[", 1, undefined],
    ["brackets in a comment", "# [[[[\na: 1", 1, undefined],
    ["dashes in a text", "a: x - - - - y", 1, undefined],
    ["a text that is a bracket's marker", "a: \u001f[", 1, undefined],
  ])("%s", (_, text, maxDepth, want) => {
    expect(findDeepNesting(text, maxDepth)).toBe(want);
  });

  function depthOf(node: unknown): number {
    if (isAlias(node)) return 0;
    if (isSeq(node)) return 1 + Math.max(0, ...node.items.map(depthOf));
    if (isMap(node)) return 1 + Math.max(0, ...node.items.flatMap(({ key, value }) => [depthOf(key), depthOf(value)]));
    return 0;
  }

  test("flow and dashes: never deeper than what was let through", () => {
    const part = fc.constantFrom(
      "[",
      "]",
      "{",
      "}",
      "- ",
      "? ",
      "a: ",
      ",",
      " ",
      "\n",
      "x",
      '"',
      "#",
      "|\n",
      "\n  ",
      "\n    ",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const text = parts.join("");
        // Block maps cost a column each, which counts as a quarter; dashes may share their parent's column.
        if (findDeepNesting(text, 3) === undefined) {
          expect(depthOf(parseDocument(text, { logLevel: "silent" }).contents)).toBeLessThanOrEqual(
            3 * 4 * 2 + 3 + 3 + 2,
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  test("200,000 brackets take no stack", () => {
    expect(findDeepNesting("[\n".repeat(200_000), 40)).toBe(80);
  });
});
