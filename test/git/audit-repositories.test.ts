// Repositories of every kind, audited: where objects can be kept, what can be missing of them, and how that is told.

import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, describe, expect, test } from "vitest";

import type { Report } from "../../src/index.ts";
import { auditOf, fingerprintsOf, toldOf, unseenOf, versionsStream } from "../helpers/audit-rig.ts";
import type { Told } from "../helpers/audit-rig.ts";
import { tokenOf } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";

afterAll(removeTemporary);

const names = ["one", "two", "three", "four"] as const;
const tokens = Object.fromEntries(
  names.map((name) => [name, tokenOf("ofself.access-token", `kinds ${name}`)]),
) as Record<(typeof names)[number], string>;
const line = (name: (typeof names)[number]): string => `T=${tokens[name]}\n`;

/** What is told of each token, by its name; those that were not found are left out. */
async function tell(report: Report, repo: GitRepo): Promise<Record<string, Told>> {
  const prints = await fingerprintsOf(Object.values(tokens));
  const subject = (commit: string) => {
    try {
      return repo.git("--no-replace-objects", "log", "-1", "--format=%s", commit);
    } catch {
      return commit;
    }
  };
  return Object.fromEntries(
    names.flatMap((name) => {
      const finding = report.verdicts.find((one) => one.finding.fingerprint === prints.get(tokens[name]))?.finding;
      return finding === undefined ? [] : [[name, toldOf(finding, subject)]];
    }),
  );
}

const clean = { complete: true, unseen: [] };

/** `one` is gone again, `two` is at the tip; and a commit of plain text between. */
function sample(...init: string[]): GitRepo {
  const repo = GitRepo.create(...init);
  repo.commit("add one", { "a.txt": line("one"), "deep/er/x.txt": "x\n" });
  repo.commit("take one out", { "a.txt": "clean\n" });
  repo.commit("add two", { "deep/er/b.txt": line("two") });
  return repo;
}

const wantsOne = { exposure: "history", introduced: "add one a.txt", presence: ["add one..take one out"] };
const wantsTwo = { exposure: "tip", introduced: "add two deep/er/b.txt", presence: ["add two.."] };

function cloned(repo: GitRepo, ...options: string[]): GitRepo {
  const dir = join(temporaryFolder(), "clone");
  repo.git("clone", "-q", ...options, dir);
  return new GitRepo(dir);
}

const url = (repo: GitRepo): string => `file://${repo.dir}`;

