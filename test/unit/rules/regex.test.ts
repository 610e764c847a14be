import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { loadRegexEngine } from "../../../src/base/regex/engine.ts";
import { nativeEngine } from "../../../src/base/regex/native.ts";
import { RegexSyntaxError } from "../../../src/base/regex/regex.ts";
import { processorClock } from "../../helpers/processor-clock.ts";

const cases = [
  { name: "a literal", source: "ab", text: "xabab", from: 0, anchored: false, want: [1, 3] },
  { name: "a literal further on", source: "ab", text: "xabab", from: 2, anchored: false, want: [3, 5] },
  { name: "anchored at its place", source: "ab", text: "xabab", from: 3, anchored: true, want: [3, 5] },
  { name: "anchored elsewhere", source: "ab", text: "xabab", from: 2, anchored: true, want: undefined },
  { name: "anchored at the start", source: "ab|x", text: "xab", from: 0, anchored: true, want: [0, 1] },
  {
    name: "a boundary sees the character before",
    source: "\\bab",
    text: "xab",
    from: 1,
    anchored: true,
    want: undefined,
  },
  { name: "a boundary after a hyphen", source: "\\bab", text: "-ab", from: 1, anchored: true, want: [1, 3] },
  {
    name: "bytes beyond ASCII are no word characters",
    source: "\\bab",
    text: "\u00e9ab",
    from: 1,
    anchored: true,
    want: [1, 3],
  },
  { name: "no boundary inside a word", source: "\\Bab", text: "xab", from: 1, anchored: true, want: [1, 3] },
  { name: "leftmost first, not longest", source: "a|ab", text: "ab", from: 0, anchored: false, want: [0, 1] },
  { name: "lazy", source: "a+?", text: "aaa", from: 1, anchored: true, want: [1, 2] },
  { name: "a dot stops at a newline", source: "a.+", text: "ab\ncd", from: 0, anchored: false, want: [0, 2] },
  { name: "unless told", source: "(?s)a.+", text: "ab\ncd", from: 0, anchored: false, want: [0, 5] },
  { name: "a byte class", source: "[\\x80-\\xff]+", text: "a\u00ff\u0080b", from: 0, anchored: false, want: [1, 3] },
  { name: "the empty match at the end", source: "", text: "abc", from: 3, anchored: true, want: [3, 3] },
  { name: "from beyond the text", source: "a", text: "abc", from: 4, anchored: false, want: undefined },
  { name: "from before the text", source: "a", text: "abc", from: -1, anchored: false, want: undefined },
  { name: "a start anchor is the text's start", source: "^b", text: "ab", from: 1, anchored: true, want: undefined },
] as const;

function nativeLoads(): boolean {
  try {
    return typeof createRequire(import.meta.url)("re2") === "function";
  } catch {
    return false;
  }
}

describe.each(["re2", "re2js"] as const)("%s", (name) => {
  const engine = loadRegexEngine(name);

  // The native engine is optional, and built for one Node: elsewhere asking for it gives the portable one.
  test.skipIf(name === "re2" && !nativeLoads())("is the engine asked for", () => {
    expect(engine.name).toBe(name);
  });

  test.each(cases)("$name", ({ source, text, from, anchored, want }) => {
    const found = engine.compile(source).find(text, from, anchored);
    expect(found === undefined ? undefined : [found.start, found.end]).toEqual(want);
  });

  test("named groups that took part", () => {
    const regex = engine.compile("(?P<a>x)?-(?P<secret>[0-9]+)(?P<b>y)?(z)");
    expect(regex.find("..-12z", 0, false)).toEqual({ start: 2, end: 6, groups: { secret: { start: 3, end: 5 } } });
    expect(regex.find("..-12z", 2, true)).toEqual({ start: 2, end: 6, groups: { secret: { start: 3, end: 5 } } });
  });

  test("keeps no state between calls", () => {
    const regex = engine.compile("a");
    expect([0, 2, 0].map((from) => regex.find("a-a", from, false)?.start)).toEqual([0, 2, 0]);
  });

  test.each(["(?=a)", "(?<!a)b", "a)(b", "(a", "a{1001}", "a**", "[b-a]", "\\1"])(
    "refuses %s without a stack",
    (source) => {
      let error: unknown;
      try {
        engine.compile(source);
      } catch (caught) {
        error = caught;
      }
      expect(error).toBeInstanceOf(RegexSyntaxError);
      expect((error as Error).stack).toBeUndefined();
    },
  );

  test("is linear where others explode", () => {
    const spent = processorClock();
    expect(engine.compile("(?:a+)+b").find("a".repeat(20_000), 0, true)).toBeUndefined();
    expect(spent()).toBeLessThan(2000);
  });
});

test("one engine is chosen and remembered", () => {
  expect(loadRegexEngine()).toBe(loadRegexEngine());
  expect(loadRegexEngine("re2js")).toBe(loadRegexEngine("re2js"));
});

test("a native constructor's complaint becomes a syntax error", () => {
  class Refusing extends RegExp {
    constructor() {
      super("");
      throw new SyntaxError("no");
    }
  }
  expect(() => nativeEngine(Refusing).compile("a")).toThrow(RegexSyntaxError);
});
