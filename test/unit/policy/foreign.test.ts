import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { namesOf } from "../../../src/findings/fingerprint.ts";
import type { Finding, Occurrence } from "../../../src/model/finding.ts";
import { Secret } from "../../../src/model/secret.ts";
import { foreignLists, indexForeign } from "../../../src/policy/foreign.ts";
import { readForeign } from "../../../src/policy/foreign-read.ts";
import type { ForeignKind } from "../../../src/policy/foreign.ts";
import { findingOf, occurrenceAt } from "../../helpers/matches.ts";

const value = ["pass", "word", "of", "tests"].join("-");
const other = ["another", "word", "of", "tests"].join("-");
const sha1 = (text: string): string => createHash("sha1").update(text).digest("hex");
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const commit = "0123456789".repeat(4);
const otherCommit = "9876543210".repeat(4);

/** Enough of a glob for these tests: `**` and `*`. */
function matchesGlob(path: string, glob: string): boolean {
  const parts = glob.split(/(\*\*\/|\*\*|\*)/).map((part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "**") return ".*";
    return part === "*" ? "[^/]*" : part.replaceAll(/[.\\+?^${}()|[\]]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`).test(path);
}

interface Case {
  readonly name: string;
  readonly text: string;
  readonly at?: Occurrence;
  readonly finding?: Partial<Finding>;
  readonly want: boolean;
}

const secret = new Secret(value, "…");
const place = occurrenceAt("src/a.ts", 5);

function isListed(kind: ForeignKind, { text, at = place, finding = {} }: Case): boolean {
  const entriesOf = indexForeign(readForeign(kind, text, "list"), { matchesGlob, namesOf });
  return entriesOf(findingOf("a", [at], { secret, ...finding }))(at).length > 0;
}

function mistake(kind: ForeignKind, text: string): ConfigError {
  try {
    readForeign(kind, text, "list");
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("no mistake found");
}

function runs(kind: ForeignKind, cases: readonly Case[]): void {
  test.each(cases)("$name: $want", (given) => {
    expect(isListed(kind, given)).toBe(given.want);
  });
}

describe(".gitleaksignore", () => {
  const github = { rule: "github.pat", provider: "github" };
  runs("gitleaks-ignore", [
    { name: "file and line", text: "src/a.ts:generic-api-key:5", want: true },
    { name: "another line", text: "src/a.ts:generic-api-key:6", want: false },
    { name: "another file", text: "src/b.ts:generic-api-key:5", want: false },
    { name: "a file that ends alike", text: "a.ts:generic-api-key:5", want: false },
    { name: "inside a long match", text: "src/a.ts:private-key:7", at: { ...place, endLine: 9 }, want: true },
    { name: "a file, found in a commit", text: "src/a.ts:generic-api-key:5", at: { ...place, commit }, want: true },
    { name: "its commit", text: `${commit}:src/a.ts:generic-api-key:5`, at: { ...place, commit }, want: true },
    {
      name: "another commit",
      text: `${commit}:src/a.ts:generic-api-key:5`,
      at: { ...place, commit: otherCommit },
      want: false,
    },
    { name: "a commit, found in no commit", text: `${commit}:src/a.ts:generic-api-key:5`, want: false },
    { name: "a commit message", text: "src/a.ts:generic-api-key:5", at: { ...place, part: "message" }, want: false },
    { name: "comments and blank lines", text: "# why\r\n\r\n  src/a.ts:generic-api-key:5\r\n", want: true },
    { name: "commented out", text: "# src/a.ts:generic-api-key:5", want: false },
    { name: "a byte order mark", text: "\uFEFFsrc/a.ts:generic-api-key:5", want: true },
    { name: "Windows paths", text: ".\\src\\a.ts:generic-api-key:5", want: true },
    { name: "an archive", text: "x.zip!src/a.ts:generic-api-key:5", at: occurrenceAt("x.zip!src/a.ts", 5), want: true },
    {
      name: "a colon in the path",
      text: "src/a:b.ts:generic-api-key:5",
      at: occurrenceAt("src/a:b.ts", 5),
      want: true,
    },
    { name: "a rule of our provider", text: "src/a.ts:github-pat:5", finding: github, want: true },
    { name: "a rule of another provider", text: "src/a.ts:gitlab-pat:5", finding: github, want: false },
    { name: "a generic rule", text: "src/a.ts:generic-api-key:5", finding: github, want: true },
    { name: "an unknown rule", text: "src/a.ts:in-house-rule:5", finding: github, want: true },
    { name: "an id that objects know", text: "src/a.ts:constructor:5", finding: github, want: true },
    { name: "our own id", text: "src/a.ts:github.pat:5", finding: github, want: true },
    { name: "our own id of another rule", text: "src/a.ts:github.app:5", finding: github, want: false },
    {
      name: "one of several candidates",
      text: "src/a.ts:stripe-access-token:5",
      finding: { provider: "unclear", candidates: ["clerk", "stripe"] },
      want: true,
    },
    { name: "a fingerprint that is a hash", text: "0".repeat(64), want: false },
    { name: "nothing", text: "", want: false },
  ]);

  test.each([
    { text: "# x\n\nsrc/a.ts", line: 3 },
    { text: "src/a.ts:rule", line: 1 },
    { text: "src/a.ts:rule:x", line: 1 },
    { text: "src/a.ts:rule:5\nsrc/a.ts:rule with spaces:5", line: 2 },
    { text: ":rule:5", line: 1 },
  ])("refuses $text with its line", ({ text, line }) => {
    expect(mistake("gitleaks-ignore", text).position).toEqual({ file: "list", line });
  });
});

describe("a gitleaks report", () => {
  const row = (given: object): string =>
    JSON.stringify([{ RuleID: "generic-api-key", File: "src/a.ts", StartLine: 5, ...given }]);
  runs("gitleaks-report", [
    { name: "file and line", text: row({}), want: true },
    { name: "another line", text: row({ StartLine: 6 }), want: false },
    { name: "the secret, on another line", text: row({ StartLine: 6, Secret: value }), want: true },
    { name: "the secret, in another file", text: row({ File: "src/b.ts", Secret: value }), want: false },
    { name: "another secret on the line", text: row({ Secret: other }), want: true },
    { name: "redacted", text: row({ StartLine: 6, Secret: "REDACTED" }), want: false },
    { name: "of a commit, found in none", text: row({ Commit: commit }), want: true },
    { name: "of another commit", text: row({ Commit: commit }), at: { ...place, commit: otherCommit }, want: false },
    { name: "of an empty commit", text: row({ Commit: "" }), at: { ...place, commit }, want: true },
    { name: "another provider", text: row({ RuleID: "github-pat" }), want: false },
    { name: "none", text: "[]", want: false },
    { name: "null", text: "null", want: false },
  ]);

  test("keeps no secret", () => {
    expect(JSON.stringify(readForeign("gitleaks-report", row({ Secret: value, Match: value }), "list"))).not.toContain(
      value,
    );
  });

  test.each([
    { text: "{}", line: 1, message: /must be a list/ },
    { text: "[\n{}]", line: 2, message: /needs RuleID/ },
    { text: "[7]", line: 1, message: /must be an object/ },
    { text: "[\n{,}]", line: 2, message: /not valid JSON/ },
  ])("refuses $text", ({ text, line, message }) => {
    const error = mistake("gitleaks-report", text);
    expect(error.message).toMatch(message);
    expect(error.position.line).toBe(line);
  });
});

describe(".secrets.baseline", () => {
  const row = (given: object, path = "src/a.ts"): string =>
    JSON.stringify({
      version: "1.5.0",
      plugins_used: [{ name: "KeywordDetector" }],
      results: {
        [path]: [{ type: "Secret Keyword", filename: path, hashed_secret: sha1(value), line_number: 5, ...given }],
      },
      generated_at: "2026-01-01T00:00:00Z",
    });
  const unknown = { secret: new Secret("", "…") };
  runs("detect-secrets", [
    { name: "the secret", text: row({}), want: true },
    { name: "the secret, moved", text: row({ line_number: 99 }), want: true },
    { name: "the secret, without a line", text: row({ line_number: undefined }), want: true },
    { name: "a new secret on the line", text: row({ hashed_secret: sha1(other) }), want: false },
    { name: "another file", text: row({}, "src/b.ts"), want: false },
    { name: "Windows paths", text: row({}, "src\\a.ts"), want: true },
    { name: "a private key, by line", text: row({ type: "Private Key", hashed_secret: sha1(other) }), want: true },
    {
      name: "a private key, on another line",
      text: row({ type: "Private Key", hashed_secret: sha1(other), line_number: 6 }),
      want: false,
    },
    {
      name: "decoded, by line",
      text: row({ hashed_secret: sha1(other) }),
      at: { ...place, decodedFrom: ["base64"] },
      want: true,
    },
    { name: "value not kept, by line", text: row({}), finding: unknown, want: true },
    { name: "value not kept, another line", text: row({ line_number: 6 }), finding: unknown, want: false },
    { name: "value not kept, no line", text: row({ line_number: 0 }), finding: unknown, want: false },
    { name: "none", text: JSON.stringify({ results: {} }), want: false },
  ]);

  test("says what an audit said", () => {
    const reasons = [true, false, undefined].map(
      (is) => readForeign("detect-secrets", row({ is_secret: is }), "list")[0]?.reason,
    );
    expect(reasons).toEqual(["audited as a real secret", "audited as not a secret", undefined]);
  });

  test.each([
    { text: "", message: /not valid JSON/ },
    { text: "[]", message: /needs an object `results`/ },
    { text: "{}", message: /needs an object `results`/ },
    { text: '{"results": []}', message: /needs an object `results`/ },
    { text: '{"results": {"a": {}}}', message: /must be a list/ },
    { text: '{"results": {"a": [7]}}', message: /must be an object/ },
    { text: '{"results": {"a": [{}]}}', message: /needs hashed_secret/ },
    { text: row({ hashed_secret: "x" }), message: /needs hashed_secret/ },
    { text: row({ line_number: "5" }), message: /line_number/ },
  ])("refuses $text", ({ text, message }) => {
    const error = mistake("detect-secrets", text);
    expect(error.message).toMatch(message);
    expect(error.position.line).toBe(1);
  });
});

describe(".gitguardian.yaml", () => {
  const matches = (match: string): string =>
    `version: 2\nsecret:\n  ignored_matches:\n    - name: known\n      match: ${match}\n`;
  const paths = (path: string): string => `version: 2\nsecret:\n  ignored_paths:\n    - "${path}"\n`;
  const at = (path: string): Occurrence => occurrenceAt(path, 1);
  runs("gitguardian", [
    { name: "the secret", text: matches(value), want: true },
    { name: "a large part of it", text: matches(value.slice(2)), want: true },
    { name: "a small part of it", text: matches(value.slice(0, 8)), want: false },
    { name: "its hash", text: matches(sha256(value)), want: true },
    { name: "its hash in upper case", text: matches(sha256(value).toUpperCase()), want: true },
    { name: "the hash that ggshield makes", text: matches(sha256(`${value},apikey`)), want: true },
    { name: "another secret", text: matches(other), want: false },
    { name: "the hash of another secret", text: matches(sha256(other)), want: false },
    { name: "a value that was not kept", text: matches(value), finding: { secret: new Secret("", "…") }, want: false },
    { name: "the secret in a message", text: matches(value), at: { ...place, part: "message" }, want: true },
    {
      name: "digits are text",
      text: matches("0123456789012345"),
      finding: { secret: new Secret("0123456789012345", "…") },
      want: true,
    },
    { name: "version 1", text: `matches-ignore:\n- name: known\n  match: ${value}\n`, want: true },
    { name: "version 1, the match alone", text: `matches-ignore: ["${value}"]\n`, want: true },
    { name: "dashes in version 2", text: matches(value).replace("_", "-"), want: true },
    { name: "an alias", text: `x: &m [{match: ${value}}]\nsecret: {ignored_matches: *m}\n`, want: true },
    { name: "a file anywhere", text: paths("a.ts"), want: true },
    { name: "a file at the root only", text: paths("/a.ts"), want: false },
    { name: "from the root", text: paths("/src/a.ts"), want: true },
    { name: "a folder anywhere", text: paths("src/"), at: at("x/src/y/a.ts"), want: true },
    { name: "a folder is no file", text: paths("src/"), at: at("src"), want: false },
    { name: "stars", text: paths("**/*.ts"), want: true },
    { name: "one star stays in its folder", text: paths("/*.ts"), want: false },
    { name: "version 1 paths", text: "paths-ignore:\n- src/a.ts\n", want: true },
    { name: "paths do not speak of messages", text: paths("a.ts"), at: { ...place, part: "message" }, want: false },
    { name: "nothing", text: "", want: false },
    { name: "only comments", text: "# nothing\n", want: false },
    { name: "empty lists", text: "secret:\n  ignored_matches:\n  ignored_paths: []\n", want: false },
    { name: "other settings", text: "version: 2\nsecret:\n  show_secrets: false\nverbose: true\n", want: false },
  ]);

  test.each([
    { text: "a: [1\nb: 2\n", line: 2, message: /not valid YAML/ },
    { text: "- x\n", line: 1, message: /a mapping expected/ },
    { text: `a:\n${"- ".repeat(50_000)}`, line: 2, message: /too deeply/ },
    { text: `a: ${"[".repeat(50_000)}`, line: 1, message: /not valid YAML/ },
    {
      text: Array.from({ length: 250 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"),
      line: 201,
      message: /too deeply/,
    },
    { text: "secret:\n  ignored_matches: x\n", line: 2, message: /must be a list/ },
    { text: "secret:\n  ignored_matches:\n  - name: x\n", line: 3, message: /needs `match`/ },
    { text: "secret:\n  ignored_paths:\n  - {a: b}\n", line: 3, message: /must be a text/ },
    { text: "secret:\n  ignored_matches: &x\n  - *x\n", line: 3, message: /needs `match`/ },
  ])("refuses $text.length characters: $message", ({ text, line, message }) => {
    const error = mistake("gitguardian", text);
    expect(error.message).toMatch(message);
    expect(error.position.line).toBe(line);
  });

  test("never tells what stands in it", () => {
    const shown = JSON.stringify(readForeign("gitguardian", matches(value), "list"));
    expect(shown).not.toContain(value);
    expect(mistake("gitguardian", `secret:\n  ignored_matches: "${value}`).message).not.toContain(value);
  });
});

test("lists are known by their files", () => {
  expect(Object.keys(foreignLists)).toContain(".gitleaksignore");
  expect(foreignLists[".secrets.baseline"]).toBe("detect-secrets");
});

test("without hashes, only places count", () => {
  const list = readForeign("gitleaks-ignore", "src/a.ts:generic-api-key:5", "list");
  const entriesAt = indexForeign(list, { matchesGlob })(findingOf("a", [place], { secret }));
  expect(entriesAt(place)).toHaveLength(1);
});
