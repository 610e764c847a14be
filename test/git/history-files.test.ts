// What leads to objects in real repositories: refs, heads, reflogs, indexes, shallow boundaries, grafts.

import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readHistoryFiles } from "../../src/base/git/history-files.ts";
import { indexEntries, isSubmoduleHere, type IndexEntry } from "../../src/base/git/index-entries.ts";
import { findPlaces, type RepositoryPlaces } from "../../src/base/git/object-folders.ts";
import { askForReflogs, listReflogs } from "../../src/base/git/reflogs.ts";
import { listHeads, listRefs } from "../../src/base/git/refs.ts";
import { listWorktrees, type Worktree } from "../../src/base/git/worktrees.ts";
import { GitRepo, gitTestEnv, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { processorClock } from "../helpers/processor-clock.ts";

afterAll(removeTemporary);

interface Opened {
  readonly place: { readonly cwd: string; readonly repository: "discover"; readonly env: NodeJS.ProcessEnv };
  readonly places: RepositoryPlaces;
  readonly worktrees: readonly Worktree[];
}

async function open(dir: string): Promise<Opened> {
  const place = { cwd: dir, repository: "discover", env: gitTestEnv } as const;
  const places = await findPlaces(place);
  return { place, places, worktrees: listWorktrees(places) };
}

async function refsOf(dir: string) {
  const { place, worktrees } = await open(dir);
  return listRefs(place, worktrees);
}

async function headsOf(dir: string) {
  const { place, places, worktrees } = await open(dir);
  return listHeads(place, places, worktrees);
}

async function reflogsOf(dir: string) {
  const { place, places, worktrees } = await open(dir);
  return listReflogs(place, places, worktrees);
}

async function indexOf(dir: string, worktree = 0): Promise<IndexEntry[]> {
  const { place, places, worktrees } = await open(dir);
  const entries: IndexEntry[] = [];
  for await (const batch of indexEntries(place, places, worktrees[worktree]!)) entries.push(...batch);
  return entries;
}

/** A work tree and a linked one with a branch of its own. */
function linked(...options: string[]): { repo: GitRepo; side: GitRepo; first: string } {
  const repo = GitRepo.create(...options);
  const first = repo.commit("first", { a: "a", "d/b": "b" });
  const side = new GitRepo(join(temporaryFolder(), "side"));
  repo.git("worktree", "add", "-q", "-b", "side", side.dir);
  return { repo, side, first };
}

describe("refs", () => {
  test.each([["sha1"], ["sha256"]])("of every kind, packed and loose, in %s", async (format) => {
    const repo = GitRepo.create(`--object-format=${format}`);
    const first = repo.commit("first", { a: "a" });
    const blob = repo.git("rev-parse", "HEAD:a");
    const tree = repo.git("rev-parse", "HEAD^{tree}");
    repo.git("tag", "-a", "-m", "words", "v1");
    repo.write("a", "changed");
    repo.git("stash", "-q");
    for (const name of ["refs/pull/7/head", "refs/remotes/origin/main", "refs/replace/" + blob, "refs/deep/x/y/z"]) {
      repo.git("update-ref", name, first);
    }
    repo.git("update-ref", "refs/blobs/one", blob);
    repo.git("update-ref", "refs/trees/one", tree);
    repo.git("pack-refs", "--all");
    repo.git("notes", "add", "-m", "a note");
    const { refs, troubles } = await refsOf(repo.dir);
    expect(troubles).toEqual([]);
    const shown = repo
      .git("show-ref")
      .split("\n")
      .map((line) => line.split(" "));
    expect(refs.map(({ id, name }) => [id, name])).toEqual(shown);
    expect(refs.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["refs/blobs/one", "refs/notes/commits", "refs/stash", "refs/tags/v1"]),
    );
  });

  test("with names that are long, wide or strange", async () => {
    const repo = GitRepo.create();
    const first = repo.commit("first");
    const names = [
      "refs/heads/ä ö".replace(" ", "\u00a0"),
      `refs/heads/${"long/".repeat(40)}x`,
      "refs/heads/'\"$(x)`;",
    ];
    for (const name of names) repo.git("update-ref", name, first);
    // git refuses such names; a packed-refs from elsewhere may hold them all the same.
    appendFileSync(
      join(repo.dir, ".git", "packed-refs"),
      `${first} refs/heads/bad\u001b[31m\n${first} refs/heads/good\n`,
    );
    const { refs, troubles } = await refsOf(repo.dir);
    const found = refs.map(({ name }) => name);
    expect(found).toEqual(expect.arrayContaining([...names, "refs/heads/good", "refs/heads/main"]));
    expect([found.some((name) => name.includes("bad")), troubles]).toEqual([
      false,
      [expect.stringMatching(/^refs: .*(ignoring|broken)/)],
    ]);
  });

  test("broken ones are named, and the others are listed", async () => {
    const repo = GitRepo.create();
    repo.commit("first");
    writeFileSync(join(repo.dir, ".git", "refs", "heads", "broken"), "no id at all\n");
    writeFileSync(join(repo.dir, ".git", "refs", "heads", "empty"), "");
    const { refs, troubles } = await refsOf(repo.dir);
    expect([refs.map(({ name }) => name), troubles]).toEqual([
      ["refs/heads/main"],
      [expect.stringMatching(/^refs: .*refs\/heads\/broken/), expect.stringMatching(/^refs: .*refs\/heads\/empty/)],
    ]);
  });

  test("one whose object is missing is listed", async () => {
    const repo = GitRepo.create();
    repo.commit("first");
    writeFileSync(join(repo.dir, ".git", "refs", "heads", "gone"), `${"1".repeat(40)}\n`);
    expect((await refsOf(repo.dir)).refs.map(({ id }) => id)).toContain("1".repeat(40));
  });

  test("those that a linked work tree has for itself", async () => {
    const { repo, side, first } = linked();
    side.git("update-ref", "refs/worktree/mine", first);
    side.git("update-ref", "refs/bisect/bad", first);
    const fromMain = (await refsOf(repo.dir)).refs.filter(({ worktree }) => worktree !== undefined);
    expect(fromMain).toEqual([
      { name: "refs/bisect/bad", id: first, worktree: "side" },
      { name: "refs/worktree/mine", id: first, worktree: "side" },
    ]);
  });

  test("fifty thousand are quick", { timeout: 20_000 }, async () => {
    const repo = GitRepo.create();
    const first = repo.commit("first");
    const lines = Array.from({ length: 50_000 }, (_, at) => `${first} refs/heads/b${String(at).padStart(6, "0")}\n`);
    writeFileSync(
      join(repo.dir, ".git", "packed-refs"),
      `# pack-refs with: peeled fully-peeled sorted \n${lines.join("")}`,
    );
    const spent = processorClock();
    expect((await refsOf(repo.dir)).refs.length).toBe(50_001);
    expect(spent()).toBeLessThan(5000);
  });
});

