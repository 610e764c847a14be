// The exit code of every outcome, and the settings that move it.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { jsonOf, keywarden, scanJson } from "../helpers/cli-run.ts";
import { tokenOf } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";

afterAll(removeTemporary);

/** high confidence: a GitLab token (critical); medium and low ones by what their rules say. */
const high = tokenOf("gitlab.access-token", "exit");

describe.concurrent("the exit code", () => {
  let folder: string;
  let clean: string;

  beforeAll(() => {
    folder = temporaryFolder();
    writeFileSync(join(folder, "high.txt"), `${high}\n`);
    // No checks of its own, and no confidence.
    const rule = (id: string, confidence: string, severity: string) => `
  - id: acme.${id}
    name: Acme ${id}
    what: A made-up key for tests of exit codes.
    risk: None at all, because nobody has ever issued one.
    severity: ${severity}
    confidence: ${confidence}
    keywords: [acme_${id}_]
    pattern: (?P<secret> acme_${id}_ [0-9a-z]{24} )
    examples:
      match: ["acme_${id}_{{alnum-lower:24}}", "key: acme_${id}_{{alnum-lower:24}}"]
      skip: [{text: "acme_${id}_{{alnum-lower:23}}", why: short, near-miss: true}, {text: nothing, why: nothing}]
`;
    const rules = `provider: acme\nname: Acme\nrules:${rule("medium", "medium", "medium")}${rule("low", "low", "low")}`;
    writeFileSync(join(folder, "acme.yml"), rules);
    const made = (id: string) => `acme_${id}_${tokenOf("ofself.app-key", id).slice(-24).toLowerCase()}`;
    mkdirSync(join(folder, "m"));
    writeFileSync(join(folder, "m/medium.txt"), `${made("medium")}\n`);
    writeFileSync(join(folder, "m/low.txt"), `${made("low")}\n`);
    clean = temporaryFolder();
    writeFileSync(join(clean, "a.txt"), "nothing here\n");
  });

  it.each<[string, readonly string[], number]>([
    ["a clean folder", ["clean"], 0],
    ["findings", ["."], 1],
    ["another code for findings", [".", "--exit-code", "9"], 9],
    ["success even with findings", [".", "--exit-code", "0"], 0],
    ["--exit-code changes nothing for a clean folder", ["clean", "--exit-code", "9"], 0],
    ["medium is enough by default", ["m"], 1],
    ["medium is not enough for --fail-on high", ["m", "--fail-on", "high"], 0],
    ["high is enough for --fail-on high", [".", "--fail-on", "high"], 1],
    ["never", [".", "--fail-on", "never"], 0],
    ["low is not reported by default", ["m/low.txt"], 0],
    ["low is not reported though it would fail", ["m/low.txt", "--fail-on", "low"], 0],
    ["low is a warning when asked for", ["m/low.txt", "--min-confidence", "low"], 0],
    ["low can fail", ["m/low.txt", "--min-confidence", "low", "--fail-on", "low"], 1],
    ["only high is asked for", ["m", "--min-confidence", "high"], 0],
    ["severity is enough", ["m", "--min-severity", "medium"], 1],
    ["severity is not enough", ["m", "--min-severity", "high"], 0],
    ["only a rule that does not fire", [".", "--only", "stripe"], 0],
    ["only the rule", [".", "--only", "gitlab.access-token"], 1],
    ["only its provider, among others", [".", "--only", "stripe,gitlab"], 1],
    ["all but its provider", [".", "--except", "gitlab", "--except", "acme"], 0],
    ["except is stronger than only", ["high.txt", "--only", "gitlab", "--except", "gitlab.access-token"], 0],
    ["excluded", [".", "--exclude", "**/*.txt"], 0],
    ["not included", [".", "--include", "*.yml"], 0],
  ])("%s", async (_, [what = ".", ...flags], code) => {
    const path = what === "clean" ? clean : what;
    const result = await keywarden(["scan", path, "--rules", "acme.yml", ...flags], { cwd: folder });
    expect([result.code, result.stderr]).toEqual([code, ""]);
  });

  it("an incomplete scan is 3, and --exit-code does not change it", async () => {
    for (const flags of [[], ["--exit-code", "9"], ["--fail-on", "never"]]) {
      expect((await keywarden(["scan", clean, "/dev/null", ...flags], { cwd: folder })).code).toBe(3);
    }
    expect((await keywarden(["scan", "high.txt", "/dev/null"], { cwd: folder })).code).toBe(1);
  });

  it.each<[readonly string[], string]>([
    [["scan", "--nope"], "unknown option '--nope'"],
    [["scan", "--formt", "json"], "Did you mean --format?"],
    [["scan", "--format", "jsn"], "Did you mean json"],
    [["scan", "--format", "json", "--format", "csv", "--output"], "argument missing"],
    [["scan", "--output", "x.json"], "--output needs a --format of its own"],
    [["scan", "--fail-on", "hihg"], "Did you mean high?"],
    [["scan", "--min-severity", "critcal"], "Did you mean critical?"],
    [["scan", "--exit-code", "256"], "from 0 to 255"],
    [["scan", "--exit-code", "-1"], "from 0 to 255"],
    [["scan", "--jobs", "0"], "from 1 to 256 or auto"],
    [["scan", "--only", "gitlab.acces-token"], "Did you mean gitlab.access-token?"],
    [["scan", "--except", "strpe"], "Did you mean stripe?"],
    [["scan", "--only", "gitlab", "--except", "gitlab"], "no rule is left to run"],
    [["scan", "--honour", "gitleaks:alow"], "Did you mean gitleaks:allow?"],
    [["scan", "--allow", "paths=a"], "reason"],
    [["scan", "--staged", "src"], "--staged and paths cannot be combined"],
    [["scan", "--range", "a..b", "src"], "--range and paths cannot be combined"],
    [["scan", "--staged", "--range", "a..b"], "--staged and --range cannot be combined"],
    [["scan", "-", "src"], "cannot be combined with paths"],
    [["scan", "--staged", "-"], "--staged and - cannot be combined"],
    [["scan", ".", "--stdin-name", "x"], "--stdin-name needs -"],
    [["scam"], "unknown command 'scam'"],
    [["rules", "explain"], "missing required argument"],
    [["rules", "explain", "gitlab.acces-token"], "Did you mean gitlab.access-token?"],
    [["rules", "new", "Not Kebab"], "kebab-case"],
    [["baseline", "create", "--until", "2026-02-30"], "--until needs a date"],
    [[], "Usage: keywarden"],
    [["rules"], "Usage: keywarden rules"],
    [["baseline"], "Usage: keywarden baseline"],
  ])("wrong usage is 2: %j", async (args, message) => {
    const result = await keywarden(args, { cwd: clean });
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toContain("internal error");
  });

  it.each([[["--version"]], [["-V"]], [["--help"]], [["scan", "--help"]], [["help", "scan"]]])(
    "%j is 0",
    async (args) => {
      expect(await keywarden(args, { cwd: clean })).toMatchObject({ code: 0, stderr: "" });
    },
  );

  it("a short KEYWARDEN_KEY is 2, and is not shown", async () => {
    const result = await keywarden(["scan", "."], { cwd: clean, env: { KEYWARDEN_KEY: "shortest-key" } });
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).not.toContain("shortest-key");
  });
});

