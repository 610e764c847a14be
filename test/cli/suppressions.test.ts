// What allows a finding, end to end: comments, lists of other scanners, settings; each is counted by name.

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { keywarden, scanJson, type CliOptions } from "../helpers/cli-run.ts";
import { leaksIn, tokenOf } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";

afterAll(removeTemporary);

const token = (seed: string): string => tokenOf("gitlab.access-token", `suppressions ${seed}`);
const hash = (name: string, text: string): string => createHash(name).update(text).digest("hex");

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** What became of the finding of each file, by path: who allows it, or undefined; and the counts of the summary. */
async function outcome(args: readonly string[], options: CliOptions) {
  const { code, report } = await scanJson(args, options);
  const by = Object.fromEntries(
    report.findings.map(({ occurrences, suppressed }) => [occurrences[0]?.path ?? "", suppressed?.by]),
  );
  const counts = Object.fromEntries(report.summary.suppressions.map((count) => [count.by, count.count]));
  return { code, by, counts, report };
}

describe.concurrent("keywarden:allow", () => {
  const comments: Readonly<Record<string, readonly [comment: string, allows: boolean]>> = {
    "rule.py": ["keywarden:allow gitlab.access-token -- made up", true],
    "provider.py": ["keywarden:allow gitlab -- made up", true],
    "any.py": ["keywarden:allow * -- made up", true],
    "to-come.py": ["keywarden:allow gitlab -- made up until=2999-12-31", true],
    "no-reason.py": ["keywarden:allow gitlab", false],
    "no-rule.py": ["keywarden:allow -- made up", false],
    "another-rule.py": ["keywarden:allow stripe -- made up", false],
    "over.py": ["keywarden:allow gitlab -- made up until=2020-01-31", false],
    "no-date.py": ["keywarden:allow gitlab -- made up until=soon", false],
  };
  const names = Object.keys(comments);
  const allowed = names.filter((name) => comments[name]![1]);
  const files = (some: readonly string[]): string =>
    folderOf(Object.fromEntries(some.map((name) => [name, `x\nt = "${token(name)}"  # ${comments[name]![0]}\n`])));

  it.each([[[]], [["--no-honour"]]])("counts with a rule, a reason and a date that is not over (%j)", async (flags) => {
    const result = await outcome([".", ...flags], { cwd: files(names) });
    const expected = names.map((name) => [name, comments[name]![1] ? "keywarden:allow" : undefined]);
    expect(result.by).toEqual(Object.fromEntries(expected));
    expect(result.counts).toEqual({ "keywarden:allow": allowed.length });
    expect(result.code).toBe(1);
    for (const { suppressed } of result.report.findings) {
      if (suppressed !== undefined) expect(suppressed).toMatchObject({ kind: "inline", reason: "made up" });
    }
  });

  it("of every finding is a success, and is told", async () => {
    const { code, stdout } = await keywarden(["scan", "."], { cwd: files(allowed) });
    expect(code).toBe(0);
    expect(stdout).toContain(`suppressed: ${allowed.length} by keywarden:allow`);
    expect(leaksIn(stdout, names.map(token))).toEqual([]);
  });

  it("that does not count says why", async () => {
    const { code, stdout } = await keywarden(["scan", ".", "--verbose"], { cwd: files(names) });
    expect(code).toBe(1);
    expect(stdout).toContain("keywarden:allow gives no reason");
    expect(stdout).toContain("keywarden:allow names no rule");
    expect(stdout).toContain("keywarden:allow names stripe; this is gitlab.access-token");
    expect(stdout).toContain("allowed until 2020-01-31 by keywarden:allow, expired");
    expect(stdout).toContain("until=soon is not a date");
    expect(leaksIn(stdout, names.map(token))).toEqual([]);
  });

  it("in one of two places leaves the other open", async () => {
    const cwd = folderOf({ "a.py": `${token("")} # keywarden:allow * -- made up\n`, "b.py": `${token("")}\n` });
    const { code, report } = await scanJson(["."], { cwd });
    expect([code, report.summary.blocking, report.summary.suppressed]).toEqual([1, 1, 0]);
  });
});

