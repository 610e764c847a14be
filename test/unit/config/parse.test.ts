// Settings files, good, broken and hostile: what they mean, and where each mistake is said to stand.

import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxDepth } from "../../../src/base/yaml-document.ts";
import { parseConfig, staysInside } from "../../../src/config/parse.ts";
import { settings } from "../../../src/config/settings.ts";
import { ConfigError } from "../../../src/errors.ts";

const root = resolve("/srv/root");

function parse(text: string): ReturnType<typeof parseConfig> {
  return parseConfig(text, "config.yml", root);
}

function refusal(text: string): ConfigError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("was not refused");
}

describe("settings that a file may hold", () => {
  test.each<[name: string, text: string, want: object]>([
    ["nothing", "", {}],
    ["only comments", "# nothing yet\n", {}],
    ["only a null", "~\n", {}],
    ["a byte order mark and CRLF", "\uFEFFjobs: 2\r\ntimings: true\r\n", { jobs: 2, timings: true }],
    ["a word for a number", "jobs: auto", { jobs: "auto" }],
    ["sizes", "max-memory: 512M\ncache-size: 2097152", { maxMemory: 512 * 1024 ** 2, cacheSize: 2 * 1024 ** 2 }],
    ["kebab-case keys", "max-decode-depth: 0\nmin-confidence: low", { maxDecodeDepth: 0, minConfidence: "low" }],
    [
      "globs as they stand",
      "include: ['src/**']\nexclude:\n  - '*.{js,ts}'",
      { include: ["src/**"], exclude: ["*.{js,ts}"] },
    ],
    ["rules from the root", "rules: [ours, ../shared]", { rules: [resolve(root, "ours"), resolve(root, "../shared")] }],
    ["no baseline", "baseline: false", { baseline: false }],
    ["a baseline from the root", "baseline: known.json", { baseline: resolve(root, "known.json") }],
    ["an exit code of 0", "exit-code: 0", { exitCode: 0 }],
    ["nobody honoured", "honour: []", { honour: [] }],
    [
      "some honoured",
      'honour: [.gitleaksignore, "pragma: allowlist secret"]',
      { honour: [".gitleaksignore", "pragma: allowlist secret"] },
    ],
    [
      "reports",
      "format:\n  - {format: terminal}\n  - {format: sarif, output: out/a.sarif}",
      { format: [{ format: "terminal" }, { format: "sarif", output: resolve(root, "out/a.sarif") }] },
    ],
    [
      "an allow entry with all its parts",
      "allow:\n- paths: [a/**]\n  rules: [acme]\n  fingerprints: [abc]\n  reason: made up\n  owner: team\n  until: 2028-02-29",
      {
        allow: [
          {
            paths: ["a/**"],
            rules: ["acme"],
            fingerprints: ["abc"],
            reason: "made up",
            owner: "team",
            until: "2028-02-29",
          },
        ],
      },
    ],
    ["an alias", "include: &globs [a/**]\nexclude: *globs", { include: ["a/**"], exclude: ["a/**"] }],
  ])("%s", (_, text, want) => {
    expect(parse(text)).toEqual(want);
  });
});