describe("where objects are kept", () => {
  test.each<[what: string, make: () => GitRepo]>([
    ["loose", () => sample()],
    [
      "in a pack",
      () => {
        const repo = sample();
        repo.git("gc", "-q");
        return repo;
      },
    ],
    ["sha-256, loose", () => sample("--object-format=sha256")],
    [
      "sha-256, in a pack",
      () => {
        const repo = sample("--object-format=sha256");
        repo.git("gc", "-q");
        return repo;
      },
    ],
    ["a bare repository", () => cloned(sample(), "--bare", ".")],
    ["a mirror", () => cloned(sample(), "--mirror", ".")],
    ["a clone that borrows all objects (alternates)", () => cloned(sample(), "--shared", ".")],
    ["alternates of alternates", () => cloned(cloned(sample(), "--shared", "."), "--shared", "--no-checkout", ".")],
    ["a git folder elsewhere", () => cloned(sample(), "--separate-git-dir", join(temporaryFolder(), "git"), ".")],
    [
      "a pack and loose at once",
      () => {
        const repo = sample();
        repo.git("repack", "-q", "-a");
        return repo;
      },
    ],
    [
      "one object in each pack",
      () => {
        const repo = sample();
        const ids = repo.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)").split("\n");
        for (const id of ids)
          repo.run(["pack-objects", "-q", join(repo.dir, ".git/objects/pack/pack")], { input: `${id}\n` });
        repo.git("prune-packed", "-q");
        return repo;
      },
    ],
    [
      "several packs that hold the same",
      () => {
        const repo = sample();
        for (const depth of ["1", "5", "50"]) {
          const name = join(repo.dir, ".git/objects/pack/pack");
          repo.run(["pack-objects", "-q", "--all", `--depth=${depth}`, name], { input: "" });
          repo.write(`more-${depth}.txt`, "clean\n");
          repo.commit(`more ${depth}`);
        }
        repo.git("prune-packed", "-q");
        return repo;
      },
    ],
  ])("%s", async (_, make) => {
    const repo = make();
    const report = await auditOf(repo.dir);
    expect(report.problems).toEqual([]);
    expect(await tell(report, repo)).toMatchObject({ one: wantsOne, two: wantsTwo });
    expect(report.coverage).toMatchObject(clean);
    const { commits, trees, blobs, tags } = report.coverage.objects ?? {};
    const listed = repo.git("cat-file", "--batch-all-objects", "--batch-check=%(objecttype)").split("\n");
    const count = (type: string) => listed.filter((one) => one === type).length;
    expect({ commits, trees, blobs, tags }).toEqual({
      commits: count("commit"),
      trees: count("tree"),
      blobs: count("blob"),
      tags: count("tag"),
    });
    for (const one of ["one", "two"] as const) {
      const found = report.verdicts.filter(({ finding }) => finding.occurrences.some(({ part }) => part === "file"));
      expect([one, found.length]).toEqual([one, 2]);
    }
  });

  test("a multi-pack index without the packs' own, with which git itself cannot read", async () => {
    const repo = sample();
    repo.git("repack", "-q", "-d");
    repo.commit("more", { "more.txt": "more\n" });
    repo.git("repack", "-q", "-d");
    repo.git("multi-pack-index", "write");
    const folder = join(repo.dir, ".git/objects/pack");
    const indexes = readdirSync(folder).filter((name) => name.endsWith(".idx"));
    for (const name of indexes) renameSync(join(folder, name), join(folder, `${name}.away`));
    const report = await auditOf(repo.dir);
    for (const name of indexes) renameSync(join(folder, `${name}.away`), join(folder, name));
    expect(await tell(report, repo)).toMatchObject({ one: wantsOne, two: wantsTwo });
  });

  test("linked work trees: their HEADs and what is staged in them", async () => {
    const repo = sample();
    const linked = new GitRepo(join(temporaryFolder(), "linked"));
    repo.git("worktree", "add", "-q", "--detach", linked.dir);
    linked.commit("in the linked one", { "c.txt": line("three") });
    linked.write("d.txt", line("four"));
    linked.git("add", "d.txt");
    rmSync(join(linked.dir, "d.txt"));
    rmSync(join(linked.dir, "c.txt"));
    const wants = {
      one: wantsOne,
      two: wantsTwo,
      three: { exposure: "tip", introduced: "in the linked one c.txt", tips: ["other:1:worktrees/linked/HEAD"] },
      four: { exposure: "index", presence: [], places: ["d.txt (file)"] },
    };
    for (const from of [repo, linked]) {
      const report = await auditOf(from.dir);
      expect(await tell(report, repo)).toMatchObject(wants);
      expect(report.coverage).toMatchObject(clean);
    }
  });

  test("a git folder apart from its files, as submodules have it: what is staged there", async () => {
    const repo = GitRepo.create("--separate-git-dir", join(temporaryFolder(), "apart"));
    repo.write("s.txt", line("one"));
    repo.git("add", "s.txt");
    const { verdicts } = await auditOf(repo.dir, { worktree: false });
    expect(verdicts.map(({ finding }) => finding.origin?.exposure)).toEqual(["index"]);
  });

  test("a format that this git does not know: the word is to take a newer one", async () => {
    const repo = GitRepo.create();
    repo.git("config", "core.repositoryFormatVersion", "1");
    repo.git("config", "extensions.ofTomorrow", "true");
    await expect(auditOf(repo.dir)).rejects.toMatchObject({ hint: expect.stringContaining("newer git") as string });
  });

  test("a merge that was not finished: what each side staged", async () => {
    const repo = sample();
    repo.git("checkout", "-q", "-b", "other");
    repo.commit("theirs", { "a.txt": line("three") });
    repo.git("checkout", "-q", "main");
    repo.commit("ours", { "a.txt": line("four") });
    expect(() => repo.git("merge", "-q", "other")).toThrow();
    rmSync(join(repo.dir, "a.txt"));
    const told = await tell(await auditOf(repo.dir), repo);
    expect(told).toMatchObject({
      three: { exposure: "tip", tips: ["branch:1:other"] },
      four: { exposure: "tip", tips: ["branch:1:main"] },
    });
  });

  test.each([
    ["by offset", ["--delta-base-offset"]],
    ["by id", []],
  ])("long chains of deltas that name their base %s", async (_, options) => {
    const repo = GitRepo.create();
    const text = Array.from({ length: 300 }, (__, at) => `line ${at} ${"x".repeat(at % 40)}\n`);
    const versions = Array.from({ length: 60 }, (__, version) => {
      text[(version * 37) % 300] = version === 20 ? line("one") : `changed ${version}\n`;
      if (version === 30) text[(20 * 37) % 300] = "gone\n";
      return text.join("");
    });
    repo.run(["fast-import", "--quiet"], { input: versionsStream("long.txt", versions) });
    const pack = join(repo.dir, ".git/objects/pack/pack");
    const args = ["-q", "--all", "--window=250", "--depth=200", "--no-reuse-delta", ...options];
    const old = readdirSync(join(repo.dir, ".git/objects/pack"));
    repo.run(["pack-objects", ...args, pack], { input: "" });
    for (const name of old) rmSync(join(repo.dir, ".git/objects/pack", name));
    repo.git("prune-packed", "-q");
    const report = await auditOf(repo.dir, { worktree: false });
    expect(await tell(report, repo)).toMatchObject({
      one: {
        exposure: "history",
        introduced: "version 20 long.txt",
        presence: ["version 20..version 30"],
      },
    });
    const { occurrences = [] } = report.verdicts[0]?.finding ?? {};
    expect(occurrences.map(({ line: at }) => at)).toEqual(Array.from({ length: 10 }, () => ((20 * 37) % 300) + 1));
    expect(new Set(occurrences.map(({ commit }) => commit)).size).toBe(10);
    expect(report.coverage).toMatchObject({ ...clean, objects: { byGit: 0 } });
  });

  test("a pack that was fetched thin, its bases added at the end", async () => {
    const origin = sample();
    const repo = cloned(origin, url(origin));
    const big = Array.from({ length: 400 }, (_, at) => `line ${at}\n`).join("");
    origin.commit("big", { "big.txt": big });
    repo.git("-c", "fetch.unpackLimit=1", "fetch", "-q");
    origin.commit("big with three", { "big.txt": `${big}${line("three")}` });
    repo.git("-c", "fetch.unpackLimit=1", "fetch", "-q");
    const report = await auditOf(repo.dir);
    expect(await tell(report, repo)).toMatchObject({
      three: { exposure: "tip", introduced: "big with three big.txt", tips: ["remote:1:origin/main"] },
    });
    expect(report.coverage).toMatchObject(clean);
  });
});

