// Trees and commits read by the unpacker, against what they were made of; and ids found in the table of all ids.

import { createHash } from "node:crypto";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { failed, named, Unpacker } from "../../../../src/base/git/unpacker.ts";
import { unpackModule } from "../../../helpers/delta-rig.ts";

const unpacker = new Unpacker(unpackModule());
const nowhere = 0xffffffff;
const aligned = (address: number) => Math.ceil((address + 64) / 64) * 64;

/** Addresses of everything that the calls are told of. */
const firstsAt = aligned(unpacker.floor);
const idsAt = aligned(firstsAt + 4 * 65_537);
const namesAt = aligned(idsAt + 400 * 32);
const nameSlots = 4096;
const filterAt = aligned(namesAt + 8 * nameSlots);
const filterBits = 8 * 1024;
const flagsAt = aligned(filterAt + filterBits / 8);
const treeAt = aligned(flagsAt + 400);

const idOf = (name: string, idBytes: number) => createHash("sha256").update(name).digest().subarray(0, idBytes);

/** Fills the table with the ids of those names and gives them in its order. */
function useIds(names: readonly string[], idBytes: 20 | 32): string[] {
  const sorted = names.toSorted((a, b) => Buffer.compare(idOf(a, idBytes), idOf(b, idBytes)));
  unpacker.ensure(treeAt + 1_000_000);
  let next = 0;
  const ids = sorted.map((name) => idOf(name, idBytes));
  for (let first = 0; first <= 65_536; first++) {
    while (next < ids.length && (ids[next] as Buffer).readUInt16BE() < first) next++;
    unpacker.words[firstsAt / 4 + first] = next;
  }
  unpacker.bytes.set(Buffer.concat(ids), idsAt);
  unpacker.calls.useIds(firstsAt, idsAt, idBytes);
  return sorted;
}

beforeEach(() => {
  unpacker.ensure(treeAt + 1_000_000);
  unpacker.bytes.fill(0, namesAt, treeAt);
  unpacker.calls.useNames(namesAt, nameSlots - 1, 0x9e3779b97f4a7c15n);
  unpacker.calls.useWanted(filterAt, filterBits - 1, flagsAt);
  unpacker.calls.expectPieces(0, nowhere);
});

interface Entry {
  readonly mode: string;
  readonly name: string;
  readonly id: string;
}

const treeBytes = (entries: readonly Entry[], idBytes: number) =>
  Buffer.concat(
    entries.map(({ mode, name, id }) => Buffer.concat([Buffer.from(`${mode} ${name}\0`), idOf(id, idBytes)])),
  );

function rows(of: "edges" | "held" | "names"): [number, number][] {
  const start = unpacker.placeOf(of) / 4;
  return Array.from({ length: unpacker.count(of) }, (_, row) => [
    unpacker.words[start + 2 * row] as number,
    unpacker.words[start + 2 * row + 1] as number,
  ]);
}

function keyOf(name: string): number {
  const bytes = Buffer.from(name);
  const at = treeAt + 500_000;
  unpacker.bytes.set(bytes, at);
  return unpacker.calls.nameKey(at, bytes.length) >>> 0;
}

/** Reads a tree: the number of its entries, or all ones. Nothing is written outside of the room for its answers. */
function read(bytes: Buffer): number {
  const out = aligned(treeAt + bytes.length);
  const end = out + Math.ceil(bytes.length / 23) * 40 + 1024;
  unpacker.ensure(end + 65_536);
  unpacker.bytes.fill(0xa5, treeAt, end + 4096);
  unpacker.bytes.set(bytes, treeAt);
  const answer = unpacker.calls.readTree(treeAt, bytes.length, out) >>> 0;
  expect(unpacker.view(end, 4096).equals(Buffer.alloc(4096, 0xa5))).toBe(true);
  expect(unpacker.view(treeAt, bytes.length).equals(bytes)).toBe(true);
  return answer;
}

const entry: fc.Arbitrary<Entry> = fc.record({
  mode: fc.constantFrom("40000", "100644", "100755", "120000", "160000", "100664"),
  name: fc.constantFrom("a", "b.txt", "src", "a name with spaces", "é", "x".repeat(200), "README.md", "12345678"),
  id: fc.nat(30).map((number) => `object ${number}`),
});

