// Ctrl-C and broken pipes: a partial report that says so, soon, and never a stack trace.

import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { cliEnv, jsonOf, start, underWay, type CliRun } from "../helpers/cli-run.ts";
import { tokenOf } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";

afterAll(removeTemporary);

const token = tokenOf("gitlab.access-token", "interrupt");
const executable = join(import.meta.dirname, "../../dist/bin.js");

/** A file whose start holds a token and whose end is far away. */
function endlessFile(folder: string): void {
  const file = join(folder, "endless.log");
  writeFileSync(file, `token = ${token}\n`);
  truncateSync(file, 64 * 1024 ** 3);
}

/** Interrupts a run in the middle of its scan; gives the result and how long it took to be there. */
async function interrupted(run: CliRun, wholeGroup = false) {
  await underWay(run);
  const asked = performance.now();
  if (wholeGroup) process.kill(-run.child.pid!, "SIGINT");
  else run.child.kill("SIGINT");
  const result = await run.result;
  return { result, waited: performance.now() - asked };
}

describe.skipIf(process.platform === "win32").concurrent("Ctrl-C", () => {
  let slow: GitRepo;

  beforeAll(() => {
    // Each line has to be looked at closely, so a few megabytes keep a scan busy for many seconds.
    const line = ["glpat", "x".repeat(20)].join("-");
    slow = GitRepo.create();
    const lines = `${line}\n`.repeat(50_000);
    slow.commit("slow", Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`f${at}`, `${at}\n${lines}`])));
  });

  it.each([[[]], [["--jobs", "1"]]])("in a file of 64 GiB writes what was found so far (%j)", async (flags) => {
    const folder = temporaryFolder();
    endlessFile(folder);
    const run = start(["scan", ".", "--format", "json", ...flags], { cwd: folder });
    const { result, waited } = await interrupted(run);
    const report = jsonOf(result);
    expect(result).toMatchObject({ code: 1, signal: null, stderr: "" });
    expect(waited).toBeLessThan(3000);
    expect(report.coverage.complete).toBe(false);
    expect(report.problems).toMatchObject([{ kind: "interrupted" }]);
    expect(report.findings).toMatchObject([{ rule: "gitlab.access-token" }]);
  });

  it("among many files in worker threads exits 3 where nothing was found", async () => {
    const folder = temporaryFolder();
    for (let number = 0; number < 200; number++) hollowFile(join(folder, `${number}.bin`), 1024 ** 3);
    const run = start(["scan", ".", "--format", "json", "--jobs", "2"], { cwd: folder });
    const { result, waited } = await interrupted(run);
    expect(result).toMatchObject({ code: 3, signal: null, stderr: "" });
    expect(waited).toBeLessThan(3000);
    expect(jsonOf(result).problems).toMatchObject([{ kind: "interrupted" }]);
  });

  it("while standard input waits for more", async () => {
    const run = start(["scan", "-", "--format", "json"], { cwd: temporaryFolder(), input: "open" });
    run.child.stdin!.write(`token = ${token}\n${"filler\n".repeat(3_000_000)}`);
    const { result, waited } = await interrupted(run);
    expect(result).toMatchObject({ code: 1, signal: null, stderr: "" });
    expect(waited).toBeLessThan(3000);
    expect(jsonOf(result).problems).toMatchObject([{ kind: "interrupted" }]);
  });

  it("that also reaches git, as in a terminal, ends a range scan with a report", async () => {
    const run = start(["scan", "--range", "HEAD", "--format", "json"], { cwd: slow.dir, group: true });
    const { result, waited } = await interrupted(run, true);
    expect(result.stderr).toBe("");
    expect(waited).toBeLessThan(3000);
    expect(result.code).toBe(3);
    const { problems, coverage } = jsonOf(result);
    expect(problems.map(({ kind }) => kind)).toContain("interrupted");
    expect(coverage.complete).toBe(false);
  });

  it("a second time ends the process at once", async () => {
    const folder = temporaryFolder();
    endlessFile(folder);
    const run = start(["scan", "."], { cwd: folder });
    await underWay(run);
    run.child.kill("SIGINT");
    run.child.kill("SIGINT");
    const { code, stderr } = await run.result;
    expect([1, 130]).toContain(code);
    expect(stderr).toBe("");
  });
});

function hollowFile(file: string, size: number): void {
  writeFileSync(file, "");
  truncateSync(file, size);
}

describe.skipIf(process.platform === "win32").concurrent("a broken pipe", () => {
  it.each(["json", "terminal", "csv"])("with %s neither hangs nor shows a stack trace", async (format) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "in"));
    for (let number = 0; number < 500; number++) {
      appendFileSync(join(folder, "in/tokens.txt"), `${tokenOf("sendgrid.api-key", `pipe ${number}`)}\n`);
    }
    const command = `"${process.execPath}" "${executable}" scan . --verbose --format ${format} | head -c 10`;
    const shell = spawn("sh", ["-c", command], { cwd: folder, env: cliEnv(), timeout: 20_000 });
    let stdout = "";
    let stderr = "";
    shell.stdout.on("data", (text: Buffer) => (stdout += text.toString("latin1")));
    shell.stderr.on("data", (text: Buffer) => (stderr += text.toString("latin1")));
    const code = await new Promise((resolve) => shell.on("close", resolve));
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toHaveLength(10);
  });

  it("keeps the exit code", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "a"), token);
    const command = `{ "${process.execPath}" "${executable}" scan . --format json; echo $? > code; } | true`;
    execFileSync("sh", ["-c", command], { cwd: folder, env: cliEnv() });
    expect(execFileSync("cat", ["code"], { cwd: folder, encoding: "utf8" })).toBe("1\n");
  });
});
