// Each program that runs hooks, set up by its own client, with keywarden installed beside it: what stops, what passes.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

import { leaksIn, tokenOf } from "../helpers/cli-tokens.ts";
import { removeTemporary } from "../helpers/git-repo.ts";
import { clientsHere, HookRepo } from "../helpers/hook-repo.ts";
import type { Client } from "../helpers/hook-repo.ts";

afterAll(removeTemporary);

const token = tokenOf("github.personal-token", "hooks");
const leak = `token = "${token}"\n`;

/** A repository in which the client runs a hook of somebody else's that writes a line to `called`. */
function prepared(client: Client): HookRepo {
  switch (client) {
    case "git": {
      const repo = HookRepo.for(client);
      repo.writeHook(".git/hooks/pre-commit", "#!/bin/sh\necho other >> called\n");
      return repo;
    }
    case "husky": {
      const repo = HookRepo.for(client);
      repo.npx("husky");
      repo.write(".husky/pre-commit", "echo other >> called\n");
      return repo;
    }
    case "lefthook": {
      const repo = HookRepo.for(client);
      repo.write("lefthook.yml", "# ours\npre-commit:\n  commands:\n    other:\n      run: echo other >> called\n");
      repo.npx("lefthook", "install");
      return repo;
    }
    case "simple-git-hooks": {
      const repo = HookRepo.for(client, { "simple-git-hooks": { "pre-commit": "echo other >> called" } });
      repo.npx("simple-git-hooks");
      return repo;
    }
  }
}

const reinstall: Partial<Record<Client, () => readonly string[]>> = {
  lefthook: () => ["lefthook", "install"],
  "simple-git-hooks": () => ["simple-git-hooks"],
};

function again(repo: HookRepo, client: Client): void {
  const [program, ...args] = reinstall[client]?.() ?? [];
  if (program !== undefined) repo.npx(program, ...args);
}

describe.each(clientsHere())("%s", (client) => {
  test("a staged credential stops the commit, a clean one passes, the other hook is called, and all is restored", () => {
    const repo = prepared(client);
    repo.git("add", "--all");
    repo.git("commit", "-q", "--no-verify", "-m", "first");
    const before = repo.picture();

    const installed = repo.keywarden(["hook", "install"]);
    expect(installed).toMatchObject({ code: 0 });
    expect(installed.output).toContain(`Installed for ${client}`);
    again(repo, client);

    const first = repo.head;
    const stopped = repo.tryCommit("src/settings.ts", leak);
    expect(stopped.code).not.toBe(0);
    expect(stopped.output).toContain("src/settings.ts:1:10");
    expect(stopped.output).toContain("github.personal-token");
    expect(leaksIn(stopped.output, [token])).toEqual([]);
    expect(repo.head).toBe(first);

    repo.git("rm", "-q", "--cached", "src/settings.ts");
    repo.write("called", "");
    const passed = repo.tryCommit("src/clean.ts", "export const answer = 42;\n");
    expect([passed.code, passed.output]).toEqual([0, expect.not.stringContaining("keywarden:")]);
    expect(repo.head).not.toBe(first);
    expect(readFileSync(join(repo.dir, "called"), "utf8")).toBe("other\n");
    // On a quiet machine both take a fifth of this.
    expect(Math.max(stopped.milliseconds, passed.milliseconds)).toBeLessThan(10_000);

    expect(repo.keywarden(["hook", "install"]).output).toContain("installed already");
    expect(repo.keywarden(["hook", "uninstall"]).code).toBe(0);
    again(repo, client);
    expect(repo.picture()).toEqual(before);
    expect(repo.tryCommit("src/settings.ts", leak).code).toBe(0);
  });

  test("all three stages", () => {
    const repo = prepared(client);
    repo.git("add", "--all");
    repo.git("commit", "-q", "--no-verify", "-m", "first");
    const before = repo.picture();
    expect(repo.keywarden(["hook", "install", "--stage", "pre-commit", "commit-msg", "pre-push"]).code).toBe(0);
    again(repo, client);

    const told = repo.try(["commit", "--allow-empty", "-m", `token ${token}`]);
    expect(told.code).not.toBe(0);
    expect(told.output).toContain("at commit message:1:7");

    const remote = HookRepo.for("git");
    remote.git("config", "receive.denyCurrentBranch", "ignore");
    repo.git("remote", "add", "origin", remote.dir);
    expect(repo.try(["push", "-q", "origin", "main"])).toMatchObject({ code: 0 });
    repo.write("src/settings.ts", leak);
    repo.git("add", "--all");
    repo.git("commit", "-q", "--no-verify", "-m", "with it");
    const held = repo.git("rev-parse", "HEAD");
    repo.git("rm", "-q", "src/settings.ts");
    repo.git("commit", "-q", "--no-verify", "-m", "without it");
    const pushed = repo.try(["push", "-q", "origin", "main"]);
    expect(pushed.code).not.toBe(0);
    expect(pushed.output).toContain(`src/settings.ts:1:10  commit ${held.slice(0, 12)}`);
    expect(leaksIn(told.output + pushed.output, [token])).toEqual([]);

    repo.keywarden(["hook", "uninstall"]);
    again(repo, client);
    // What simple-git-hooks and lefthook have written for stages that are gone is theirs to take away.
    const kept = Object.fromEntries(Object.entries(repo.picture()).filter(([path]) => path in before));
    expect(kept).toEqual(before);
  });

  test("what changes no file in the end, or only its kind, is looked at all the same", () => {
    const repo = prepared(client);
    expect(repo.keywarden(["hook", "install", "--stage", "pre-commit", "pre-push"]).code).toBe(0);
    again(repo, client);
    repo.git("add", "--all");
    repo.git("commit", "-q", "--no-verify", "-m", "first");
    const remote = HookRepo.for("git");
    repo.git("remote", "add", "origin", remote.dir);
    repo.git("push", "-q", "--no-verify", "--set-upstream", "origin", "main:kept");
    repo.git("config", "push.default", "upstream");
    repo.write("passing.txt", leak);
    repo.git("add", "passing.txt");
    repo.git("commit", "-q", "--no-verify", "-m", "with it");
    repo.git("rm", "-q", "passing.txt");
    repo.git("commit", "-q", "--no-verify", "-m", "without it");
    expect(repo.try(["push", "-q"]).output).toContain("passing.txt:1:10");
    repo.git("reset", "-q", "--hard", "HEAD~2");
    repo.git(
      "update-index",
      "--add",
      "--cacheinfo",
      `120000,${repo.git("hash-object", "-w", "package.json")},kind.txt`,
    );
    repo.git("commit", "-q", "--no-verify", "-m", "a link");
    expect(repo.tryCommit("kind.txt", leak).output).toContain("kind.txt:1:10");
  });
});
