// What was written is read back, or nothing is: under other keys, damage, foreign folders, full folders.

import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NONE } from "../../../src/base/merge-ids.ts";
import { encodeObjects } from "../../../src/base/object-cache-format.ts";
import { lookAgain, openObjectCache } from "../../../src/base/object-cache.ts";
import type { CachedObjects, ObjectCache, ObjectCacheOptions } from "../../../src/base/object-cache.ts";
import { madeObjects, markOf } from "./object-tables.ts";
import { processorClock } from "../../helpers/processor-clock.ts";

const windows = process.platform === "win32";
const root = process.getuid?.() === 0;
const key = Buffer.alloc(32, 7);

let base: string;
let folder: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "keywarden-test-"));
  folder = join(base, "cache", "objects");
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

function open(options: Partial<ObjectCacheOptions> = {}): ObjectCache {
  return openObjectCache({ folder, repository: "one", key, maxBytes: 1e6, ...options });
}

function onlyFile(): string {
  const [name = ""] = readdirSync(folder);
  return join(folder, name);
}

const some = madeObjects(3, 2);

/** Any sound tables, their arrays at any place in their memory. */
const soundObjects: fc.Arbitrary<CachedObjects> = fc
  .record({
    idBytes: fc.constantFrom(20 as const, 32 as const),
    kinds: fc.array(fc.constantFrom(1, 2, 3, 4, 1 + lookAgain, 2 + lookAgain, 3 + lookAgain), { maxLength: 12 }),
    lists: fc.infiniteStream(fc.array(fc.nat(12), { maxLength: 4 })),
    times: fc.infiniteStream(fc.double({ noNaN: true })),
    names: fc.infiniteStream(fc.nat(NONE)),
    held: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 5 }),
    seed: fc.bigInt(0n, (1n << 63n) - 1n).map((half) => 2n * half + 1n),
  })
  .map(({ idBytes, kinds, lists, times, names, held, seed }) => {
    const count = kinds.length;
    const number = (n: number): number => (n < count ? n : NONE);
    const places = (kind: number): Uint32Array =>
      Uint32Array.from(kinds.flatMap((found, i) => ((found & 0xf) === kind ? [i] : [])));
    const listsFor = (owners: Uint32Array): { starts: Uint32Array; all: Uint32Array } => {
      const each = [...owners].map(() => (lists.next().value ?? []).map(number));
      const starts = [...each, []].map((_, i) => each.slice(0, i).flat().length);
      return { starts: Uint32Array.from(starts), all: Uint32Array.from(each.flat()) };
    };
    const commits = places(1);
    const parents = listsFor(commits);
    const [treePlaces, blobPlaces] = [places(2), places(3)];
    const children = listsFor(treePlaces);
    const namesFor = (numbers: Uint32Array): Uint32Array => numbers.map(() => names.next().value ?? 0);
    const both = treePlaces.length > 0 && blobPlaces.length > 0 ? held : [];
    const holders = Uint32Array.from(both, ([tree]) => treePlaces[tree % treePlaces.length]!);
    const ids = Buffer.alloc(count * idBytes + 1).subarray(1);
    for (let i = 0; i < count; i++) ids.writeUInt8(i, i * idBytes + (i % 2));
    return {
      idBytes,
      ids: Buffer.concat(
        Array.from({ length: count }, (_, i) => ids.subarray(i * idBytes, (i + 1) * idBytes)).sort(Buffer.compare),
      ),
      kinds: Uint8Array.from(kinds),
      commits: {
        objects: commits,
        trees: commits.map((i) => number(i + 1)),
        times: Float64Array.from(commits, () => times.next().value ?? 0),
        parentStarts: parents.starts,
        parents: parents.all,
      },
      trees: {
        objects: treePlaces,
        childStarts: children.starts,
        children: children.all,
        names: namesFor(children.all),
      },
      holds: {
        trees: holders,
        blobs: Uint32Array.from(both, ([, blob]) => blobPlaces[blob % blobPlaces.length]!),
        names: namesFor(holders),
      },
      missing: Buffer.from(Array.from({ length: held.length * idBytes }, (_, at) => Math.floor(at / idBytes))),
      seed,
    };
  });