describe("heads", () => {
  test("of a branch, detached, of linked work trees (also removed ones), unborn", async () => {
    const { repo, side, first } = linked();
    const second = side.commit("second", { c: "c" });
    side.git("checkout", "-q", "--detach");
    expect((await headsOf(repo.dir)).refs.filter(({ name }) => name === "HEAD")).toEqual([
      { name: "HEAD", id: first },
      { name: "HEAD", id: second, worktree: "side" },
    ]);
    expect(await headsOf(side.dir)).toEqual(await headsOf(repo.dir));
    rmSync(side.dir, { recursive: true });
    const { worktrees } = await open(repo.dir);
    expect(worktrees.map(({ name, root }) => [name, root])).toEqual([
      [undefined, repo.dir],
      ["side", undefined],
    ]);
    expect((await headsOf(repo.dir)).refs.map(({ id }) => id)).toContain(second);
    expect(await headsOf(GitRepo.create().dir)).toEqual({ refs: [], troubles: [] });
  });

  test("of a bare repository and of one seen from its .git", async () => {
    const repo = GitRepo.create();
    const first = repo.commit("first");
    const bare = join(temporaryFolder(), "bare.git");
    repo.git("clone", "-q", "--bare", repo.dir, bare);
    expect((await headsOf(bare)).refs).toEqual([{ name: "HEAD", id: first }]);
    expect((await open(bare)).worktrees).toEqual([{ gitDir: bare }]);
    expect((await headsOf(join(repo.dir, ".git"))).refs).toEqual([{ name: "HEAD", id: first }]);
  });

  test("of a merge with conflicts, an amended commit, a fetch, a rebase and a revert that stopped", async () => {
    const repo = GitRepo.create();
    repo.commit("first", { a: "1" });
    repo.git("checkout", "-q", "-b", "other");
    const other = repo.commit("other", { a: "2" });
    repo.git("checkout", "-q", "main");
    const old = repo.commit("mine", { a: "3" });
    repo.git("commit", "-q", "--amend", "-m", "mine, better");
    const idsOf = async (name: string): Promise<string[]> =>
      (await headsOf(repo.dir)).refs.filter((ref) => ref.name === name).map(({ id }) => id);
    expect(() => repo.git("merge", "other")).toThrow(/Command failed/);
    expect(await idsOf("MERGE_HEAD")).toEqual([other]);
    repo.git("merge", "--abort");
    repo.git("fetch", "-q", repo.dir, "other", "main");
    expect((await idsOf("FETCH_HEAD")).sort()).toEqual([other, repo.git("rev-parse", "main")].sort());
    expect(await idsOf("ORIG_HEAD")).not.toContain(old);
    expect(() => repo.git("rebase", "other")).toThrow(/Command failed/);
    expect(await idsOf("REBASE_HEAD")).toEqual([repo.git("rev-parse", "main")]);
    expect(await idsOf("rebase-merge/onto")).toEqual([other]);
    expect(await idsOf("rebase-merge/orig-head")).toEqual([repo.git("rev-parse", "main")]);
    repo.git("rebase", "--abort");
    expect(() => repo.git("cherry-pick", "other")).toThrow(/Command failed/);
    expect(await idsOf("CHERRY_PICK_HEAD")).toEqual([other]);
  });

  test("files that hold no ids say nothing, and a damaged HEAD is a trouble", async () => {
    const { repo, side } = linked();
    writeFileSync(join(repo.dir, ".git", "ORIG_HEAD"), "ref: refs/heads/main\n");
    writeFileSync(join(repo.dir, ".git", "COMMIT_EDITMSG"), `${"1".repeat(40)} in a message\n`);
    writeFileSync(join(repo.dir, ".git", "MERGE_HEAD"), `${"2".repeat(41)}\n${"3".repeat(39)}\n`);
    writeFileSync(join(repo.dir, ".git", "worktrees", "side", "HEAD"), "nonsense\n");
    const { refs, troubles } = await headsOf(repo.dir);
    expect(refs.filter(({ worktree }) => worktree === undefined).map(({ name }) => name)).toEqual(["HEAD"]);
    expect(troubles).toEqual([expect.stringMatching(/^HEAD in .*side: fatal/)]);
    expect(side.dir).toMatch(/side$/);
  });

  test("refs kept in tables are asked of git", async () => {
    const repo = GitRepo.create();
    const first = repo.commit("first", { a: "1" });
    const second = repo.commit("second", { a: "2" });
    repo.git("reset", "-q", "--hard", "HEAD~1");
    // Not a real table: it is enough to take that way, and git answers from its files.
    mkdirSync(join(repo.dir, ".git", "reftable"));
    const { refs } = await headsOf(repo.dir);
    expect(new Set(refs.map(({ name, id }) => `${name} ${id}`))).toEqual(
      new Set([`HEAD ${first}`, `ORIG_HEAD ${second}`]),
    );
  });
});

