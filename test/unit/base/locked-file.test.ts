// A file that is read and replaced under a lock: who waits, who is taken for dead, what a link or a lock by others can do.

import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { readRootedFile, updateRootedFile } from "../../../src/base/locked-file.ts";
import { ConfigError, UsageError } from "../../../src/errors.ts";
import { removeTemporary, temporaryFolder } from "../../helpers/git-repo.ts";

afterAll(removeTemporary);

const file = "box/list.txt";
const windows = process.platform === "win32";
let root: string;
let lock: string;

beforeEach(() => {
  root = temporaryFolder();
  lock = join(root, `${file}.lock`);
});

const append = (line: string) => (before: string | undefined) => ({ text: `${before ?? ""}${line}\n`, result: line });
const add = (line: string, waitMs?: number): Promise<string> =>
  updateRootedFile({ root, file, ...(waitMs === undefined ? {} : { waitMs }) }, append(line));
const read = (): string | undefined => readRootedFile({ root, file });
const inBox = (): string[] => readdirSync(join(root, "box")).sort();

function inNewBox(make: () => unknown): void {
  mkdirSync(join(root, "box"));
  make();
}

async function failure(work: Promise<unknown>): Promise<UsageError> {
  const error = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof UsageError)) throw new Error(`no UsageError: ${String(error)}`, { cause: error });
  return error;
}

describe("reading and writing", () => {
  test("a file that is not there yet, and its folder", async () => {
    expect(read()).toBeUndefined();
    expect(await add("a")).toBe("a");
    expect(await add("b")).toBe("b");
    expect([read(), inBox()]).toEqual(["a\nb\n", ["list.txt"]]);
  });

  test("no text, or the same, leaves the file alone", async () => {
    await add("a");
    const { ino, mtimeMs } = statSync(join(root, file));
    expect(await updateRootedFile({ root, file }, () => ({ result: 1 }))).toBe(1);
    expect(
      await updateRootedFile({ root, file }, (text) => ({ result: 2, ...(text === undefined ? {} : { text }) })),
    ).toBe(2);
    expect(statSync(join(root, file))).toMatchObject({ ino, mtimeMs });
    expect(inBox()).toEqual(["list.txt"]);
  });

  test("what the change throws is thrown, and the file and the lock are as before", async () => {
    await add("a");
    const boom = Object.assign(new Error("boom"), { code: "ENOSPC" });
    await expect(updateRootedFile({ root, file }, () => Promise.reject(boom))).rejects.toBe(boom);
    expect([read(), inBox()]).toEqual(["a\n", ["list.txt"]]);
  });

  test.skipIf(windows)("permissions stay, whatever the umask", async () => {
    await add("a");
    for (const mode of [0o600, 0o664, 0o646]) {
      chmodSync(join(root, file), mode);
      await add("b");
      expect(statSync(join(root, file)).mode & 0o7777).toBe(mode);
    }
  });

  test("leftovers of killed runs go, what only looks like one stays", async () => {
    await add("a");
    const names = [".list.txt.0123456789ab.tmp", ".list.txt.old.tmp", ".other.txt.0123456789ab.tmp"];
    for (const name of names) writeFileSync(join(root, "box", name), "");
    await add("b");
    expect(inBox()).toEqual([names[1], names[2], "list.txt"]);
  });

  test.each<[what: string, bytes: Uint8Array]>([
    ["latin1", Uint8Array.from([0x61, 0xe9, 0x0a])],
    ["UTF-16", Uint8Array.from([0xff, 0xfe, 0x61, 0x00])],
  ])("%s is not written over", async (_, bytes) => {
    mkdirSync(join(root, "box"));
    writeFileSync(join(root, file), bytes);
    await expect(add("a")).rejects.toThrow(ConfigError);
    expect(Uint8Array.from(readFileSync(join(root, file)))).toEqual(bytes);
    expect(inBox()).toEqual(["list.txt"]);
  });

  test("a folder in the file's place is a ConfigError, a file in the folder's place a UsageError", async () => {
    mkdirSync(join(root, file), { recursive: true });
    await expect(add("a")).rejects.toThrow(ConfigError);
    writeFileSync(join(root, "flat"), "");
    const error = await failure(updateRootedFile({ root, file: "flat/list.txt" }, append("a")));
    expect(error.message).toMatch(/^cannot write flat\/list\.txt \((ENOTDIR|EEXIST)\)$/);
  });

  test("a text that could not be read again is not written", async () => {
    await add("a");
    const huge = updateRootedFile({ root, file }, () => ({ text: "x".repeat(64 * 1024 * 1024 + 1), result: 0 }));
    expect((await failure(huge)).message).toContain("would become larger than");
    expect([read(), inBox()]).toEqual(["a\n", ["list.txt"]]);
  });

  test("calls at once in one process take turns", async () => {
    await Promise.all(Array.from({ length: 30 }, (_, index) => add(String(index))));
    expect(
      read()
        ?.trimEnd()
        .split("\n")
        .map(Number)
        .toSorted((a, b) => a - b),
    ).toEqual(Array.from({ length: 30 }, (_, index) => index));
  });
});