describe("mistakes, with line and column", () => {
  test.each<[name: string, text: string, at: [number, number], says: RegExp]>([
    [
      "unknown key, near a known one",
      "jobs: 1\nmin-confidense: low",
      [2, 1],
      /unknown key: did you mean min-confidence\?/,
    ],
    ["swapped letters", "exlcude: []", [1, 1], /did you mean exclude\?/],
    ["unknown key, near nothing", "zzzzzzzzzzzzzz: 1", [1, 1], /unknown key$/],
    ["camelCase key", "failOn: low", [1, 1], /did you mean fail-on\?/],
    ["__proto__", "__proto__: {jobs: 1}", [1, 1], /unknown key/],
    ["a flag's own setting", "show-secrets: true", [1, 1], /only be given on the command line/],
    [
      "wrong choice",
      "jobs: 1\nfail-on: always",
      [2, 10],
      /fail-on: expected one of low, medium, high, unknown, any, active, never/,
    ],
    ["text for a switch", "gitignore: yes", [1, 12], /expected true or false/],
    ["no size", "max-memory: much", [1, 13], /max-memory: expected a size such as 512M or 1G, at least 64M/],
    ["too small a size", "max-memory: 512", [1, 13], /at least 64M/],
    ["fraction", "jobs: 1.5", [1, 7], /whole number from 1 to 256 or auto/],
    ["out of bounds", "exit-code: 256", [1, 12], /from 0 to 255/],
    ["not a number", "max-decode-depth: .nan", [1, 19], /whole number/],
    ["text for a list", "exclude: dist", [1, 10], /expected a list of texts/],
    ["nothing for a list", "exclude:\njobs: 1", [1, 9], /expected a list/],
    ["number in a list", "only:\n  - stripe\n  - 7", [3, 5], /only\[1\]: expected a text/],
    ["empty text in a list", 'rules: [""]', [1, 9], /not an empty text/],
    ["true for a path", "baseline: true", [1, 11], /a path or false/],
    ["list at the top", "- a", [1, 1], /expected settings/],
    ["text at the top", "hello", [1, 1], /expected settings/],
    ["unknown format", "format:\n  - format: yaml", [2, 13], /format\[0\].format: expected one of terminal/],
    ["unknown key of a format", "format:\n  - format: json\n    ouput: a", [3, 5], /did you mean output\?/],
    [
      "two reports to standard output",
      "format:\n- format: json\n- format: csv",
      [3, 3],
      /two formats without an output/,
    ],
    [
      "two reports to one file",
      "format: [{format: json, output: a}, {format: csv, output: a}]",
      [1, 37],
      /the same output/,
    ],
    ["unknown suppression", "honour: [nosec]", [1, 10], /honour\[0\]: expected one of/],
    ["allow without a reason", "allow:\n  - paths: [a]", [2, 5], /needs a reason/],
    ["allow with an empty reason", "allow:\n  - paths: [a]\n    reason: ' '", [3, 13], /needs a reason/],
    ["allow everything", "allow:\n  - reason: quiet", [2, 5], /needs paths, rules or fingerprints/],
    [
      "allow with empty lists",
      "allow:\n  - {reason: quiet, paths: [], rules: []}",
      [2, 5],
      /needs paths, rules or fingerprints/,
    ],
    ["30 February", "allow:\n  - {rules: [a], reason: b, until: 2026-02-30}", [2, 36], /date of the calendar/],
    ["half a date", "allow:\n  - {rules: [a], reason: b, until: 2026-02}", [2, 36], /date of the calendar/],
    ["unknown key of an entry", "allow:\n  - {rules: [a], because: b, reason: c}", [2, 18], /unknown key/],
    ["duplicate key", "jobs: 1\njobs: 2", [2, 1], /stands in the file twice/],
    ["duplicate key below", "allow:\n- {reason: a, rules: [b], reason: c}", [2, 27], /stands in the file twice/],
    ["two documents", "jobs: 1\n---\njobs: 2", [2, 1], /more than one YAML document/],
    ["not closed", "only: [stripe", [1, 14], /not closed/],
    ["tab", "allow:\n\t- reason: a", [2, 1], /tabs/],
    ["custom tag", "jobs: !env JOBS", [1, 7], /tags/],
    ["list as key", "? [a]\n: 1", [1, 3], /keys are plain texts/],
    ["mistake behind an alias", "include: &a [x, 1]\nexclude: *a", [1, 17], /expected a text/],
  ])("%s", (_, text, [line, column], says) => {
    const error = refusal(text);
    expect(error.message).toMatch(says);
    expect(error.position).toEqual({ file: "config.yml", line, column });
    expect(error.message.startsWith(`config.yml:${line}:${column}: `)).toBe(true);
  });

  test("all mistakes are told, in the file's order", () => {
    const { message } = refusal("fail-on: 1\nxxxxxxxxxxxxxxx: 2\njobs: 0\n");
    expect(message.split("\n").map((line) => line.replace(/: .*/, ""))).toEqual([
      "config.yml:1:10",
      "config.yml:2:1",
      "config.yml:3:7",
    ]);
  });

  test("a thousand mistakes are cut short", () => {
    const { message } = refusal(`only: [${Array.from({ length: 1000 }, () => "1").join(", ")}]`);
    expect(message.split("\n").length).toBe(21);
    expect(message).toMatch(/and 980 more$/);
  });

  test("no message holds what the file holds", () => {
    const value = ["hush", Math.random().toString(36).slice(2), "value"].join("-");
    const files = [
      `${value}: 1`,
      `jobs: ${value}`,
      `fail-on: "${value}"`,
      `jobs: !${value} 1`,
      `allow: [{${value}: 1}]`,
      `allow: [{rules: [a], reason: b, until: ${value}}]`,
      `"${value}`,
      `${value}: 1\n${value}: 2`,
      `a: *${value}`,
      `%${value}\n---\na: "\\q${value}"`,
    ];
    for (const text of files) {
      const error = refusal(text);
      expect(JSON.stringify([error.message, error.hint, error])).not.toContain(value);
    }
  });
});

