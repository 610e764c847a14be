// One content in whatever shape it comes: whole, in pieces, as a stream, in UTF-16; and what cannot be read.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Blob } from "../../../src/model/blob.ts";
import type { Scanned } from "../../../src/model/match.ts";
import { ContentScanner } from "../../../src/pipeline/content-scanner.ts";
import { removeTemporary, temporaryFolder } from "../../helpers/git-repo.ts";
import { bytesBlob, fileBlob, plainSetup, plantedRule, plantedToken, streamBlob } from "./planted.ts";

afterAll(removeTemporary);

const scanner = new ContentScanner(plainSetup());
const folder = temporaryFolder();
let files = 0;

function written(content: Uint8Array): Blob {
  const file = join(folder, `f${files++}`);
  writeFileSync(file, content);
  return fileBlob("f", file);
}

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const portions: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) portions.push(bytes.subarray(at, at + size));
  return portions;
}

/** Places and names of what was found. */
function seen(scanned: Scanned | undefined): unknown {
  return scanned?.matches.map(({ rule, span, location, decodedFrom, fingerprint, frame }) => ({
    rule,
    span,
    location,
    decodedFrom,
    fingerprint,
    frame,
  }));
}

const token = plantedToken("content");
const text = `# one\nTOKEN=${token} # \u00e4\u{1f600}\nEND\n`;
const location = { line: 2, column: 7, endLine: 2, endColumn: 7 + token.length };

describe("the ways in", () => {
  const bytes = Buffer.from(text);
  const ways: readonly [name: string, scan: () => Promise<Scanned | undefined>][] = [
    ["bytes", async () => scanner.scan(bytesBlob("f", bytes)).scanned],
    ["file", async () => scanner.scan(written(bytes)).scanned],
    ["file, patiently", async () => (await scanner.scanPatiently(written(bytes))).scanned],
    ["stream", async () => (await scanner.scanPatiently(streamBlob("f", [bytes]))).scanned],
    ["stream of single bytes", async () => (await scanner.scanPatiently(streamBlob("f", cut(bytes, 1)))).scanned],
  ];

  test.each(ways)("%s", async (_, scan) => {
    const scanned = await scan();
    expect(scanned?.bytes).toBe(bytes.length);
    expect(scanned?.matches).toMatchObject([{ rule: plantedRule, location, decodedFrom: [] }]);
    expect(scanned?.matches[0]?.span).toEqual({ start: 12, end: 12 + token.length });
  });

  test("a stream is not scanned in the worker's way", () => {
    expect(scanner.scan(streamBlob("f", []))).toMatchObject({ problem: { kind: "internal", path: "f" } });
  });

  test.each([["bytes"], ["file"], ["stream"]])("nothing at all, as %s", async (kind) => {
    const empty = new Uint8Array(0);
    const blob = kind === "bytes" ? bytesBlob("f", empty) : kind === "file" ? written(empty) : streamBlob("f", []);
    expect(await scanner.scanPatiently(blob)).toMatchObject({ scanned: { matches: [], bytes: 0 } });
  });
});

describe("UTF-16 and UTF-32", () => {
  const little = (of: string): Buffer => Buffer.from(of, "utf16le");
  const encodings: readonly [name: string, bytes: Buffer][] = [
    ["little-endian with BOM", little(`\uFEFF${text}`)],
    ["big-endian with BOM", little(`\uFEFF${text}`).swap16()],
    ["little-endian without BOM", little(text)],
    ["big-endian without BOM", little(text).swap16()],
    [
      "UTF-32, little-endian with BOM",
      Buffer.from(Uint32Array.from([...`\uFEFF${text}`], (c) => c.codePointAt(0) ?? 0).buffer),
    ],
  ];

  test.each(encodings)("%s: line and column are those of the text", async (_, bytes) => {
    for (const blob of [bytesBlob("f", bytes), written(bytes), streamBlob("f", cut(bytes, 5))]) {
      const { scanned } = await scanner.scanPatiently(blob);
      expect(scanned?.matches).toMatchObject([{ rule: plantedRule, location, decodedFrom: ["utf-16"] }]);
    }
  });

  test("a UTF-8 BOM is no column", async () => {
    const { scanned } = scanner.scan(bytesBlob("f", `\uFEFFTOKEN=${token}`));
    expect(scanned?.matches).toMatchObject([{ location: { line: 1, column: 7 }, decodedFrom: [] }]);
  });

  test("the mark of an earlier content does not rub off on a shorter one", () => {
    scanner.scan(bytesBlob("f", little(`\uFEFF${text}`)));
    expect(scanner.scan(written(Buffer.from([0x41]))).scanned?.bytes).toBe(1);
    expect(scanner.scan(bytesBlob("f", text)).scanned?.matches).toMatchObject([{ decodedFrom: [] }]);
  });
});

