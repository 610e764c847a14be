// The library door, called as programs call it: every kind of target, wrong options, aborts, and nothing that leaks.

import { getEventListeners } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { audit, formatReport, htmlReport, KeywardenError, scan, SourceError, UsageError } from "../../../src/index.ts";
import type { AuditOptions, Progress, Report, ScanOptions } from "../../../src/index.ts";
import { GitRepo, removeTemporary, temporaryFolder } from "../../helpers/git-repo.ts";
import { plantedRule, plantedToken } from "../pipeline/planted.ts";

afterAll(removeTemporary);

const now = new Date(Date.UTC(2026, 0, 1));
const [one, two, three] = ["one", "two", "three"].map((seed) => plantedToken(`library ${seed}`)) as [
  string,
  string,
  string,
];

function tree(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

/** `path:line:column decision rule`, a line for each place. */
function lines(report: Report): string[] {
  return report.verdicts.flatMap(({ finding, decision }) =>
    finding.occurrences.map((at) => `${at.path}:${at.line}:${at.column} ${decision} ${finding.rule}`),
  );
}

const found = (place: string): string => `${place} block ${plantedRule}`;

describe("targets", () => {
  const cwd = tree({ "src/a": `T=${one}\n`, "src/deep/b.ts": `x\nT=${two}\n`, "doc/c": `T=${three}\n` });

  test.each<[what: string, paths: readonly string[], wants: readonly string[]]>([
    ["a file", ["src/a"], ["src/a:1:3"]],
    ["a folder", ["src"], ["src/a:1:3", "src/deep/b.ts:2:3"]],
    ["several", ["doc", "src/a"], ["doc/c:1:3", "src/a:1:3"]],
    ["a glob", ["src/**/*.ts"], ["src/deep/b.ts:2:3"]],
    ["everything", ["."], ["doc/c:1:3", "src/a:1:3", "src/deep/b.ts:2:3"]],
    ["none: the folder itself", [], ["doc/c:1:3", "src/a:1:3", "src/deep/b.ts:2:3"]],
  ])("paths: %s", async (_, paths, wants) => {
    const report = await scan({ paths, cwd, now });
    expect(lines(report)).toEqual(wants.map(found));
    expect(report.coverage.complete).toBe(true);
  });

  test.each<[what: string, text: string | Uint8Array]>([
    ["a text", `\u00e4 T=${one}\n`],
    ["bytes", Buffer.from(`\u00e4 T=${one}\n`)],
    ["plain bytes in a larger buffer", new Uint8Array(Buffer.from(`xx\u00e4 T=${one}\n`)).subarray(2)],
    ["UTF-16", Buffer.from(`\uFEFF\u00e4 T=${one}\n`, "utf16le")],
  ])("text: %s", async (_, text) => {
    expect(lines(await scan({ text, cwd }))).toEqual([found("text:1:5")]);
    expect(lines(await scan({ text, cwd, name: "message.txt" }))).toEqual([found("message.txt:1:5")]);
  });

  test("text: nothing at all is complete, and said to be empty", async () => {
    const { coverage, verdicts } = await scan({ text: "", cwd });
    expect(verdicts).toEqual([]);
    expect(coverage).toMatchObject({ complete: true, bytes: 0, skipped: [{ reason: "empty", count: 1 }] });
  });

  test("staged: the index, not the working copy", async () => {
    const repo = GitRepo.create();
    repo.commit("first", { kept: `T=${one}\n` });
    repo.write("a", `T=${two}\n`);
    repo.git("add", "a");
    repo.write("a", `T=${three}\n`);
    const report = await scan({ staged: true, cwd: repo.dir });
    expect(lines(report)).toEqual([found("a:1:3")]);
    const [same] = (await scan({ text: two, cwd: repo.dir })).verdicts;
    expect(report.verdicts[0]?.finding.fingerprint).toBe(same?.finding.fingerprint);
  });

  test("range: what its commits introduce, though it is gone again, and their messages", async () => {
    const repo = GitRepo.create();
    const base = repo.commit("first", { old: `T=${one}\n` });
    const second = repo.commit("second", { "sub/a": `T=${two}\n` });
    repo.git("rm", "-q", "sub/a");
    const third = repo.commit(`third\n\nT=${three}\n`);
    const report = await scan({ range: `${base}..HEAD`, cwd: join(repo.dir) });
    expect(report.coverage.commits).toBe(2);
    const places = report.verdicts.flatMap(({ finding }) => finding.occurrences);
    expect(places.map(({ commit, part, line }) => ({ commit, part, line }))).toEqual(
      expect.arrayContaining([
        { commit: second, part: "file", line: 1 },
        { commit: third, part: "message", line: 3 },
      ]),
    );
    expect(places.length).toBe(2);
  });

  test.each<[what: string, options: ScanOptions]>([
    ["no such path", { paths: ["no/such/path"], cwd }],
    ["not a repository: staged", { staged: true, cwd }],
    ["not a repository: range", { range: "HEAD~1..HEAD", cwd }],
    ["a glob that matches nothing", { paths: ["src/**/*.nothing"], cwd }],
  ])("%s is a SourceError", async (_, options) => {
    await expect(scan(options)).rejects.toThrow(SourceError);
  });
});

describe("wrong options", () => {
  const cwd = tree({});
  const text = "x";
  const tables: readonly [says: RegExp, options: unknown][] = [
    [/exactly one of paths, text, staged and range/, {}],
    [/exactly one/, { staged: false }],
    [/exactly one/, { paths: ["."], text }],
    [/exactly one/, { text, staged: true }],
    [/exactly one/, { staged: true, range: "a..b" }],
    [/takes an object/, undefined],
    [/takes an object/, null],
    [/takes an object/, "src"],
    [/paths must be a list of texts/, { paths: "src" }],
    [/paths must be a list of texts/, { paths: [1] }],
    [/text must be a text or bytes/, { text: 5 }],
    [/text must be a text or bytes/, { text: ["x"] }],
    [/range must be a text/, { range: true }],
    [/staged must be true or false/, { staged: "yes" }],
    [/cwd must be a text/, { text, cwd: 1 }],
    [/now must be a date/, { text, now: "2026-01-01" }],
    [/now must be a date/, { text, now: new Date("nonsense") }],
    [/signal must be an AbortSignal/, { text, signal: {} }],
    [/onProgress must be a function/, { text, onProgress: "yes" }],
    [/expected an object of settings/, { text, settings: [] }],
    [/settings\.jobs: expected a whole number from 1 to 256 or auto/, { text, settings: { jobs: "4" } }],
    [/settings\.jobs/, { text, settings: { jobs: 0 } }],
    [/settings\.exclude: expected a list/, { text, settings: { exclude: "*.md" } }],
    [/settings\.exclude\.0/, { text, settings: { exclude: [1] } }],
    [/settings\.minConfidence: expected one of low, medium, high/, { text, settings: { minConfidence: "all" } }],
    [/settings\.showSecrets: expected true or false/, { text, settings: { showSecrets: "no" } }],
    [/settings\.allow\.0.*reason/, { text, settings: { allow: [{ paths: ["a"] }] } }],
    [/settings\.allow\.0.*: unknown key/, { text, settings: { allow: [{ path: ["a"], reason: "r" }] } }],
    [/settings\.honour/, { text, settings: { honour: ["everything"] } }],
    [/unknown setting/, { text, settings: { minimumConfidence: "low" } }],
    [/no rule/, { text, settings: { only: ["no.such-rule"] } }],
  ];

  test.each(tables)("%s %j", async (says, options) => {
    const error: unknown = await scan(options as ScanOptions).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toBeInstanceOf(KeywardenError);
    expect((error as UsageError).message).toMatch(says);
    expect((error as UsageError).exitCode).toBe(2);
  });

  test.each<[says: RegExp, options: unknown]>([
    [/audit\(\) takes an object/, null],
    [/repository must be a text/, { repository: 1 }],
    [/refs must be a list of texts/, { refs: "main" }],
    [/since must be a date/, { since: "2026-01-01" }],
    [/since must be a date/, { since: new Date("nonsense") }],
    [/paths must be a list of texts/, { paths: [1] }],
    [/worktree must be true or false/, { worktree: 0 }],
    [/cache must be true or false/, { cache: "no" }],
    [/cwd must be a text/, { cwd: 1 }],
    [/signal must be an AbortSignal/, { signal: {} }],
    [/settings\.maxMemory: expected a size such as 512M or 1G, at least 64M/, { settings: { maxMemory: "1K" } }],
    [/settings: unknown setting/, { settings: { cache: true } }],
    [/a folder or a URL/, { repository: "" }],
  ])("audit: %s", async (says, options) => {
    const error: unknown = await audit(options as AuditOptions).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toMatch(says);
  });

  test("an audit of what is no repository", async () => {
    await expect(audit({ cwd: temporaryFolder() })).rejects.toThrow(SourceError);
  });

  test("the nearest setting is named; a value given never is", async () => {
    const typo = scan({ text, cwd, settings: { "min-confidence": "low" } as never });
    await expect(typo).rejects.toMatchObject({ hint: "Did you mean minConfidence?" });
    const error: unknown = await scan({ text, cwd, settings: { failOn: one as never } }).catch((e: unknown) => e);
    expect(inspect(error, { depth: 9 })).not.toContain(one);
  });

  test("an absent setting may be undefined", async () => {
    const settings = { jobs: undefined, only: undefined } as never;
    expect(lines(await scan({ text: one, cwd, settings }))).toEqual([found("text:1:1")]);
  });
});

describe("settings", () => {
  test("paths in them count from cwd, wherever the process stands", async () => {
    const rule = [
      "provider: acme",
      "name: Acme",
      "rules:",
      "  - id: acme.live-key",
      "    name: Acme live key",
      "    what: A live key.",
      "    risk: Whoever has it can charge customers.",
      "    severity: critical",
      "    confidence: high",
      "    keywords: [acme_live_]",
      "    pattern: '\\b (?P<secret> acme_live_ [0-9A-Za-z]{32} ) \\b'",
      "    examples:",
      "      match: ['k=acme_live_{{base62:32}}', 'acme_live_{{base62:32}}']",
      "      skip:",
      "        - {text: 'acme_live_{{base62:31}}', why: one character short, near-miss: true}",
      "        - {text: 'acme_live_', why: nothing behind it}",
      "",
    ].join("\n");
    const cwd = tree({ "rules/acme.yml": rule });
    const text = `k=${["acme", "live", one.slice(-32)].join("_")}\n`;
    expect(lines(await scan({ text, cwd }))).toEqual([]);
    const settings = { rules: ["rules/acme.yml"] };
    expect(lines(await scan({ text, cwd, settings }))).toEqual(["text:1:3 block acme.live-key"]);
    await expect(scan({ text, cwd, settings: { baseline: "none.json" } })).rejects.toThrow(UsageError);
  });

  test("two scans at once keep their own", async () => {
    const cwd = tree({ a: `T=${one}\n`, b: `T=${two}\n` });
    const runs: readonly ScanOptions[] = [
      { paths: ["."], cwd },
      { paths: ["."], cwd, settings: { exclude: ["a"] } },
      { paths: ["."], cwd, settings: { except: ["ofself"] } },
      { paths: ["."], cwd, settings: { failOn: "never" } },
      { paths: ["."], cwd, settings: { showSecrets: true } },
      { paths: ["."], cwd, env: { KEYWARDEN_KEY: "a key of enough characters" } },
    ];
    const alone: Report[] = [];
    for (const options of runs) alone.push(await scan({ ...options, now }));
    const together = await Promise.all([...runs, ...runs].map((options) => scan({ ...options, now })));
    expect(together).toEqual([...alone, ...alone]);
    expect(alone.map((report) => [report.summary.blocking, report.summary.warnings])).toEqual([
      [2, 0],
      [1, 0],
      [0, 0],
      [0, 2],
      [2, 0],
      [2, 0],
    ]);
    const names = alone.map((report) => report.verdicts[0]?.finding.fingerprint);
    expect(names[5]).not.toBe(names[0]);
  });

  test("neither the options nor what they hold is changed", async () => {
    const options = { text: `T=${one}`, settings: { exclude: ["x"], format: [{ format: "json" }] } } as const;
    const before = structuredClone(options);
    await scan(options);
    expect(options).toEqual(before);
  });

  test("the same input gives the same report", async () => {
    const options = { text: `T=${one} U=${two}\n`, now };
    expect(JSON.stringify(await scan(options))).toBe(JSON.stringify(await scan(options)));
  });

  test("the configuration file is not read, and nothing is written", async () => {
    const cwd = tree({ ".keywarden/config.yml": "exclude: ['**']\n", a: `T=${one}\n` });
    expect(lines(await scan({ paths: ["a"], cwd }))).toEqual([found("a:1:3")]);
    const { coverage } = await scan({ paths: ["."], cwd });
    expect(coverage.files).toBe(2);
  });
});

describe("secrets", () => {
  const cwd = tree({
    a: `T=${one}\n`,
    b: `${Buffer.from(`T=${two}\n`).toString("base64")}\n`,
    c: Buffer.from(`\uFEFFT=${three}`, "utf16le"),
    // A list by hash makes the scan hold values while it runs.
    ".gitguardian.yaml": "version: 2\nsecret:\n  ignored_matches:\n    - {match: nothing of the kind, name: x}\n",
  });

  async function everything(report: Report): Promise<string> {
    const formats = (
      ["terminal", "json", "jsonl", "sarif", "gitleaks-json", "csv", "junit", "github", "gitlab"] as const
    ).map((format) => formatReport(report, format, { verbose: true, showSecrets: true, color: true }));
    const values = report.verdicts.map(({ finding }) => finding.secret.reveal());
    const options = { depth: Number.POSITIVE_INFINITY, showHidden: true, maxArrayLength: null, maxStringLength: null };
    const page = await htmlReport(report, { verbose: true });
    return [JSON.stringify(report), inspect(report, options), ...formats, page, ...values].join("\n");
  }

  test("without showSecrets there is no value anywhere, whatever is asked of the report", async () => {
    const report = await scan({ paths: ["."], cwd });
    expect(report.verdicts.length).toBe(3);
    const shown = await everything(report);
    for (const secret of [one, two, three]) {
      expect(shown).not.toContain(secret.slice(-24));
      expect(shown).not.toContain(Buffer.from(secret).toString("base64").slice(12, 60));
    }
  });

  test("with it, the value stands behind reveal() and in the formats that show it", async () => {
    const report = await scan({ paths: ["."], cwd, settings: { showSecrets: true } });
    expect(report.verdicts.map(({ finding }) => finding.secret.reveal()).toSorted()).toEqual(
      [one, two, three].toSorted(),
    );
    expect(JSON.stringify(report)).not.toContain(one.slice(-24));
    expect(inspect(report, { depth: 20, showHidden: true })).not.toContain(one.slice(-24));
    expect(formatReport(report, "json", { showSecrets: true })).toContain(one);
    expect(formatReport(report, "json")).not.toContain(one.slice(-24));
    expect(formatReport(report, "sarif", { showSecrets: true })).not.toContain(one.slice(-24));
    expect(await htmlReport(report, { showSecrets: true } as object)).not.toContain(one.slice(-24));
  });

  test("a format that there is none of is a UsageError", async () => {
    const report = await scan({ text: "x" });
    expect(() => formatReport(report, "html" as never)).toThrow(/htmlReport|format must be one of/);
    expect(() => formatReport(report, "pdf" as never)).toThrow(UsageError);
  });

  test("htmlReport reckons from the day it is given, and refuses what is no date", async () => {
    const report = await scan({ text: "x" });
    expect(await htmlReport(report, { now: new Date("2031-02-03T04:05:06Z") })).toContain("2031-02-03 04:05 UTC");
    await expect(htmlReport(report, { now: "today" as never })).rejects.toThrow(UsageError);
    await expect(htmlReport(report, { now: new Date("never") })).rejects.toThrow(UsageError);
  });
});

describe("progress and aborts", () => {
  const files: Record<string, string> = {};
  for (let at = 0; at < 1500; at++)
    files[`d${at % 7}/f${at}`] = at % 50 === 0 ? `T=${plantedToken(`${at}`)}\n` : `n${at}\n`;
  const cwd = tree(files);
  const kinds = (report: Report): string[] => report.problems.map((problem) => problem.kind);

  test.each([1, 2])("with %i threads, progress grows to what the report counts", async (jobs) => {
    const seen: Progress[] = [];
    const report = await scan({ paths: ["."], cwd, settings: { jobs }, onProgress: (progress) => seen.push(progress) });
    expect(report.summary.findings).toBe(30);
    expect(seen.length).toBeGreaterThan(5);
    for (const name of ["files", "bytes", "findings"] as const) {
      const counts = seen.map((progress) => progress[name]);
      expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    }
    expect(seen.at(-1)).toEqual({ files: report.coverage.blobs, bytes: report.coverage.bytes, findings: 30 });
  });

  test("an error in onProgress is the caller's own", async () => {
    const onProgress = (): never => {
      throw new RangeError("mine");
    };
    await expect(scan({ paths: ["."], cwd, onProgress })).rejects.toThrow(RangeError);
  });

  test.each<[what: string, options: ScanOptions]>([
    ["paths", { paths: ["."], cwd }],
    ["text", { text: `T=${one}` }],
  ])("aborted before, %s: an empty report that says so", async (_, options) => {
    const report = await scan({ ...options, signal: AbortSignal.abort() });
    expect(kinds(report)).toEqual(["interrupted"]);
    expect(report.coverage).toMatchObject({ complete: false, blobs: 0 });
    expect(report.verdicts).toEqual([]);
  });

  test.each([1, 2])("aborted during, with %i threads: a part, and the report says so", async (jobs) => {
    const rejections: unknown[] = [];
    const listen = (reason: unknown) => rejections.push(reason);
    process.on("unhandledRejection", listen);
    const controller = new AbortController();
    const report = await scan({
      paths: ["."],
      cwd,
      settings: { jobs },
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await new Promise((next) => setTimeout(next, 50));
    process.off("unhandledRejection", listen);
    expect(rejections).toEqual([]);
    expect(kinds(report)).toEqual(["interrupted"]);
    expect(report.coverage.complete).toBe(false);
    expect(report.coverage.blobs).toBeLessThan(1500);
    expect(formatReport(report, "terminal")).toMatch(/not complete|incomplete/i);
  });

  test("many scans with one signal leave no listeners behind", async () => {
    const { signal } = new AbortController();
    for (let run = 0; run < 3; run++) {
      await scan({ text: `T=${one}`, signal });
      await scan({ paths: ["d1"], cwd, signal });
    }
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});