describe.skipIf(windows)("links", () => {
  test.each<[what: string, make: (outside: string) => void]>([
    ["the folder", (outside) => symlinkSync(outside, join(root, "box"))],
    ["the file", (outside) => inNewBox(() => symlinkSync(join(outside, "list.txt"), join(root, file)))],
    [
      "a file that is not there yet",
      (outside) => inNewBox(() => symlinkSync(join(outside, "new.txt"), join(root, file))),
    ],
    ["a folder that is not there", (outside) => symlinkSync(join(outside, "none"), join(root, "box"))],
    ["a circle", () => symlinkSync("box", join(root, "box"))],
  ])("%s leads out: nothing is read, nothing written", async (_, make) => {
    const outside = temporaryFolder();
    writeFileSync(join(outside, "list.txt"), "theirs\n");
    make(outside);
    expect((await failure(add("a"))).message).toBe("box/list.txt leads outside the root through a link, or nowhere");
    expect(() => read()).toThrow(UsageError);
    expect([readdirSync(outside), readFileSync(join(outside, "list.txt"), "utf8")]).toEqual([["list.txt"], "theirs\n"]);
  });

  test("links within the root are followed, and stay links", async () => {
    mkdirSync(join(root, "real"));
    writeFileSync(join(root, "real/other.txt"), "a\n");
    symlinkSync("real", join(root, "box"));
    symlinkSync("other.txt", join(root, "real/list.txt"));
    await add("b");
    expect(readFileSync(join(root, "real/other.txt"), "utf8")).toBe("a\nb\n");
    expect(readdirSync(join(root, "real")).sort()).toEqual(["list.txt", "other.txt"]);
  });

  test("a root that is reached through a link is a root", async () => {
    const link = join(temporaryFolder(), "link");
    symlinkSync(root, link);
    await updateRootedFile({ root: link, file }, append("a"));
    expect(read()).toBe("a\n");
  });
});

interface Said {
  readonly id?: unknown;
  readonly pid?: unknown;
  readonly host?: unknown;
  readonly since?: unknown;
}

const gone = spawnSync(process.execPath, ["-e", ""]).pid;

function leave(said: Said | string, ageMs = 0): void {
  mkdirSync(dirname(lock), { recursive: true });
  const whole = { id: "0123456789abcdef", pid: process.ppid, host: hostname(), since: new Date().toISOString() };
  writeFileSync(lock, typeof said === "string" ? said : JSON.stringify({ ...whole, ...said }));
  const then = new Date(Date.now() - ageMs);
  utimesSync(lock, then, then);
}

const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();

