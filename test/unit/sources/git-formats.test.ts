import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { parseCommit } from "../../../src/base/git/commit.ts";
import { gitFailure } from "../../../src/base/git/git-error.ts";
import { rawChanges } from "../../../src/base/git/raw-diff.ts";
import { nulRecords, type GitRecord } from "../../../src/base/git/records.ts";
import { StreamReader } from "../../../src/base/git/stream-reader.ts";
import { displayName, displayPath, joinDisplay } from "../../../src/sources/native-path.ts";
import { sourceError } from "../../../src/sources/problems.ts";

async function* chunked(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe("NUL-terminated records", () => {
  it("survive any cut, and bytes that are not UTF-8", async () => {
    const name = fc.oneof(fc.string({ minLength: 1 }), fc.constant("zö"), fc.constant("東"));
    const raw = fc
      .uint8Array({ minLength: 1, maxLength: 5 })
      .map((bytes) => Buffer.from(bytes.map((byte) => byte | 0x80)));
    const record = fc.oneof(
      name.filter((text) => !text.includes("\0")).map((text) => Buffer.from(text)),
      raw,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(record), fc.integer({ min: 1, max: 9 }), async (records, size) => {
        const stream = Buffer.concat(records.flatMap((bytes) => [bytes, Buffer.from([0])]));
        const found: GitRecord[] = [];
        for await (const batch of nulRecords(chunked(stream, size))) found.push(...batch);
        expect(found.map((bytes) => Buffer.from(bytes).toString("hex"))).toEqual(
          records.map((bytes) => bytes.toString("hex")),
        );
        for (const text of found) if (typeof text === "string") expect(Buffer.from(text).toString()).toBe(text);
      }),
    );
  });
});

describe("a stream reader", () => {
  it("gives lines and runs across any cut", async () => {
    for (let size = 1; size < 12; size++) {
      const reader = new StreamReader(chunked(Buffer.from("head 5\nab\ncd\nnext\ntail"), size));
      expect(await reader.line()).toBe("head 5");
      expect(Buffer.from((await reader.exactly(6)) ?? []).toString()).toBe("ab\ncd\n");
      expect(await reader.exactly(0)).toEqual(new Uint8Array());
      expect(await reader.line()).toBe("next");
      expect(await reader.exactly(5)).toBeUndefined();
      expect(await reader.line()).toBeUndefined();
    }
  });
});

describe("raw differences", () => {
  const [a, b, c, zero] = ["a", "b", "c", "0"].map((digit) => digit.repeat(40)) as [string, string, string, string];
  it.each([
    [[`:000000 100644 ${zero} ${a} A`, "new"], { mode: "100644", id: a, isNew: true, status: "A", path: "new" }],
    [[`:100644 100755 ${a} ${a} M`, "x"], { mode: "100755", id: a, isNew: false, status: "M", path: "x" }],
    [
      [c, `::100644 100644 100644 ${a} ${b} ${c} MM`, "m"],
      { commit: c, mode: "100644", id: c, isNew: true, status: "MM", path: "m" },
    ],
    [
      [c, `::100644 100644 100755 ${a} ${b} ${b} MM`, "m"],
      { commit: c, mode: "100755", id: b, isNew: false, status: "MM", path: "m" },
    ],
    [[`:100644 000000 ${a} ${zero} D`, ":odd"], { mode: "000000", id: zero, isNew: true, status: "D", path: ":odd" }],
  ])("%j", async (records, expected) => {
    async function* each(): AsyncGenerator<readonly GitRecord[]> {
      for (const record of records) yield [record];
    }
    const found = [];
    for await (const changes of rawChanges(each())) found.push(...changes);
    expect(found).toEqual([expected]);
  });
});

describe("a commit object", () => {
  it.each([
    ["author A B <a@b> 0 +0000", { author: "A B <a@b>", date: "1970-01-01T00:00:00+00:00" }],
    ["author A <a> b> 86399 -0130", { author: "A <a> b>", date: "1970-01-01T22:29:59-01:30" }],
    ["author Zoë <z@b> 0 +0000", { author: "Zoë <z@b>" }],
    ["author nonsense", { author: "nonsense" }],
    ["author A <a> 99999999999999999999 +0000", { author: "A <a>" }],
    ["gpgsig -----\n more\n author no <n> 0 +0000\nauthor A <a> 0 +0000", { author: "A <a>" }],
    ["committer only", {}],
  ])("%j", (header, expected) => {
    const commit = parseCommit(Buffer.from(`tree x\nparent p\nparent q\n${header}\n\nmessage\n\nbody`));
    expect(commit).toMatchObject({ parents: ["p", "q"], ...expected });
    expect(Buffer.from(commit.message).toString()).toBe("message\n\nbody");
    if (!("author" in expected)) expect(commit.author).toBeUndefined();
    if (header.includes("99999")) expect(commit.date).toBeUndefined();
  });

  it("may be any bytes at all", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void parseCommit(bytes)));
    expect(parseCommit(Buffer.from("tree x\n")).message).toHaveLength(0);
  });
});

describe("paths to show", () => {
  it.each([
    [Buffer.from("plain"), "plain"],
    [Buffer.from([0x61, 0xe9, 0x62]), "a\\xe9b"],
    [Buffer.from([0xc3, 0xa9, 0xc3]), "é\\xc3"],
    [Buffer.from([0xf0, 0x9f, 0x98, 0x80, 0xff]), "😀\\xff"],
    ["as it is \\x", "as it is \\x"],
  ])("%j", (name, expected) => expect(displayName(name)).toBe(expected));

  it.skipIf(process.platform === "win32").each([
    ["/r", "/r/a/b", "a/b"],
    ["/r", "/r", ""],
    ["/r", "/other", "/other"],
    ["/r", "/r/..a", "..a"],
    ["/", "/a", "a"],
  ])("%s %s", (root, path, expected) => expect(displayPath(root, path)).toBe(expected));

  it("join without doubled slashes", () => {
    expect([joinDisplay("", "a"), joinDisplay("x", "a"), joinDisplay("/", "a")]).toEqual(["a", "x/a", "/a"]);
  });
});

describe("a failed git", () => {
  it.each([
    ["fatal: not a git repository (or any of the parent directories): .git", "not-a-repository"],
    ["fatal: detected dubious ownership in repository at '/x'", "unsafe-repository"],
    ["fatal: this operation must be run in a work tree", "no-work-tree"],
    ["fatal: bad revision 'x'", "unknown-revision"],
    ["fatal: could not fetch abc from promisor remote", "partial"],
    ["fatal: bad config line 1 in file .git/config", "failed"],
    ["", "failed"],
  ])("%j is %s", (stderr, kind) => {
    const failure = gitFailure("x", "exit code 128", stderr);
    expect(failure.kind).toBe(kind);
    const error = sourceError(failure, "/here");
    expect(error).toMatchObject({ name: "SourceError", hint: expect.any(String) });
  });
});
