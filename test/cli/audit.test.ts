// The command line of an audit as a process: exit codes, formats that show no token, and caches that outlive a kill -9.

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { formatNames } from "../../src/config/kinds.ts";
import { fillerStream } from "../helpers/audit-rig.ts";
import { jsonOf, keywarden, start } from "../helpers/cli-run.ts";
import type { CliResult } from "../helpers/cli-run.ts";
import { leaksIn, tokenOf } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { buildHidingPlaces } from "../helpers/hiding-places.ts";

afterAll(removeTemporary);

const token = (seed: string): string => tokenOf("ofself.access-token", `cli audit ${seed}`);

function audit(repo: GitRepo, ...args: string[]): Promise<CliResult> {
  return keywarden(["audit", "--no-cache", "--format", "json", ...args], { cwd: repo.dir });
}

/** A token that is gone again. */
function sample(): GitRepo {
  const repo = GitRepo.create();
  repo.commit("add", { "a.txt": `T=${token("one")}\n` });
  repo.commit("take out", { "a.txt": "clean\n" });
  return repo;
}

describe("exit codes", () => {
  test("0: nothing", async () => {
    const repo = GitRepo.create();
    repo.commit("clean", { "a.txt": "clean\n" });
    expect(await audit(repo)).toMatchObject({ code: 0, stderr: "" });
    expect(await audit(GitRepo.create())).toMatchObject({ code: 0 });
  });

  test("1: something in history alone", async () => {
    const result = await audit(sample());
    expect(result.code).toBe(1);
    expect(jsonOf(result).findings[0]?.origin?.exposure).toBe("history");
  });

  test("1: something, although not all could be read; 3: nothing, and not all could be read", async () => {
    const origin = sample();
    const dirs = [2, 1].map((depth) => {
      const dir = join(temporaryFolder(), "clone");
      origin.git("clone", "-q", `--depth=${depth}`, `file://${origin.dir}`, dir);
      return new GitRepo(dir);
    });
    const results = await Promise.all(dirs.map((repo) => audit(repo)));
    expect(results.map(({ code }) => code)).toEqual([1, 3]);
    for (const result of results) expect(jsonOf(result).coverage.complete).toBe(false);
  });

  test("3: damage", async () => {
    const repo = GitRepo.create();
    const id = repo.run(["hash-object", "-w", "--stdin"], { input: "a blob\n" });
    const file = join(repo.dir, ".git/objects", id.slice(0, 2), id.slice(2));
    rmSync(file);
    writeFileSync(file, "nothing of the kind");
    const result = await audit(repo);
    expect(result.code).toBe(3);
    expect(
      jsonOf(result)
        .problems.map(({ message }) => message)
        .join(),
    ).toContain(id);
  });

  test.each<[args: string[], says: RegExp]>([
    [["--ref", "nowhere"], /^keywarden: git knows no such ref: "nowhere"\n.*git for-each-ref/s],
    [["--since", "2026-13-01"], /--since needs a date\n {2}Write it as/],
  ])("2: %j", async (args, says) => {
    const result = await keywarden(["audit", ...args], { cwd: sample().dir });
    expect([result.code, result.stdout]).toEqual([2, ""]);
    expect(result.stderr).toMatch(says);
    expect(result.stderr).not.toMatch(/\bat .*\.js:/);
  });

  test("flags narrow it as the library's options do", async () => {
    const repo = sample();
    const codes = await Promise.all(
      [["--path", "b.txt"], ["--since", "2026-06-01"], ["--ref", "main", "--path", "a.txt"], ["--no-worktree"]].map(
        async (args) => (await audit(repo, ...args)).code,
      ),
    );
    expect(codes).toEqual([0, 0, 1, 1]);
  });
});

test("no format shows a token: names of files and folders, people, messages", async () => {
  const { repo, tokens } = buildHidingPlaces();
  const folder = temporaryFolder();
  const outputs = formatNames.flatMap((format) => ["--format", format, "--output", join(folder, format)]);
  const result = await keywarden(
    ["audit", "-v", "--no-cache", "--min-confidence", "low", ...outputs, "--format", "terminal"],
    {
      cwd: repo.dir,
    },
  );
  expect(result.code).toBe(1);
  const texts = formatNames.map((format) => readFileSync(join(folder, format), "utf8"));
  for (const text of [...texts, result.stdout, result.stderr]) expect(leaksIn(text, Object.values(tokens))).toEqual([]);
  for (const text of texts) expect(text.length).toBeGreaterThan(500);
});

describe.skipIf(process.platform === "win32")("a run that is killed", () => {
  let repo: GitRepo;
  let env: NodeJS.ProcessEnv;
  let folder: string;
  let wants: string;

  const told = (result: CliResult): string => {
    const report = jsonOf(result);
    return JSON.stringify({ findings: report.findings, problems: report.problems });
  };

  beforeAll(async () => {
    repo = sample();
    repo.run(["fast-import", "--quiet"], { input: fillerStream("filler", 60, 60) });
    const home = temporaryFolder();
    env = { XDG_CACHE_HOME: home };
    folder = join(home, "keywarden");
    wants = told(await audit(repo));
  });

  const remembered = () => keywarden(["audit", "--format", "json"], { cwd: repo.dir, env });

  test("at any moment leaves a cache that the next can use", async () => {
    const timed = await remembered();
    expect(told(timed)).toBe(wants);
    for (let round = 0; round < 5; round++) {
      // Every second time there is nothing yet.
      if (round % 2 === 0) rmSync(folder, { recursive: true, force: true });
      const run = start(["audit", "--format", "json"], { cwd: repo.dir, env, group: true });
      await new Promise((next) => setTimeout(next, (timed.milliseconds * (round + 0.7)) / 5));
      try {
        process.kill(-(run.child.pid as number), "SIGKILL");
      } catch {
        // Over before.
      }
      await run.result;
      const after = await remembered();
      expect([round, after.code, told(after)]).toEqual([round, 1, wants]);
      const again = jsonOf(await remembered());
      expect([round, (again.coverage.objects?.cached ?? 0) > 3000]).toEqual([round, true]);
    }
    expect(readdirSync(folder).filter((name) => name.endsWith(".objects"))).toHaveLength(1);
  }, 120_000);

  test("two at once tell the same and leave one cache", async () => {
    rmSync(folder, { recursive: true, force: true });
    const results = await Promise.all([remembered(), remembered()]);
    expect(results.map(told)).toEqual([wants, wants]);
    // What is known of the objects, and the note of the repository as it is.
    const kinds = readdirSync(folder).map((name) => name.replace(/^.*\./, ""));
    expect(kinds.toSorted()).toEqual(["objects", "unchanged"]);
    expect(told(await remembered())).toBe(wants);
  });
});
