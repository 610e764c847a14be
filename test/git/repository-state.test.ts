// The state of a repository: another one after each change that an audit could tell of, the same one after all else.

import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { afterAll, describe, expect, test } from "vitest";

import { findObjectFolders, findPlaces } from "../../src/base/git/object-folders.ts";
import { stateOf } from "../../src/base/git/repository-state.ts";
import { gitTestEnv, GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";

afterAll(removeTemporary);

async function state(dir: string): Promise<string | undefined> {
  const place = { cwd: dir, repository: "discover", env: gitTestEnv } as const;
  const places = await findPlaces(place);
  return stateOf(places, findObjectFolders(places, place).folders)?.toString("hex");
}

interface Sample {
  readonly repo: GitRepo;
  /** Inside of the git folder. */
  readonly at: (...path: string[]) => string;
  readonly linked: GitRepo;
  readonly other: GitRepo;
}

/** A pack and loose objects, two branches, a tag, a stash, a linked work tree, another repository's objects. */
function sample(): Sample {
  const other = GitRepo.create();
  other.commit("elsewhere", { "o.txt": "o\n" });
  const repo = GitRepo.create();
  repo.commit("one", { "a.txt": "a\n", "b.txt": "b\n" });
  repo.git("gc", "-q");
  repo.commit("two", { "a.txt": "a2\n" });
  repo.git("branch", "side");
  repo.git("tag", "-a", "-m", "words", "v1");
  repo.write("a.txt", "stashed\n");
  repo.git("stash", "-q");
  const dir = join(temporaryFolder(), "linked");
  repo.git("worktree", "add", "-q", dir, "side");
  writeFileSync(join(repo.dir, ".git/objects/info/alternates"), `${join(other.dir, ".git/objects")}\n`);
  return { repo, at: (...path) => join(repo.dir, ".git", ...path), linked: new GitRepo(dir), other };
}

/** The pack's file of that ending. */
function packOf({ at }: Sample, ending: string): string {
  const name = readdirSync(at("objects/pack")).find((each) => each.endsWith(ending)) ?? "";
  return at("objects/pack", name);
}

function looseFolder(at: Sample["at"]): string {
  return readdirSync(at("objects")).find((name) => name.length === 2) ?? "";
}

/** Changes bytes, and gives the file its size and times back. */
function forge(file: string): void {
  const { atime, mtime } = statSync(file);
  const bytes = readFileSync(file);
  bytes[bytes.length - 30] = (bytes.at(-30) as number) ^ 1;
  chmodSync(file, 0o600);
  writeFileSync(file, bytes);
  utimesSync(file, atime, mtime);
}

const changes: readonly (readonly [what: string, change: (given: Sample) => void])[] = [
  ["a new ref", ({ repo }) => repo.git("update-ref", "refs/x/y", "HEAD")],
  ["a moved branch", ({ repo }) => repo.git("update-ref", "refs/heads/side", "HEAD~1")],
  ["a deleted tag", ({ repo }) => repo.git("tag", "-d", "v1")],
  ["HEAD on another branch", ({ repo }) => repo.git("symbolic-ref", "HEAD", "refs/heads/new")],
  ["HEAD detached", ({ repo }) => repo.git("checkout", "-q", "--detach")],
  ["refs that were packed", ({ repo }) => repo.git("pack-refs", "--all")],
  ["a reflog that was edited", ({ at }) => rmSync(at("logs/refs/heads/main"))],
  ["a reflog that expired", ({ repo }) => repo.git("reflog", "expire", "--expire=all", "--all")],
  ["a stash that was dropped", ({ repo }) => repo.git("stash", "drop", "-q")],
  [
    "a staged file",
    ({ repo }) => {
      repo.write("new.txt", "new\n");
      repo.git("add", "new.txt");
    },
  ],
  ["a file that is staged no more", ({ repo }) => repo.git("rm", "-q", "--cached", "b.txt")],
  ["a loose object", ({ repo }) => repo.run(["hash-object", "-w", "--stdin"], { input: "loose" })],
  ["a loose object that is gone", ({ at }) => rmSync(at("objects", looseFolder(at)), { recursive: true })],
  [
    "tables of refs",
    ({ at }) => {
      mkdirSync(at("reftable"));
      writeFileSync(at("reftable/tables.list"), "");
    },
  ],
  ["a pack more", ({ repo }) => repo.git("repack", "-q", "-d")],
  ["all in one pack", ({ repo }) => repo.git("repack", "-q", "-adf")],
  ["a multi-pack index", ({ repo }) => repo.git("multi-pack-index", "write")],
  ["a pack kept", (given) => writeFileSync(packOf(given, ".pack").replace(/pack$/, "keep"), "")],
  ["a pack of a promisor", (given) => writeFileSync(packOf(given, ".pack").replace(/pack$/, "promisor"), "")],
  ["a pack without its index", (given) => rmSync(packOf(given, ".idx"))],
  ["bytes of a pack, behind its times", (given) => forge(packOf(given, ".pack"))],
  ["bytes of an index, behind its times", (given) => forge(packOf(given, ".idx"))],
  ["alternates no more", ({ at }) => rmSync(at("objects/info/alternates"))],
  ["an object of the alternate", ({ other }) => other.commit("more there", { "p.txt": "p\n" })],
  ["the alternate packed", ({ other }) => other.git("repack", "-q", "-adf")],
  ["a shallow end", ({ repo, at }) => writeFileSync(at("shallow"), `${repo.git("rev-parse", "HEAD")}\n`)],
  ["a graft", ({ repo, at }) => writeFileSync(at("info/grafts"), `${repo.git("rev-parse", "HEAD")}\n`)],
  ["a replaced commit", ({ repo }) => repo.git("replace", "HEAD", "HEAD~1")],
  ["a note", ({ repo }) => repo.git("notes", "add", "-m", "words")],
  ["a work tree more", ({ repo }) => repo.git("worktree", "add", "-q", "--detach", join(temporaryFolder(), "w"))],
  ["a work tree less", ({ repo, linked }) => repo.git("worktree", "remove", linked.dir)],
  ["the index of a linked work tree", ({ linked }) => linked.git("rm", "-q", "--cached", "b.txt")],
  ["HEAD of a linked work tree", ({ linked }) => linked.git("checkout", "-q", "--detach")],
  ["a ref of a linked work tree", ({ linked }) => linked.git("update-ref", "refs/worktree/x", "HEAD")],
  ["what was fetched", ({ repo, at }) => writeFileSync(at("FETCH_HEAD"), `${repo.git("rev-parse", "HEAD")}\t\t\n`)],
  [
    "a rebase under way",
    ({ at }) => {
      mkdirSync(at("rebase-merge"));
      writeFileSync(at("rebase-merge/onto"), "x");
    },
  ],
  ["a setting", ({ repo }) => repo.git("config", "core.ignorecase", "true")],
  [
    "a link where a ref was",
    ({ at }) => {
      writeFileSync(at("refs/heads/zz"), readFileSync(at("refs/heads/main")));
      rmSync(at("refs/heads/main"));
      symlinkSync("zz", at("refs/heads/main"));
    },
  ],
];

describe("is another one after", () => {
  test.each(changes)("%s", async (_, change) => {
    const given = sample();
    const before = await state(given.repo.dir);
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    expect(await state(given.repo.dir)).toBe(before);
    change(given);
    const after = await state(given.repo.dir);
    expect(after).not.toBe(before);
  });
});

const sameAfter: readonly (readonly [what: string, change: (given: Sample) => void])[] = [
  [
    "a hook",
    ({ at }) => {
      mkdirSync(at("hooks"), { recursive: true });
      writeFileSync(at("hooks/pre-push"), "x");
    },
  ],
  ["a file that is not staged", ({ repo }) => repo.write("unstaged.txt", "x")],
  ["what only submodules have", ({ at }) => mkdirSync(at("modules/x"), { recursive: true })],
  ["a question", ({ repo }) => repo.git("log", "--all", "--oneline")],
];

describe("stays after", () => {
  test.each(sameAfter)("%s", async (_, change) => {
    const given = sample();
    mkdirSync(given.at("modules"));
    mkdirSync(given.at("hooks"), { recursive: true });
    const before = await state(given.repo.dir);
    change(given);
    expect(await state(given.repo.dir)).toBe(before);
  });
});

test("of each work tree is its own: each has refs that the others do not see", async () => {
  const { repo, linked } = sample();
  expect(await state(linked.dir)).not.toBe(await state(repo.dir));
});

test.skipIf(process.getuid?.() === 0)("is none where a folder cannot be read", async () => {
  const { repo, at } = sample();
  chmodSync(at("refs/heads"), 0);
  expect(await state(repo.dir)).toBeUndefined();
  chmodSync(at("refs/heads"), 0o700);
});

test("is none where links lead round in a circle", async () => {
  const { repo, at } = sample();
  symlinkSync("..", at("refs/heads/round"));
  expect(await state(repo.dir)).toBeUndefined();
});
