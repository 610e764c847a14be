// However a content is cut, whatever stands around it and in whichever batches it comes, the same is found.

import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { Scanned } from "../../src/model/match.ts";
import { ContentScanner } from "../../src/pipeline/content-scanner.ts";
import { Executor } from "../../src/pipeline/executor.ts";
import { gather } from "../../src/pipeline/gather.ts";
import { pack, unpack } from "../../src/pipeline/packed.ts";
import { bytesBlob, FakeSource, plainSetup, plantedToken, streamBlob } from "../unit/pipeline/planted.ts";

const scanner = new ContentScanner(plainSetup());

/** Texts in which tokens stand plain, in base64 and in escapes, between bytes of all kinds. */
const piece = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }).map((text) => Buffer.from(text, "utf8")),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc.nat({ max: 20 }).map((seed) => Buffer.from(`\nT=${plantedToken(`property ${seed}`)}\n`)),
  fc
    .nat({ max: 20 })
    .map((seed) => Buffer.from(` ${Buffer.from(`k: ${plantedToken(`property ${seed}`)}`).toString("base64")}\n`)),
  fc.nat({ max: 20 }).map((seed) => Buffer.from(`${plantedToken(`property ${seed}`).replaceAll("_", "%5F")}\r\n`)),
);
const content = fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.concat(pieces));

/** As text, members in a fixed order. */
function seen(scanned: Scanned | undefined): string {
  const matches = scanned?.matches.map((match) => Object.entries(match).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify([scanned?.bytes, matches, scanned?.directives]);
}

test("a stream cut anywhere is the content", async () => {
  let found = 0;
  await fc.assert(
    fc.asyncProperty(content, fc.array(fc.nat(), { maxLength: 6 }), async (bytes, cuts) => {
      const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
      const portions = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
      const whole = scanner.scan(bytesBlob("f", bytes)).scanned;
      found += whole?.matches.length ?? 0;
      expect(seen((await scanner.scanPatiently(streamBlob("f", portions))).scanned)).toBe(seen(whole));
    }),
    { numRuns: 300 },
  );
  expect(found).toBeGreaterThan(50);
});

test("what was scanned before does not matter", () => {
  fc.assert(
    fc.property(content, content, (before, bytes) => {
      const alone = new ContentScanner(plainSetup()).scan(bytesBlob("f", bytes)).scanned;
      scanner.scan(bytesBlob("f", before));
      expect(seen(scanner.scan(bytesBlob("f", bytes)).scanned)).toBe(seen(alone));
    }),
    { numRuns: 60 },
  );
});

test("packing and unpacking lose nothing but values", () => {
  fc.assert(
    fc.property(fc.array(content, { maxLength: 4 }), (contents) => {
      const scanned = contents.map((bytes, index) => scanner.scan(bytesBlob(`f${index}`, bytes)));
      const packed = structuredClone(pack(scanned, new Map()));
      expect(packed.contents).toBe(contents.length);
      for (const { index, scanned: back } of packed.blobs) {
        if (back !== undefined) expect(seen(unpack(back))).toBe(seen(scanned[index]?.scanned));
      }
      const named = new Set(packed.blobs.map((blob) => blob.index));
      for (const [index, blob] of scanned.entries()) expect(named.has(index)).toBe(blob.scanned?.matches.length !== 0);
    }),
    { numRuns: 100 },
  );
});

const threads = new Executor(plainSetup(), { jobs: 2 });
afterAll(() => threads.close());

test("batches of any size, in this thread or over others, give the same findings", { timeout: 30_000 }, async () => {
  await threads.scan(Array.from({ length: 60 }, (_, index) => bytesBlob(`w${index}`, "warm")));
  await fc.assert(
    fc.asyncProperty(
      fc.array(content, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 9 }),
      async (contents, size) => {
        const blobs = contents.map((bytes, index) => bytesBlob(`f${String(index).padStart(2, "0")}`, bytes));
        const batches = Array.from({ length: Math.ceil(blobs.length / size) }, (_, at) =>
          blobs.slice(at * size, (at + 1) * size),
        );
        const inline = await gather([new FakeSource("s", batches)], new Executor(plainSetup(), { jobs: 1 }), {});
        const results = await Promise.all(batches.map((batch) => threads.scan(batch)));
        const shared = results.flatMap((result) => result.blobs);
        const sorted = (found: typeof shared): string[] =>
          found.map((blob) => `${blob.provenance[0]?.path} ${seen(blob.scanned)}`).toSorted();
        expect(sorted(shared)).toEqual(sorted([...inline.blobs]));
        expect(results.reduce((sum, result) => sum + result.bytes, 0)).toBe(inline.coverage.bytes);
      },
    ),
    { numRuns: 40 },
  );
});
