// What is shown as an escape, and that JSON text gives back the value.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeCode, escapeText, jsonText } from "../../../src/base/escape.ts";

/** Characters that no text output may hold. */
const dangerous = /(?!\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

describe("escapeText", () => {
  it.each([
    ["plain ASCII: ~!@#$%^&*()", "plain ASCII: ~!@#$%^&*()"],
    ["ключ 鍵 é 🔑 ❤️", "ключ 鍵 é 🔑 ❤️"],
    ["\u001b[31mred\u001b[0m", "\\x1b[31mred\\x1b[0m"],
    ["\u009b31m", "\\x9b31m"],
    ["a\nb\r\nc\td", "a\\nb\\r\\nc\\td"],
    ["\u0000\u0007\u007f", "\\x00\\x07\\x7f"],
    ["evil\u202egpj.exe", "evil\\u202egpj.exe"],
    ["\u2066isolate\u2069", "\\u2066isolate\\u2069"],
    ["zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"],
    ["soft\u00adhyphen", "soft\\xadhyphen"],
    ["line\u2028paragraph\u2029", "line\\u2028paragraph\\u2029"],
    ["filler\u3164", "filler\\u3164"],
    ["tag\u{e0041}", "tag\\u{e0041}"],
    ["lone\ud800end", "lone\\ud800end"],
    ["back\\slash", "back\\slash"],
    ["##[error]x", "##\\x5berror]x"],
    ["::error::x", "\\x3a:error::x"],
    ["word ::add-mask::x", "word \\x3a:add-mask::x"],
    ["std::vector", "std::vector"],
    ["", ""],
  ])("%j -> %s", (text, expected) => {
    expect(escapeText(text)).toBe(expected);
  });

  it("leaves nothing dangerous, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (a, b) => {
        const escaped = escapeText(a + b);
        expect(escaped).not.toMatch(dangerous);
        expect(escapeText(escaped)).toBe(escaped);
      }),
    );
  });
});

describe("escapeCode", () => {
  it("turns tabs into spaces and keeps code readable", () => {
    expect(escapeCode("\tuse ::std;\u001b")).toBe("  use ::std;\\x1b");
  });
});

describe("jsonText", () => {
  it.each([
    ["\u202e", '"\\u202e"'],
    ["\u009b", '"\\u009b"'],
    ["\u{e0041}", '"\\udb40\\udc41"'],
    ["##[x]", '"##\\u005bx]"'],
    ["é🔑", '"é🔑"'],
  ])("%j -> %s", (value, expected) => {
    expect(jsonText(value, 0)).toBe(expected);
  });

  it("gives back any value, and holds nothing dangerous but its own newlines", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), fc.constantFrom(0, 2), (value, indent) => {
        const text = jsonText(value, indent);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(text.replaceAll("\n", "")).not.toMatch(dangerous);
      }),
    );
  });
});