describe("next to nothing", () => {
  test("an empty repository", async () => {
    const report = await auditOf(GitRepo.create().dir);
    expect(report).toMatchObject({ problems: [], verdicts: [], coverage: { ...clean, commits: 0 } });
    const bare = await auditOf(GitRepo.create("--bare").dir);
    expect(bare).toMatchObject({ problems: [], verdicts: [], coverage: { ...clean, commits: 0 } });
  });

  test("no commit, but something that dangles and something staged", async () => {
    const repo = GitRepo.create();
    repo.run(["hash-object", "-w", "--stdin"], { input: line("one") });
    repo.write("s.txt", line("two"));
    repo.git("add", "s.txt");
    rmSync(join(repo.dir, "s.txt"));
    const report = await auditOf(repo.dir);
    expect(await tell(report, repo)).toEqual({
      one: { exposure: "dangling", presence: [], refs: [], tips: [], places: [" (file)"] },
      two: { exposure: "index", presence: [], refs: [], tips: [], places: ["s.txt (file)"] },
    });
    expect(report.coverage).toMatchObject(clean);
  });

  test("a commit of the empty tree", async () => {
    const repo = GitRepo.create();
    repo.commit(`words\n\n${line("one")}`);
    const report = await auditOf(repo.dir);
    expect(await tell(report, repo)).toMatchObject({ one: { exposure: "tip", introduced: "words COMMIT_MSG" } });
    expect(report.coverage).toMatchObject(clean);
  });
});

