// Repositories and file names made to do harm: nothing runs, nothing is written outside, nothing reaches the terminal.

import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { jsonOf, keywarden, scanJson } from "../helpers/cli-run.ts";
import { tokenOf } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";

afterAll(removeTemporary);

const token = tokenOf("gitlab.access-token", "hostile");
const isWindows = process.platform === "win32";

describe.skipIf(isWindows)("a repository whose configuration would run commands", () => {
  const folder = temporaryFolder();
  const mark = join(folder, "ran");
  const script = join(folder, "trap.sh");
  let repo: GitRepo;

  beforeAll(() => {
    writeFileSync(script, `#!/bin/sh\necho "$0 $@" >> "${mark}"\ncat 2>/dev/null\nexit 0\n`);
    chmodSync(script, 0o755);
    repo = GitRepo.create();
    repo.commit("base", { "a.txt": "plain", "sub/b.txt": "plain" });
    repo.commit(`second, with ${token}`, { "a.txt": `${token}\n`, "sub/b.bin": "more" });
    repo.write("staged.txt", `staged ${token}\n`);
    repo.git("add", "staged.txt");
    repo.write("untracked.txt", `untracked ${token}\n`);
    const hooks = join(repo.dir, ".git/evil-hooks");
    mkdirSync(hooks);
    for (const hook of ["post-index-change", "fsmonitor-watchman", "pre-commit", "post-checkout"]) {
      symlinkSync(script, join(hooks, hook));
    }
    writeFileSync(join(repo.dir, ".gitattributes"), "* diff=evil filter=evil merge=evil\n");
    writeFileSync(join(repo.dir, ".git/info/attributes"), "* diff=evil filter=evil\n");
    const included = join(repo.dir, ".git/more");
    writeFileSync(included, `[core]\n\tfsmonitor = ${script}\n[alias]\n\tdiff-index = !${script}\n`);
    const settings = {
      "core.fsmonitor": script,
      "core.hooksPath": hooks,
      "core.pager": script,
      "core.editor": script,
      "core.sshCommand": script,
      "core.askPass": script,
      "core.alternateRefsCommand": script,
      "pager.ls-files": script,
      "pager.rev-list": script,
      "alias.ls-files": `!${script}`,
      "alias.cat-file": `!${script}`,
      "diff.external": script,
      "diff.evil.textconv": script,
      "diff.evil.command": script,
      "filter.evil.clean": script,
      "filter.evil.smudge": script,
      "filter.evil.process": script,
      "credential.helper": `!${script}`,
      "gpg.program": script,
      "log.showSignature": "true",
      "include.path": included,
      "remote.origin.url": `ext::${script}`,
      "protocol.allow": "always",
    };
    for (const [name, value] of Object.entries(settings)) repo.git("config", name, value);
    // A program of git's name in the scanned folder must not be taken for git.
    symlinkSync(script, join(repo.dir, "git"));
  });

  it("would run them under a plain git (or this test proves nothing)", () => {
    try {
      repo.git("diff", "--cached");
    } catch {
      // Whether git likes the trap's answer does not matter.
    }
    expect(existsSync(mark)).toBe(true);
    writeFileSync(mark, "");
  });

  it.each([
    [["."], 5],
    [["--staged"], 1],
    [["--range", "HEAD"], 2],
    [["--range", "HEAD~1..HEAD"], 2],
    [["sub", "*.txt"], 3],
  ])("runs nothing for scan %j", async (args, least) => {
    writeFileSync(mark, "");
    const path = `.:${process.env["PATH"]}`;
    const { code, report } = await scanJson(args, {
      cwd: repo.dir,
      env: { PATH: path, GIT_ALLOW_PROTOCOL: undefined },
    });
    expect(readFileSync(mark, "utf8")).toBe("");
    expect(code).toBe(1);
    expect(report.problems).toEqual([]);
    expect(report.coverage.files).toBeGreaterThanOrEqual(least);
  });

  it("runs nothing for a baseline", async () => {
    writeFileSync(mark, "");
    expect((await keywarden(["baseline", "create"], { cwd: repo.dir })).code).toBe(0);
    expect(readFileSync(mark, "utf8")).toBe("");
  });
});