describe("reflogs", () => {
  test("remember amended commits, old stashes and what other work trees did", async () => {
    const { repo, side, first } = linked();
    const amended = repo.commit("second", { a: "2" });
    repo.git("commit", "-q", "--amend", "-m", "second, better");
    const better = repo.git("rev-parse", "HEAD");
    const stashes = ["one", "two"].map((content) => {
      repo.write("a", content);
      repo.git("stash", "-q");
      return repo.git("rev-parse", "stash");
    });
    const lost = side.commit("lost", { c: "c" });
    side.git("reset", "-q", "--hard", first);
    const { reflogs, troubles } = await reflogsOf(repo.dir);
    expect(troubles).toEqual([]);
    const idsOf = (ref: string, worktree?: string) =>
      reflogs.find((log) => log.ref === ref && log.worktree === worktree)?.ids;
    expect(idsOf("HEAD")).toEqual([first, amended, better]);
    expect(idsOf("refs/heads/main")).toEqual([first, amended, better]);
    expect(idsOf("refs/stash")).toEqual(stashes);
    expect(idsOf("HEAD", "side")).toEqual([first, lost]);
    expect(idsOf("refs/heads/side")).toEqual([first, lost]);
    expect(reflogs.length).toBe(5);
  });

  test("with lines that are none, long ones and empty ones", async () => {
    const repo = GitRepo.create("--object-format=sha256");
    const first = repo.commit("first");
    const log = join(repo.dir, ".git", "logs", "HEAD");
    const old = "a".repeat(64);
    const next = "b".repeat(64);
    appendFileSync(
      log,
      `\n${old} ${next} A <a> 1 +0000\t${"long ".repeat(200_000)}\nnonsense\n${"c".repeat(500_000)}\n`,
    );
    appendFileSync(log, `${next} ${old} A <a> 1 +0000`);
    mkdirSync(join(repo.dir, ".git", "logs", "refs", "empty"));
    writeFileSync(join(repo.dir, ".git", "logs", "refs", "empty", "x"), "");
    const { reflogs, troubles } = await reflogsOf(repo.dir);
    expect(reflogs[0]).toEqual({ ref: "HEAD", ids: [first, old, next] });
    expect(troubles).toEqual([expect.stringMatching(/HEAD has 2 lines that are no reflog entries$/)]);
  });

  test("asked of git, where they are not in files", async () => {
    const repo = GitRepo.create();
    const first = repo.commit("first", { a: "a" });
    const lost = repo.commit("lost", { a: "2" });
    repo.git("reset", "-q", "--hard", first);
    repo.write("a", "stashed");
    repo.git("stash", "-q");
    const { place } = await open(repo.dir);
    const { reflogs, troubles } = await askForReflogs(place);
    expect(troubles).toEqual([]);
    expect(reflogs[0]).toEqual({ ref: "refs/stash", ids: [repo.git("rev-parse", "stash")] });
    expect(reflogs[1]?.ids).toEqual(expect.arrayContaining([first, lost]));
    mkdirSync(join(repo.dir, ".git", "reftable"));
    rmSync(join(repo.dir, ".git", "logs"), { recursive: true });
    expect(await reflogsOf(repo.dir)).toEqual({ reflogs: [], troubles: [] });
  });

  test("none at all", async () => {
    expect(await reflogsOf(GitRepo.create().dir)).toEqual({ reflogs: [], troubles: [] });
  });
});

