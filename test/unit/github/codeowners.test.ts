// CODEOWNERS as GitHub's page on it has it: the examples of that page, and lines that GitHub skips.

import { describe, expect, test } from "vitest";
import { parseCodeowners } from "../../../src/github/codeowners.ts";
import { processorClock } from "../../helpers/processor-clock.ts";

describe("a pattern", () => {
  test.each([
    ["*", "a", true],
    ["*", "a/b/c.js", true],
    ["*.js", "a/b/c.js", true],
    ["*.js", "a/b/c.jsx", false],
    ["/build/logs/", "build/logs/x/y", true],
    ["/build/logs/", "a/build/logs/x", false],
    ["docs/*", "docs/getting-started.md", true],
    ["docs/*", "docs/build-app/troubleshooting.md", false],
    ["docs/*", "a/docs/x.md", false],
    ["apps/", "apps/x", true],
    ["apps/", "a/apps/b/x", true],
    ["apps/", "apps", false],
    ["/docs/", "docs/a/b", true],
    ["/docs/", "a/docs/b", false],
    ["/scripts", "scripts/a/b", true],
    ["/scripts", "scripts", true],
    ["**/logs", "build/logs/x", true],
    ["**/logs", "deeply/nested/logs/x", true],
    ["/apps/github", "apps/github/x", true],
    ["/*", "a", true],
    ["/*", "a/b", false],
    ["a/**/z", "a/z", true],
    ["a/**/z", "a/b/c/z", true],
    ["?.txt", "b.txt", true],
    ["?.txt", "bb.txt", false],
    [".github/", ".github/workflows/x.yml", true],
    ["A.js", "a.js", false],
    ["a{b,c}.js", "ab.js", false],
    ["a{b,c}.js", "a{b,c}.js", true],
    ["a(b).js", "a(b).js", true],
    ["a+(b).js", "abb.js", false],
    ["a\\ b.js", "a b.js", true],
  ])("%s on %s: %s", (pattern, path, owns) => {
    expect(parseCodeowners(`${pattern} @x`)(path)).toEqual(owns ? ["@x"] : []);
  });
});

describe("a file", () => {
  test.each([
    ["the last line that matches", "* @a\n*.js @b\n*.ts @c\n", "x.js", ["@b"]],
    ["a line without owners leaves it without", "/apps/ @a\n/apps/github\n", "apps/github/x", []],
    ["several owners, a team, a mail address", "* @a @org/team a@x.example", "x", ["@a", "@org/team", "a@x.example"]],
    ["comments", "# @a\n  # @b\n* @c # @d", "x", ["@c"]],
    ["Windows line ends", "* @a\r\n*.js @b\r\n", "x.js", ["@b"]],
    ["no negation", "* @a\n!x @b", "x", ["@a"]],
    ["no ranges", "* @a\n[xy] @b", "x", ["@a"]],
    ["no owner, no line", "* @a\nx nobody", "x", ["@a"]],
    ["nothing", "", "x", []],
  ])("%s", (_, text, path, owners) => expect(parseCodeowners(text)(path)).toEqual(owners));

  test("too large a file owns nothing", () => {
    expect(parseCodeowners(`* @a\n${"#".repeat(3 * 1024 * 1024)}`)("x")).toEqual([]);
  });

  test("many lines of stars do not hold it up", () => {
    const text = Array.from({ length: 3000 }, (_, index) => `${"*a".repeat(20)}${index} @a`).join("\n");
    const spent = processorClock();
    expect(parseCodeowners(text)(`${"a".repeat(200)}`)).toEqual([]);
    expect(spent()).toBeLessThan(5000);
  });
});
