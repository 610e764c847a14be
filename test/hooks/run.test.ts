// `hook run` at each stage, as git calls it: what it reads, what it says, how it ends.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { leaksIn, tokenOf } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary } from "../helpers/git-repo.ts";
import { HookRepo } from "../helpers/hook-repo.ts";

afterAll(removeTemporary);

const token = tokenOf("gitlab.access-token", "hook run");
const leak = `key: ${token}\n`;
const none = "0".repeat(40);

function repository(): HookRepo {
  const repo = new HookRepo(GitRepo.create().dir);
  repo.commit("first", { "readme.txt": "nothing\n" });
  return repo;
}

describe("pre-commit", () => {
  it("says nothing where nothing is found, and reads the index", () => {
    const repo = repository();
    repo.write("a.txt", "nothing\n");
    repo.git("add", "a.txt");
    repo.write("a.txt", leak);
    expect(repo.keywarden(["hook", "run", "pre-commit"])).toMatchObject({ code: 0, output: "" });
    expect(repo.try(["stash", "--all"]).code).toBe(0);
    expect(repo.keywarden(["hook", "run", "pre-commit"])).toMatchObject({ code: 0, output: "" });
  });

  it("says what, where, how to fix and how to allow, in a few lines without the secret", () => {
    const repo = repository();
    for (const name of ["a.txt", "b.txt", "c.txt", "d.txt"]) repo.write(name, leak);
    repo.git("add", ".");
    const { code, output } = repo.keywarden(["hook", "run", "pre-commit"]);
    expect(code).toBe(1);
    for (const said of [
      "1 secret in this commit",
      "at a.txt:1:6",
      "and 1 more place",
      "git add",
      "keywarden:allow gitlab.access-token -- reason",
    ])
      expect(output).toContain(said);
    expect(output.split("\n").length).toBeLessThan(16);
    expect(leaksIn(output, [token])).toEqual([]);
  });

  it("lets through what is allowed with a reason", () => {
    const repo = repository();
    repo.write("a.txt", `key: ${token} # keywarden:allow gitlab -- made up\n`);
    repo.git("add", ".");
    expect(repo.keywarden(["hook", "run", "pre-commit"])).toMatchObject({ code: 0, output: "" });
  });

  it.each([
    ["nobody said", undefined, [], 0],
    ["the file says", "fail-on: medium\n", [], 1],
    ["the flag says", "fail-on: high\n", ["--fail-on", "medium"], 1],
    ["only what is proven to work", "fail-on: active\n", [], 0],
    ["the exit code of builds is not git's", "fail-on: medium\nexit-code: 0\n", [], 1],
  ] as const)("stops for medium confidence: %s", (_, config, flags, code) => {
    const repo = repository();
    if (config !== undefined) repo.write(".keywarden/config.yml", config);
    // A password in a URL: medium.
    repo.write("a.env", `URL=postgres://app:${tokenOf("npm.access-token", "x").slice(4, 24)}@db.internal/app\n`);
    repo.git("add", "a.env");
    const tried = repo.keywarden(["hook", "run", "pre-commit", ...flags]);
    expect([tried.code, tried.output]).toEqual([code, expect.stringContaining("a.env:1")]);
    expect(tried.output).toContain(code === 0 ? "does not stop git" : "git stops here");
  });

  it("shows names that would steer a terminal as escapes", () => {
    const repo = repository();
    repo.write("a\u001b[31m\nb.txt", leak);
    repo.git("add", ".");
    const { output } = repo.keywarden(["hook", "run", "pre-commit"]);
    expect(output).toContain("a\\x1b[31m\\nb.txt:1:6");
    expect(output).not.toContain("\u001b");
  });

  it("looks at the range that the pre-commit framework names", () => {
    const repo = repository();
    const from = repo.head;
    repo.commit("leak", { "a.txt": leak });
    repo.commit("gone", { "a.txt": "nothing\n" });
    const env = { PRE_COMMIT_FROM_REF: from, PRE_COMMIT_TO_REF: "HEAD" };
    expect(repo.keywarden(["hook", "run", "pre-commit"], { env })).toMatchObject({ code: 1 });
    // A push of everything from the first commit on: it names the branches only.
    const [PRE_COMMIT_LOCAL_BRANCH, PRE_COMMIT_REMOTE_BRANCH] = ["refs/heads/main", "refs/heads/main"];
    const push = { PRE_COMMIT_LOCAL_BRANCH, PRE_COMMIT_REMOTE_BRANCH, PRE_COMMIT_REMOTE_NAME: "origin" };
    expect(repo.keywarden(["hook", "run", "pre-commit"], { env: push })).toMatchObject({ code: 1 });
  });

  it.each([
    ["a stage that is none", ["post-commit"], 2, /Allowed choices/],
    ["a message without its file", ["commit-msg"], 2, /needs the file/],
    ["a message that is not there", ["commit-msg", "gone"], 2, /no such file/],
    ["a push without a remote", ["pre-push"], 2, /needs the name of the remote/],
  ] as const)("%s", (_, args, code, says) => {
    const tried = repository().keywarden(["hook", "run", ...args]);
    expect(tried).toMatchObject({ code });
    expect(tried.output).toMatch(says);
    expect(tried.output).not.toMatch(/^\s+at .*\.js:/m);
  });

  it("stops where the settings are wrong, and where there is no repository", () => {
    const repo = repository();
    repo.write(".keywarden/config.yml", "fail-on: hihg\n");
    expect(repo.keywarden(["hook", "run", "pre-commit"])).toMatchObject({ code: 2 });
    expect(repo.keywarden(["hook", "run", "pre-commit"], { cwd: "/" })).toMatchObject({ code: 2 });
  });

  it("stops where something could not be read", () => {
    const repo = repository();
    repo.write("a.txt", "nothing\n");
    repo.git("add", "a.txt");
    repo.git("update-index", "--add", "--cacheinfo", `100644,${"1".repeat(40)},gone.txt`);
    const { code, output } = repo.keywarden(["hook", "run", "pre-commit"]);
    expect([code, output]).toEqual([3, expect.stringContaining("not everything could be read")]);
  });
});

