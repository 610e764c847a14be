import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { SourceError } from "../../src/errors.ts";
import { directorySource, type DirectoryOptions } from "../../src/sources/directory.ts";
import { collect, places } from "../helpers/git-collect.ts";
import { GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";

afterAll(removeTemporary);
beforeAll(() => {
  process.env["GIT_CONFIG_GLOBAL"] = "/dev/null";
});

async function scan(root: string, options: Partial<DirectoryOptions> = {}) {
  const source = directorySource({ root, paths: ["."], gitignore: true, ...options });
  const blobs = await collect(source);
  return {
    source,
    blobs,
    places: places(blobs),
    paths: blobs.map(({ provenance }) => provenance[0]?.path ?? "").sort(),
  };
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = new GitRepo(temporaryFolder());
  for (const [path, text] of Object.entries(files)) folder.write(path, text);
  return folder.dir;
}

const tree = {
  "a.ts": "1",
  "src/b.ts": "2",
  "src/deep/c.js": "3",
  ".hidden/d.ts": "4",
  "dist/e.ts": "5",
  "[id].ts": "6",
};
const all = Object.keys(tree).sort();

interface Case {
  readonly name: string;
  readonly options: Partial<DirectoryOptions>;
  readonly expected: readonly string[];
  readonly excluded?: number;
}

const cases: readonly Case[] = [
  { name: "everything, hidden files included", options: {}, expected: all },
  { name: "no path at all as the root", options: { paths: [] }, expected: all },
  { name: "a folder", options: { paths: ["src"] }, expected: ["src/b.ts", "src/deep/c.js"] },
  {
    name: "a folder with a trailing slash and dots",
    options: { paths: ["./src/../src/"] },
    expected: ["src/b.ts", "src/deep/c.js"],
  },
  { name: "a file", options: { paths: ["src/b.ts"] }, expected: ["src/b.ts"] },
  {
    name: "overlapping paths once",
    options: { paths: ["src", "src/b.ts", "src/deep"] },
    expected: ["src/b.ts", "src/deep/c.js"],
  },
  { name: "a glob", options: { paths: ["**/*.js"] }, expected: ["src/deep/c.js"] },
  { name: "a glob below a folder", options: { paths: ["src/*.ts"] }, expected: ["src/b.ts"] },
  { name: "a glob that names a folder", options: { paths: ["sr*"] }, expected: ["src/b.ts", "src/deep/c.js"] },
  { name: "braces", options: { paths: ["{src,dist}/*.ts"] }, expected: ["dist/e.ts", "src/b.ts"] },
  { name: "a name that looks like a glob", options: { paths: ["[id].ts"] }, expected: ["[id].ts"] },
  {
    name: "without an excluded name, anywhere",
    options: { exclude: ["*.js", "dist"] },
    expected: all.filter((path) => !/js$|dist/.test(path)),
    excluded: 2,
  },
  {
    name: "without an excluded folder",
    options: { exclude: ["src/deep/"] },
    expected: all.filter((path) => !path.includes("deep")),
    excluded: 1,
  },
  {
    name: "a glob tied to the root",
    options: { exclude: ["/*.ts"] },
    expected: all.filter((path) => path.includes("/")),
    excluded: 2,
  },
  {
    name: "excluded even when named",
    options: { paths: ["src/b.ts", "a.ts"], exclude: ["src"] },
    expected: ["a.ts"],
    excluded: 1,
  },
  {
    name: "only what is included",
    options: { include: ["*.js", "dist/**"] },
    expected: ["dist/e.ts", "src/deep/c.js"],
    excluded: 4,
  },
];

describe.each(["a plain folder", "a work tree"])("%s", (where) => {
  it.each(cases)("gives $name", async ({ options, expected, excluded = 0 }) => {
    const root = folderWith(tree);
    if (where === "a work tree") {
      const repo = new GitRepo(root);
      repo.git("init", "-q");
      repo.git("add", "src");
    }
    const result = await scan(root, options);
    expect(result.paths).toEqual([...expected].sort());
    expect(result.source.skips.filter(({ reason }) => reason === "excluded")).toHaveLength(excluded);
    expect(result.source.problems).toEqual([]);
    expect(result.blobs.every(({ kind }) => kind === "file")).toBe(true);
  });

  it.each([
    ["no/such/file", /no such file or folder: no\/such\/file/],
    ["*.nothing", /no file matches \*\.nothing/],
    ["nowhere/*.ts", /no file matches/],
    ["a.ts/x", /no such file/],
  ])("refuses %s", async (path, message) => {
    const root = folderWith(tree);
    const error: unknown = await scan(root, { paths: ["src", path] }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SourceError);
    expect((error as SourceError).message).toMatch(message);
    expect((error as SourceError).hint).toBeTruthy();
  });

  it("leaves out files that are larger than the limit", async () => {
    const root = folderWith({ small: "123", large: "1234" });
    const { paths, source } = await scan(root, { maxFileBytes: 3 });
    expect([paths, source.skips]).toEqual([["small"], [{ path: "large", reason: "too-large" }]]);
  });
});

describe("gitignore rules", () => {
  const ignored = { ".gitignore": "*.log\nbuild/\n", "x.log": "log", "build/out": "out", "kept.txt": "kept" };

  it("leave files out, unless they are named or the rules are off", async () => {
    const repo = GitRepo.create();
    repo.commit("base", ignored);
    expect((await scan(repo.dir)).paths).toEqual([".gitignore", "kept.txt"]);
    expect((await scan(repo.dir, { paths: ["x.log", "kept.txt"] })).paths).toEqual(["kept.txt", "x.log"]);
    expect((await scan(repo.dir, { paths: ["build"] })).paths).toEqual(["build/out"]);
    expect((await scan(repo.dir, { gitignore: false })).paths).toEqual([
      ".gitignore",
      "build/out",
      "kept.txt",
      "x.log",
    ]);
    expect((await scan(join(repo.dir, "build"), { paths: ["."] })).paths).toEqual(["out"]);
  });

  it("do not hide tracked files", async () => {
    const repo = GitRepo.create();
    repo.write("tracked.log", "tracked");
    repo.git("add", "-A");
    repo.write(".gitignore", "*.log\n");
    repo.write("other.log", "other");
    expect((await scan(repo.dir)).paths).toEqual([".gitignore", "tracked.log"]);
  });

  it("are each repository's own, in a folder of repositories", async () => {
    const root = folderWith({ "loose.log": "1" });
    for (const [name, rule] of Object.entries({ one: "*.log", two: "*.txt" })) {
      mkdirSync(join(root, name));
      const repo = new GitRepo(join(root, name));
      repo.git("init", "-q");
      for (const file of ["f.log", "f.txt"]) repo.write(file, name);
      repo.write(".git/info/exclude", rule);
    }
    expect((await scan(root)).paths).toEqual(["loose.log", "one/f.txt", "two/f.log"]);
  });
});

describe("a work tree", () => {
  it("gives tracked files once while merging, and skips deleted ones", async () => {
    const repo = GitRepo.create();
    repo.commit("base", { f: "base\n", gone: "x" });
    repo.git("checkout", "-qb", "side");
    repo.commit("side", { f: "theirs\n" });
    repo.git("checkout", "-q", "main");
    repo.commit("main", { f: "ours\n" });
    expect(() => repo.git("merge", "-q", "side")).toThrow();
    rmSync(join(repo.dir, "gone"));
    const { paths, source } = await scan(repo.dir);
    expect(paths).toEqual(["f"]);
    expect(source.skips).toEqual([{ path: "gone", reason: "deleted" }]);
    expect(source.problems).toEqual([]);
  });

  it.skipIf(process.platform === "win32")("skips deleted files with a git before 2.31, too", async () => {
    const repo = GitRepo.create();
    repo.commit("base", { a: "a", gone: "x", z: "z" });
    rmSync(join(repo.dir, "gone"));
    const path = process.env["PATH"] ?? "";
    const bin = temporaryFolder();
    const refusal = "echo 'error: unknown option `deduplicate' >&2; exit 129";
    const old = `#!/bin/sh\ncase "$*" in *--deduplicate*) ${refusal.replace("`", "\\`")};; esac\nPATH='${path}' exec git "$@"\n`;
    writeFileSync(join(bin, "git"), old, { mode: 0o755 });
    process.env["PATH"] = `${bin}:${path}`;
    try {
      const { paths, source } = await scan(repo.dir);
      expect([paths, source.skips, source.problems]).toEqual([["a", "z"], [{ path: "gone", reason: "deleted" }], []]);
    } finally {
      process.env["PATH"] = path;
    }
  });

  it("is walked where there is no git", async () => {
    const repo = GitRepo.create();
    repo.commit("base", { ".gitignore": "*.log\n", "x.log": "x" });
    const path = process.env["PATH"] ?? "";
    process.env["PATH"] = "";
    try {
      expect((await scan(repo.dir)).paths).toEqual([".gitignore", "x.log"]);
    } finally {
      process.env["PATH"] = path;
    }
  });

  it("skips files that a sparse checkout leaves out", async () => {
    const repo = GitRepo.create();
    repo.commit("base", { "in/a": "a", "out/b": "b" });
    repo.git("sparse-checkout", "set", "in");
    const { paths, source } = await scan(repo.dir);
    expect([paths, source.skips, source.problems]).toEqual([["in/a"], [{ path: "out/b", reason: "deleted" }], []]);
  });

  it("enters submodules and untracked repositories, each with its own rules", async () => {
    const inner = GitRepo.create();
    inner.commit("inner", { ".gitignore": "*.log\n", i: "i" });
    const repo = GitRepo.create();
    repo.git("submodule", "--quiet", "add", inner.dir, "sub");
    repo.commit("base", { a: "a" });
    const sub = new GitRepo(join(repo.dir, "sub"));
    sub.write("x.log", "ignored");
    sub.write("new", "new");
    repo.git("init", "-q", "nested/deep");
    repo.write("nested/deep/n", "n");
    repo.git("init", "-q", "sub/inside");
    repo.write("sub/inside/s", "s");
    const expected = [".gitmodules", "a", "nested/deep/n", "sub/.gitignore", "sub/i", "sub/inside/s", "sub/new"];
    const { paths, source } = await scan(repo.dir);
    expect(paths).toEqual(expected);
    expect(source.problems).toEqual([]);
    expect((await scan(repo.dir, { exclude: ["sub", "nested"] })).paths).toEqual([".gitmodules", "a"]);
  });

  it("names submodules that are not checked out", async () => {
    const inner = GitRepo.create();
    inner.commit("inner", { i: "i" });
    const repo = GitRepo.create();
    repo.git("submodule", "--quiet", "add", inner.dir, "sub");
    repo.commit("base");
    repo.git("submodule", "--quiet", "deinit", "-f", "sub");
    expect((await scan(repo.dir)).source.skips).toMatchObject([{ path: "sub", reason: "submodule" }]);
  });

  it("is found from a folder below, whatever a hook's environment says", async () => {
    const repo = GitRepo.create();
    repo.commit("base", { ".gitignore": "*.log\n", "sub/a": "a", "sub/x.log": "x", top: "t" });
    const other = GitRepo.create();
    process.env["GIT_DIR"] = join(other.dir, ".git");
    try {
      expect((await scan(repo.dir, { paths: ["sub"] })).paths).toEqual(["sub/a"]);
      expect((await scan(join(repo.dir, "sub"))).paths).toEqual(["a"]);
    } finally {
      delete process.env["GIT_DIR"];
    }
  });

  it("refuses a damaged index, and reads without git when asked to", async () => {
    const repo = GitRepo.create();
    repo.commit("base", { a: "a" });
    repo.write(".git/index", "nonsense");
    await expect(scan(repo.dir)).rejects.toThrow(SourceError);
    expect((await scan(repo.dir, { gitignore: false })).paths).toEqual(["a"]);
  });

  it("walks a broken repository inside of a folder", async () => {
    const root = folderWith({ "inner/.git": "gitdir: /nowhere", "inner/f": "f", g: "g" });
    expect((await scan(root)).paths).toEqual(["g", "inner/f"]);
  });

  it("never enters .git", async () => {
    const repo = GitRepo.create();
    repo.commit("base", { a: "a" });
    expect((await scan(repo.dir, { gitignore: false })).paths).toEqual(["a"]);
    await expect(scan(repo.dir, { paths: [".git"] })).rejects.toThrow(/git's own folder/);
  });

  it("gives many files in batches of at most 512, and stops quietly when aborted", async () => {
    const repo = GitRepo.create();
    for (let file = 0; file < 1300; file++) repo.write(`f${file}`, "");
    for (const gitignore of [true, false]) {
      const source = directorySource({ root: repo.dir, paths: ["."], gitignore });
      const sizes: number[] = [];
      for await (const batch of source.blobs()) sizes.push(batch.length);
      expect(sizes).toEqual([512, 512, 276]);
      const stopping = new AbortController();
      let seen = 0;
      for await (const batch of directorySource({ root: repo.dir, paths: ["."], gitignore }).blobs(stopping.signal)) {
        seen += batch.length;
        stopping.abort();
      }
      expect(seen).toBe(512);
    }
  });
});

describe.skipIf(process.platform === "win32")("things that are not files", () => {
  async function oddFolder(): Promise<{ root: string; close: () => void }> {
    const root = folderWith({ real: "real", "sub/inner": "inner" });
    symlinkSync("real", join(root, "link"));
    symlinkSync("nowhere", join(root, "dangling"));
    symlinkSync("..", join(root, "sub/loop"));
    symlinkSync("self", join(root, "self"));
    execFileSync("mkfifo", [join(root, "pipe")]);
    const server = createServer();
    await new Promise<void>((ready) => server.listen(join(root, "socket"), ready));
    return { root, close: () => server.close() };
  }

  it.each([true, false])("are left out of a folder (git: %s)", async (inGit) => {
    const { root, close } = await oddFolder();
    try {
      if (inGit) new GitRepo(root).git("init", "-q");
      const { paths, source } = await scan(root);
      expect(paths).toEqual(["real", "sub/inner"]);
      expect(source.skips.map(({ path }) => path).sort()).toEqual(["dangling", "link", "self", "sub/loop"]);
      expect(new Set(source.skips.map(({ reason }) => reason))).toEqual(new Set(["symlink"]));
      expect(source.problems).toEqual([]);
      if (inGit) {
        new GitRepo(root).git("add", "-A");
        expect((await scan(root)).source.skips).toHaveLength(4);
      }
    } finally {
      close();
    }
  });

  it("are problems when named, and links are followed when named", async () => {
    const { root, close } = await oddFolder();
    try {
      const { places: found, source } = await scan(root, {
        paths: ["link", "pipe", "socket", "dangling", "self", "sub/loop/sub"],
      });
      expect(found).toEqual(["link: real", "sub/loop/sub/inner: inner"]);
      expect(source.problems.map(({ path, kind }) => [path, kind])).toEqual([
        ["pipe", "not-a-file"],
        ["socket", "not-a-file"],
        ["dangling", "vanished"],
        ["self", "not-a-file"],
      ]);
    } finally {
      close();
    }
  });

  it.runIf(process.platform === "linux").each([true, false])(
    "names that are not UTF-8 are read all the same (git: %s)",
    async (inGit) => {
      const root = temporaryFolder();
      const bytes = (...names: (string | number)[]): Buffer =>
        Buffer.concat(names.map((name) => (typeof name === "string" ? Buffer.from(name) : Buffer.from([name]))));
      mkdirSync(bytes(root, "/d", 0xff));
      writeFileSync(bytes(root, "/d", 0xff, "/in"), "inside");
      writeFileSync(bytes(root, "/caf", 0xe9), "latin");
      writeFileSync(join(root, "good-\ufffd"), "real replacement character");
      writeFileSync(join(root, "ünï"), "utf-8");
      writeFileSync(join(root, 'q"\n'), "odd");
      const repo = new GitRepo(root);
      if (inGit) repo.git("init", "-q");
      const expected = [
        "caf\\xe9: latin",
        "d\\xff/in: inside",
        "good-\ufffd: real replacement character",
        'q"\n: odd',
        "ünï: utf-8",
      ];
      expect((await scan(root)).places).toEqual(expected.sort());
      if (!inGit) return;
      repo.git("add", "-A");
      expect((await scan(root)).places).toEqual(expected.sort());
      rmSync(bytes(root, "/caf", 0xe9));
      expect((await scan(root)).source.skips).toEqual([{ path: "caf\\xe9", reason: "deleted" }]);
    },
  );

  it("shows files outside of the root by their absolute path", async () => {
    const root = folderWith({ a: "a" });
    const outside = folderWith({ "o/b": "b" });
    expect((await scan(root, { paths: [outside, "a"] })).paths.sort()).toEqual([`${outside}/o/b`, "a"].sort());
    expect((await scan(root, { paths: [`${outside}/*/b`] })).paths).toEqual([`${outside}/o/b`]);
  });
});