describe("indexes", () => {
  test("of each work tree: paths of any bytes, modes, stages, from wherever one looks", async () => {
    const { repo, side } = linked();
    repo.run(["update-index", "--add", "--index-info"], {
      input: Buffer.concat([
        Buffer.from(`100755 ${repo.git("rev-parse", "HEAD:a")} 0\t"\\377\\n tab\\t"\n`),
        Buffer.from(`120000 ${repo.git("rev-parse", "HEAD:a")} 2\tconflict\n`),
      ]),
    });
    side.write("staged", "only here");
    side.git("add", "-A");
    const main = await indexOf(repo.dir);
    expect(main.map(({ mode, stage, path }) => [mode, stage, path])).toEqual([
      ["100644", 0, "a"],
      ["120000", 2, "conflict"],
      ["100644", 0, "d/b"],
      ["100755", 0, Buffer.from("\xff\n tab\t", "latin1")],
    ]);
    expect(main[0]?.id).toBe(repo.git("rev-parse", "HEAD:a"));
    expect(await indexOf(join(repo.dir, "d"))).toEqual(main);
    expect(await indexOf(side.dir)).toEqual(main);
    const staged = (await indexOf(repo.dir, 1)).map(({ path }) => path);
    expect(staged).toEqual(["a", "d/b", "staged"]);
    rmSync(side.dir, { recursive: true });
    expect((await indexOf(repo.dir, 1)).map(({ path }) => path)).toEqual(staged);
  });

  test("none, split, and sparse", async () => {
    expect(await indexOf(GitRepo.create().dir)).toEqual([]);
    const bare = GitRepo.create("--bare");
    expect(await indexOf(bare.dir)).toEqual([]);
    const repo = GitRepo.create();
    repo.commit("first", { a: "a", "d/b": "b", "e/f/g": "g" });
    repo.git("update-index", "--split-index");
    repo.write("h", "h");
    repo.git("add", "h");
    const paths = ["a", "d/b", "e/f/g", "h"];
    expect((await indexOf(repo.dir)).map(({ path }) => path)).toEqual(paths);
    repo.git("update-index", "--no-split-index");
    repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "d");
    expect(repo.git("ls-files", "--sparse", "-s")).toContain("\te/");
    expect((await indexOf(repo.dir)).map(({ path }) => path)).toEqual(paths);
  });

  test("another one that the environment names, for the caller's work tree only", async () => {
    const { repo } = linked();
    const index = join(repo.dir, ".git", "other-index");
    repo.run(["read-tree", "HEAD:d"], { env: { GIT_INDEX_FILE: index } });
    const env = { ...gitTestEnv, GIT_INDEX_FILE: index };
    const place = { cwd: join(repo.dir, "d"), repository: "environment", env } as const;
    const places = await findPlaces(place);
    const found: unknown[] = [];
    for (const worktree of listWorktrees(places)) {
      for await (const batch of indexEntries(place, places, worktree)) found.push(batch.map(({ path }) => path));
    }
    expect(found).toEqual([["b"], ["a", "d/b"]]);
  });

  test("a damaged one is git's error", async () => {
    const repo = GitRepo.create();
    repo.commit("first", { a: "a" });
    const index = join(repo.dir, ".git", "index");
    writeFileSync(index, readFileSync(index).fill(0, 0, 4));
    await expect(indexOf(repo.dir)).rejects.toThrow(/^the index of .* cannot be read: error: bad signature/);
  });

  test("submodules that are here, and that are not", async () => {
    const inner = GitRepo.create();
    const innerHead = inner.commit("inner", { x: "x" });
    const repo = GitRepo.create();
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.dir, "lib/here");
    repo.git("update-index", "--add", "--cacheinfo", `160000,${innerHead},lib/there`);
    const links = (await indexOf(repo.dir)).filter(({ mode }) => mode === "160000");
    const { worktrees, places } = await open(repo.dir);
    expect(links.map(({ id, path }) => [id, path, isSubmoduleHere(worktrees[0]!, path)])).toEqual([
      [innerHead, "lib/here", true],
      [innerHead, "lib/there", false],
    ]);
    expect(isSubmoduleHere({ gitDir: "", root: join(repo.dir, "lib") }, "../.")).toBe(false);
    // A submodule is a repository of its own, whose folder is in the outer one.
    const own = await findPlaces({ cwd: join(repo.dir, "lib/here"), repository: "discover", env: gitTestEnv });
    expect(own.commonDir).toBe(join(places.commonDir, "modules/lib/here"));
    expect((await indexOf(join(repo.dir, "lib/here"))).map(({ path }) => path)).toEqual(["x"]);
  });
});

