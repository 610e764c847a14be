// --staged and --range over real repositories, through the executable.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { keywarden, placesOf, scanJson } from "../helpers/cli-run.ts";
import { leaksIn, tokenOf } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";

afterAll(removeTemporary);

const token = (seed: string): string => tokenOf("gitlab.access-token", seed);

describe.concurrent("scan --staged", () => {
  it("finds what is staged in ten files, of every kind of change", async () => {
    const repo = GitRepo.create();
    const old = token("committed before");
    const long = "a line that stays the same\n".repeat(50);
    repo.commit("base", { "edit.txt": "x\n", "gone.txt": old, "moved.txt": `${long}end\n`, "kept.txt": `${old}\n` });
    repo.git("mv", "moved.txt", "renamed.txt");
    repo.git("rm", "-q", "gone.txt");
    repo.write("edit.txt", `x\n  ${token("edit")}\n`);
    repo.write("renamed.txt", `${long}${token("rename")}\n`);
    for (let number = 0; number < 7; number++) repo.write(`new/${number}.txt`, `${number} ${token(`new ${number}`)}\n`);
    repo.git("add", "-A");
    repo.write("unstaged.txt", token("unstaged"));
    const { code, report } = await scanJson(["--staged"], { cwd: repo.dir });
    expect(code).toBe(1);
    expect(placesOf(report)).toEqual([
      "gitlab.access-token edit.txt:2:3",
      ...[0, 1, 2, 3, 4, 5, 6].map((number) => `gitlab.access-token new/${number}.txt:1:3`),
      "gitlab.access-token renamed.txt:51:1",
    ]);
    expect(report.coverage).toMatchObject({ complete: true, files: 9, sources: ["staged changes"] });
  });

  it("reads the index, not the working copy, whichever of them holds the secret", async () => {
    const repo = GitRepo.create();
    repo.commit("base", { "a.txt": "a\n", "b.txt": "b\n" });
    repo.write("a.txt", `only in the index ${token("index")}\n`);
    repo.write("b.txt", "harmless\n");
    repo.git("add", "-A");
    repo.write("a.txt", "cleaned up\n");
    repo.write("b.txt", `only in the working copy ${token("working copy")}\n`);
    const { report } = await scanJson(["--staged"], { cwd: repo.dir });
    expect(placesOf(report)).toEqual(["gitlab.access-token a.txt:1:19"]);
  });

  it("works before the first commit, and from a folder inside", async () => {
    const repo = GitRepo.create();
    repo.write("sub/deep/a.txt", token("initial"));
    repo.write("other/b.txt", token("initial, elsewhere"));
    repo.git("add", "-A");
    const { code, report } = await scanJson(["--staged"], { cwd: join(repo.dir, "sub/deep") });
    expect(code).toBe(1);
    expect(placesOf(report)).toEqual(["gitlab.access-token other/b.txt:1:1", "gitlab.access-token sub/deep/a.txt:1:1"]);
  });

  it("works in a worktree, with the index of that worktree", async () => {
    const repo = GitRepo.create();
    repo.commit("base", { "a.txt": "a\n" });
    const place = join(temporaryFolder(), "tree");
    repo.git("worktree", "add", "-q", place, "-b", "side");
    repo.write("main.txt", token("main tree"));
    repo.git("add", "main.txt");
    const side = new GitRepo(place);
    side.write("side.txt", token("side tree"));
    side.git("add", "side.txt");
    expect(placesOf((await scanJson(["--staged"], { cwd: place })).report)).toEqual([
      "gitlab.access-token side.txt:1:1",
    ]);
    expect(placesOf((await scanJson(["--staged"], { cwd: repo.dir })).report)).toEqual([
      "gitlab.access-token main.txt:1:1",
    ]);
  });

  it("takes the settings of the root, and leaves out what they exclude", async () => {
    const repo = GitRepo.create();
    repo.write(".keywarden/config.yml", "exclude: [fixtures/**]\n");
    repo.write("fixtures/a.txt", token("excluded"));
    repo.write("src/b.txt", token("scanned"));
    repo.git("add", "-A");
    const { report } = await scanJson(["--staged"], { cwd: join(repo.dir, "src") });
    expect(placesOf(report)).toEqual(["gitlab.access-token src/b.txt:1:1"]);
    expect(report.coverage.skipped).toMatchObject([{ reason: "excluded", count: 1 }]);
  });
});

