import { symlinkSync, unlinkSync, writeFileSync, readFileSync, existsSync } from "node:fs";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { SourceError } from "../../src/errors.ts";
import { stagedSource } from "../../src/sources/git-staged.ts";
import { collect, places } from "../helpers/git-collect.ts";
import { GitRepo, gitTestEnv, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";

afterAll(removeTemporary);

async function staged(repo: GitRepo, options: { cwd?: string; env?: NodeJS.ProcessEnv; maxBytes?: number } = {}) {
  const { cwd = repo.dir, env, ...rest } = options;
  const source = stagedSource({ cwd, env: { ...gitTestEnv, ...env }, ...rest });
  const blobs = await collect(source);
  return { source, blobs, places: places(blobs) };
}

interface Case {
  readonly name: string;
  readonly before: Readonly<Record<string, string>>;
  readonly stage: (repo: GitRepo) => void;
  readonly expected: readonly string[];
  readonly skips?: readonly (readonly [string, string])[];
}

const twentyLines = Array.from({ length: 20 }, (_, line) => `line ${line}\n`).join("");

const cases: readonly Case[] = [
  {
    name: "an added and a modified file, not the untouched one",
    before: { same: "same", old: "before" },
    stage: (repo) => {
      repo.write("old", "after");
      repo.write("new", "fresh");
      repo.git("add", "-A");
    },
    expected: ["new: fresh", "old: after"],
  },
  {
    name: "the staged content, not the working copy cleaned afterwards",
    before: { a: "a" },
    stage: (repo) => {
      repo.write("a", "staged");
      repo.git("add", "a");
      repo.write("a", "cleaned");
    },
    expected: ["a: staged"],
  },
  {
    name: "a rename with an edit",
    before: { before: twentyLines },
    stage: (repo) => {
      repo.git("mv", "before", "after");
      repo.write("after", `${twentyLines}edit\n`);
      repo.git("add", "-A");
    },
    expected: [`after: ${twentyLines}edit\n`],
    skips: [["before", "deleted"]],
  },
  {
    name: "a copy with an edit",
    before: { one: twentyLines },
    stage: (repo) => {
      repo.write("two", `${twentyLines}edit\n`);
      repo.git("config", "diff.renames", "copies");
      repo.git("add", "-A");
    },
    expected: [`two: ${twentyLines}edit\n`],
  },
  {
    name: "a deletion only",
    before: { gone: "x" },
    stage: (repo) => repo.git("rm", "-q", "gone"),
    expected: [],
    skips: [["gone", "deleted"]],
  },
  {
    name: "a mode change only",
    before: { tool: "#!/bin/sh\n" },
    stage: (repo) => repo.git("update-index", "--chmod=+x", "tool"),
    expected: [],
  },
  {
    name: "the same content at two paths, once with both places",
    before: {},
    stage: (repo) => {
      repo.write("a", "twin");
      repo.write("b", "twin");
      repo.git("add", "-A");
    },
    expected: ["a: twin", "b: twin"],
  },
  {
    name: "names with spaces, quotes, tabs, newlines and glob characters",
    before: {},
    stage: (repo) => {
      for (const name of ["a b", 'c"d', "e\tf", "g\nh", "[i]*", ":/j", "é"]) repo.write(name, name.length.toString());
      repo.git("add", "-A");
    },
    expected: ["a b: 3", 'c"d: 3', "e\tf: 3", "g\nh: 3", "[i]*: 4", ":/j: 3", "é: 1"],
  },
  {
    name: "nothing staged",
    before: { a: "a" },
    stage: (repo) => repo.write("a", "only in the work tree"),
    expected: [],
  },
  {
    name: "an empty file",
    before: {},
    stage: (repo) => {
      repo.write("empty", "");
      repo.git("add", "-A");
    },
    expected: ["empty: "],
  },
];

describe.skipIf(process.platform === "win32")("staged changes", () => {
  it.each(cases)("reads $name", async ({ before, stage, expected, skips = [] }) => {
    const repo = GitRepo.create();
    repo.commit("base", before);
    stage(repo);
    const result = await staged(repo);
    expect(result.places).toEqual([...expected].sort());
    expect(result.source.skips.map(({ path, reason }) => [path, reason])).toEqual(skips);
    expect(result.source.problems).toEqual([]);
    for (const { id } of result.blobs) expect(id).toMatch(/^[0-9a-f]{40}$/);
    expect(new Set(result.blobs.map(({ id }) => id)).size).toBe(result.blobs.length);
  });

  it.each([["link to file", "f", "ln"] as const, ["file to link", "ln", "f"] as const])(
    "reads a type change from %s",
    async (_, from, to) => {
      const repo = GitRepo.create();
      const make = (kind: string, text: string): void => {
        const file = join(repo.dir, "x");
        if (existsSync(file)) unlinkSync(file);
        if (kind === "ln") symlinkSync(text, file);
        else writeFileSync(file, text);
      };
      make(from, "before");
      repo.git("add", "-A");
      repo.git("commit", "-qm", "base");
      unlinkSync(join(repo.dir, "x"));
      make(to, "after");
      repo.git("add", "-A");
      expect((await staged(repo)).places).toEqual(["x: after"]);
    },
  );

  it.each([[], ["--object-format=sha256"]])("reads everything before the first commit (%s)", async (...format) => {
    const repo = GitRepo.create(...format.filter((option) => option !== undefined));
    repo.write("dir/a", "first");
    repo.git("add", "-A");
    const { places: found, blobs } = await staged(repo);
    expect(found).toEqual(["dir/a: first"]);
    expect(blobs[0]?.id).toBe(repo.git("rev-parse", ":dir/a"));
  });

  it("reads a SHA-256 repository with commits", async () => {
    const repo = GitRepo.create("--object-format=sha256");
    repo.commit("base", { a: "a" });
    repo.write("a", "b");
    repo.git("add", "a");
    expect((await staged(repo)).places).toEqual(["a: b"]);
  });

  it("gives paths from the top when run in a folder below", async () => {
    const repo = GitRepo.create();
    repo.commit("base", { "sub/a": "a", b: "b" });
    repo.git("config", "diff.relative", "true");
    repo.write("b", "b2");
    repo.write("sub/a", "a2");
    repo.git("add", "-A");
    expect((await staged(repo, { cwd: join(repo.dir, "sub") })).places).toEqual(["b: b2", "sub/a: a2"]);
  });

  it("reads all stages of unmerged files, wherever it is run", async () => {
    const repo = GitRepo.create();
    repo.commit("base", { "dir/f": "base\n", other: "o" });
    repo.git("checkout", "-qb", "side");
    repo.commit("side", { "dir/f": "theirs\n" });
    repo.git("checkout", "-q", "main");
    repo.commit("main", { "dir/f": "ours\n" });
    expect(() => repo.git("merge", "-q", "side")).toThrow();
    repo.write("other", "o2");
    repo.git("add", "other");
    const expected = ["dir/f: base\n", "dir/f: ours\n", "dir/f: theirs\n", "other: o2"];
    expect((await staged(repo)).places).toEqual(expected);
    repo.write("below/x", "");
    expect((await staged(repo, { cwd: join(repo.dir, "below") })).places).toEqual(expected);
  });

  it("reads a linked work tree's own index", async () => {
    const repo = GitRepo.create();
    repo.commit("base", { a: "a" });
    const linked = join(temporaryFolder(), "linked");
    repo.git("worktree", "add", "-q", linked, "-b", "linked");
    const other = new GitRepo(linked);
    other.write("a", "linked");
    other.git("add", "a");
    repo.write("a", "main");
    repo.git("add", "a");
    expect((await staged(other)).places).toEqual(["a: linked"]);
    expect((await staged(repo)).places).toEqual(["a: main"]);
  });

  it("skips a moved submodule with a hint, and reads the submodule's index inside of it", async () => {
    const inner = GitRepo.create();
    inner.commit("inner", { i: "i" });
    const repo = GitRepo.create();
    repo.commit("base", { a: "a" });
    repo.git("submodule", "--quiet", "add", inner.dir, "sub");
    const result = await staged(repo);
    expect(result.places.map((place) => place.slice(0, 12))).toEqual([".gitmodules:"]);
    expect(result.source.skips).toEqual([{ path: "sub", reason: "submodule", hint: expect.any(String) }]);
    const sub = new GitRepo(join(repo.dir, "sub"));
    sub.write("i", "changed");
    sub.git("add", "i");
    expect((await staged(sub)).places).toEqual(["i: changed"]);
    repo.git("config", "diff.ignoreSubmodules", "all");
    expect((await staged(repo)).source.skips).toHaveLength(1);
  });

  it("honours the index that git commit -a and git commit FILE give their hooks", async () => {
    const repo = GitRepo.create();
    repo.commit("base", { a: "a", b: "b" });
    repo.write("a", "unstaged");
    repo.write("b", "unstaged too");
    for (const args of [
      ["-am", "all"],
      ["-m", "one", "a"],
    ]) {
      const dump = join(temporaryFolder(), "env");
      const hooks = temporaryFolder();
      writeFileSync(
        join(hooks, "pre-commit"),
        `#!/bin/sh\nenv > "${dump}"; cp "$GIT_INDEX_FILE" "${dump}.index"; exit 1\n`,
        {
          mode: 0o755,
        },
      );
      repo.git("config", "core.hooksPath", hooks);
      expect(() => repo.git("commit", "-q", ...args)).toThrow();
      const seen = Object.fromEntries(
        readFileSync(dump, "utf8")
          .split("\n")
          .filter((line) => /^GIT_(DIR|INDEX_FILE|PREFIX|EXEC_PATH)=/.test(line))
          .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
      );
      expect(seen["GIT_INDEX_FILE"]).toBeDefined();
      const env = { ...seen, GIT_INDEX_FILE: `${dump}.index` };
      const expected = args[0] === "-am" ? ["a: unstaged", "b: unstaged too"] : ["a: unstaged"];
      expect((await staged(repo, { env })).places).toEqual(expected);
    }
    expect((await staged(repo)).places).toEqual([]);
  });

  it("gives contents above the limit as a stream, and those after it too", async () => {
    const repo = GitRepo.create();
    repo.commit("base");
    for (const [name, size] of Object.entries({ a: 10, b: 300_000, c: 10, d: 200_000, e: 11 })) {
      repo.write(name, name.repeat(size));
    }
    repo.git("add", "-A");
    const { blobs } = await staged(repo, { maxBytes: 1000 });
    const seen = blobs.map(({ text, kind }) => `${text[0]} ${text.length} ${kind}`).sort();
    expect(seen).toEqual(["a 10 bytes", "b 300000 stream", "c 10 bytes", "d 200000 stream", "e 11 bytes"]);
  });

  it("reports an object that is missing, and reads the others", async () => {
    const repo = GitRepo.create();
    repo.commit("base");
    for (const name of ["a", "b", "c"]) repo.write(name, `content ${name}`);
    repo.git("add", "-A");
    const id = repo.git("rev-parse", ":b");
    unlinkSync(join(repo.dir, ".git/objects", id.slice(0, 2), id.slice(2)));
    const { source, places: found } = await staged(repo);
    expect(found).toEqual(["a: content a", "c: content c"]);
    expect(source.problems).toMatchObject([{ kind: "git-object", message: expect.stringContaining("b") }]);
  });

  it("reports an object that is damaged, and reads the others", async () => {
    const repo = GitRepo.create();
    repo.commit("base");
    for (const name of ["a", "b", "c"]) repo.write(name, `content ${name} `.repeat(50));
    repo.git("add", "-A");
    const id = repo.git("rev-parse", ":b");
    const file = join(repo.dir, ".git/objects", id.slice(0, 2), id.slice(2));
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 20);
    unlinkSync(file);
    writeFileSync(file, bytes);
    const { source, blobs } = await staged(repo);
    expect(blobs).toHaveLength(2);
    expect(source.problems).toMatchObject([{ kind: "git-object" }]);
  });

  it.runIf(process.platform === "linux")("shows names that are not UTF-8 with escapes", async () => {
    const repo = GitRepo.create();
    writeFileSync(Buffer.concat([Buffer.from(`${repo.dir}/caf`), Buffer.from([0xe9]), Buffer.from(".txt")]), "latin");
    repo.write("plain", "p");
    repo.git("add", "-A");
    expect((await staged(repo)).places).toEqual(["caf\\xe9.txt: latin", "plain: p"]);
  });

  it("stops quietly when aborted", async () => {
    const repo = GitRepo.create();
    repo.write("a", "a");
    repo.git("add", "-A");
    const source = stagedSource({ cwd: repo.dir, env: gitTestEnv });
    expect(await collect(source, AbortSignal.abort())).toEqual([]);
  });

  it.each([
    ["outside of a repository", {}, /not a git repository/],
    ["without git", { PATH: "/nowhere" }, /git was not found/],
  ])("refuses %s", async (_, env, message) => {
    const source = stagedSource({ cwd: temporaryFolder(), env: { ...gitTestEnv, ...env } });
    const error: unknown = await collect(source).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SourceError);
    expect(String(error)).toMatch(message);
    expect((error as SourceError).hint).toBeTruthy();
  });

  it("passes on git's advice when another user owns the repository", async () => {
    const repo = GitRepo.create();
    const env = { ...gitTestEnv, GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" };
    const { sourceError } = await import("../../src/sources/problems.ts");
    const { gitFailure } = await import("../../src/base/git/git-error.ts");
    let stderr = "";
    try {
      repo.run(["status"], { env });
    } catch (error) {
      stderr = String((error as { stderr: unknown }).stderr);
    }
    const error = sourceError(gitFailure("diff-index", "exit code 128", stderr), repo.dir) as SourceError;
    expect(error).toBeInstanceOf(SourceError);
    expect(error.message).toContain("another user");
    expect(error.hint).toContain(`safe.directory ${repo.dir}`);
  });
});