describe.concurrent("comments of other scanners", () => {
  const texts: Readonly<Record<string, (line: string) => string>> = {
    "gitleaks:allow": (line) => `${line} # gitleaks:allow\n`,
    "betterleaks:allow": (line) => `${line} # betterleaks:allow\n`,
    "trufflehog:ignore": (line) => `${line} # trufflehog:ignore\n`,
    "kingfisher:ignore": (line) => `${line} # kingfisher:ignore\n`,
    "kingfisher:allow": (line) => `${line} # kingfisher:allow\n`,
    "pragma: allowlist secret": (line) => `${line} # pragma: allowlist secret\n`,
    "pragma: whitelist secret": (line) => `${line} # pragma: whitelist secret\n`,
    "pragma: allowlist nextline secret": (line) => `# pragma: allowlist nextline secret\n${line}\n`,
    "pragma: whitelist nextline secret": (line) => `# pragma: whitelist nextline secret\n${line}\n`,
    ggignore: (line) => `${line} # ggignore\n`,
    "secretlint-disable": (line) => `/* secretlint-disable */\n${line}\n/* secretlint-enable */\n`,
    "secretlint-disable-line": (line) => `${line} // secretlint-disable-line\n`,
    "secretlint-disable-next-line": (line) => `// secretlint-disable-next-line\n${line}\n`,
  };
  const spellings = Object.keys(texts);
  const nameOf = (spelling: string): string => `${spelling.replaceAll(/\W+/g, "-")}.js`;
  const folder = (): string =>
    folderOf(Object.fromEntries(spellings.map((one) => [nameOf(one), texts[one]!(`key = "${token(one)}"`)])));

  it("each allow their line, and are counted by name", async () => {
    const { code, by, counts } = await outcome(["."], { cwd: folder() });
    expect(by).toEqual(Object.fromEntries(spellings.map((spelling) => [nameOf(spelling), spelling])));
    expect(counts).toEqual(Object.fromEntries(spellings.map((spelling) => [spelling, 1])));
    expect(code).toBe(0);
  });

  it("count only where they are honoured", async () => {
    const cwd = folder();
    const none = await outcome([".", "--no-honour"], { cwd });
    expect([none.code, none.counts, none.report.summary.blocking]).toEqual([1, {}, spellings.length]);
    const some = await outcome([".", "--honour", "ggignore", "--honour", "trufflehog:ignore"], { cwd });
    expect(some.counts).toEqual({ ggignore: 1, "trufflehog:ignore": 1 });
    mkdirSync(join(cwd, ".keywarden"));
    writeFileSync(join(cwd, ".keywarden/config.yml"), 'honour: ["pragma: allowlist secret"]\n');
    expect((await outcome(["."], { cwd })).counts).toEqual({ "pragma: allowlist secret": 1 });
  });

  it("that have ended allow nothing", async () => {
    const cwd = folderOf({ "a.js": `// secretlint-disable\n// secretlint-enable\n${token("")}\n` });
    expect((await outcome(["."], { cwd })).by).toEqual({ "a.js": undefined });
  });
});

