// Reports of the executable: every format, the same bytes every time, and never a secret.

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { ReportJson } from "../../src/report/schema.ts";
import { jsonOf, keywarden, scanJson } from "../helpers/cli-run.ts";
import { leaksIn, tokenOf, tokenRules } from "../helpers/cli-tokens.ts";
import { plantTree } from "../helpers/cli-tree.ts";
import { removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";

afterAll(removeTemporary);

const formats = ["terminal", "json", "jsonl", "sarif", "gitleaks-json", "csv", "junit", "github", "gitlab", "html"];
/** Those that `--show-secrets` adds values to. */
const revealing = ["terminal", "json", "jsonl", "gitleaks-json"];

/** GitLab's schema asks for the time of the scan, and the HTML page shows it. */
const withoutTimes = (text: string): string => text.replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?/g, "TIME");

describe("a tree of 400 files", () => {
  let tree: string;
  let tokens: string[];
  let first: Map<string, string>;

  /** Scans the tree into one file for each format; gives the files' texts. */
  async function everyFormat(flags: readonly string[]): Promise<Map<string, string>> {
    const out = temporaryFolder();
    const args = formats.flatMap((format) => ["--format", format, "--output", join(out, format)]);
    const result = await keywarden(["scan", ".", ...args, ...flags], { cwd: tree });
    expect(result).toMatchObject({ code: 1, stdout: "", stderr: "" });
    expect(readdirSync(out).sort()).toEqual([...formats].sort());
    return new Map(formats.map((format) => [format, readFileSync(join(out, format), "utf8")]));
  }

  beforeAll(async () => {
    tree = temporaryFolder();
    tokens = plantTree(tree, 400);
    first = await everyFormat([]);
  });

  it("gives every token to its rule, once, however it is encoded", () => {
    const report = JSON.parse(first.get("json")!) as ReportJson;
    expect([...new Set(report.findings.map(({ rule }) => rule))].sort()).toEqual([...tokenRules].sort());
    expect(report.findings).toHaveLength(tokens.length);
    expect(report.summary.occurrences).toBe(134);
    expect(report.coverage).toMatchObject({ complete: true, files: 400, blobs: 400 });
    const encodings = report.findings.flatMap(({ occurrences }) => occurrences.flatMap((one) => one.decodedFrom ?? []));
    expect([...new Set(encodings)].sort()).toEqual(expect.arrayContaining(["base64", "hex", "utf-16"]));
  });

  it.each([
    ["again", []],
    ["in one thread", ["--jobs", "1"]],
    ["in four threads", ["--jobs", "4"]],
  ])("%s gives the same bytes in every format", async (_, flags) => {
    const other = await everyFormat(flags);
    for (const format of formats) {
      expect(withoutTimes(other.get(format)!) === withoutTimes(first.get(format)!), format).toBe(true);
    }
  });

  it("holds no secret in any format", () => {
    for (const format of formats) expect(leaksIn(first.get(format)!, tokens), format).toEqual([]);
  });

  describe.concurrent("on standard output", () => {
    let files: string;
    const part = ["scan", "part-1", "--jobs", "1"];

    beforeAll(async () => {
      files = temporaryFolder();
      const args = formats.flatMap((format) => ["--format", format, "--output", join(files, format)]);
      await keywarden([...part, ...args], { cwd: tree });
    });

    it.each(formats)("%s is the same as in a file, and holds no secret", async (format) => {
      const result = await keywarden([...part, "--format", format], { cwd: tree });
      expect(result).toMatchObject({ code: 1, stderr: "" });
      expect(withoutTimes(result.stdout) === withoutTimes(readFileSync(join(files, format), "utf8"))).toBe(true);
      expect(result.stdout.length).toBeGreaterThan(1000);
      expect(leaksIn(result.stdout, tokens)).toEqual([]);
    });
  });

  it("shows no secret to the curious either: verbose, timings, colours", async () => {
    const flags = ["--verbose", "--timings", "--color", "always"];
    const result = await keywarden(["scan", ".", ...flags], { cwd: tree });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/ ms {2}\S+\.\S+\n/);
    expect(leaksIn(result.stdout + result.stderr, tokens)).toEqual([]);
  });

  it("shows no secret beside those of the rules that run", async () => {
    const result = await keywarden(["scan", ".", "--only", "gitlab", "--max-decode-depth", "0"], { cwd: tree });
    expect(result.code).toBe(1);
    expect(leaksIn(result.stdout + result.stderr, tokens)).toEqual([]);
  });

  it("writes one report to the screen and others to files in one run", async () => {
    const out = temporaryFolder();
    const files = [
      "--format",
      "sarif",
      "--output",
      join(out, "a.sarif"),
      "--format",
      "csv",
      "--output",
      join(out, "a.csv"),
    ];
    const result = await keywarden(["scan", ".", "--format", "jsonl", ...files], { cwd: tree });
    expect(result.code).toBe(1);
    expect(result.stdout === first.get("jsonl")).toBe(true);
    expect(readFileSync(join(out, "a.sarif"), "utf8") === first.get("sarif")).toBe(true);
    expect(readFileSync(join(out, "a.csv"), "utf8") === first.get("csv")).toBe(true);
    expect(readdirSync(out).sort()).toEqual(["a.csv", "a.sarif"]);
  });
});

