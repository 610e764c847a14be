// Paths in double quotes as git writes them, and what only looks like one.

import { expect, test } from "vitest";
import { unquotePath } from "../../../../src/base/git/unquote.ts";

test.each([
  ['"plain"', "plain"],
  ['""', ""],
  ['"a\\"b\\\\c"', 'a"b\\c'],
  ['"\\a\\b\\t\\n\\v\\f\\r"', "\x07\b\t\n\v\f\r"],
  ['"\\303\\244\\001"', "ä\x01"],
  ['"ä and \\303\\244"rest', "ä and ä"],
])("%s", (text, path) => {
  expect(unquotePath(text, 0)?.text).toBe(path);
  const end = text.lastIndexOf('"') + 1;
  expect(unquotePath(`xx${text}`, 2)).toEqual({ text: path, end: end + 2 });
});

test.each(["plain", '"open', '"bad \\x"', '"bad \\9"', '"short \\30"', '"large \\400"', "", 'x"late"'])(
  "%j is not quoted",
  (text) => expect(unquotePath(text, 0)).toBeUndefined(),
);
