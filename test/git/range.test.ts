import { symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { SourceError } from "../../src/errors.ts";
import { rangeSource } from "../../src/sources/git-range.ts";
import { collect, places, type Collected } from "../helpers/git-collect.ts";
import { GitRepo, gitTestEnv, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";

afterAll(removeTemporary);

async function range(repo: GitRepo, revisions: string, options: { env?: NodeJS.ProcessEnv; maxBytes?: number } = {}) {
  const { env, ...rest } = options;
  const source = rangeSource({ cwd: repo.dir, range: revisions, env: { ...gitTestEnv, ...env }, ...rest });
  const blobs = await collect(source);
  return { source, blobs, places: places(blobs), messages: messages(blobs) };
}

function messages(blobs: readonly Collected[]): string[] {
  return blobs.filter(({ provenance }) => provenance[0]?.part === "message").map(({ text }) => text);
}

/** Each builds on a first commit, tagged `base`, with files `a` and `b`. */
interface Case {
  readonly name: string;
  readonly build: (repo: GitRepo) => void;
  readonly expected: readonly string[];
}

const lines = Array.from({ length: 20 }, (_, line) => `line ${line}\n`).join("");

const cases: readonly Case[] = [
  {
    name: "added, then deleted",
    build: (repo) => {
      repo.commit("add", { leak: "leaked" });
      repo.git("rm", "-q", "leak");
      repo.commit("remove");
    },
    expected: ["leak: leaked"],
  },
  {
    name: "born in a merge commit",
    build: (repo) => {
      repo.git("checkout", "-qb", "side");
      repo.commit("side", { s: "side" });
      repo.git("checkout", "-q", "main");
      repo.commit("main", { m: "main" });
      repo.git("merge", "-q", "--no-commit", "side");
      repo.write("evil", "born in the merge");
      repo.write("a", "changed in the merge");
      repo.commit("merge");
    },
    expected: ["a: changed in the merge", "evil: born in the merge", "m: main", "s: side"],
  },
  {
    name: "on a merged side branch, deleted there before the merge",
    build: (repo) => {
      repo.git("checkout", "-qb", "side");
      repo.commit("leak", { leak: "on the side" });
      repo.git("rm", "-q", "leak");
      repo.commit("clean");
      repo.git("checkout", "-q", "main");
      repo.git("merge", "-q", "--no-ff", "-m", "merge", "side");
    },
    expected: ["leak: on the side"],
  },
  {
    name: "renamed and edited in one commit",
    build: (repo) => {
      repo.commit("add", { before: lines });
      repo.git("mv", "before", "after");
      repo.commit("rename", { after: `${lines}edit\n` });
    },
    expected: [`after: ${lines}edit\n`, `before: ${lines}`],
  },
  {
    name: "a symlink turned into a file, and the link's own text",
    build: (repo) => {
      symlinkSync("link text", join(repo.dir, "x"));
      repo.commit("link");
      unlinkSync(join(repo.dir, "x"));
      repo.commit("file", { x: "file text" });
    },
    expected: ["x: file text", "x: link text"],
  },
  {
    name: "in an octopus merge",
    build: (repo) => {
      for (const branch of ["one", "two"]) {
        repo.git("checkout", "-qb", branch, "base");
        repo.commit(branch, { [branch]: branch });
      }
      repo.git("checkout", "-q", "main");
      repo.commit("main", { m: "m" });
      repo.git("merge", "-q", "--no-commit", "one", "two");
      repo.commit("octopus", { evil: "eight arms" });
    },
    expected: ["evil: eight arms", "m: m", "one: one", "two: two"],
  },
  {
    name: "not what a merge brings in from the base side",
    build: (repo) => {
      repo.git("checkout", "-qb", "feature");
      repo.commit("feature", { f: "f" });
      repo.git("checkout", "-q", "main");
      repo.commit("upstream", { upstream: "u" });
      repo.git("tag", "-f", "base");
      repo.git("checkout", "-q", "feature");
      repo.git("merge", "-q", "--no-edit", "main");
    },
    expected: ["f: f"],
  },
  {
    name: "content that the base holds elsewhere, at its new path",
    build: (repo) => void repo.commit("copy", { copy: "a" }),
    expected: ["copy: a"],
  },
  {
    name: "a change taken back",
    build: (repo) => {
      repo.commit("leak", { a: "leaked" });
      repo.commit("revert", { a: "a" });
    },
    expected: ["a: a", "a: leaked"],
  },
  {
    name: "names with spaces, quotes, newlines and colons",
    build: (repo) => void repo.commit("odd", { "a b": "1", 'c"d': "2", "e\nf": "3", ":100644 x": "4" }),
    expected: ["a b: 1", 'c"d: 2', "e\nf: 3", ":100644 x: 4"],
  },
  { name: "a mode change alone: nothing", build: modeChange, expected: [] },
];

function modeChange(repo: GitRepo): void {
  repo.git("update-index", "--chmod=+x", "a");
  repo.git("commit", "-qm", "mode");
}

function withBase(...initOptions: string[]): GitRepo {
  const repo = GitRepo.create(...initOptions);
  repo.commit("base", { a: "a", b: "b" });
  repo.git("tag", "base");
  return repo;
}

describe.skipIf(process.platform === "win32")("a range of commits", () => {
  it.each(cases)("gives $name", async ({ build, expected }) => {
    const repo = withBase();
    build(repo);
    const result = await range(repo, "base..HEAD");
    expect(result.places).toEqual([...expected].sort());
    expect(result.source.problems).toEqual([]);
    expect(result.source.commits).toBe(Number(repo.git("rev-list", "--count", "base..HEAD")));
    expect(result.messages).toHaveLength(result.source.commits ?? 0);
  });

  it("holds every blob that the range adds to the object store", async () => {
    const repo = withBase();
    for (const index of [0, 1, 3, 4]) cases[index]?.build(repo);
    const objects = repo.git("rev-list", "--objects", "--no-object-names", "base..HEAD").split("\n");
    const types = repo.run(["cat-file", "--batch-check=%(objectname) %(objecttype)"], { input: objects.join("\n") });
    const blobs = types.split("\n").filter((line) => line.endsWith("blob"));
    const ids = new Set((await range(repo, "base..HEAD")).blobs.map(({ id }) => id));
    for (const line of blobs) expect(ids).toContain(line.split(" ")[0]);
    expect(blobs.length).toBeGreaterThan(5);
  });

  it("gives each content once, with the commit, author and date of every place", async () => {
    const repo = withBase();
    const first = repo.commit("one", { x: "twice" });
    repo.commit("two", { x: "other" });
    const third = repo.commit("three", { x: "twice", y: "twice" });
    const { blobs } = await range(repo, "base..HEAD");
    const twice = blobs.filter(({ text }) => text === "twice");
    expect(twice).toHaveLength(1);
    const about = { part: "file", author: "Ann Author <ann@example.com>", date: "2026-01-02T03:04:05+01:30" };
    expect(twice[0]?.provenance).toEqual([
      { ...about, path: "x", commit: first },
      { ...about, path: "x", commit: third },
      { ...about, path: "y", commit: third },
    ]);
  });

  it("gives commit messages, also of empty commits, and those of merged signed tags", async () => {
    const repo = withBase();
    const id = repo.commit("subject\n\nbody line\n");
    const tree = repo.git("rev-parse", "HEAD^{tree}");
    const identity = "A <a@example.com> 1700000000 -0800";
    const tag = `object ${id}\n type commit\n tag v1\n tagger ${identity}\n \n words of the tag`;
    const raw = `tree ${tree}\nparent ${id}\nauthor ${identity}\ncommitter ${identity}\nmergetag ${tag}\n\nmerged\n`;
    const merged = repo.run(["hash-object", "-t", "commit", "-w", "--stdin"], { input: raw });
    repo.git("reset", "-q", "--hard", merged);
    const { blobs, messages: found } = await range(repo, "base..HEAD");
    expect(found).toEqual(["subject\n\nbody line\n", "merged\n", "words of the tag"]);
    expect(blobs[0]).toMatchObject({ id, provenance: [{ path: "COMMIT_MSG", part: "message", commit: id }] });
    expect(blobs[1]?.provenance[0]).toMatchObject({ author: "A <a@example.com>", date: "2023-11-14T14:13:20-08:00" });
  });

  it("takes A...B, one revision with all its history, and an empty range", async () => {
    const repo = withBase();
    repo.git("checkout", "-qb", "side");
    repo.commit("side", { s: "s" });
    repo.git("checkout", "-q", "main");
    repo.commit("main", { m: "m" });
    expect((await range(repo, "side...main")).places).toEqual(["m: m", "s: s"]);
    expect((await range(repo, "main")).places).toEqual(["a: a", "b: b", "m: m"]);
    expect((await range(repo, "HEAD^!")).places).toEqual(["m: m"]);
    expect((await range(repo, "..side")).places).toEqual(["s: s"]);
    const empty = await range(repo, "main..main");
    expect([empty.blobs, empty.source.commits]).toEqual([[], 0]);
  });

  it("reads a SHA-256 repository from its root", async () => {
    const repo = withBase("--object-format=sha256");
    repo.commit("next", { a: "a2" });
    const { places: found, blobs } = await range(repo, "HEAD");
    expect(found).toEqual(["a: a", "a: a2", "b: b"]);
    for (const { id } of blobs) expect(id).toMatch(/^[0-9a-f]{64}$/);
  });

  it("skips moved submodules", async () => {
    const inner = GitRepo.create();
    inner.commit("inner", { i: "i" });
    const repo = withBase();
    repo.git("submodule", "--quiet", "add", inner.dir, "sub");
    repo.commit("submodule");
    const { source, places: found } = await range(repo, "base..HEAD");
    expect(source.skips).toMatchObject([{ path: "sub", reason: "submodule" }]);
    expect(found).toHaveLength(1);
  });

  it("is not misled by replaced objects", async () => {
    const repo = withBase();
    const leak = repo.commit("leak", { leak: "leaked" });
    const clean = repo.git("commit-tree", "-p", "base", "-m", "clean", "base^{tree}");
    repo.git("replace", leak, clean);
    expect((await range(repo, "base..HEAD")).places).toEqual(["leak: leaked"]);
  });

  it("gives contents above the limit as streams", async () => {
    const repo = withBase();
    repo.commit("big", { big: "x".repeat(100_000), small: "y" });
    const { blobs } = await range(repo, "base..HEAD", { maxBytes: 5000 });
    const seen = blobs.slice(1).map(({ text, kind }) => [text.length, kind]);
    expect(seen).toEqual([
      [100_000, "stream"],
      [1, "bytes"],
    ]);
  });

  it("reads thousands of blobs in order", async () => {
    const repo = withBase();
    for (let file = 0; file < 2000; file++) writeFileSync(join(repo.dir, `f${file}`), `content ${file}`);
    repo.commit("many");
    const { blobs } = await range(repo, "base..HEAD");
    expect(blobs).toHaveLength(2001);
    for (const { text, provenance } of blobs.slice(1)) expect(text).toBe(`content ${provenance[0]?.path.slice(1)}`);
  });

  it("reports a shallow boundary only where it lies in the range", async () => {
    const origin = withBase();
    for (const name of ["one", "two", "three"]) origin.commit(name, { [name]: name });
    const dir = join(temporaryFolder(), "clone");
    origin.git("clone", "-q", "--depth", "2", `file://${origin.dir}`, dir);
    const repo = new GitRepo(dir);
    const cut = await range(repo, "HEAD");
    expect(cut.source.problems).toMatchObject([{ kind: "shallow", hint: expect.stringContaining("fetch-depth") }]);
    expect(cut.places).toEqual(["a: a", "b: b", "one: one", "three: three", "two: two"]);
    const whole = await range(repo, "HEAD~1..HEAD");
    expect([whole.places, whole.source.problems]).toEqual([["three: three"], []]);
    await expect(range(repo, "HEAD~3..HEAD")).rejects.toMatchObject({ hint: expect.stringContaining("shallow") });
  });

  it.each(["blob:none", "tree:0"])(
    "reports what a partial clone (%s) left behind, and never fetches",
    async (filter) => {
      const origin = withBase();
      for (const name of ["one", "two", "three"]) origin.commit(name, { [name]: name, changing: `${name} now` });
      origin.git("config", "uploadpack.allowFilter", "true");
      const dir = join(temporaryFolder(), "clone");
      origin.git("clone", "-q", `--filter=${filter}`, `file://${origin.dir}`, dir);
      const repo = new GitRepo(dir);
      repo.commit("local", { local: "local" });
      repo.git("rm", "-q", "one");
      repo.commit("removed");
      const count = (): string => repo.git("count-objects", "-v");
      const before = count();
      const { source, messages: found } = await range(repo, "HEAD");
      expect(source.problems).toMatchObject([{ kind: "partial", hint: expect.any(String) }]);
      expect(found).toHaveLength(6);
      expect((await range(repo, "HEAD~2..HEAD")).places).toEqual(["local: local"]);
      expect(count()).toBe(before);
    },
  );

  it("tells a partial clone's missing blobs from those at hand", async () => {
    const origin = withBase();
    origin.commit("old", { a: "replaced later" });
    origin.commit("new", { a: "newest" });
    origin.git("config", "uploadpack.allowFilter", "true");
    const dir = join(temporaryFolder(), "clone");
    origin.git("clone", "-q", "--filter=blob:none", `file://${origin.dir}`, dir);
    const { source, places: found } = await range(new GitRepo(dir), "HEAD");
    expect(found).toEqual(["a: newest", "b: b"]);
    expect(source.problems).toMatchObject([{ kind: "partial", message: expect.stringContaining("2 contents are") }]);
  });

  it.each([
    "",
    "nope..HEAD",
    "HEAD..nope",
    "nope",
    "--all",
    "HEAD..--all",
    "--output=x",
    "^HEAD",
    "HEAD\n--all",
    "HEAD:a",
    "HEAD^{tree}",
  ])("refuses %j", async (revisions) => {
    const repo = withBase();
    const error: unknown = await range(repo, revisions).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SourceError);
    expect((error as SourceError).hint).toBeTruthy();
  });

  it("refuses a folder outside of a repository", async () => {
    const outside = new GitRepo(temporaryFolder());
    await expect(range(outside, "HEAD")).rejects.toThrow(/not a git repository/);
  });

  it("leaves no git behind when the reader stops early", async () => {
    const repo = withBase();
    repo.commit("big", { big: "x".repeat(1000) });
    const source = rangeSource({ cwd: repo.dir, range: "HEAD", env: gitTestEnv });
    for await (const batch of source.blobs()) {
      expect(batch.length).toBeGreaterThan(0);
      break;
    }
    expect(await collect(rangeSource({ cwd: repo.dir, range: "HEAD", env: gitTestEnv }), AbortSignal.abort())).toEqual(
      [],
    );
  });
});