describe("hostile files", () => {
  const bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level < 10; level++) {
    bomb.push(`a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(", ")}]`);
  }

  test.each<[name: string, text: string, says: RegExp]>([
    ["alias bomb", bomb.join("\n"), /too many aliases/],
    ["brackets", "[".repeat(200_000), /nested too deeply/],
    ["brackets on lines of their own", "[\n".repeat(100_000), /nested too deeply/],
    ["braces", "{a: ".repeat(100_000), /nested too deeply/],
    ["dashes", "- ".repeat(100_000), /nested too deeply/],
    ["question marks", "? ".repeat(50_000), /nested too deeply/],
    [
      "indentation",
      Array.from({ length: 1000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"),
      /nested too deeply/,
    ],
    ["brackets just beyond the bound", `only: ${"[".repeat(maxDepth + 1)}`, /nested too deeply/],
    ["an anchor inside itself", "allow: &a [*a]", /./],
    ["20,000 keys", Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join("\n"), /unknown key/],
  ])("%s", (_, text, says) => {
    expect(refusal(text).message).toMatch(says);
  });

  test("a deep place is pointed at", () => {
    const text = `jobs: 1\nonly: ${"[".repeat(maxDepth + 1)}`;
    expect(refusal(text).position).toEqual({ file: "config.yml", line: 2, column: 7 + maxDepth });
  });

  test("brackets inside texts do not count", () => {
    const text = `only:\n  - '${"[".repeat(500)}'\n  - "${"{".repeat(500)}"\n  - |\n    ${"[".repeat(500)}\n# ${"[".repeat(500)}`;
    expect(parse(text).only?.length).toBe(3);
  });

  test("any text gives settings or a ConfigError", () => {
    const line = fc.oneof(
      fc.constantFrom(...settings.map((setting) => `${setting.key}: `)),
      fc.constantFrom(
        "- ",
        "  ",
        "[",
        "]",
        "{",
        "}",
        "*a",
        "&a ",
        "? ",
        ": ",
        "|",
        ">",
        "'",
        '"',
        "\n",
        "!!map ",
        "%",
        "---\n",
        "#",
      ),
      fc.string({ maxLength: 8, unit: "binary" }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (parts) => {
        const text = parts.join("");
        try {
          expect(typeof parse(text)).toBe("object");
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          const { line: at = 1 } = (error as ConfigError).position;
          expect(at).toBeGreaterThanOrEqual(1);
          expect(at).toBeLessThanOrEqual(text.split(/\r\n|\n|\r/).length);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("files that keywarden would write", () => {
  test.each<[path: string, inside: boolean]>([
    ["out.json", true],
    ["deep/er/out.json", true],
    ["a/../out.json", true],
    ["..out.json", true],
    [".github/out.json", true],
    [".gitignore", true],
    ["../out.json", false],
    ["a/../../out.json", false],
    [resolve("/etc/passwd"), false],
    [".", false],
    [".git/hooks/pre-commit", false],
    ["sub/.git/config", false],
    [".GIT/config", false],
    [".git./config", false],
    [".git ./config", false],
    [".git::$INDEX_ALLOCATION/config", false],
    ["GIT~1/config", false],
  ])("%s", (path, inside) => {
    expect(staysInside(root, path)).toBe(inside);
    const text = `baseline: ${JSON.stringify(path)}\nformat: [{format: json, output: ${JSON.stringify(`${path}`)}}]`;
    if (inside) expect(parse(text).baseline).toBe(resolve(root, path));
    else expect(refusal(text).message).toMatch(/:1:11: this file must stay inside the root[^]*:2:33: /);
  });
});
