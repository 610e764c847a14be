import { describe, expect, test } from "vitest";
import { loadRegexEngine } from "../../../src/base/regex/engine.ts";
import { describePattern } from "../../../src/rules/describe.ts";
import { parsePattern } from "../../../src/rules/syntax.ts";
import { PatternError } from "../../../src/rules/syntax-reader.ts";

/** The bytes that a one-byte pattern matches, as RE2 says. */
function bytesByEngine(source: string): number[] {
  const regex = loadRegexEngine().compile(source);
  const isMatch = (byte: number): boolean => regex.find(String.fromCharCode(byte), 0, true)?.end === 1;
  return Array.from({ length: 256 }, (_, byte) => byte).filter(isMatch);
}

describe("one byte wide, as RE2 sees it", () => {
  const sources = [
    ..."a.-]}",
    "(?s).",
    "\\.",
    "\\x41",
    "\\x{e9}",
    "\\n",
    "\\t",
    "\\v",
    "\\f",
    "\\r",
    "\\a",
    "\\07",
    "\\-",
    "\\/",
    "\\_",
    "\\ ",
    "\\d",
    "\\D",
    "\\w",
    "\\W",
    "\\s",
    "\\S",
    "[a-f]",
    "[^a-f]",
    "[]a]",
    "[^]a]",
    "[a-]",
    "[-a]",
    "[\\w-.]",
    "[a-z-9]",
    "[\\d\\-x]",
    "[^\\W_]",
    "[\\]\\[]",
    "[[:alpha:]]",
    "[^[:alnum:]]",
    "[[:^digit:]x]",
    "[\\x80-\\xff]",
    "[[a]",
    "[.^$|]",
    "(?i)k",
    "(?i)[a-f]",
    "(?i)[^a-f]",
    "(?i)\\xe0",
    "(?i)\\xd7",
    "(?i)\\xdf",
    "(?i)\\xb5",
    "(?i)\\xff",
    "(?i)[\\xc0-\\xdf]",
    "(?i)[[:lower:]]",
    "(?i)[[:^lower:]]",
    "(?i)\\W",
    "(?i:a)",
    "(?i)(?-i)a",
    "(?i)(?-i:a)",
    "a|b",
    "(?i)a|b",
    "(?:(?i)a)|b",
    ...[
      "alnum",
      "alpha",
      "ascii",
      "blank",
      "cntrl",
      "digit",
      "graph",
      "lower",
      "print",
      "punct",
      "space",
      "upper",
      "word",
      "xdigit",
    ].map((name) => `[[:${name}:]]`),
  ];
  test.each(sources)("%s", (source) => {
    const sets = leaves(parsePattern(source, { ignoreCase: false }).tree);
    const bytes = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => sets.some((set) => set[byte] === 1));
    expect(bytes).toEqual(bytesByEngine(source));
  });
});

function leaves(tree: ReturnType<typeof parsePattern>["tree"]): Uint8Array[] {
  if (tree.kind === "byte") return [tree.set];
  if (tree.kind === "group" || tree.kind === "repeat") return leaves(tree.body);
  if (tree.kind === "sequence") return tree.parts.flatMap(leaves);
  return tree.kind === "choice" ? tree.branches.flatMap(leaves) : [];
}

describe("refused", () => {
  test.each([
    ["ab^", 2, "may stand anywhere"],
    ["a$", 1, "may stand anywhere"],
    ["\\Aa", 0, "may stand anywhere"],
    ["a\\z", 1, "may stand anywhere"],
    ["a(?=b)", 1, "look-around"],
    ["(?<!a)b", 0, "look-around"],
    ["(a)\\1", 3, "backreferences"],
    ["\\pN", 0, "Unicode"],
    ["[\\p{L}]", 1, "Unicode"],
    ["\\Qa\\E", 0, "escape the characters"],
    ["\\Ca", 0, "no such escape"],
    ["a\\y", 1, "no escape"],
    ["a\\", 1, "ends in a backslash"],
    ["[a", 0, "never closed"],
    ["[]", 0, "never closed"],
    ["[b-a]", 1, "backwards"],
    ["[[:foo:]]", 1, "no class"],
    ["[^\\x00-\\xff]", 0, "no byte at all"],
    ["(a", 0, "never closed"],
    ["a)", 1, "closes nothing"],
    ["*a", 0, "nothing stands before"],
    ["a|+", 2, "nothing stands before"],
    ["a**", 2, "repeats a repetition"],
    ["a{2}{3}", 4, "repeats a repetition"],
    ["a(?:b*)*", 1, "can be empty"],
    ["(?:a|b?){2}", 0, "can be empty"],
    ["\\b+", 0, "can be empty"],
    [`${"(?:".repeat(9)}a${"b)+".repeat(9)}`, 0, "more than 8 deep"],
    ["a{1001}", 1, "limit of 1000"],
    ["a{3,2}", 1, "backwards"],
    ["a{,3}", 1, "{0,n}"],
    ["(?:a{40}){40}", 0, "multiply to 1600"],
    ["(?m)a", 0, "flags i and s"],
    ["(?U:a)", 0, "flags i and s"],
    ["(?#x)a", 0, "kind of group"],
    ["(?P<a>b)(?P<a>c)", 8, "two groups"],
    ["(?P<a-b>c)", 0, "group name"],
    ["\u00e9", 0, "bytes"],
    ["[\u00e9]", 1, "bytes"],
    ["\\x{100}", 0, "no byte"],
    ["(".repeat(500), 201, "nested too deeply"],
  ])("%s", (source, offset, words) => {
    let error: unknown;
    try {
      parsePattern(source, { ignoreCase: false });
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(PatternError);
    expect((error as PatternError).message).toContain(words);
    expect((error as PatternError).offset).toBe(offset);
  });
});

test("group names in order", () => {
  expect(parsePattern("(?P<a>x)(?<b>(y)(?:z))", { ignoreCase: false }).groups).toEqual(["a", "b"]);
});

test.each([
  ["\\b(?P<secret>acme_live_[0-9A-Za-z]{32})\\b", '"acme_live_", 32 of 0-9 A-Z a-z'],
  ["(?i)key\\s*=[^\\n]{1,9}", '"key", 0 or more of white space, "=", 1 to 9 of any byte but newline'],
  ["(?:ab|c)?[xyz](?:d[0-9]){2,}", 'perhaps (either "ab" or "c"), one of x-z, 2 or more times ("d", one of 0-9)'],
  ["[A-Za-z0-9+/]{4}[\\x80-\\xff]", "4 of + / 0-9 A-Z a-z, one of \\x80-\\xff"],
])("in words: %s", (source, want) => {
  expect(describePattern(parsePattern(source, { ignoreCase: false }).tree)).toBe(want);
});
