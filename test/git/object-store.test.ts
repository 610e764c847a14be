// What is listed of real repositories, against what git lists: packs, loose objects, alternates, work trees, damage.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { readLooseObject } from "../../src/base/git/loose-object.ts";
import { findObjectFolders, findPlaces, type ObjectFolders } from "../../src/base/git/object-folders.ts";
import { openObjectStore, stampOf, type ObjectStore } from "../../src/base/git/object-store.ts";
import { GitRepo, gitTestEnv, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { packIndexBytes } from "../helpers/pack-index-bytes.ts";

afterAll(removeTemporary);

const place = (cwd: string) => ({ cwd, repository: "discover", env: gitTestEnv }) as const;
const hex = (id: Uint8Array): string => Buffer.from(id).toString("hex");

async function foldersOf(dir: string): Promise<ObjectFolders & { idBytes: 20 | 32 }> {
  const places = await findPlaces(place(dir));
  return { ...findObjectFolders(places, place(dir)), idBytes: places.idBytes };
}

async function storeOf(dir: string): Promise<ObjectStore> {
  const { folders, idBytes } = await foldersOf(dir);
  return openObjectStore(folders, idBytes);
}

function idsOf(store: ObjectStore): string[] {
  const packed = store.packs.flatMap(({ index }) =>
    Array.from({ length: index.count }, (_, at) =>
      hex(index.ids.subarray(at * store.idBytes, (at + 1) * store.idBytes)),
    ),
  );
  return [...new Set([...packed, ...store.loose.map(({ id }) => hex(id))])].sort();
}

function idsFromGit(repo: GitRepo): string[] {
  return repo.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)").split("\n").sort();
}

const templates = new Map<string, GitRepo>();

/** A repository with two packs and loose objects: a copy of one that is built once. */
function mixed(...options: string[]): GitRepo {
  const template = templates.get(options.join()) ?? buildMixed(options);
  templates.set(options.join(), template);
  const copy = new GitRepo(temporaryFolder());
  cpSync(template.dir, copy.dir, { recursive: true });
  return copy;
}

function buildMixed(options: readonly string[]): GitRepo {
  const repo = GitRepo.create(...options);
  repo.commit("one", { a: "a\n".repeat(100), "d/b": "b" });
  repo.git("repack", "-q", "-d");
  repo.commit("two", { a: "a\n".repeat(101) });
  repo.git("repack", "-q", "-d");
  repo.commit("three", { c: "c" });
  return repo;
}

const packFolder = (repo: GitRepo): string => join(repo.dir, ".git", "objects", "pack");
const packsOf = (repo: GitRepo): string[] => readdirSync(packFolder(repo)).filter((name) => name.endsWith(".pack"));
const messages = (store: ObjectStore): string[] => store.troubles.map(({ kind, message }) => `${kind}: ${message}`);

