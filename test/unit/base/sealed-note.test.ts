// Notes that only the right secret opens: round trips, every byte damaged, other secrets, bounds, writers at once.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SealedNote } from "../../../src/base/sealed-note.ts";

const secret = Buffer.alloc(32, 7);
const text = "refs/heads/main and who else is told of";
const windows = process.platform === "win32";

let base: string;
let folder: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "keywarden-test-"));
  folder = join(base, "cache");
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

function open(subject = "one", maxBytes = 1e9): SealedNote {
  return new SealedNote({ folder, maxBytes }, subject);
}

function onlyFile(): string {
  const [name = "", ...others] = readdirSync(folder);
  expect(others).toEqual([]);
  return join(folder, name);
}

describe("a note", () => {
  test.each(["", "x", text, "é\u{1f511}\0", "long ".repeat(100_000)])("comes back as it was: %#", (given) => {
    expect(open().read(secret)).toBeUndefined();
    expect(open().write(given, secret)).toBeUndefined();
    expect(open().read(secret)).toBe(given);
  });

  test("any text under any secret", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.uint8Array({ minLength: 1, maxLength: 64 }), (given, key) => {
        open().write(given, key);
        expect(open().read(key)).toBe(given);
      }),
      { numRuns: 30 },
    );
  });

  test("is replaced by the next of its subject, and by no other", () => {
    open("one").write("first", secret);
    open("two").write("second", secret);
    open("one").write("third", secret);
    expect([open("one").read(secret), open("two").read(secret)]).toEqual(["third", "second"]);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  test.each([
    ["one bit else", Buffer.from(secret.map((byte, at) => (at === 31 ? byte ^ 1 : byte)))],
    ["a shorter one", secret.subarray(1)],
    ["none", Buffer.alloc(0)],
  ])("opens for no other secret: %s", (_, other) => {
    open().write(text, secret);
    expect(open().read(other)).toBeUndefined();
    expect(open().read(secret)).toBe(text);
  });

  test("says nothing as it lies there, and never lies there twice as the same bytes", () => {
    open().write(text, secret);
    const first = readFileSync(onlyFile());
    open().write(text, secret);
    const second = readFileSync(onlyFile());
    for (const shown of [text, Buffer.from(text).toString("base64").slice(4, 20), secret.toString("latin1")])
      expect(first.toString("latin1")).not.toContain(shown);
    expect(first.equals(second)).toBe(false);
    expect(windows ? 0o600 : statSync(onlyFile()).mode & 0o777).toBe(0o600);
  });

  test("with any byte changed, cut anywhere, or with a tail is none", () => {
    open().write(text, secret);
    const file = onlyFile();
    const good = readFileSync(file);
    const damaged = Array.from(good, (_, at) =>
      Buffer.from(good.map((byte, place) => (place === at ? byte ^ 4 : byte))),
    );
    const cuts = Array.from(good, (_, length) => good.subarray(0, length));
    for (const bytes of [...damaged, ...cuts, Buffer.concat([good, Buffer.alloc(1)])]) {
      writeFileSync(file, bytes);
      expect(open().read(secret)).toBeUndefined();
    }
    writeFileSync(file, good);
    expect(open().read(secret)).toBe(text);
  });

  test("above the bound is not written, and the old one stays", () => {
    open().write(text, secret);
    const { size } = statSync(onlyFile());
    expect(open("one", size - 1).write(text, secret)).toMatch(/are more than the/);
    expect(open("one", size).write(text, secret)).toBeUndefined();
    expect(open("one", size - 1).read(secret)).toBeUndefined();
    expect(open().write("x".repeat(33 * 1024 * 1024), secret)).toMatch(/are more than the/);
    expect(open().read(secret)).toBe(text);
  });

  test("of a folder that cannot be is told of, and nothing is thrown", () => {
    writeFileSync(folder, "");
    expect(open().write(text, secret)).toMatch(/is not a folder/);
    expect(open().read(secret)).toBeUndefined();
    rmSync(folder);
    mkdirSync(folder, { mode: 0o700 });
    open().write(text, secret);
    const file = onlyFile();
    rmSync(file);
    mkdirSync(file);
    expect(open().read(secret)).toBeUndefined();
  });
});