describe("shallow and grafts", () => {
  test("a shallow clone names its boundary", async () => {
    const repo = GitRepo.create();
    repo.commit("first");
    const second = repo.commit("second");
    const clone = join(temporaryFolder(), "clone");
    repo.git("clone", "-q", "--depth", "1", `file://${repo.dir}`, clone);
    const { places } = await open(clone);
    expect(readHistoryFiles(places)).toEqual({ shallow: [second], grafts: [], troubles: [] });
    expect(readHistoryFiles((await open(repo.dir)).places)).toEqual({ shallow: [], grafts: [], troubles: [] });
  });

  test("grafts, from a linked work tree too, and lines that are none", async () => {
    const { repo, side, first } = linked();
    const file = join(repo.dir, ".git", "info", "grafts");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `# comment\n${first}\n${"a".repeat(40)} ${"b".repeat(40)} ${"c".repeat(40)}\r\nnonsense\n`);
    const { places } = await open(side.dir);
    expect(readHistoryFiles(places)).toEqual({
      shallow: [],
      grafts: [
        { commit: first, parents: [] },
        { commit: "a".repeat(40), parents: ["b".repeat(40), "c".repeat(40)] },
      ],
      troubles: [`${file} has 1 lines that hold no ids`],
    });
  });
});

test("a copied repository whose work trees point elsewhere is listed all the same", async () => {
  const { repo } = linked();
  const copy = temporaryFolder();
  cpSync(repo.dir, copy, { recursive: true });
  writeFileSync(join(copy, ".git", "worktrees", "side", "gitdir"), "\n");
  const { worktrees } = await open(copy);
  expect(worktrees.map(({ name, root }) => [name, root])).toEqual([
    [undefined, copy],
    ["side", undefined],
  ]);
});
