// Loose objects written by hand: whole and in pieces, and every way in which one can be damaged or lie.

import { createHash, randomBytes } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { readLooseObject, type LooseReadOptions } from "../../../../src/base/git/loose-object.ts";
import { PackFormatError } from "../../../../src/base/git/pack-format-error.ts";
import { removeTemporary, temporaryFolder } from "../../../helpers/git-repo.ts";

const file = join(temporaryFolder(), "object");
afterAll(removeTemporary);

interface Read {
  readonly type: string;
  readonly size: number;
  readonly body: Buffer;
  readonly pieces: number;
}

/** Reads what `packed` holds, whole or in pieces. */
async function read(packed: Buffer, options: LooseReadOptions): Promise<Read> {
  writeFileSync(file, packed);
  const content = readLooseObject(file, options);
  if ("body" in content) return { ...content, body: Buffer.from(content.body), pieces: 1 };
  const pieces: Uint8Array[] = [];
  for await (const chunk of content.chunks) pieces.push(Buffer.from(chunk));
  return { ...content, body: Buffer.concat(pieces), pieces: pieces.length };
}

function object(header: string, body: Buffer | string): Buffer {
  return Buffer.concat([Buffer.from(`${header}\0`), Buffer.from(body)]);
}

const whole = { maxBytes: 1e9 };
const inPieces = { maxBytes: -1 };
const ways = [
  ["whole", whole],
  ["in pieces", inPieces],
] as const;

describe.each(ways)("read %s", (_, options) => {
  test.each([
    ["blob", ""],
    ["blob", "x"],
    ["tree", "\0\xff".repeat(5000)],
    ["commit", "tree 0\n"],
    ["tag", "object 0\n"],
  ])("a %s is given as it is", async (type, text) => {
    const body = Buffer.from(text, "latin1");
    const raw = object(`${type} ${body.length}`, body);
    for (const [name, level] of [
      ["sha1", 0],
      ["sha256", 1],
      ["sha1", 9],
    ] as const) {
      const id = createHash(name).update(raw).digest();
      const found = await read(deflateSync(raw, { level }), { ...options, id });
      expect([found.type, found.size, found.body.equals(body)]).toEqual([type, body.length, true]);
    }
  });

  test("contents that do not pack at all", async () => {
    const body = randomBytes(3_000_000);
    const found = await read(deflateSync(object("blob 3000000", body)), options);
    expect(found.body.equals(body)).toBe(true);
    expect(found.pieces > 1).toBe(options === inPieces);
  });

  const raw = object("blob 10", "0123456789");
  test.each([
    ["an empty file", Buffer.alloc(0), /cut short|does not start/],
    ["text", Buffer.from("not packed at all"), /cannot be unpacked/],
    ["cut in its header", deflateSync(raw, { level: 0 }).subarray(0, 12), /does not start with a type|cut short/],
    ["cut in its contents", deflateSync(raw, { level: 0 }).subarray(0, 20), /cut short/],
    ["cut in its checksum", deflateSync(raw).subarray(0, -1), /cut short/],
    ["a wrong checksum", Buffer.concat([deflateSync(raw).subarray(0, -1), Buffer.of(0)]), /cannot be unpacked/],
    ["bytes after its end", Buffer.concat([deflateSync(raw), Buffer.of(0)]), /after its end/],
    ["less than it says", deflateSync(object("blob 11", "0123456789")), /less than it says/],
    ["more than it says", deflateSync(object("blob 9", "0123456789")), /more than it says/],
    ["no header", deflateSync(Buffer.from("0123456789")), /does not start with a type/],
    ["an unknown type", deflateSync(object("blobs 10", "0123456789")), /does not start with a type/],
    ["a size with a sign", deflateSync(object("blob -1", "")), /does not start with a type/],
    ["a size with a zero in front", deflateSync(object("blob 010", "0123456789")), /does not start with a type/],
    ["a size beyond all numbers", deflateSync(object("blob 9999999999999999", "")), /does not start with a type/],
    ["a header without an end", deflateSync(Buffer.alloc(500, "blob 1")), /does not start with a type/],
  ])("%s is refused", async (__, packed, says) => {
    const reading = read(packed, options);
    await expect(reading).rejects.toThrow(PackFormatError);
    await expect(read(packed, options)).rejects.toThrow(says);
  });

  test("another id is refused", async () => {
    const id = createHash("sha1").update(raw).digest();
    id[19]! ^= 1;
    await expect(read(deflateSync(raw), { ...options, id })).rejects.toThrow(/does not have the id/);
  });

  test("any bit that flips is refused when the id is known", async () => {
    const text = object("blob 400", Buffer.alloc(400, "some words and more of them. "));
    const packed = deflateSync(text);
    const id = createHash("sha1").update(text).digest();
    await fc.assert(
      fc.asyncProperty(fc.nat(packed.length * 8 - 1), async (bit) => {
        const spoiled = Buffer.from(packed);
        spoiled[bit >> 3]! ^= 1 << (bit & 7);
        const outcome = await read(spoiled, { ...options, id }).catch((error: unknown) => error);
        // The level in the second byte of a zlib stream means nothing to a reader.
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(PackFormatError);
        else expect((outcome as Read).body.equals(text.subarray(9))).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test("a bomb is not unpacked: ten bytes said, 64 MB packed", { timeout: 10_000 }, async () => {
    const bomb = deflateSync(Buffer.concat([Buffer.from("blob 10\0"), Buffer.alloc(64 * 1024 * 1024)]));
    const before = process.memoryUsage().rss;
    await expect(read(bomb, options)).rejects.toThrow(/more than it says|far too large/);
    expect(process.memoryUsage().rss - before).toBeLessThan(48 * 1024 * 1024);
  });
});

test("a claim of much memory costs none", async () => {
  const before = process.memoryUsage().rss;
  await expect(read(deflateSync(object("blob 900000000", "few")), whole)).rejects.toThrow(/less than it says/);
  expect(process.memoryUsage().rss - before).toBeLessThan(48 * 1024 * 1024);
});

test("the limit says which way: up to it whole, above it in pieces", () => {
  writeFileSync(file, deflateSync(object("blob 10", "0123456789")));
  expect("body" in readLooseObject(file, { maxBytes: 10 })).toBe(true);
  expect("chunks" in readLooseObject(file, { maxBytes: 9 })).toBe(true);
});

test("one that is not there, a folder, a pipe", () => {
  const folder = temporaryFolder();
  expect(() => readLooseObject(join(folder, "none"), whole)).toThrow(/ENOENT/);
  mkdirSync(join(folder, "folder"));
  expect(() => readLooseObject(join(folder, "folder"), whole)).toThrow(/not a plain file|EISDIR|EPERM/);
  if (process.platform === "win32") return;
  execFileSync("mkfifo", [join(folder, "pipe")]);
  expect(() => readLooseObject(join(folder, "pipe"), whole)).toThrow(/not a plain file/);
});