describe("more than 16 MiB", () => {
  const size = 17 * 1024 * 1024;
  const places = [10, 8 * 1024 * 1024 - 30, 8 * 1024 * 1024 + 512 * 1024 - 20, 16 * 1024 * 1024, size - 100];
  let bytes: Buffer;

  beforeAll(() => {
    bytes = Buffer.alloc(size, "a line of plain text that says nothing at all\n");
    for (const [index, at] of places.entries()) bytes.write(`\nTOKEN=${plantedToken(`large ${index}`)}\n`, at);
  });

  test("as bytes, as file and as stream: each token once, at its place", { timeout: 30_000 }, async () => {
    const file = written(bytes);
    const asBytes = scanner.scan(bytesBlob("f", bytes));
    expect(asBytes.scanned?.bytes).toBe(size);
    expect(asBytes.scanned?.matches.map((match) => match.span.start)).toEqual(places.map((at) => at + 7));
    const lines = places.map((at) => bytes.subarray(0, at + 7).filter((byte) => byte === 0x0a).length + 1);
    expect(asBytes.scanned?.matches.map((match) => match.location.line)).toEqual(lines);
    expect(asBytes.scanned?.matches.map((match) => match.location.column)).toEqual(places.map(() => 7));
    for (const other of [
      scanner.scan(file),
      await scanner.scanPatiently(file),
      await scanner.scanPatiently(streamBlob("f", cut(bytes, 1_000_003))),
    ]) {
      expect(seen(other.scanned)).toEqual(seen(asBytes.scanned));
      expect(other.scanned?.bytes).toBe(size);
    }
  });

  test("an abort ends a large file after a portion", async () => {
    const controller = new AbortController();
    const scanning = scanner.scanPatiently(written(bytes), controller.signal);
    setImmediate(() => controller.abort());
    const { scanned } = await scanning;
    expect(scanned?.bytes).toBeLessThan(size);
    expect(scanned?.matches.length).toBeLessThan(places.length);
  });
});

describe("what cannot be read is a problem, and nothing else stops", () => {
  test("a file that is gone", () => {
    const blob = written(Buffer.from(text));
    if (blob.content.kind === "file") rmSync(blob.content.file);
    expect(scanner.scan(blob)).toEqual({
      provenance: blob.provenance,
      problem: { kind: "vanished", path: "f", message: "f was listed, but is gone" },
    });
    expect(scanner.scan(bytesBlob("f", text)).scanned?.matches.length).toBe(1);
  });

  test("a folder in its place", () => {
    const place = join(folder, "folder");
    mkdirSync(place);
    expect(scanner.scan(fileBlob("f", place)).problem?.kind).toMatch(/not-a-file|unreadable/);
  });
});

test("only enabled rules run, on the tables of all", () => {
  const other = new ContentScanner(plainSetup({ enabled: new Set(["stripe.secret-key"]) }));
  expect(other.scan(bytesBlob("f", text)).scanned?.matches).toEqual([]);
});

test("decoding goes as deep as it is told", () => {
  const once = Buffer.from(text).toString("base64");
  const twice = Buffer.from(`data: ${once} end of data`).toString("base64");
  const depths = [0, 1, 2, 3].map((maxDecodeDepth) => {
    const deep = new ContentScanner(plainSetup({ maxDecodeDepth }));
    return [once, twice].map((encoded) => deep.scan(bytesBlob("f", `x = ${encoded}\n`)).scanned?.matches.length);
  });
  expect(depths).toEqual([
    [0, 0],
    [1, 0],
    [1, 1],
    [1, 1],
  ]);
});