describe.skipIf(isWindows)("a settings file of the scanned repository", () => {
  it("cannot write through a link that leads out", async () => {
    const outside = temporaryFolder();
    const repo = GitRepo.create();
    symlinkSync(outside, join(repo.dir, "out"));
    repo.write(".keywarden/config.yml", "format:\n  - {format: json, output: out/stolen.json}\n");
    const result = await keywarden(["scan", "."], { cwd: repo.dir });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("leads outside the root through a link");
    expect(existsSync(join(outside, "stolen.json"))).toBe(false);
  });

  it("cannot make a baseline be written outside", async () => {
    const outside = temporaryFolder();
    const repo = GitRepo.create();
    repo.write("a.txt", token);
    symlinkSync(outside, join(repo.dir, ".keywarden"));
    const result = await keywarden(["baseline", "create"], { cwd: repo.dir });
    expect(result.code).toBe(2);
    expect(existsSync(join(outside, "baseline.json"))).toBe(false);
    expect(existsSync(join(outside, "salt"))).toBe(false);
  });

  it("cannot show what stands in a file outside that it names as rules", async () => {
    const outside = temporaryFolder();
    writeFileSync(join(outside, "private.yml"), `password: ${token}\nother: [${token}\n`);
    const repo = GitRepo.create();
    repo.write(".keywarden/config.yml", `rules: [${join(outside, "private.yml")}, ../../etc/passwd]\n`);
    repo.write("a.txt", "text");
    const result = await keywarden(["scan", "."], { cwd: repo.dir });
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).not.toContain(token);
    expect(result.stderr).not.toContain("root:");
  });
});

describe.skipIf(isWindows)("a file name with control characters", () => {
  const formats = ["terminal", "github", "csv", "junit", "sarif", "gitlab", "gitleaks-json", "json", "jsonl", "html"];
  const name = "evil\u001b[31m\u0007\u202e\nname,\r\u009b2J\u200b##[add-path]x::warning.txt";
  // eslint-disable-next-line no-control-regex
  const steering = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u202a-\u202e]/;
  let repo: GitRepo;

  beforeAll(() => {
    repo = GitRepo.create();
    repo.write(name, `token ${token}\n`);
    repo.write(`${name} too/deep.txt`, `other ${tokenOf("npm.access-token", "hostile")}\n`);
    repo.git("add", "-A");
  });

  it.each([[["."]], [["--staged"]]])("is shown escaped in every format (%j)", async (what) => {
    const out = temporaryFolder();
    const args = formats.flatMap((format) => ["--format", format, "--output", join(out, format)]);
    const result = await keywarden(["scan", ...what, ...args, "--verbose"], { cwd: repo.dir });
    expect(result).toMatchObject({ code: 1, stdout: "", stderr: "" });
    for (const format of formats) {
      const text = readFileSync(join(out, format), "utf8");
      expect(text, format).not.toMatch(steering);
      expect(text, format).not.toContain("##[");
      expect(text, format).toContain("evil");
      // CSV ends its lines in CRLF; nothing else may hold a carriage return, and no name may start a line.
      expect(text.replaceAll("\r\n", "\n"), format).not.toMatch(/\r|^name,/m);
    }
    for (const format of ["json", "sarif", "gitlab", "gitleaks-json"]) {
      expect(() => JSON.parse(readFileSync(join(out, format), "utf8")) as unknown).not.toThrow();
    }
  });

  it("comes out of JSON as it is", async () => {
    const { report } = await scanJson(["."], { cwd: repo.dir });
    expect(report.findings.flatMap(({ occurrences }) => occurrences.map(({ path }) => path))).toContain(name);
  });

  it("is shown escaped in errors", async () => {
    const result = await keywarden(["scan", `nope\u001b[2J\u202e`], { cwd: repo.dir });
    expect(result.code).toBe(2);
    expect(result.stderr).not.toMatch(steering);
    const flag = await keywarden(["scan", `--nope\u001b[2J\u202e`], { cwd: repo.dir });
    expect(flag.code).toBe(2);
    expect(flag.stderr).not.toMatch(steering);
  });

  it("given to standard input is shown escaped", async () => {
    const result = await keywarden(["scan", "-", "--stdin-name", name], { cwd: repo.dir, input: token });
    expect(result.code).toBe(1);
    expect(result.stdout).not.toMatch(steering);
    const json = await keywarden(["scan", "-", "--stdin-name", name, "--format", "json"], {
      cwd: repo.dir,
      input: token,
    });
    expect(jsonOf(json).findings[0]?.occurrences[0]?.path).toBe(name);
  });
});