describe.concurrent("--show-secrets", () => {
  const token = tokenOf("slack.bot-token", "show secrets");

  it.each(formats)("in %s", async (format) => {
    const args = ["scan", "-", "--format", format, "--show-secrets"];
    const { code, stdout, stderr } = await keywarden(args, { cwd: temporaryFolder(), input: `x ${token}\n` });
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout.includes(token)).toBe(revealing.includes(format));
    if (!revealing.includes(format)) expect(leaksIn(stdout, [token])).toEqual([]);
  });

  it("is a field of its own in JSON", async () => {
    const args = ["scan", "-", "--format", "json", "--show-secrets"];
    const report = jsonOf(await keywarden(args, { cwd: temporaryFolder(), input: token }));
    expect(report.findings).toMatchObject([{ secret: token, masked: expect.stringContaining("…") }]);
  });

  it("finds the same in a tree large enough for threads", async () => {
    const tree = temporaryFolder();
    const tokens = plantTree(tree, 150);
    const { report } = await scanJson([".", "--show-secrets", "--jobs", "4"], { cwd: tree });
    expect(report.findings.map(({ secret }) => secret).sort()).toEqual(tokens.sort());
  });

  it.each([["true"], ["1"], ["false"]])("is refused where CI is %s", async (ci) => {
    const args = ["scan", "-", "--format", "json", "--show-secrets"];
    const result = await keywarden(args, { cwd: temporaryFolder(), input: token, env: { CI: ci } });
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain("--show-secrets is refused where CI is set");
  });

  it("cannot come from the settings file", async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, ".keywarden"));
    writeFileSync(join(cwd, ".keywarden/config.yml"), "show-secrets: true\n");
    expect((await keywarden(["scan", "-"], { cwd, input: token })).code).toBe(2);
  });
});

describe.concurrent("colour and width", () => {
  const input = `key: ${tokenOf("gitlab.access-token", "colour")}\n`;
  // eslint-disable-next-line no-control-regex
  const colour = /\u001b\[/;

  it.each<[readonly string[], NodeJS.ProcessEnv, boolean]>([
    [[], {}, false],
    [[], { FORCE_COLOR: "1" }, true],
    [[], { FORCE_COLOR: "0" }, false],
    [[], { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
    [["--color", "always"], { NO_COLOR: "1" }, true],
    [["--color", "never"], { FORCE_COLOR: "1" }, false],
    [["--no-color"], { FORCE_COLOR: "1" }, false],
    [["--color", "auto"], {}, false],
  ])("%j with %j", async (flags, env, expected) => {
    const { stdout } = await keywarden(["scan", "-", ...flags], { cwd: temporaryFolder(), input, env });
    expect(colour.test(stdout)).toBe(expected);
  });

  it("does not reach a file", async () => {
    const cwd = temporaryFolder();
    const args = ["scan", "-", "--color", "always", "--format", "terminal", "--output", "out.txt"];
    await keywarden(args, { cwd, input, env: { FORCE_COLOR: "1" } });
    expect(readFileSync(join(cwd, "out.txt"), "utf8")).not.toMatch(colour);
  });

  it("prose is at most 100 columns wide where there is no terminal", async () => {
    const { stdout } = await keywarden(["scan", "-"], { cwd: temporaryFolder(), input, env: { COLUMNS: "300" } });
    const widest = Math.max(...stdout.split("\n").map((line) => line.length));
    expect(widest).toBeLessThanOrEqual(100);
    expect(widest).toBeGreaterThan(80);
  });
});

describe.concurrent("a report that cannot be written", () => {
  it.each([
    ["no/such/folder/out.json", "Create its folder first"],
    [".", "it is a directory"],
  ])("%s is wrong usage, with a hint", async (output, hint) => {
    const args = ["scan", "-", "--format", "json", "--output", output];
    const result = await keywarden(args, { cwd: temporaryFolder(), input: "text" });
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain("cannot write the report to");
    expect(result.stderr).toContain(hint);
  });
});
