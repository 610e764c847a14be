// `hook doctor`: sound installations pass in every way, deliberately broken ones of each kind are caught.

import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { clientsHere, HookRepo } from "../helpers/hook-repo.ts";
import type { Client } from "../helpers/hook-repo.ts";

afterAll(removeTemporary);

/** A repository with the hook installed by its client, as people do it. */
function installed(client: Client): HookRepo {
  const repo = HookRepo.for(client, client === "simple-git-hooks" ? { [client]: {} } : {});
  if (client === "husky") repo.npx("husky");
  if (client === "lefthook") repo.write("lefthook.yml", "pre-commit:\n  commands:\n    other:\n      run: exit 0\n");
  expect(repo.keywarden(["hook", "install"]).code).toBe(0);
  if (client === "lefthook") repo.npx("lefthook", "install");
  if (client === "simple-git-hooks") repo.npx("simple-git-hooks");
  repo.git("add", "--all");
  repo.git("commit", "-q", "--no-verify", "-m", "first");
  return repo;
}

const hook = (repo: HookRepo): string => join(repo.dir, ".git/hooks/pre-commit");

describe.each(clientsHere())("%s, sound", (client) => {
  it("fires in every way, and leaves the repository alone", () => {
    const repo = installed(client);
    const before = [
      repo.picture(),
      repo.git("status", "--porcelain", "--ignored"),
      repo.git("for-each-ref"),
      repo.head,
    ];
    const { code, output } = repo.keywarden(["hook", "doctor"]);
    expect(output).toContain("fires in all 11 ways");
    expect(code).toBe(0);
    for (const way of [
      "renamed file",
      "--all",
      "partial staging",
      "worktree",
      "core.hooksPath",
      "merge commit",
      "submodule",
    ])
      expect(output).toMatch(new RegExp(`fires .*${way}`));
    expect([
      repo.picture(),
      repo.git("status", "--porcelain", "--ignored"),
      repo.git("for-each-ref"),
      repo.head,
    ]).toEqual(before);
  });
});

interface Broken {
  readonly client: Client;
  readonly name: string;
  readonly breaks: (repo: HookRepo) => void;
  readonly says: RegExp;
}

const broken: readonly Broken[] = [
  {
    client: "git",
    name: "the hook may not be executed",
    breaks: (repo) => chmodSync(hook(repo), 0o644),
    says: /may not be executed/,
  },
  {
    client: "git",
    name: "the hook is gone",
    breaks: (repo) => rmSync(hook(repo)),
    says: /nothing here calls/,
  },
  {
    client: "git",
    name: "another program has put its own hook there",
    breaks: (repo) => writeFileSync(hook(repo), "#!/bin/sh\nexit 0\n"),
    says: /nothing here calls/,
  },
  {
    client: "git",
    name: "the hook ends before it comes to keywarden",
    breaks: (repo) => repo.writeHook(".git/hooks/pre-commit", "#!/bin/sh\nexit 0\nkeywarden hook run pre-commit\n"),
    says: /MISSES {3}a new file/,
  },
  {
    client: "git",
    name: "core.hooksPath leads elsewhere",
    breaks: (repo) => repo.git("config", "core.hooksPath", temporaryFolder()),
    says: /core\.hooksPath is .*never looks at/,
  },
  {
    client: "git",
    name: "keywarden was taken away",
    breaks: (repo) =>
      repo.writeHook(".git/hooks/pre-commit", '#!/bin/sh\n/gone/keywarden hook run pre-commit "$@" || exit $?\n'),
    says: /UNCLEAR {2}a new file\n.*not by keywarden: .*gone/,
  },
  {
    client: "git",
    name: "the settings never stop anything",
    breaks: (repo) => repo.write(".keywarden/config.yml", "fail-on: never\n"),
    says: /fail-on is `never`/,
  },
  {
    client: "git",
    name: "the hook reads the working copy",
    breaks: (repo) =>
      repo.writeHook(
        ".git/hooks/pre-commit",
        "#!/bin/sh\nnode_modules/.bin/keywarden scan . --exclude node_modules || exit 1\n",
      ),
    says: /MISSES {3}partial staging/,
  },
  {
    client: "husky",
    name: "core.hooksPath was taken out",
    breaks: (repo) => repo.git("config", "--unset", "core.hooksPath"),
    says: /npx husky/,
  },
  {
    client: "husky",
    name: "the hook file is gone",
    breaks: (repo) => rmSync(join(repo.dir, ".husky/pre-commit")),
    says: /nothing here calls/,
  },
  {
    client: "lefthook",
    name: "lefthook was not installed",
    breaks: (repo) => rmSync(hook(repo)),
    says: /npx lefthook install/,
  },
  {
    client: "lefthook",
    name: "the command is skipped in merges",
    breaks: (repo) =>
      repo.write(
        "lefthook.yml",
        "pre-commit:\n  skip: merge\n  commands:\n    keywarden:\n      run: node_modules/.bin/keywarden hook run pre-commit\n",
      ),
    says: /MISSES {3}a merge commit/,
  },
  {
    client: "lefthook",
    name: "the command is passed over where a push changes no file in the end",
    breaks: (repo) => {
      const run = "node_modules/.bin/keywarden hook run pre-push {1} {2}";
      const command = `pre-push:\n  commands:\n    keywarden:\n      run: ${run}\n      use_stdin: true\n`;
      repo.write("lefthook.yml", `${readFileSync(join(repo.dir, "lefthook.yml"), "utf8")}${command}`);
      repo.npx("lefthook", "install");
    },
    says: /MISSES {3}a push of a commit that a later one reverts/,
  },
  {
    client: "simple-git-hooks",
    name: "the hooks were not written",
    breaks: (repo) => rmSync(hook(repo)),
    says: /npx simple-git-hooks/,
  },
];

describe("broken", () => {
  it.each(broken.filter(({ client }) => clientsHere().includes(client)))(
    "$client: $name",
    ({ client, breaks, says }) => {
      const repo = installed(client);
      breaks(repo);
      const { code, output } = repo.keywarden(["hook", "doctor"]);
      expect(output).toMatch(says);
      expect(output).toMatch(/fires in \d+ of 1[12] ways/);
      expect(code).toBe(1);
    },
  );
});

describe("other things that it says", () => {
  it("which submodules have hooks of their own", () => {
    const repo = installed("git");
    const inner = GitRepo.create();
    inner.commit("inner", { "a.txt": "a\n" });
    repo.run(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.dir, "lib/inner"]);
    expect(repo.keywarden(["hook", "doctor"])).toMatchObject({
      code: 0,
      output: expect.stringContaining("lib/inner has hooks of its own") as string,
    });
  });

  it("where include and exclude decide on what is looked at", () => {
    const repo = installed("git");
    repo.write(".keywarden/config.yml", "include: ['src/**']\nexclude: ['**/*.md']\n");
    expect(repo.keywarden(["hook", "doctor"])).toMatchObject({ code: 0 });
    repo.write(".keywarden/config.yml", "exclude: ['**']\n");
    expect(repo.keywarden(["hook", "doctor"])).toMatchObject({ code: 2 });
  });

  it("that it is in no repository", () => {
    expect(installed("git").keywarden(["hook", "doctor"], { cwd: temporaryFolder() })).toMatchObject({ code: 2 });
  });
});