describe.concurrent("lists of other scanners", () => {
  const hashed = (path: string, sha1: string, number: number): object => ({
    [path]: [{ type: "GitLab Token", filename: path, hashed_secret: sha1, line_number: number }],
  });
  /** Files with a token each in line 2, and the list that allows it, if any does. */
  const expected: Readonly<Record<string, string | undefined>> = {
    "line.txt": ".gitleaksignore",
    "generic.txt": ".gitleaksignore",
    "another-line.txt": undefined,
    "another-provider.txt": undefined,
    "another-commit.txt": undefined,
    "hash.txt": ".secrets.baseline",
    "another-hash.txt": undefined,
    "digest.txt": ".gitguardian.yaml",
    "another-digest.txt": undefined,
    "path.md": ".gitguardian.yaml",
  };
  const ignored = [
    "line.txt:gitlab-pat:2",
    "# a comment",
    "generic.txt:generic-api-key:2",
    "another-line.txt:gitlab-pat:3",
    "another-provider.txt:stripe-access-token:2",
    `${"0".repeat(40)}:another-commit.txt:gitlab-pat:2`,
  ].join("\n");
  const results = {
    ...hashed("hash.txt", hash("sha1", token("hash.txt")), 99),
    ...hashed("another-hash.txt", hash("sha1", "another"), 2),
  };
  const matches = [hash("sha256", token("digest.txt")), hash("sha256", "another")];
  const lists = {
    ".gitleaksignore": `${ignored}\n`,
    ".secrets.baseline": JSON.stringify({ version: "1.5.0", results }),
    ".gitguardian.yaml": `version: 2\nsecret:\n  ignored_paths: ["*.md"]\n  ignored_matches: [${matches.join(", ")}]\n`,
  };
  const files = Object.fromEntries(Object.keys(expected).map((path) => [path, `x\nt = ${token(path)}\n`]));

  it("allow what they name, wherever the scan starts", async () => {
    const repo = GitRepo.create();
    repo.commit("base", { ...files, ...lists, "sub/x": "" });
    const { code, by, counts } = await outcome(["."], { cwd: repo.dir });
    expect([code, by]).toEqual([1, expected]);
    expect(counts).toEqual({ ".gitleaksignore": 2, ".secrets.baseline": 1, ".gitguardian.yaml": 2 });
    const inside = await outcome([".."], { cwd: join(repo.dir, "sub") });
    expect(inside.by).toEqual(expected);
    const none = await outcome([".", "--no-honour"], { cwd: repo.dir });
    expect(none.counts).toEqual({});
    const one = await outcome([".", "--honour", ".secrets.baseline"], { cwd: repo.dir });
    expect(one.counts).toEqual({ ".secrets.baseline": 1 });
    const only = await outcome(["line.txt", "hash.txt", "path.md"], { cwd: repo.dir });
    expect(only.code).toBe(0);
  });

  it("allow the same in worker threads", async () => {
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`f${at}.txt`, `${at}\n`]));
    const cwd = folderOf({ ...many, ...files, ...lists });
    expect((await outcome([".", "--jobs", "4"], { cwd })).by).toEqual(expected);
  });

  it("allow what is staged and what a range holds", async () => {
    const repo = GitRepo.create();
    for (const [path, text] of Object.entries({ ...files, ...lists })) repo.write(path, text);
    repo.git("add", "-A");
    expect((await outcome(["--staged"], { cwd: repo.dir })).by).toEqual(expected);
    repo.git("commit", "-q", "-m", "all");
    expect((await outcome(["--range", "HEAD"], { cwd: repo.dir })).by).toEqual(expected);
  });

  it("of betterleaks stand in the place of gitleaks' own", async () => {
    const cwd = folderOf({ ...files, ...lists, ".betterleaksignore": "another-line.txt:gitlab-pat:2\n" });
    const { by } = await outcome(["."], { cwd });
    expect(by).toMatchObject({ "another-line.txt": ".betterleaksignore" });
    expect(by["line.txt"]).toBeUndefined();
  });
});

describe.concurrent("allow entries", () => {
  const entries = [
    "{paths: [glob.*], reason: made up}",
    "{rules: [npm], reason: made up, owner: team}",
    "{rules: [gitlab.access-token], paths: [both.txt], reason: made up}",
    "{rules: [stripe], paths: [another-rule.txt], reason: made up}",
    "{rules: [gitlab], paths: [another.txt], reason: made up}",
    "{paths: [to-come.txt], until: 2999-01-01, reason: made up}",
    "{paths: [over.txt], until: 2020-01-01, reason: made up}",
  ];
  const names = ["glob.txt", "both.txt", "another-rule.txt", "to-come.txt", "over.txt", "open.txt"];

  it("of the settings file allow what all of their parts fit", async () => {
    const cwd = folderOf({
      ...Object.fromEntries(names.map((name) => [name, token(name)])),
      "provider.txt": tokenOf("npm.access-token", "suppressions"),
      ".keywarden/config.yml": `allow:\n${entries.map((entry) => `  - ${entry}\n`).join("")}`,
    });
    const { code, by, counts } = await outcome(["."], { cwd });
    const allowed = ["glob.txt", "provider.txt", "both.txt", "to-come.txt"];
    const list = [...names, "provider.txt"];
    expect(by).toEqual(
      Object.fromEntries(list.map((name) => [name, allowed.includes(name) ? ".keywarden/config.yml" : undefined])),
    );
    expect([code, counts]).toEqual([1, { ".keywarden/config.yml": 4 }]);
  });

  it("may be typed, and may name a fingerprint", async () => {
    const cwd = folderOf({ "a.txt": token("") });
    const { code, report } = await scanJson(["."], { cwd });
    const { fingerprint = "" } = report.findings[0] ?? {};
    expect(code).toBe(1);
    expect((await outcome([".", "--allow", `fingerprints=${fingerprint}; reason=made up`], { cwd })).code).toBe(0);
    expect((await outcome([".", "--allow", "paths=b.txt; reason=made up"], { cwd })).code).toBe(1);
  });
});