describe.each([20, 32] as const)("ids of %i bytes", (idBytes) => {
  test("are found where they stand, and nowhere else", () => {
    const names = Array.from({ length: 300 }, (_, index) => `object ${index}`);
    const sorted = useIds(names, idBytes);
    for (const name of [...names, "another", "one more"]) {
      unpacker.bytes.set(idOf(name, idBytes), treeAt);
      const place = sorted.indexOf(name);
      expect(unpacker.calls.placeOf(treeAt) >>> 0).toBe(place < 0 ? nowhere : place);
    }
  });

  test("a tree gives its subtrees, the wanted blobs in it and each name once", () => {
    const sorted = useIds(
      Array.from({ length: 25 }, (_, index) => `object ${index}`),
      idBytes,
    );
    const place = (id: string) => (sorted.includes(id) ? sorted.indexOf(id) : nowhere);
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), fc.uniqueArray(fc.nat(24)), (entries, wanted) => {
        unpacker.bytes.fill(0, namesAt, treeAt);
        unpacker.calls.useNames(namesAt, nameSlots - 1, 0x9e3779b97f4a7c15n);
        for (const object of wanted) {
          unpacker.bytes[flagsAt + object] = 1;
          unpacker.calls.mark(idsAt + object * idBytes);
        }
        const bytes = treeBytes(entries, idBytes);
        expect(read(bytes)).toBe(entries.length);
        const [edges, held, names] = [rows("edges"), rows("held"), rows("names")];
        const trees = entries.filter(({ mode }) => mode === "40000");
        expect(edges).toEqual(trees.map(({ id, name }) => [place(id), keyOf(name)]));
        const blobs = entries.filter(({ mode, id }) => !/^[14]60000$|^40000$/.test(mode) && wanted.includes(place(id)));
        expect(held).toEqual(blobs.map(({ id, name }) => [place(id), keyOf(name)]));
        const seen = names.map(([start, end]) => bytes.toString("utf8", start, end));
        expect(seen).toEqual([...new Set(entries.map(({ name }) => name))]);
        expect(unpacker.calls.namesSeen()).toBe(seen.length);
        read(bytes);
        expect(unpacker.count("names")).toBe(0);
      }),
    );
  });

  test("every beginning of a tree that is no whole number of entries is damage", () => {
    useIds(["object 1"], idBytes);
    const entries: Entry[] = [
      { mode: "40000", name: "a", id: "object 1" },
      { mode: "100644", name: "bcd", id: "object 2" },
    ];
    const bytes = treeBytes(entries, idBytes);
    const first = treeBytes(entries.slice(0, 1), idBytes).length;
    for (let length = 1; length < bytes.length; length++)
      if (length !== first) expect(read(bytes.subarray(0, length))).toBe(failed);
    expect(unpacker.fault).toBe("damaged tree");
    expect(read(bytes.subarray(0, first))).toBe(1);
    expect(read(Buffer.alloc(0))).toBe(0);
  });

  test.each([
    ["a mode that is no number", "1x0644 a\0"],
    ["no name", "100644 \0"],
    ["no end of the name", "100644 name"],
  ])("%s is damage", (_, start) => {
    expect(read(Buffer.concat([Buffer.from(start), Buffer.alloc(start.includes("\0") ? idBytes : 0, 1)]))).toBe(failed);
  });

  test("survives any bytes", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0, 32, 48, 49, 52, 97, 200, 255), { maxLength: 300, size: "max" }),
        (bytes) => {
          read(Buffer.from(bytes));
        },
      ),
      { numRuns: 1000 },
    );
  });

  const commit = (headers: readonly string[], message = "subject\n") =>
    Buffer.from(`${headers.join("\n")}\n\n${message}`);
  const hex = (name: string) => idOf(name, idBytes).toString("hex");

  function readCommit(bytes: Buffer) {
    const out = aligned(treeAt + bytes.length);
    unpacker.ensure(out + bytes.length + 4096);
    unpacker.bytes.set(bytes, treeAt);
    const parents = unpacker.calls.readCommit(treeAt, bytes.length, out) >>> 0;
    const at = out / 4;
    return {
      parents: parents === failed ? "damaged" : [...unpacker.words.subarray(at + 5, at + 5 + parents)],
      tree: unpacker.words[at + 3],
      seconds: unpacker.view(out, 8).readDoubleLE(),
      rest: unpacker.words[at + 2],
    };
  }

  test("a commit gives its tree, its parents, its time and where its other headers begin", () => {
    const sorted = useIds(["tree", "one", "two"], idBytes);
    const links = [`tree ${hex("tree")}`, `parent ${hex("one")}`, `parent ${hex("gone")}`, `parent ${hex("two")}`];
    const people = ["author A > B <a@b> 17 +0000", "committer C <c@d> 1234567890 +0100"];
    const bytes = commit([...links, ...people, "gpgsig x", " parent of nothing"], "parent not a header\n");
    expect(readCommit(bytes)).toEqual({
      parents: [sorted.indexOf("one"), nowhere, sorted.indexOf("two")],
      tree: sorted.indexOf("tree"),
      seconds: 1_234_567_890,
      rest: `${links.join("\n")}\n`.length,
    });
  });

  test.each([
    ["before 1970", "committer C <c@d> -5 +0100", -5],
    ["far in the future", "committer C <c@d> 99999999999 +0000", 99_999_999_999],
    ["none", "committer C <c@d>", 0],
    ["no committer", "author C <c@d> 5 +0000", 0],
  ])("a time %s", (_, line, seconds) => {
    useIds(["tree"], idBytes);
    expect(readCommit(commit([`tree ${hex("tree")}`, line]))).toMatchObject({ seconds, tree: 0, parents: [] });
  });

  test("an id that is none is damage; a commit without tree has none", () => {
    useIds(["tree"], idBytes);
    expect(readCommit(commit([`tree ${"x".repeat(2 * idBytes)}`])).parents).toBe("damaged");
    expect(readCommit(commit([`tree ${hex("tree")}`, `parent ${"g".repeat(2 * idBytes)}`])).parents).toBe("damaged");
    expect(readCommit(commit(["author A <a@b> 1 +0000"]))).toMatchObject({ tree: nowhere, parents: [] });
    expect(readCommit(Buffer.alloc(0))).toMatchObject({ tree: nowhere, parents: [] });
  });
});

test("a name that is looked for is told of, whatever stands under it", () => {
  useIds(["object 1", "object 2"], 20);
  unpacker.calls.wantName(keyOf("wanted.pem"));
  const entries: Entry[] = [
    { mode: "40000", name: "wanted.pem", id: "object 1" },
    { mode: "100644", name: "other", id: "object 2" },
    { mode: "100644", name: "wanted.pem", id: "gone" },
  ];
  expect(read(treeBytes(entries, 20))).toBe(3);
  expect(rows("held")).toEqual([
    [named, keyOf("wanted.pem")],
    [named, keyOf("wanted.pem")],
  ]);
});