describe.each([["sha1"], ["sha256"]])("%s", (format) => {
  const options = [`--object-format=${format}`];

  test("lists what git lists, and offsets and checksums as git shows them", async () => {
    const repo = mixed(...options);
    const store = await storeOf(repo.dir);
    expect([store.packs.length, store.loose.length, store.troubles]).toEqual([2, 3, []]);
    expect(store.idBytes).toBe(format === "sha1" ? 20 : 32);
    expect(idsOf(store)).toEqual(idsFromGit(repo));
    for (const { pack, name, bytes, index } of store.packs) {
      expect([basename(pack), bytes, index.sound]).toEqual([`${name}.pack`, readFileSync(pack).length, true]);
      const shown = repo.run(["show-index"], { input: readFileSync(pack.replace(/pack$/, "idx")) });
      const own = Array.from({ length: index.count }, (_, at) => {
        const id = hex(index.ids.subarray(at * store.idBytes, (at + 1) * store.idBytes));
        return `${index.offsets[at]} ${id} (${index.crcs?.[at]?.toString(16).padStart(8, "0")})`;
      });
      expect(own.sort()).toEqual(shown.split("\n").sort());
      expect(readFileSync(pack).subarray(-store.idBytes).equals(index.packChecksum)).toBe(true);
    }
    for (const { id, file } of store.loose) {
      const content = readLooseObject(file, { maxBytes: 1e6, id });
      expect(content.type).toBe(repo.git("cat-file", "-t", hex(id)));
      expect(content.size).toBe(Number(repo.git("cat-file", "-s", hex(id))));
    }
  });

  test("reads indexes of version 1 and with large offsets", async () => {
    const repo = mixed(...options);
    repo.git("gc", "-q");
    const [name = ""] = packsOf(repo);
    const pack = join(packFolder(repo), name);
    const index = pack.replace(/pack$/, "idx");
    const before = idsOf(await storeOf(repo.dir));
    for (const version of ["1", "2,0x20"]) {
      rmSync(index, { force: true });
      repo.git("index-pack", `--index-version=${version}`, "-o", index, pack);
      const store = await storeOf(repo.dir);
      expect([store.packs.length, store.packs[0]?.index.sound, store.troubles]).toEqual([1, true, []]);
      expect(store.packs[0]?.index.crcs === undefined).toBe(version === "1");
      expect(idsOf(store)).toEqual(before);
      expect(Math.min(...(store.packs[0]?.index.offsets ?? []))).toBe(12);
    }
  });

  test("a multi-pack index serves where .idx files are missing", async () => {
    const repo = mixed(...options);
    repo.git("multi-pack-index", "write");
    const all = idsFromGit(repo);
    for (const name of packsOf(repo)) rmSync(join(packFolder(repo), name.replace(/pack$/, "idx")));
    const store = await storeOf(repo.dir);
    expect([store.packs.length, store.troubles, store.unindexed]).toEqual([2, [], []]);
    expect(idsOf(store)).toEqual(all);
    // As a chain of one layer.
    const folder = join(packFolder(repo), "multi-pack-index.d");
    mkdirSync(folder);
    const checksum = readFileSync(join(packFolder(repo), "multi-pack-index"))
      .subarray(-store.idBytes)
      .toString("hex");
    renameSync(join(packFolder(repo), "multi-pack-index"), join(folder, `multi-pack-index-${checksum}.midx`));
    writeFileSync(join(folder, "multi-pack-index-chain"), `${checksum}\n`);
    const chained = await storeOf(repo.dir);
    expect([idsOf(chained), chained.troubles]).toEqual([all, []]);
  });
});

test("an index over 2^31 is read as git reads it", async () => {
  const repo = GitRepo.create();
  const far = [{ id: Buffer.alloc(20, 1), offset: 7 * 2 ** 32 + 9, crc: 5 }];
  writeFileSync(join(packFolder(repo), "pack-far.idx"), packIndexBytes(far, 20));
  writeFileSync(join(packFolder(repo), "pack-far.pack"), "PACK");
  const shown = repo.run(["show-index"], { input: packIndexBytes(far, 20) });
  const { packs } = await storeOf(repo.dir);
  expect(shown).toBe(`${packs[0]?.index.offsets[0]} ${"01".repeat(20)} (00000005)`);
});

test("marks of packs: .promisor and .keep", async () => {
  const repo = mixed();
  const [one = "", two = ""] = packsOf(repo);
  writeFileSync(join(packFolder(repo), one.replace(/pack$/, "promisor")), "");
  writeFileSync(join(packFolder(repo), two.replace(/pack$/, "keep")), "");
  const { packs } = await storeOf(repo.dir);
  expect(packs.map(({ promisor, kept }) => [promisor, kept])).toEqual([
    [true, false],
    [false, true],
  ]);
});