describe("commit-msg", () => {
  it("reads what the commit keeps of the message", () => {
    const repo = repository();
    const file = join(repo.dir, "MSG");
    const below = "# ------------------------ >8 ------------------------\n# Do not modify or remove the line above.\n";
    writeFileSync(file, `fix\n${below}-${leak}`);
    expect(repo.keywarden(["hook", "run", "commit-msg", "MSG"])).toMatchObject({ code: 0, output: "" });
    writeFileSync(file, `fix\n\n${leak}${below}`);
    const { code, output } = repo.keywarden(["hook", "run", "commit-msg", "MSG"]);
    expect([code, output]).toEqual([1, expect.stringContaining("at commit message:3:6")]);
    expect(output).toContain("fingerprints:");
    expect(leaksIn(output, [token])).toEqual([]);
  });
});

/** A repository whose remote has its first commit. */
function pushed(): HookRepo {
  const repo = repository();
  const remote = GitRepo.create("--bare");
  repo.git("remote", "add", "origin", remote.dir);
  repo.git("push", "-q", "origin", "main");
  return repo;
}

function hear(repo: HookRepo, lines: readonly string[], remote = "origin"): { code: number | null; output: string } {
  const input = lines.map((line) => `${line}\n`).join("");
  return repo.keywarden(["hook", "run", "pre-push", remote, "url"], { input });
}

describe("pre-push", () => {
  it("adds nothing for a push of nothing, or of a deletion", () => {
    const repo = pushed();
    expect(hear(repo, [])).toMatchObject({ code: 0, output: "" });
    expect(hear(repo, [`(delete) ${none} refs/heads/old ${repo.head}`])).toMatchObject({ code: 0, output: "" });
  });

  it("reads what a later commit takes out again, and side branches that were merged", () => {
    const repo = pushed();
    const theirs = repo.head;
    repo.git("checkout", "-q", "-b", "side");
    repo.commit("leak", { "side.txt": leak });
    repo.commit("revert", { "side.txt": "nothing\n" });
    repo.git("checkout", "-q", "main");
    repo.commit("own", { "own.txt": "nothing\n" });
    repo.git("merge", "-q", "--no-ff", "--no-edit", "side");
    const { code, output } = hear(repo, [`refs/heads/main ${repo.head} refs/heads/main ${theirs}`]);
    expect([code, output]).toEqual([1, expect.stringContaining("side.txt:1:6")]);
    expect(output).toContain("git rebase -i");
  });

  it("of a new branch reads only what no branch of that remote has", () => {
    const repo = pushed();
    repo.commit("leak", { "old.txt": leak });
    repo.git("push", "-q", "origin", "main");
    repo.git("checkout", "-q", "-b", "new");
    repo.commit("clean", { "new.txt": "nothing\n" });
    const line = `refs/heads/new ${repo.head} refs/heads/new ${none}`;
    expect(hear(repo, [line])).toMatchObject({ code: 0, output: "" });
    // Another remote has nothing yet, and a URL has no tracking refs at all.
    expect(hear(repo, [line], "fork").code).toBe(1);
    expect(hear(repo, [line], "file:///elsewhere.git").code).toBe(1);
    repo.commit("leak", { "new.txt": `${leak}${tokenOf("npm.access-token", "new")}\n` });
    expect(hear(repo, [`refs/heads/new ${repo.head} refs/heads/new ${none}`]).code).toBe(1);
  });

  it("of a forced push reads the new commits, whether the old ones are here or not", () => {
    const repo = pushed();
    const old = repo.head;
    repo.git("commit", "-q", "--amend", "-m", "other");
    repo.git("update-ref", "-d", "refs/remotes/origin/main");
    repo.write("a.txt", leak);
    repo.git("add", ".");
    repo.git("commit", "-q", "--amend", "-m", "other");
    for (const theirs of [old, "1".repeat(40)])
      expect(hear(repo, [`refs/heads/main ${repo.head} refs/heads/main ${theirs}`]).code).toBe(1);
  });

  it("reads annotated tags, tags of tags and tags of contents", () => {
    const repo = pushed();
    repo.git("tag", "-a", "inner", "-m", `release ${token}`);
    repo.git("tag", "-a", "outer", "-m", "outer", "inner");
    const outer = repo.git("rev-parse", "outer");
    const tagged = hear(repo, [`refs/tags/outer ${outer} refs/tags/outer ${none}`]);
    expect([tagged.code, tagged.output]).toEqual([1, expect.stringContaining("message of tag")]);
    const blob = repo.run(["hash-object", "-w", "--stdin"], { input: leak });
    expect(hear(repo, [`refs/tags/b ${blob} refs/tags/b ${none}`]).code).toBe(1);
    const tree = repo.git("rev-parse", "HEAD^{tree}");
    expect(hear(repo, [`refs/tags/t ${tree} refs/tags/t ${none}`]).code).toBe(3);
    expect(hear(repo, [`refs/tags/x ${"1".repeat(40)} refs/tags/x ${none}`]).code).toBe(3);
  });

  it("refuses what git does not write", () => {
    const repo = pushed();
    expect(hear(repo, ["--all"])).toMatchObject({ code: 2 });
  });
});
