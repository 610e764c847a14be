import type * as fs from "node:fs";
import { join } from "node:path";
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";

import { afterAll, describe, expect, it, vi } from "vitest";

import { directorySource } from "../../../src/sources/directory.ts";
import { readFileInto, readSegments } from "../../../src/sources/read-file.ts";
import { collect } from "../../helpers/git-collect.ts";

// Root may read everything, so the refusal is put in front of the real calls.
vi.mock("node:fs", async (original) => {
  const real = await original<typeof fs>();
  const refusing =
    <Call extends (...args: never[]) => unknown>(call: Call) =>
    (...args: Parameters<Call>): unknown => {
      const code = /refused-(\w+)/.exec(String(args[0]))?.[1];
      if (code !== undefined) throw Object.assign(new Error(`${code}: /secret/absolute/path`), { code });
      return call(...args);
    };
  return { ...real, openSync: refusing(real.openSync), readdirSync: refusing(real.readdirSync) };
});

const folder = mkdtempSync(join(tmpdir(), "keywarden-denied-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kinds = [
  ["EACCES", "unreadable"],
  ["EPERM", "unreadable"],
  ["EIO", "unreadable"],
  ["ENOENT", "vanished"],
  ["ENXIO", "not-a-file"],
  ["ELOOP", "not-a-file"],
] as const;

describe("a system call that fails", () => {
  it.each(kinds)("with %s gives a problem of kind %s", (code, kind) => {
    const file = join(folder, `refused-${code}`);
    const into = (size: number): Uint8Array => new Uint8Array(size);
    const expected = { kind, path: "shown", message: expect.stringContaining("shown") };
    const result = readFileInto(file, into, { path: "shown", maxBytes: 10 });
    expect(result).toMatchObject({ kind: "failed", problem: expected });
    expect(JSON.stringify(result)).not.toContain("absolute");
    const segments = readSegments(file, { path: "shown", segmentBytes: 10, overlapBytes: 1, into });
    expect(segments.next()).toMatchObject({ done: true, value: expected });
  });

  it("does not keep the rest of a folder from being listed", async () => {
    mkdirSync(join(folder, "a-refused-EACCES"), { recursive: true });
    mkdirSync(join(folder, "b"), { recursive: true });
    writeFileSync(join(folder, "b/file"), "text");
    const source = directorySource({ root: folder, paths: ["."], gitignore: true });
    const blobs = await collect(source);
    expect(blobs.map(({ provenance }) => provenance[0]?.path)).toEqual(["b/file"]);
    expect(source.problems).toMatchObject([{ kind: "unreadable", path: "a-refused-EACCES", hint: expect.any(String) }]);
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === "win32")("for want of permission, really", async () => {
    const { chmodSync } = await import("node:fs");
    mkdirSync(join(folder, "closed"));
    chmodSync(join(folder, "closed"), 0);
    const source = directorySource({ root: folder, paths: ["closed"], gitignore: true });
    await collect(source);
    expect(source.problems).toMatchObject([{ kind: "unreadable", path: "closed" }]);
  });
});