describe("where objects are", () => {
  test("work tree, subfolder, .git itself, linked work tree, bare", async () => {
    const repo = mixed();
    const own = join(repo.dir, ".git", "objects");
    repo.git("worktree", "add", "-q", "-b", "side", join(repo.dir, "..", `${basename(repo.dir)}-side`));
    const side = join(dirname(repo.dir), `${basename(repo.dir)}-side`);
    for (const dir of [repo.dir, join(repo.dir, "d"), join(repo.dir, ".git"), side]) {
      expect(await foldersOf(dir)).toEqual({ folders: [own], troubles: [], idBytes: 20 });
    }
    rmSync(side, { recursive: true });
    const bare = GitRepo.create("--bare");
    expect((await foldersOf(bare.dir)).folders).toEqual([join(bare.dir, "objects")]);
    expect((await findPlaces(place(bare.dir))).bare).toBe(true);
  });

  test("no repository is git's own word", async () => {
    await expect(findPlaces(place(temporaryFolder()))).rejects.toThrow(/not a git repository/);
  });

  test("a name with a line break and spaces", async () => {
    const dir = join(temporaryFolder(), "a\nb c ");
    if (process.platform === "win32") return;
    mkdirSync(dir);
    const repo = new GitRepo(dir);
    repo.git("init", "-q");
    expect((await foldersOf(dir)).folders).toEqual([join(dir, ".git", "objects")]);
  });

  test("what the environment names counts only where git is given it", async () => {
    const repo = mixed();
    const other = mixed();
    const objects = join(other.dir, ".git", "objects");
    const env = { ...gitTestEnv, GIT_OBJECT_DIRECTORY: objects, GIT_ALTERNATE_OBJECT_DIRECTORIES: objects };
    const own = [join(repo.dir, ".git", "objects")];
    const deaf = { cwd: repo.dir, repository: "discover", env } as const;
    expect(findObjectFolders(await findPlaces(deaf), deaf).folders).toEqual(own);
    const alternates = { ...gitTestEnv, GIT_ALTERNATE_OBJECT_DIRECTORIES: `"${objects}"` };
    const hears = { cwd: repo.dir, repository: "environment", env: alternates } as const;
    expect(findObjectFolders(await findPlaces(hears), hears).folders).toEqual([...own, objects]);
    const moved = { cwd: repo.dir, repository: "environment", env } as const;
    expect(findObjectFolders(await findPlaces(moved), moved).folders).toEqual([objects]);
  });
});

describe("alternates", () => {
  /** Repositories of which each names the ones after it, in the given way. */
  function chain(count: number, name: (objects: string, from: string) => string): GitRepo[] {
    const repos = Array.from({ length: count }, () => GitRepo.create());
    for (const [depth, repo] of repos.entries()) {
      repo.commit(`commit ${depth}`, { file: `content ${depth}` });
      const next = repos[depth + 1];
      if (next === undefined) continue;
      const info = join(repo.dir, ".git", "objects", "info");
      mkdirSync(info, { recursive: true });
      writeFileSync(join(info, "alternates"), name(join(next.dir, ".git", "objects"), dirname(info)));
    }
    return repos;
  }

  test.each([
    ["absolute", (objects: string) => `${objects}\n`],
    ["without a line break", (objects: string) => objects],
    ["relative", (objects: string, from: string) => `${relative(from, objects)}\n`],
    ["quoted", (objects: string) => `"${objects.replaceAll("g", "\\147")}"\n`],
    ["with comments and empty lines", (objects: string) => `# why\n\n${objects}\n\n`],
    ["twice", (objects: string, from: string) => `${objects}\n${relative(from, objects)}/.\n`],
  ])("%s", async (_, name) => {
    const [repo] = chain(3, name);
    const store = await storeOf(repo!.dir);
    expect([store.folders.length, store.troubles]).toEqual([3, []]);
    expect(idsOf(store)).toEqual(idsFromGit(repo!));
  });

  test("as deep as git goes, and a word where it goes on", async () => {
    const deep = chain(8, (objects) => `${objects}\n`);
    const { folders, troubles } = await foldersOf(deep[0]!.dir);
    expect(folders.length).toBe(7);
    expect(troubles).toEqual([
      {
        kind: "alternate",
        path: join(deep[6]!.dir, ".git", "objects", "info", "alternates"),
        message: "alternates more than 5 deep are not followed; git does not follow them either",
      },
    ]);
    expect(idsOf(openObjectStore(folders, 20))).toEqual(idsFromGit(deep[0]!));
  });

  test("loops are cut", async () => {
    const [one, two] = chain(2, (objects) => `${objects}\n`);
    const back = join(two!.dir, ".git", "objects", "info");
    mkdirSync(back, { recursive: true });
    const link = join(temporaryFolder(), "link");
    symlinkSync(join(one!.dir, ".git", "objects"), link, "junction");
    writeFileSync(join(back, "alternates"), `${link}\n${join(two!.dir, ".git", "objects")}\n`);
    const { folders, troubles } = await foldersOf(one!.dir);
    expect([folders.length, troubles]).toEqual([2, []]);
  });

  test("one that is gone, one that is a file, a list that is a folder", async () => {
    const [repo] = chain(2, () => `/nowhere/objects\n${process.execPath}\n`);
    const gone = await foldersOf(repo!.dir);
    expect(gone.troubles[0]).toEqual({
      kind: "alternate",
      path: "/nowhere/objects",
      message: "object folder of an alternate cannot be opened: not there",
    });
    expect(gone.troubles.length).toBe(2);
    const list = join(repo!.dir, ".git", "objects", "info", "alternates");
    rmSync(list);
    mkdirSync(list);
    expect((await foldersOf(repo!.dir)).troubles[0]?.message).toMatch(/list of alternates cannot be read/);
  });
});

