// `keywarden init`: what it shows, what it writes, and what it leaves alone.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";

import { executable } from "../helpers/cli-run.ts";
import { leaksIn, tokenOf } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { HookRepo } from "../helpers/hook-repo.ts";

afterAll(removeTemporary);

const token = tokenOf("gitlab.access-token", "init");

/** A repository on GitHub with an old credential in it. */
function old(): HookRepo {
  const repo = new HookRepo(GitRepo.create().dir);
  repo.commit("first", { "deploy.env": `KEY=${token}\n`, "readme.txt": "nothing\n" });
  repo.git("remote", "add", "origin", "https://github.com/example/example.git");
  return repo;
}

const read = (repo: HookRepo, file: string): string => readFileSync(join(repo.dir, file), "utf8");
const written = [
  ".keywarden/config.yml",
  ".keywarden/baseline.json",
  ".github/workflows/keywarden.yml",
  ".git/hooks/pre-commit",
];

describe("init", () => {
  it("--yes writes all four, each after showing it, and the next scan and commit pass", () => {
    const repo = old();
    const { code, output } = repo.keywarden(["init", "--yes"]);
    expect(code).toBe(0);
    for (const file of written) {
      expect([file, repo.has(file)]).toEqual([file, true]);
      expect(output).toContain(file);
    }
    const text = read(repo, ".github/workflows/keywarden.yml");
    for (const line of text.trimEnd().split("\n")) expect(output).toContain(`    | ${line}`.trimEnd());
    expect(parse(text)).toMatchObject({ permissions: { contents: "read" }, on: { push: { branches: ["main"] } } });
    const baseline = JSON.parse(read(repo, ".keywarden/baseline.json")) as { entries: ({ reason: string } | null)[] };
    expect(baseline.entries.filter((entry) => entry !== null)).toMatchObject([{ reason: "present at adoption" }]);
    expect(leaksIn(output + read(repo, ".keywarden/baseline.json"), [token])).toEqual([]);
    expect(repo.keywarden(["scan", "."]).code).toBe(0);
    repo.git("add", "--all");
    expect(repo.try(["commit", "-m", "keywarden"]).code).toBe(0);
    const stopped = repo.tryCommit("new.env", `KEY=${tokenOf("gitlab.access-token", "new")}\n`);
    expect(stopped).toMatchObject({ code: 1 });
  });

  it("never overwrites: a second run changes nothing", () => {
    const repo = old();
    repo.write(".keywarden/config.yml", "# mine\n");
    repo.write(".github/workflows/keywarden.yml", "# mine\n");
    repo.keywarden(["init", "--yes"]);
    const before = written.map((file) => read(repo, file));
    expect(before.slice(0, 1)).toEqual(["# mine\n"]);
    const { code, output } = repo.keywarden(["init", "--yes"]);
    expect(code).toBe(0);
    expect(output.match(/is there already and stays as it is/g)).toHaveLength(4);
    expect(written.map((file) => read(repo, file))).toEqual(before);
  });

  it("--dry-run shows and writes nothing; parts can be left out", () => {
    const repo = old();
    const { code, output } = repo.keywarden(["init", "--dry-run", "--no-workflow"]);
    expect(code).toBe(0);
    expect(output).toContain("deploy.env:1");
    expect(output).not.toContain("workflows");
    expect(written.filter((file) => repo.has(file))).toEqual([]);
    expect(repo.git("status", "--porcelain")).toBe("");
  });

  it("needs --yes where nobody can answer", () => {
    const repo = old();
    const { code, output } = repo.keywarden(["init"]);
    expect([code, output]).toEqual([2, expect.stringContaining("--yes")]);
    expect(written.filter((file) => repo.has(file))).toEqual([]);
  });

  it("writes no baseline where nothing is found, and no workflow where nothing says GitHub", () => {
    const repo = new HookRepo(GitRepo.create().dir);
    repo.commit("first", { "readme.txt": "nothing\n" });
    const { output } = repo.keywarden(["init", "--yes"]);
    expect(output).toContain("no baseline is needed");
    expect(output).toContain("docs/ci.md");
    expect(written.filter((file) => repo.has(file))).toEqual([written[0], written[3]]);
  });

  it("is for repositories, and leaves what leads out of them", () => {
    const repo = new HookRepo(temporaryFolder());
    expect(repo.keywarden(["init", "--yes"])).toMatchObject({ code: 2 });
  });

  const hasTerminal = process.platform === "linux" && spawnSync("script", ["--version"]).error === undefined;

  it.skipIf(!hasTerminal)("asks on a terminal, and does what the answers say", () => {
    const repo = old();
    const command = `'${process.execPath}' '${executable}' init`;
    const { status, stdout } = spawnSync("script", ["-qec", command, "/dev/null"], {
      cwd: repo.dir,
      env: repo.env,
      input: "y\nno\n\nn\n",
      encoding: "utf8",
      timeout: 60_000,
    });
    expect(stdout).toContain("Write config? [Y/n]");
    expect(status).toBe(0);
    expect(written.map((file) => repo.has(file))).toEqual([true, false, true, false]);
  });
});
