// What was typed after `audit` → the repository: folders of every kind, clones, and clear words for what is neither.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SourceError, UsageError } from "../../../src/errors.ts";
import { openAuditTarget } from "../../../src/pipeline/audit-target.ts";
import type { AuditTarget } from "../../../src/pipeline/audit-target.ts";
import { GitRepo, gitTestEnv, removeTemporary, temporaryFolder } from "../../helpers/git-repo.ts";

let repo: GitRepo;
let outside: string;

function open(repository: string, cwd = repo.dir): Promise<AuditTarget> {
  return openAuditTarget(repository, { cwd, now: Date.now() });
}

beforeAll(() => {
  repo = GitRepo.create();
  repo.commit("one", { "a/b/c.txt": "one\n", "host:name/x": "a path that looks like a host\n" });
  outside = temporaryFolder();
  repo.git("clone", "-q", "--bare", repo.dir, join(outside, "bare.git"));
  repo.git("clone", "-q", "--bare", repo.dir, join(repo.dir, "a/nested.git"));
  repo.git("worktree", "add", "-q", join(outside, "linked"));
  repo.git("init", "-q", "--separate-git-dir", join(outside, "apart.git"), join(outside, "apart"));
  writeFileSync(join(outside, "file"), "");
  mkdirSync(join(outside, "plain"));
});
afterAll(removeTemporary);

describe("a folder", () => {
  const cases: readonly (readonly [what: string, typed: () => string, root: () => string, bare: boolean])[] = [
    ["the root", () => ".", () => repo.dir, false],
    ["a folder in it", () => "a/b", () => repo.dir, false],
    ["its git folder", () => ".git", () => repo.dir, false],
    ["below its git folder", () => ".git/refs", () => repo.dir, false],
    ["a name like a host's", () => "host:name", () => repo.dir, false],
    ["a bare repository", () => join(outside, "bare.git"), () => join(outside, "bare.git"), true],
    ["below a bare repository", () => join(outside, "bare.git/refs"), () => join(outside, "bare.git"), true],
    ["a bare repository in a working tree", () => "a/nested.git", () => join(repo.dir, "a/nested.git"), true],
    ["a linked working tree", () => join(outside, "linked"), () => join(outside, "linked"), false],
    ["a tree apart from its git folder", () => join(outside, "apart"), () => join(outside, "apart"), false],
    ["that git folder", () => join(outside, "apart.git"), () => join(outside, "apart.git"), true],
  ];
  it.each(cases)("%s", async (_, typed, root, bare) => {
    const target = await open(typed());
    expect(target).toMatchObject({ root: root(), bare, shown: typed() });
    target.release();
    expect(existsSync(root())).toBe(true);
  });

  it("is not where a repository's own settings say its working tree is", async () => {
    const trap = GitRepo.create();
    trap.git("config", "core.worktree", outside);
    expect(await open(".", trap.dir)).toMatchObject({ root: trap.dir, bare: false });
  });
});

describe("what is no repository", () => {
  it.each<[typed: string, kind: typeof SourceError | typeof UsageError, says: RegExp, hint: RegExp]>([
    ["", UsageError, /a folder or a URL/, /\.\/-name/],
    ["--upload-pack=x", UsageError, /a folder or a URL/, /\.\/-name/],
    ["plain", SourceError, /^not a git repository: plain$/, /keywarden scan plain looks at folders/],
    ["file", SourceError, /^not a folder: file$/, /keywarden scan/],
    ["gone", SourceError, /^no such folder: gone$/, /a URL/],
    ["gone/ann:pw@host", SourceError, /^no such folder: …@host$/, /a URL/],
    ["ext::sh", SourceError, /runs a program/, /https:/],
    ["git://host/x", SourceError, /does not speak git:/, /https:/],
  ])("%j", async (typed, kind, says, hint) => {
    const error = await open(typed, outside).then(
      () => undefined,
      (reason: SourceError) => reason,
    );
    expect(error).toBeInstanceOf(kind);
    expect(error?.message).toMatch(says);
    expect(error?.hint).toMatch(hint);
  });
});

describe("a URL", () => {
  it("is cloned, named before, and removed afterwards", async () => {
    const url = pathToFileURL(join(outside, "bare.git")).href;
    const named: string[] = [];
    const target = await openAuditTarget(url, { cwd: outside, now: Date.now(), onClone: (shown) => named.push(shown) });
    expect(target).toMatchObject({ bare: true, shown: url });
    expect(named).toEqual([url]);
    const refs = execFileSync("git", ["for-each-ref", "--format=%(refname)"], { cwd: target.root, env: gitTestEnv });
    expect(refs.toString()).toContain("refs/heads/main");
    target.release();
    expect(existsSync(target.root)).toBe(false);
  });
});