describe("damage is named, and the rest is listed", () => {
  test("a pack without an index, an index without a pack, temporary files", async () => {
    const repo = mixed();
    const [one = "", two = ""] = packsOf(repo);
    const folder = packFolder(repo);
    for (const name of ["tmp_pack_abc", "tmp_idx_abc", ".tmp-12-pack-x.pack", "tmp_obj_abc", "pack-x.rev"]) {
      writeFileSync(join(folder, name), "");
    }
    const loose = join(repo.dir, ".git", "objects", "aa");
    mkdirSync(loose, { recursive: true });
    for (const name of ["tmp_obj_abc", "short", "A".repeat(38), "a".repeat(39)]) writeFileSync(join(loose, name), "");
    rmSync(join(folder, one.replace(/pack$/, "idx")));
    rmSync(join(folder, two));
    const store = await storeOf(repo.dir);
    expect(messages(store).sort()).toEqual([
      "index: index without its pack: the objects that it lists are gone",
      expect.stringMatching(/^pack: pack without an index: .*`git index-pack`/),
    ]);
    expect(store.unindexed).toEqual([join(folder, one)]);
    expect([store.packs.length, store.loose.length]).toEqual([0, 3]);
  });

  test.each([
    [
      "cut",
      (file: string) => truncateSync(file, 1100),
      /^index: pack index cannot be read: .*does not fit its size; `git index-pack`/,
      0,
    ],
    ["empty", (file: string) => truncateSync(file, 0), /^index: pack index cannot be read: pack index is too short/, 0],
    ["damaged", (file: string) => flip(file, -1), /^index: pack index is damaged/, 1],
    ["a folder", (file: string) => replaceBy(file, () => mkdirSync(file)), /^index: pack index cannot be read/, 0],
    [
      "a link to itself",
      (file: string) => replaceBy(file, () => symlinkSync(file, file)),
      /^index: pack index cannot be read: ELOOP/,
      0,
    ],
  ])("an index that is %s", async (_, change, says, listed) => {
    const repo = mixed();
    const [one = "", two = ""] = packsOf(repo);
    change(join(packFolder(repo), one.replace(/pack$/, "idx")));
    const store = await storeOf(repo.dir);
    expect(messages(store)).toEqual([expect.stringMatching(says)]);
    expect(store.packs.map(({ pack, index }) => [basename(pack), index.sound])).toEqual(
      listed === 1
        ? [
            [one, false],
            [two, true],
          ]
        : [[two, true]],
    );
    expect(store.unindexed).toEqual(listed === 1 ? [] : [join(packFolder(repo), one)]);
  });

  test("an index that is a pipe does not hold us up", { timeout: 5000 }, async () => {
    if (process.platform === "win32") return;
    const repo = mixed();
    const [one = ""] = packsOf(repo);
    const index = join(packFolder(repo), one.replace(/pack$/, "idx"));
    rmSync(index);
    execFileSync("mkfifo", [index]);
    expect(messages(await storeOf(repo.dir))).toEqual([expect.stringMatching(/not a plain file/)]);
  });

  test("a damaged multi-pack index is named only where it is needed", async () => {
    const repo = mixed();
    repo.git("multi-pack-index", "write");
    truncateSync(join(packFolder(repo), "multi-pack-index"), 30);
    expect((await storeOf(repo.dir)).troubles).toEqual([]);
    rmSync(join(packFolder(repo), packsOf(repo)[0]!.replace(/pack$/, "idx")));
    expect(messages(await storeOf(repo.dir))).toEqual([
      expect.stringMatching(/^index: multi-pack-index cannot be read: .*too short/),
      expect.stringMatching(/^pack: pack without an index/),
    ]);
  });

  test("a pack that leads nowhere, folders that are files", async () => {
    const repo = mixed();
    const [one = ""] = packsOf(repo);
    rmSync(join(packFolder(repo), one));
    symlinkSync(join(repo.dir, "nowhere"), join(packFolder(repo), one));
    expect(messages(await storeOf(repo.dir))).toEqual([expect.stringMatching(/^pack: pack cannot be opened: a link/)]);
    const { folders } = await foldersOf(repo.dir);
    const gone = openObjectStore([...folders, join(repo.dir, "none"), join(repo.dir, "a")], 20);
    expect(gone.packs.length).toBe(1);
    expect(messages(gone).slice(-2)).toEqual([
      "loose: object folder cannot be opened: not there",
      "loose: object folder cannot be opened: not a folder",
    ]);
  });
});