describe("scan --range", () => {
  let repo: GitRepo;
  let base: string;
  let born: string;
  let inMessage: string;

  beforeAll(() => {
    repo = GitRepo.create();
    base = repo.commit("base", { "a.txt": "one\n", "before.txt": token("before the range") });
    repo.git("checkout", "-q", "-b", "side");
    repo.commit("side", { "a.txt": "side\n", "side.txt": `${token("side")}\n` });
    repo.commit("side cleans up", { "side.txt": "clean\n" });
    repo.git("checkout", "-q", "main");
    inMessage = repo.commit(`main\n\nuses ${token("message")} for now`, { "a.txt": "main\n" });
    try {
      repo.git("merge", "-q", "--no-commit", "side");
    } catch {
      // Both sides changed a.txt: the merge stops for us to settle it.
    }
    repo.write("a.txt", `settled by hand\n ${token("born in the merge")}\n`);
    born = repo.commit("merge");
  });

  it("finds what commits introduce, what a merge gives birth to, and what messages hold", async () => {
    const { code, report } = await scanJson(["--range", `${base}..HEAD`], { cwd: repo.dir });
    const found = report.findings.flatMap(({ occurrences }) =>
      occurrences.map(({ path, part, line, column, commit }) => ({ path, part, line, column, commit })),
    );
    expect(code).toBe(1);
    expect(found).toHaveLength(3);
    expect(found).toContainEqual({ path: "a.txt", part: undefined, line: 2, column: 2, commit: born });
    expect(found).toContainEqual(expect.objectContaining({ path: "side.txt", line: 1 }));
    expect(found).toContainEqual(expect.objectContaining({ part: "message", line: 3, column: 6, commit: inMessage }));
    expect(report.coverage).toMatchObject({ complete: true, commits: 4 });
  });

  it("shows places from the root, whatever the working folder", async () => {
    mkdirSync(join(repo.dir, "sub/folder"), { recursive: true });
    const inside = await scanJson(["--range", `${base}..HEAD`], { cwd: join(repo.dir, "sub/folder") });
    const above = await scanJson(["--range", `${base}..HEAD`], { cwd: repo.dir });
    expect(inside.report).toEqual(above.report);
  });

  it("names the commit and its author in the terminal, never the secret", async () => {
    const { stdout } = await keywarden(["scan", "--range", `${base}..HEAD`, "--verbose"], { cwd: repo.dir });
    expect(stdout).toContain(born.slice(0, 7));
    expect(stdout).toContain("4 commits");
    const tokens = ["side", "message", "born in the merge", "before the range"].map(token);
    expect(leaksIn(stdout, tokens)).toEqual([]);
  });
});

describe.concurrent("scan of a folder inside a repository", () => {
  it("shows paths from the root, and leaves out what git ignores", async () => {
    const repo = GitRepo.create();
    repo.commit("base", { "sub/deep/a.txt": token("deep"), "top.txt": token("top"), ".gitignore": "*.log\n" });
    writeFileSync(join(repo.dir, "sub/ignored.log"), token("ignored"));
    const cwd = join(repo.dir, "sub");
    expect(placesOf((await scanJson(["."], { cwd })).report)).toEqual(["gitlab.access-token sub/deep/a.txt:1:1"]);
    expect(placesOf((await scanJson([], { cwd })).report)).toEqual(["gitlab.access-token sub/deep/a.txt:1:1"]);
    expect(placesOf((await scanJson(["../top.txt", "deep"], { cwd })).report)).toEqual([
      "gitlab.access-token sub/deep/a.txt:1:1",
      "gitlab.access-token top.txt:1:1",
    ]);
    expect(placesOf((await scanJson([".", "--no-gitignore"], { cwd })).report)).toEqual([
      "gitlab.access-token sub/deep/a.txt:1:1",
      "gitlab.access-token sub/ignored.log:1:1",
    ]);
  });
});