/** As plain data, so that views and copies compare. */
function plain({ idBytes, ids, kinds, commits, trees, holds, seed }: CachedObjects): unknown {
  const columns = (group: object): unknown => Object.entries(group).map(([name, array]) => [name, Array.from(array)]);
  return [idBytes, [...ids], [...kinds], columns(commits), columns(trees), columns(holds), seed];
}

describe("what was written", () => {
  test("is read back", () => {
    fc.assert(
      fc.property(soundObjects, (objects) => {
        expect(open().write(objects)).toBeUndefined();
        expect(plain(open().read()!)).toEqual(plain(objects));
      }),
    );
  });

  test("is nothing before the first time", () => {
    expect(open().read()).toBeUndefined();
    expect(existsSync(folder)).toBe(false);
  });

  test("is not there under another key, and is replaced by it", () => {
    open().write(some);
    const other = open({ key: Buffer.alloc(32, 8) });
    expect(other.read()).toBeUndefined();
    expect(other.write(madeObjects(2, 1))).toBeUndefined();
    expect(plain(other.read()!)).toEqual(plain(madeObjects(2, 1)));
    expect(open().read()).toBeUndefined();
    expect(readdirSync(folder)).toHaveLength(1);
  });

  test("is not there for another repository", () => {
    open().write(some);
    expect(open({ repository: "two" }).read()).toBeUndefined();
  });

  test("is ids and numbers: the same bytes whatever the names are", () => {
    open({ repository: "/home/ann/secret-project" }).write(some);
    const [name] = readdirSync(folder);
    const bytes = readFileSync(onlyFile());
    expect(name).toMatch(/^[0-9a-f]{40}\.objects$/);
    rmSync(folder, { recursive: true });
    const elsewhere = join(base, "elsewhere");
    open({ folder: elsewhere, repository: "x" }).write(some);
    expect(readdirSync(elsewhere)).not.toEqual([name]);
    expect(readFileSync(join(elsewhere, readdirSync(elsewhere)[0]!)).equals(bytes)).toBe(true);
    // Header, key and arrays are all there is.
    const { ids, kinds, commits, trees, holds, missing } = some;
    const columns = [commits, trees, holds].flatMap((group): unknown[] => Object.values(group));
    const arrays = [ids, kinds, ...columns, missing] as Uint8Array[];
    const size = arrays.reduce((sum, { byteLength }) => sum + Math.ceil(byteLength / 8) * 8, 128);
    expect(bytes.length).toBe(size);
  });

  test.skipIf(windows)("is the user's alone", () => {
    open().write(some);
    expect((statSync(folder).mode & 0o777).toString(8)).toBe("700");
    expect((statSync(onlyFile()).mode & 0o777).toString(8)).toBe("600");
  });

  test("a key of another length is a bug", () => {
    expect(() => open({ key: Buffer.alloc(20) })).toThrow(RangeError);
  });
});