describe.concurrent("nothing to scan", () => {
  it.each<[string, readonly string[], string]>([
    ["an empty folder", ["scan", "."], "Nothing to scan"],
    ["empty standard input", ["scan", "-"], "1 empty"],
    ["everything excluded", ["scan", ".", "--exclude", "**"], "Nothing to scan"],
  ])("%s is a success that says so", async (_, args, words) => {
    const result = await keywarden(args, { cwd: temporaryFolder() });
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(result.stdout).toContain(words);
  });

  it("a commit that only deletes is a success that says so", async () => {
    const repo = GitRepo.create();
    repo.commit("add", { "a.txt": high, "b.txt": "b" });
    repo.git("rm", "-q", "a.txt");
    const staged = await keywarden(["scan", "--staged"], { cwd: repo.dir });
    expect(staged).toMatchObject({ code: 0, stderr: "" });
    expect(staged.stdout).toContain("Nothing to scan");
    expect(staged.stdout).toContain("1 deleted");
    repo.git("commit", "-q", "-m", "remove");
    const range = await scanJson(["--range", "HEAD~1..HEAD"], { cwd: repo.dir });
    expect([range.code, range.report.findings, range.report.coverage.commits]).toEqual([0, [], 1]);
  });

  it("nothing staged, and a range without commits, are successes", async () => {
    const repo = GitRepo.create();
    repo.commit("add", { "a.txt": high });
    expect((await keywarden(["scan", "--staged"], { cwd: repo.dir })).code).toBe(0);
    expect((await keywarden(["scan", "--range", "HEAD..HEAD"], { cwd: repo.dir })).code).toBe(0);
  });
});

describe.concurrent("standard input", () => {
  it("has a name in the report", async () => {
    const cwd = temporaryFolder();
    const json = ["scan", "-", "--format", "json"];
    const unnamed = jsonOf(await keywarden(json, { cwd, input: `a ${high}` }));
    const named = jsonOf(await keywarden([...json, "--stdin-name", "logs/app.log"], { cwd, input: `a\n${high}` }));
    expect(unnamed.findings[0]?.occurrences).toMatchObject([{ path: "stdin", line: 1, column: 3 }]);
    expect(named.findings[0]?.occurrences).toMatchObject([{ path: "logs/app.log", line: 2, column: 1 }]);
  });

  it("in UTF-16 and larger than any buffer is read whole", async () => {
    const input = Buffer.from(`\uFEFF${"é filler\n".repeat(60_000)}x ${high}\n`, "utf16le");
    const { code, report } = await scanJson(["-"], { cwd: temporaryFolder(), input });
    expect(code).toBe(1);
    expect(report.findings[0]?.occurrences).toMatchObject([{ line: 60_001, column: 3 }]);
  });
});