describe("what is not there, or not what it seems", () => {
  test("a shallow clone", async () => {
    const origin = sample();
    origin.commit("last", { "last.txt": line("three") });
    const repo = cloned(origin, "--depth=2", url(origin));
    const report = await auditOf(repo.dir);
    expect(unseenOf(report, "shallow")).toBe(1);
    expect(report.coverage.complete).toBe(false);
    expect(report.problems).toEqual([]);
    expect(unseenOf(report, "damaged")).toBe(0);
    const told = await tell(report, repo);
    expect(Object.keys(told)).toEqual(["two", "three"]);
    expect(told).toMatchObject({ two: { exposure: "tip", introduced: "add two deep/er/b.txt" } });
    const older = Object.fromEntries(
      report.verdicts.map(({ finding: { origin: found } }) => [found?.introduced?.path, found?.mayBeOlder]),
    );
    expect(older).toEqual({ "deep/er/b.txt": true, "last.txt": false });
  });

  test.each(["blob:none", "blob:limit=10", "tree:0"])(
    "a partial clone (%s): counted, never fetched",
    async (filter) => {
      const origin = sample();
      origin.git("config", "uploadpack.allowFilter", "true");
      const repo = cloned(origin, `--filter=${filter}`, "--no-checkout", url(origin));
      const objects = () => repo.run(["count-objects", "-v"]);
      const before = objects();
      const missing = repo.git("rev-list", "--objects", "--all", "--missing=print").match(/^\?/gm)?.length ?? 0;
      expect(missing).toBeGreaterThan(0);
      const report = await auditOf(repo.dir, { cache: false });
      expect(objects()).toBe(before);
      expect(unseenOf(report, "promisor")).toBe(missing);
      expect(report.coverage.complete).toBe(false);
      expect(report.problems).toEqual([]);
      expect(unseenOf(report, "damaged")).toBe(0);
      expect(report.verdicts).toEqual([]);
    },
  );

  test("a partial clone in which something was fetched since", async () => {
    const origin = sample();
    origin.git("config", "uploadpack.allowFilter", "true");
    const repo = cloned(origin, "--filter=blob:none", url(origin));
    const report = await auditOf(repo.dir);
    expect(await tell(report, repo)).toMatchObject({ two: wantsTwo });
    expect(unseenOf(report, "promisor")).toBe(1);
  });

  test("replaced objects and grafts: the real ones are read", async () => {
    const repo = sample();
    const real = repo.git("rev-parse", "HEAD:deep/er/b.txt");
    const other = repo.run(["hash-object", "-w", "--stdin"], { input: line("three") });
    repo.git("replace", real, other);
    writeFileSync(join(repo.dir, ".git/info/grafts"), `${repo.git("rev-parse", "HEAD")}\n`);
    rmSync(join(repo.dir, "deep"), { recursive: true });
    const report = await auditOf(repo.dir);
    expect(await tell(report, repo)).toMatchObject({
      one: wantsOne,
      two: wantsTwo,
      three: { exposure: "history", refs: [`other:1:refs/replace/${real}`] },
    });
    expect(unseenOf(report, "replaced")).toBe(2);
    expect(report.coverage.complete).toBe(true);
  });

  test("submodules are named, not entered", async () => {
    const inner = sample();
    const repo = GitRepo.create();
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.dir, "sub/module");
    repo.commit("with a submodule", { "c.txt": line("three") });
    for (const each of [repo, cloned(repo, "--bare", ".")]) {
      const report = await auditOf(each.dir, { worktree: false });
      expect(report.coverage.unseen).toEqual([
        { kind: "submodule", count: 1, examples: ["sub/module"], incomplete: false },
      ]);
      expect(report.coverage.complete).toBe(true);
      expect(Object.keys(await tell(report, each))).toEqual(["three"]);
    }
  });

  test("pointers of Git LFS are counted, packed or loose", async () => {
    const repo = sample();
    const pointer = (seed: string) =>
      `version https://git-lfs.github.com/spec/v1\noid sha256:${seed.repeat(64)}\nsize 12345\n`;
    repo.commit("large", { "a.bin": pointer("a"), "b.bin": pointer("b"), "copy.bin": pointer("b") });
    for (const pack of [false, true]) {
      if (pack) repo.git("gc", "-q");
      const report = await auditOf(repo.dir, { worktree: false });
      expect([unseenOf(report, "lfs"), report.coverage.complete]).toEqual([2, true]);
    }
  });

  test("missing objects are damage where no promise was made", async () => {
    const repo = sample();
    const tree = repo.git("rev-parse", "HEAD~2^{tree}");
    rmSync(join(repo.dir, ".git/objects", tree.slice(0, 2), tree.slice(2)));
    const report = await auditOf(repo.dir);
    expect(unseenOf(report, "damaged")).toBe(1);
    expect(report.coverage.complete).toBe(false);
    // The blob is still here, and so is what it holds; where it stood cannot be told.
    expect(await tell(report, repo)).toMatchObject({ one: { exposure: "dangling" }, two: wantsTwo });
  });

  test("a blob that is missing is damage, too", async () => {
    const repo = sample();
    const blob = repo.git("rev-parse", "HEAD~1:a.txt");
    rmSync(join(repo.dir, ".git/objects", blob.slice(0, 2), blob.slice(2)));
    const report = await auditOf(repo.dir);
    expect(report.coverage.unseen).toEqual([{ kind: "damaged", count: 1, examples: [blob], incomplete: true }]);
    expect(report.coverage.complete).toBe(false);
  });

  test("a loose object under the id of another", async () => {
    const repo = sample();
    const path = (id: string) => join(repo.dir, ".git/objects", id.slice(0, 2), id.slice(2));
    const wrong = "0123456789".repeat(4);
    mkdirSync(join(repo.dir, ".git/objects/01"), { recursive: true });
    copyFileSync(path(repo.git("rev-parse", "HEAD:deep/er/b.txt")), path(wrong));
    const report = await auditOf(repo.dir);
    expect(report.problems.map(({ message }) => message).join()).toContain(wrong);
    expect(unseenOf(report, "damaged")).toBe(1);
    expect(await tell(report, repo)).toMatchObject({ one: wantsOne, two: wantsTwo });
  });
});
