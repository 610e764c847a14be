import { expect, test } from "vitest";
import { stripPattern, stripWithOffsets } from "../../../src/rules/pattern.ts";

test.each([
  { name: "white space goes", text: " a \t b\r\n c ", want: "abc" },
  { name: "comments go to the end of their line", text: "a # b [ (\nc # d", want: "ac" },
  { name: "classes keep theirs", text: "[ #a] b", want: "[ #a]b" },
  { name: "a class may open with its closing bracket", text: "[] ] [^] ] c", want: "[] ][^] ]c" },
  { name: "named classes inside of classes", text: "[[:alpha:] #] a", want: "[[:alpha:] #]a" },
  { name: "escapes keep what follows", text: "\\ a \\# b \\\\ c", want: "\\ a\\#b\\\\c" },
  { name: "escaped brackets open nothing", text: "\\[ a \\] b", want: "\\[a\\]b" },
  { name: "escapes inside of classes", text: "[\\] #] a", want: "[\\] #]a" },
  { name: "a repetition may stand apart", text: "a {3} ?", want: "a{3}?" },
  { name: "an open class takes the rest", text: "a [b # c", want: "a[b # c" },
  { name: "a lone backslash at the end", text: "a \\", want: "a\\" },
  { name: "nothing", text: " # only words", want: "" },
])("$name", ({ text, want }) => {
  expect(stripPattern(text)).toBe(want);
});

test("offsets lead back into the text", () => {
  const text = "a # x\n [b ] c";
  const { source, offsets } = stripWithOffsets(text);
  expect(offsets).toHaveLength(source.length + 1);
  expect([...source].map((_, i) => text.charAt(offsets[i] ?? -1)).join("")).toBe(source);
});
