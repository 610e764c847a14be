import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";

import type { Problem } from "../../../src/model/blob.ts";
import { readFileInto, readSegments, type FileRead } from "../../../src/sources/read-file.ts";

const folder = mkdtempSync(join(tmpdir(), "keywarden-read-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
function fileOf(content: string | Buffer): string {
  const file = join(folder, `f${count++}`);
  writeFileSync(file, content);
  return file;
}

function read(file: string, maxBytes = 1000, before?: () => void): { result: FileRead; text?: string } {
  let buffer = new Uint8Array();
  const into = (size: number): Uint8Array => {
    before?.();
    buffer = new Uint8Array(size + 7);
    return buffer;
  };
  const result = readFileInto(file, into, { path: "shown", maxBytes });
  return {
    result,
    ...(result.kind === "read" ? { text: Buffer.from(buffer.subarray(0, result.length)).toString() } : {}),
  };
}

interface Segments {
  readonly parts: { offset: number; text: string; last: boolean }[];
  readonly problem: Problem | undefined;
}

function segments(file: string, segmentBytes: number, overlapBytes: number, onSegment?: () => void): Segments {
  const into = (size: number): Uint8Array => new Uint8Array(size === Number.POSITIVE_INFINITY ? segmentBytes : size);
  const reading = readSegments(file, { path: "shown", segmentBytes, overlapBytes, into });
  const parts: Segments["parts"] = [];
  for (let next = reading.next(); ; next = reading.next()) {
    if (next.done === true) return { parts, problem: next.value };
    const { offset, bytes, last } = next.value;
    parts.push({ offset, text: Buffer.from(bytes).toString("latin1"), last });
    onSegment?.();
  }
}

describe("a whole file", () => {
  it.each([1, 10, 999, 1000])("of %i bytes", (size) => {
    const { result, text } = read(fileOf("x".repeat(size)));
    expect(result).toEqual({ kind: "read", length: size });
    expect(text).toBe("x".repeat(size));
  });

  it("that is empty", () => expect(read(fileOf("")).result).toEqual({ kind: "read", length: 0 }));
  it("that is too large", () => expect(read(fileOf("x".repeat(1001))).result).toEqual({ kind: "large", size: 1001 }));

  it("that grows while it is read", () => {
    const file = fileOf("before");
    const { result, text } = read(file, 1000, () => appendFileSync(file, "more"));
    expect([result, text]).toMatchObject([{ kind: "read", problem: { kind: "changed", path: "shown" } }, "before"]);
  });

  it("that shrinks while it is read", () => {
    const file = fileOf("before");
    const { result, text } = read(file, 1000, () => truncateSync(file, 3));
    expect([result, text]).toMatchObject([{ kind: "read", length: 3, problem: { kind: "changed" } }, "bef"]);
  });

  it("that is gone", () => {
    expect(read(join(folder, "none")).result).toMatchObject({
      kind: "failed",
      problem: { kind: "vanished", path: "shown" },
    });
    expect(read(join(fileOf("x"), "below")).result).toMatchObject({ problem: { kind: "vanished" } });
  });

  it.runIf(existsSync("/proc/version"))("of /proc, whose size is 0", () => {
    expect(read("/proc/version", 10_000).text).toMatch(/Linux/);
    expect(read("/proc/version", 3).result.kind).toBe("large");
  });

  it.skipIf(process.platform === "win32")("that is none: a pipe, a folder, a device, a link", () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    symlinkSync(fileOf("x"), join(folder, "link"));
    for (const file of [pipe, folder, "/dev/null", join(folder, "link")]) {
      expect(read(file).result).toMatchObject({ kind: "failed", problem: { kind: "not-a-file" } });
      expect(segments(file, 10, 2)).toMatchObject({ parts: [], problem: { kind: "not-a-file" } });
    }
  });

  it("leaves no descriptor open", () => {
    if (!existsSync("/proc/self/fd")) return;
    const file = fileOf("x".repeat(50));
    for (let round = 0; round < 3000; round++) {
      read(file, 10);
      read(join(folder, "none"));
      readSegments(file, { path: "", segmentBytes: 10, overlapBytes: 2, into: (size) => new Uint8Array(size) }).next();
    }
    const reading = readSegments(file, {
      path: "",
      segmentBytes: 10,
      overlapBytes: 2,
      into: (size) => new Uint8Array(size),
    });
    reading.next();
    expect(reading.return(undefined).done).toBe(true);
  });
});

describe("a file in segments", () => {
  it("overlaps, and ends with the last one", () => {
    expect(segments(fileOf("0123456789"), 4, 1).parts).toEqual([
      { offset: 0, text: "0123", last: false },
      { offset: 3, text: "3456", last: false },
      { offset: 6, text: "6789", last: true },
    ]);
  });

  it("joins to the whole, with exactly one last segment", () => {
    const sizes = fc.record({ size: fc.nat(300), segment: fc.integer({ min: 1, max: 60 }), overlap: fc.nat(59) });
    fc.assert(
      fc.property(sizes, ({ size, segment, overlap }) => {
        const text = Array.from({ length: size }, (_, at) => String.fromCharCode(33 + (at % 90))).join("");
        const { parts, problem } = segments(fileOf(text), segment, Math.min(overlap, segment - 1));
        const joined = parts.reduce((whole, part) => whole.slice(0, part.offset) + part.text, "");
        expect([joined, problem]).toEqual([text, undefined]);
        expect(parts.filter(({ last }) => last)).toHaveLength(size === 0 ? 0 : 1);
        expect(parts.at(-1)?.last ?? true).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("that shrinks or grows on the way", () => {
    const shrinking = fileOf("0123456789");
    const shrunk = segments(shrinking, 4, 1, () => truncateSync(shrinking, 5));
    expect(shrunk.problem?.kind).toBe("changed");
    expect(shrunk.parts.at(-1)).toEqual({ offset: 3, text: "34", last: true });
    const growing = fileOf("0123456789");
    const grown = segments(growing, 4, 1, () => appendFileSync(growing, "x"));
    expect([grown.problem?.kind, grown.parts.at(-1)?.text]).toEqual(["changed", "6789"]);
  });

  it.runIf(existsSync("/proc/version"))("of /proc", () => {
    const { parts, problem } = segments("/proc/version", 16, 4);
    expect(parts.reduce((whole, part) => whole.slice(0, part.offset) + part.text, "")).toMatch(/^Linux.*\n$/);
    expect([parts.filter(({ last }) => last).length, problem]).toEqual([1, undefined]);
  });
});
