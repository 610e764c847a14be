import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EntryStore } from "../../../src/base/entry-store.ts";
import type { Verification } from "../../../src/model/verification.ts";
import { entryName, VerificationCache } from "../../../src/verify/cache.ts";

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "keywarden-cache-"));
  folder = path.join(root, "verify");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const hour = 3_600_000;
const start = Date.UTC(2026, 0, 1);

function rig(maxEntries = 100) {
  const store = new EntryStore({ folder, maxEntries, maxEntryBytes: 4096 });
  let now = start;
  return { store, cache: new VerificationCache(store, () => now), pass: (ms: number) => (now += ms) };
}

function said(status: Verification["status"], hours: number, extra: Partial<Verification> = {}): Verification {
  return {
    fingerprint: "kf1:a",
    status,
    reason: "answer",
    row: "ok",
    checkedAt: new Date(start).toISOString(),
    until: new Date(start + hours * hour).toISOString(),
    facts: [{ name: "scope", value: "read" }],
    ...extra,
  };
}

const name = entryName("verdict", ["default", "acme", "kf1:a"]);

describe("verdicts", () => {
  test.each([
    ["active", 24],
    ["inactive", 24 * 7],
    ["revoked", 24 * 7],
  ] as const)("%s counts for %d hours", (status, hours) => {
    const { cache, pass } = rig();
    const given = said(status, hours);
    cache.keepVerdict(name, given);
    pass(hours * hour - 1);
    expect(cache.verdict(name, "kf1:a")).toEqual(given);
    pass(1);
    expect(cache.verdict(name, "kf1:a")).toBe(undefined);
  });

  test.each<[string, Verification]>([
    ["a failure", said("unknown", 1, { reason: "timeout" })],
    ["a row that settles nothing", said("unknown", 1)],
    ["what was settled without asking", said("inactive", 1, { reason: "expired" })],
    ["a verdict without an end", { ...said("active", 1), until: undefined } as unknown as Verification],
  ])("%s is never kept", (_, verification) => {
    const { cache } = rig();
    cache.keepVerdict(name, verification);
    expect(readdirIfThere()).toEqual([]);
  });

  test("another provider, secret, key, recipe, endpoint or half is another entry", () => {
    const parts = ["default", "acme", "kf1:a", "recipe", "", ""];
    const names = new Set([entryName("verdict", parts), entryName("control", parts)]);
    for (let index = 0; index < parts.length; index++) names.add(entryName("verdict", parts.with(index, "other")));
    expect(names.size).toBe(parts.length + 2);
    // Where one part ends and the next begins counts.
    expect(entryName("verdict", ["ab", "c"])).not.toBe(entryName("verdict", ["a", "bc"]));
  });

  test.each([
    ["no JSON", "{"],
    ["another shape", "[]"],
    ["null", "null"],
    [
      "a status that is no verdict",
      JSON.stringify({
        at: start,
        until: start + hour,
        value: { status: "unknown", reason: "answer", row: "a", facts: [] },
      }),
    ],
    [
      "a status of every object",
      JSON.stringify({
        at: start,
        until: start + hour,
        value: { status: "constructor", reason: "answer", row: "a", facts: [] },
      }),
    ],
    [
      "facts that are none",
      JSON.stringify({
        at: start,
        until: start + hour,
        value: { status: "active", reason: "answer", row: "a", facts: [1] },
      }),
    ],
    [
      "a life longer than the law's",
      JSON.stringify({
        at: start,
        until: start + 25 * hour,
        value: { status: "active", reason: "answer", row: "a", facts: [] },
      }),
    ],
    [
      "from the future",
      JSON.stringify({
        at: start + 1,
        until: start + hour,
        value: { status: "active", reason: "answer", row: "a", facts: [] },
      }),
    ],
    ["too long", `${" ".repeat(5000)}{}`],
  ])("an entry that is %s is as good as lost", (_, text) => {
    const { cache } = rig();
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(path.join(folder, name), text);
    expect(cache.verdict(name, "kf1:a")).toBe(undefined);
  });
});

function readdirIfThere(): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

test("a passed control counts for a day, a pause until its time", () => {
  const { cache, pass } = rig();
  const [control, pause] = [entryName("control", ["a"]), entryName("pause", ["a"])];
  expect(cache.controlPassed(control)).toBe(false);
  cache.keepControl(control);
  cache.keepPause(pause, start + hour);
  expect([cache.controlPassed(control), cache.pausedUntil(pause)]).toEqual([true, start + hour]);
  pass(hour);
  expect([cache.controlPassed(control), cache.pausedUntil(pause)]).toEqual([true, undefined]);
  pass(23 * hour);
  expect(cache.controlPassed(control)).toBe(false);
});

test("without a store nothing is kept, and nothing fails", () => {
  const cache = new VerificationCache(undefined, () => start);
  cache.keepVerdict(name, said("active", 24));
  expect(cache.verdict(name, "kf1:a")).toBe(undefined);
  cache.close();
});

describe("the store", () => {
  test.skipIf(process.platform === "win32")("is private to the user", () => {
    const { cache } = rig();
    cache.keepControl(name);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(folder, name)).mode & 0o777).toBe(0o600);
  });

  test.skipIf(process.platform === "win32")(
    "a folder that others may write to, or that is a link, proves nothing",
    () => {
      const { store } = rig();
      expect(store.write("a.json", "1")).toBe(true);
      chmodSync(folder, 0o777);
      expect([store.read("a.json"), store.write("b.json", "1")]).toEqual([undefined, false]);
      chmodSync(folder, 0o700);
      expect(store.read("a.json")).toBe("1");
      const link = path.join(root, "link");
      symlinkSync(folder, link);
      expect(new EntryStore({ folder: link, maxEntries: 9, maxEntryBytes: 99 }).read("a.json")).toBe(undefined);
    },
  );

  test.each(["../a", "a/b", "", ".hidden", "A", "a".repeat(200)])("the name %j leads nowhere", (bad) => {
    const { store } = rig();
    expect([store.write(bad, "1"), store.read(bad)]).toEqual([false, undefined]);
    expect(readdirIfThere()).toEqual([]);
  });

  test("what cannot be written is only not kept", () => {
    writeFileSync(path.join(root, "file"), "");
    const store = new EntryStore({ folder: path.join(root, "file", "verify"), maxEntries: 9, maxEntryBytes: 99 });
    expect([store.write("a.json", "1"), store.read("a.json")]).toEqual([false, undefined]);
    store.prune(start);
  });

  test("an entry is replaced whole, and nothing else is left behind", () => {
    const { store } = rig();
    for (const text of ["first", "second"]) store.write("a.json", text);
    expect([store.read("a.json"), readdirSync(folder)]).toEqual(["second", ["a.json"]]);
    expect(readFileSync(path.join(folder, "a.json"), "utf8")).toBe("second");
  });

  test("prunes the oldest, and what killed runs left", () => {
    const { store } = rig(2);
    for (const [index, entry] of ["a", "b", "c"].entries()) {
      store.write(`${entry}.json`, "1");
      utimesSync(path.join(folder, `${entry}.json`), index + 1, index + 1);
    }
    writeFileSync(path.join(folder, ".old.tmp"), "");
    utimesSync(path.join(folder, ".old.tmp"), 1, 1);
    const now = Date.now();
    writeFileSync(path.join(folder, ".new.tmp"), "");
    store.prune(now);
    expect(readdirSync(folder).toSorted()).toEqual([".new.tmp", "b.json", "c.json"]);
  });
});