describe("damage", () => {
  test("a changed byte anywhere, a cut or a tail make a file that is not believed, and is replaced", () => {
    open().write(some);
    const file = onlyFile();
    const bytes = readFileSync(file);
    const believed: string[] = [];
    const tryWith = (name: string, damaged: Buffer): void => {
      writeFileSync(file, damaged);
      if (open().read() !== undefined) believed.push(name);
    };
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(bytes.readUInt8(at) ^ (1 << (at % 8)), at);
      tryWith(`flip ${at}`, flipped);
      tryWith(`cut ${at}`, bytes.subarray(0, at));
    }
    tryWith("tail", Buffer.concat([bytes, Buffer.alloc(8)]));
    tryWith("zeros", Buffer.alloc(bytes.length));
    expect(believed).toEqual([]);
    expect(open().write(some)).toBeUndefined();
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  const { commits, trees, holds } = some;
  const at = (numbers: Uint32Array, place: number, value: number): Uint32Array =>
    numbers.map((n, i) => (i === place ? value : n));
  const swapped = Buffer.concat([some.ids.subarray(20, 40), some.ids.subarray(0, 20), some.ids.subarray(40)]);
  const twice = Buffer.concat([some.ids.subarray(0, 20), some.ids.subarray(0, 20), some.ids.subarray(40)]);

  test.each<[name: string, objects: CachedObjects]>([
    ["ids out of order", { ...some, ids: swapped }],
    ["an id twice", { ...some, ids: twice }],
    ["no kind", { ...some, kinds: some.kinds.map((kind, i) => (i === 8 ? 0 : kind)) }],
    ["an unknown kind", { ...some, kinds: some.kinds.map((kind, i) => (i === 8 ? 5 : kind)) }],
    ["an unknown mark", { ...some, kinds: some.kinds.map((kind, i) => (i === 8 ? 0x23 : kind)) }],
    ["a commit that is a blob", { ...some, commits: { ...commits, objects: at(commits.objects, 1, 8) } }],
    ["a commit that is none", { ...some, commits: { ...commits, objects: at(commits.objects, 1, NONE) } }],
    ["a tree that is a commit", { ...some, trees: { ...trees, objects: at(trees.objects, 1, 0) } }],
    ["a tree outside", { ...some, trees: { ...trees, objects: at(trees.objects, 1, 9) } }],
    ["a root tree outside", { ...some, commits: { ...commits, trees: at(commits.trees, 2, 9) } }],
    ["a parent outside", { ...some, commits: { ...commits, parents: at(commits.parents, 2, 9) } }],
    ["a child outside", { ...some, trees: { ...trees, children: at(trees.children, 5, 9) } }],
    ["a holder that is a blob", { ...some, holds: { ...holds, trees: at(holds.trees, 1, 8) } }],
    ["a holder outside", { ...some, holds: { ...holds, trees: at(holds.trees, 2, 9) } }],
    ["a holder that is none", { ...some, holds: { ...holds, trees: at(holds.trees, 0, NONE) } }],
    ["a held blob that is a tree", { ...some, holds: { ...holds, blobs: at(holds.blobs, 1, 3) } }],
    ["a held blob outside", { ...some, holds: { ...holds, blobs: at(holds.blobs, 2, 9) } }],
    ["a held blob that is none", { ...some, holds: { ...holds, blobs: at(holds.blobs, 0, NONE) } }],
    ["an even seed", { ...some, seed: some.seed + 1n }],
    ["no seed", { ...some, seed: 0n }],
    ["parents that start late", { ...some, commits: { ...commits, parentStarts: at(commits.parentStarts, 0, 1) } }],
    ["parents that end late", { ...some, commits: { ...commits, parentStarts: at(commits.parentStarts, 3, 4) } }],
    ["parents that go back", { ...some, commits: { ...commits, parentStarts: at(commits.parentStarts, 1, 3) } }],
    ["children that go back", { ...some, trees: { ...trees, childStarts: at(trees.childStarts, 1, 5) } }],
    ["children that end early", { ...some, trees: { ...trees, childStarts: at(trees.childStarts, 3, 5) } }],
  ])("%s: is not written, and not believed where the checksum holds", (_, objects) => {
    expect(open().write(objects)).toMatch(/not sound/);
    open().write(some);
    writeFileSync(onlyFile(), Buffer.concat(encodeObjects(objects, key)));
    expect(open().read()).toBeUndefined();
  });

  test.each<[name: string, objects: CachedObjects]>([
    ["too few ids", { ...some, ids: some.ids.subarray(20) }],
    ["too few times", { ...some, commits: { ...commits, times: commits.times.subarray(1) } }],
    ["too few root trees", { ...some, commits: { ...commits, trees: commits.trees.subarray(1) } }],
    ["too few names", { ...some, trees: { ...trees, names: trees.names.subarray(1) } }],
    ["too few held blobs", { ...some, holds: { ...holds, blobs: holds.blobs.subarray(1) } }],
    ["too few names of held blobs", { ...some, holds: { ...holds, names: holds.names.subarray(1) } }],
    ["a seed of 65 bits", { ...some, seed: (1n << 64n) + 1n }],
    ["a negative seed", { ...some, seed: -1n }],
    ["too few starts", { ...some, trees: { ...trees, childStarts: trees.childStarts.subarray(1) } }],
  ])("%s: is not written", (_, objects) => {
    expect(open().write(objects)).toMatch(/not sound/);
    expect(existsSync(folder)).toBe(false);
  });

  test.each<[name: string, change: (words: Uint32Array) => void]>([
    ["another version", (words) => (words[2] = 1)],
    ["the other byte order", (words) => (words[2] = 0x02000000)],
    ["ids of no kind of hash", (words) => ([words[3], words[4]] = [36, 5])],
    ["more objects than bytes", (words) => (words[4] = NONE)],
    ["more children than bytes", (words) => (words[8] = NONE)],
    ["more held blobs than bytes", (words) => (words[9] = NONE)],
    ["an even seed", (words) => (words[10] = 2)],
    ["the sum of another body", (words) => (words[30] = (words[30] as number) ^ 1)],
  ])("a header with %s is not believed, though its checksum is right", (_, change) => {
    open().write(some);
    const words = new Uint32Array(Uint8Array.from(readFileSync(onlyFile())).buffer);
    const believed = (): boolean => {
      words[31] = crc32(new Uint8Array(words.buffer, 0, 124));
      writeFileSync(onlyFile(), words);
      return open().read() !== undefined;
    };
    expect(believed()).toBe(true);
    change(words);
    expect(believed()).toBe(false);
  });

  test.skipIf(windows)("a pipe, a folder or a link in the place of the file", () => {
    open().write(some);
    const file = onlyFile();
    const aside = join(base, "aside");
    writeFileSync(aside, readFileSync(file));
    for (const make of [() => execFileSync("mkfifo", [file]), () => mkdirSync(file), () => symlinkSync(aside, file)]) {
      rmSync(file, { recursive: true });
      make();
      expect(open().read()).toBeUndefined();
    }
    expect(open().write(some)).toBeUndefined();
    expect(plain(open().read()!)).toEqual(plain(some));
  });
});

test.skipIf(windows)("a write that fails gives a reason and leaves no litter", () => {
  open().write(some);
  const file = onlyFile();
  rmSync(file);
  mkdirSync(file);
  expect(open().write(some)).toMatch(/cannot be written: EISDIR/);
  expect(readdirSync(base, { recursive: true }).filter((name) => String(name).endsWith(".tmp"))).toEqual([]);
});

describe.skipIf(windows)("a folder that is not to be trusted", () => {
  const uid = process.getuid?.() ?? 0;

  function expectRefused(why: RegExp, options: Partial<ObjectCacheOptions> = {}): void {
    const cache = open(options);
    expect(cache.refusal).toMatch(why);
    expect(cache.write(some)).toMatch(why);
    expect(cache.read()).toBeUndefined();
  }

  test("of another user", () => {
    open().write(some);
    const before = readFileSync(onlyFile());
    expectRefused(/belongs to another user/, { uid: uid + 1 });
    expect(readFileSync(onlyFile()).equals(before)).toBe(true);
  });

  test.each([0o770, 0o707, 0o777])("that others may write to: %o", (mode) => {
    open().write(some);
    chmodSync(folder, mode);
    expectRefused(/can be written to by others/);
  });

  test("that is a file, or a link that leads nowhere", () => {
    mkdirSync(join(base, "cache"));
    writeFileSync(folder, "");
    expectRefused(/is not a folder/);
    rmSync(folder);
    symlinkSync(join(base, "gone"), folder);
    expectRefused(/leads nowhere/);
    expect(existsSync(join(base, "gone"))).toBe(false);
  });

  test("that cannot be, below a file", () => {
    writeFileSync(join(base, "cache"), "");
    expect(open().write(some)).toMatch(/ENOTDIR/);
    expect(open().read()).toBeUndefined();
  });

  test("a user's link to a user's folder is one of his", () => {
    const real = join(base, "real");
    mkdirSync(real, { mode: 0o700 });
    mkdirSync(join(base, "cache"));
    symlinkSync(real, folder);
    expect(open().write(some)).toBeUndefined();
    expect(plain(open().read()!)).toEqual(plain(some));
    chmodSync(real, 0o777);
    expectRefused(/can be written to by others/);
  });

  test.runIf(root)("a link of the user to another's folder, and another's file in his own", () => {
    const real = join(base, "real");
    mkdirSync(real, { mode: 0o700 });
    chownSync(real, 12345, 12345);
    mkdirSync(join(base, "cache"));
    symlinkSync(real, folder);
    expectRefused(/belongs to another user/);
    rmSync(folder);
    open().write(some);
    chownSync(onlyFile(), 12345, 12345);
    expect(open().refusal).toBeUndefined();
    expect(open().read()).toBeUndefined();
  });

  test.skipIf(root)("that may not be written to gives a reason, and what is in it is still read", () => {
    open().write(some);
    chmodSync(folder, 0o500);
    expect(open().write(madeObjects(4, 1))).toMatch(/EACCES/);
    expect(plain(open().read()!)).toEqual(plain(some));
    chmodSync(folder, 0o700);
  });
});

describe("the bound", () => {
  const size = encodeObjects(some, key).reduce((sum, { length }) => sum + length, 0);
  const names = ["one", "two", "three"];

  /** The cache of a repository in a folder that may have so many files of this size, written so many minutes ago. */
  function writeIn(repository: string, files: number, minutesAgo = 0): string | undefined {
    const before = new Set(existsSync(folder) ? readdirSync(folder) : []);
    const reason = open({ repository, maxBytes: files * size }).write(some);
    const then = new Date(Date.now() - minutesAgo * 60_000);
    for (const name of readdirSync(folder)) if (!before.has(name)) utimesSync(join(folder, name), then, then);
    return reason;
  }

  const kept = (): string[] => names.filter((repository) => open({ repository }).read() !== undefined);

  test("drops what was not used for longest", () => {
    writeIn("one", 3, 30);
    writeIn("two", 3, 40);
    writeIn("three", 2);
    expect(kept()).toEqual(["one", "three"]);
  });

  test("counts reading as use", () => {
    writeIn("one", 3, 30);
    writeIn("two", 3, 40);
    expect(open({ repository: "two" }).read()).toBeDefined();
    writeIn("three", 2);
    expect(kept()).toEqual(["two", "three"]);
  });

  test("never drops what was just written, even where its time is the oldest", () => {
    writeIn("one", 3, -60);
    writeIn("two", 3, -60);
    writeIn("three", 1);
    expect(kept()).toEqual(["three"]);
  });

  test("is met to the byte", () => {
    for (const repository of names) writeIn(repository, 3);
    expect(kept()).toEqual(names);
  });

  test("a file that is larger is not written, and the old one stays", () => {
    writeIn("one", 1);
    const more = madeObjects(4, 2);
    expect(open({ maxBytes: size }).write(more)).toMatch(/are more than the/);
    expect(plain(open().read()!)).toEqual(plain(some));
    expect(open({ repository: "two", maxBytes: size - 1 }).write(some)).toMatch(/are more than the/);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  test("counts unfinished files, removes those older than an hour, and touches nothing else", () => {
    const temporary = (letter: string): string => `${letter.repeat(40)}.${letter.repeat(16)}.tmp`;
    writeIn("one", 3, 10);
    const minutes: readonly [name: string, ago: number][] = [
      [temporary("a"), 59],
      [temporary("b"), 61],
      ["notes.txt", 6000],
      ["notes.objects", 6000],
    ];
    for (const [name, ago] of minutes) {
      const then = new Date(Date.now() - ago * 60_000);
      writeFileSync(join(folder, name), Buffer.alloc(size));
      utimesSync(join(folder, name), then, then);
    }
    mkdirSync(join(folder, temporary("c")));
    writeIn("two", 3);
    expect(kept()).toEqual(["one", "two"]);
    writeIn("three", 2);
    expect(kept()).toEqual(["three"]);
    const rest = readdirSync(folder).filter((name) => !/^[0-9a-f]{40}\.objects$/.test(name));
    expect(rest).toEqual([temporary("a"), temporary("c"), "notes.objects", "notes.txt"]);
  });
});

// Generous: most of it is the first touch of 85 MB of memory, which is slow on some virtual machines.
test("1.2 million objects and 5 million edges are read in a moment", () => {
  open({ maxBytes: 1e9 }).write(madeObjects(410_000, 12));
  const spent = processorClock();
  const objects = open({ maxBytes: 1e9 }).read();
  const ms = spent();
  expect(objects === undefined ? undefined : markOf(objects)).toBe(1);
  expect(ms).toBeLessThan(5000);
});
