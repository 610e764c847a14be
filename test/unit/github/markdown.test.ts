// What others wrote, as Markdown that does nothing.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { code, link, mention, prose, titleText } from "../../../src/github/markdown.ts";

describe("prose", () => {
  test.each([
    ["plain words", "plain words"],
    ["ask @octocat", "ask @<!-- -->octocat"],
    ["a@b.example", "a@<!-- -->b.example"],
    ["closes #12", "closes \\#<!-- -->12"],
    ["org/repo#12, GH-3", "org/repo\\#<!-- -->12, GH<!-- -->-3"],
    ["https://x.example", "https:<!-- -->//x.example"],
    ["www.x.example", "www<!-- -->.x.example"],
    ["<img src=x onerror=1>", "\\<img src=x onerror=1\\>"],
    ["--> end", "--\\> end"],
    ["&lt;b&gt;", "&amp;lt;b&amp;gt;"],
    [
      "[x](y) ![z](w) `c` **b** _i_ ~s~ $m$ a|b",
      "\\[x\\](y) \\!\\[z\\](w) \\`c\\` \\*\\*b\\*\\* \\_i\\_ \\~s\\~ \\$m\\$ a\\|b",
    ],
    ["- item", "\\- item"],
    ["1. item", "1\\. item"],
    ["two\nlines\r\n# three", "two lines \\# three"],
    ["\u001b[31mred\u202e", "\\\\x1b\\[31mred\\\\u202e"],
  ])("%j", (text, shown) => expect(prose(text)).toBe(shown));

  test("no text can mention, refer, or open HTML", () => {
    const nasty = fc.array(
      fc.constantFrom("@", "#", "1", "a", "<", ">", "-", "!", "`", "\n", "/", ":", "\\", "gh-", " "),
    );
    fc.assert(
      fc.property(nasty, (parts) => {
        // A backslash before a mark takes its meaning; two of them are one that is shown.
        const shown = prose(parts.join(""))
          .replaceAll("<!-- -->", "\0")
          .replace(/\\[\\`*_{}[\]<>|~$!#]/g, "\0");
        expect(shown).not.toMatch(/@\w|#\d|\bgh-\d|[<>`]|:\/\/|\n/);
      }),
    );
  });
});

describe("code", () => {
  test.each([
    ["a", "`a`"],
    ["", "` `"],
    ["a`b", "`` a`b ``"],
    ["``", "``` `` ```"],
    ["@octocat #1 -->", "`@octocat #1 -->`"],
    ["two\nlines", "`two lines`"],
  ])("%j", (text, shown) => expect(code(text)).toBe(shown));

  test("no text gets out of its fence", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("`", "``", "a", " ", "\n")), (parts) => {
        const shown = code(parts.join(""));
        const fence = /^`+/.exec(shown)![0];
        expect(shown.endsWith(fence)).toBe(true);
        const inner = shown.slice(fence.length, -fence.length);
        expect([...inner.matchAll(/`+/g)].some(([run]) => run.length === fence.length)).toBe(false);
        expect(shown).not.toContain("\n");
      }),
    );
  });
});

test.each([
  ["@ada", "@ada"],
  ["ada", "@ada"],
  ["@org/team", "@org/team"],
  ["ada@x.example", "ada@<!-- -->x.example"],
  ["@ada and @bob", "@<!-- -->ada and @<!-- -->bob"],
  ["", ""],
])("mention %j", (name, shown) => expect(mention(name)).toBe(shown));

test.each([
  ["https://acme.example/keys?x=1#y", "<https://acme.example/keys?x=1#y>"],
  ["javascript:alert(1)", "javascript:alert(1)"],
  ["https://x.example/> <b>", "https:<!-- -->//x.example/\\> \\<b\\>"],
  ["http://x.example", "http:<!-- -->//x.example"],
])("link %j", (url, shown) => expect(link(url)).toBe(shown));

test("a title is plain", () => {
  expect(titleText("Rotate `x` @octocat <b> closes #1\n")).toBe("Rotate x octocat b closes 1");
});