describe("locks that were left", () => {
  test.each<[what: string, said: Said | string, ageMs?: number]>([
    ["by a process that is gone", { pid: gone }],
    ["by a namesake of this process", { pid: process.pid }],
    ["before the machine was started, under a number that is in use again", { since: "2001-01-01T00:00:00Z" }],
    ["on another machine, hours ago", { host: "elsewhere", since: ago(7_200_000) }],
    ["empty, a while ago", "", 6_000],
    ["half written, a while ago", '{"id":"0123', 6_000],
    ["by somebody else's program, a while ago", "12345\n", 6_000],
    ["with an id that is a path", { id: "../../evil", pid: gone }, 6_000],
    ["with null in it", "null", 6_000],
  ])("%s is taken over", async (_, said, ageMs) => {
    leave(said, ageMs);
    expect(await add("a", 0)).toBe("a");
    expect([read(), inBox(), readdirSync(root)]).toEqual(["a\n", ["list.txt"], ["box"]]);
  });

  test.each<[what: string, said: Said | string, who: RegExp]>([
    ["by a process that lives", {}, new RegExp(`by process ${process.ppid} on `)],
    [
      "by one on another machine, just now",
      { host: "else\u001b[2Jwhere", since: ago(60_000) },
      /by process \d+ on else\?\?2Jwhere since \d{4}-[-\dT:]+\.\d{3}Z$/,
    ],
    ["by one that has not said yet who it is", "", /by somebody who does not say who it is$/],
  ])("%s are waited for, and then named", async (_, said, who) => {
    leave(said);
    const started = performance.now();
    const error = await failure(add("a", 150));
    expect(performance.now() - started).toBeGreaterThan(140);
    expect(error.message).toMatch(/^box\/list\.txt\.lock is held by /);
    expect(error.message).toMatch(who);
    expect(error.hint).toContain("If there is no such run, remove box/list.txt.lock.");
    expect([existsSync(lock), read()]).toEqual([true, undefined]);
  });

  test("a lock that is released while somebody waits", async () => {
    let second: Promise<string> | undefined;
    const first = updateRootedFile({ root, file }, async (before) => {
      // Asked for while this one holds the lock: of two that ask at once, either may be the first.
      second = add("second");
      await pause(100);
      return append("first")(before);
    });
    expect([await first, await second]).toEqual(["first", "second"]);
    expect(read()).toBe("first\nsecond\n");
  });

  test("whoever lost its lock meanwhile writes nothing", async () => {
    await add("a");
    const slow = updateRootedFile({ root, file }, (before) => {
      leave({ id: "fedcba9876543210" });
      return append("late")(before);
    });
    expect((await failure(slow)).message).toBe("another run took box/list.txt.lock over");
    expect([read(), inBox()]).toEqual(["a\n", ["list.txt", "list.txt.lock"]]);
  });

  test("guards that dead runs left go, what only looks like one stays", async () => {
    await add("a");
    const names = [".0123456789abcdef", ".1z4-1764322200000.0123456789abcdef", ".old", ".0123456789abcdef.txt"];
    for (const name of names) writeFileSync(`${lock}${name}`, "");
    await add("b");
    expect(inBox()).toEqual(["list.txt", `list.txt.lock${names[3]}`, `list.txt.lock${names[2]}`]);
  });

  test("the guard of a take-over whose maker died, too, is taken over", async () => {
    leave({ pid: gone });
    writeFileSync(
      `${lock}.0123456789abcdef`,
      JSON.stringify({ id: "aaaaaaaaaaaaaaaa", pid: gone, host: hostname(), since: ago(1000) }),
    );
    expect(await add("a")).toBe("a");
    expect(inBox()).toEqual(["list.txt"]);
  });

  test.each<[what: string, make: () => void]>([
    ["a folder", () => mkdirSync(lock, { recursive: true })],
    ["a link", () => inNewBox(() => symlinkSync(join(root, "elsewhere"), lock))],
    ["a pipe", () => inNewBox(() => spawnSync("mkfifo", [lock]))],
  ])("%s in the lock's place is an error at once", async (what, make) => {
    if (windows && what !== "a folder") return;
    make();
    expect((await failure(add("a"))).message).toBe("the lock box/list.txt.lock is not a file");
  });
});