function replaceBy(file: string, make: () => void): void {
  rmSync(file);
  make();
}

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[(at + bytes.length) % bytes.length]! ^= 1;
  rmSync(file);
  writeFileSync(file, bytes);
}

describe("while git is at work", () => {
  test("the stamp changes, and unchanged packs are not read again", async () => {
    const repo = mixed();
    const first = await storeOf(repo.dir);
    expect(stampOf(first.folders)).toBe(first.stamp);
    const same = openObjectStore(first.folders, 20, first);
    expect(same.packs.map((pack) => first.packs.includes(pack))).toEqual([true, true]);
    repo.git("repack", "-q", "-d");
    expect(stampOf(first.folders)).not.toBe(first.stamp);
    const later = openObjectStore(first.folders, 20, first);
    expect(later.packs.length).toBe(3);
    expect(later.packs.filter((pack) => first.packs.includes(pack)).length).toBe(2);
    repo.git("gc", "-q");
    const last = openObjectStore(first.folders, 20, later);
    expect([last.packs.length, idsOf(last)]).toEqual([1, idsFromGit(repo)]);
  });

  test("a pack that was replaced by another of the same name is read again", async () => {
    const repo = mixed();
    const first = await storeOf(repo.dir);
    const [one, two] = first.packs;
    rmSync(one!.pack.replace(/pack$/, "idx"));
    rmSync(one!.pack);
    copyFileSync(two!.pack, one!.pack);
    copyFileSync(two!.pack.replace(/pack$/, "idx"), one!.pack.replace(/pack$/, "idx"));
    const later = openObjectStore(first.folders, 20, first);
    expect(later.packs[0]).not.toBe(one);
    expect(later.packs[0]?.index.packChecksum).toEqual(two!.index.packChecksum);
  });

  test("a loose object that comes or goes changes the stamp", async () => {
    const repo = mixed();
    const first = await storeOf(repo.dir);
    const id = repo.run(["hash-object", "-w", "--stdin"], { input: "new" });
    const after = stampOf(first.folders);
    expect(after).not.toBe(first.stamp);
    rmSync(join(repo.dir, ".git", "objects", id.slice(0, 2), id.slice(2)));
    expect(stampOf(first.folders)).not.toBe(after);
    expect(existsSync(first.loose[0]!.file)).toBe(true);
  });

  test("every object is listed at any moment of a repack", { timeout: 60_000 }, async () => {
    const repo = mixed();
    const { folders } = await foldersOf(repo.dir);
    const all = idsFromGit(repo);
    let store = openObjectStore(folders, 20);
    let rounds = 0;
    for (const args of [["--depth=1"], ["--depth=9"], ["--depth=1", "--unpack-unreachable=now"], ["--depth=9"]]) {
      const git = spawn("git", ["repack", "-a", "-d", "-f", "-q", ...args], { cwd: repo.dir, env: repo.env });
      const ended = once(git, "close");
      while (git.exitCode === null) {
        store = openObjectStore(folders, 20, store);
        expect(idsOf(store)).toEqual(all);
        rounds += 1;
        await setImmediate();
      }
      expect(await ended).toEqual([0, null]);
    }
    expect(rounds).toBeGreaterThan(4);
  });
});
