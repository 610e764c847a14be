// In this thread or over worker threads, the answer is the same; a thread that dies ends the run instead of hanging it.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { InternalError } from "../../../src/errors.ts";
import type { Blob } from "../../../src/model/blob.ts";
import { Executor } from "../../../src/pipeline/executor.ts";
import type { BatchResult } from "../../../src/pipeline/executor.ts";
import { gather } from "../../../src/pipeline/gather.ts";
import type { ScanSetup } from "../../../src/pipeline/scan-setup.ts";
import { removeTemporary, temporaryFolder } from "../../helpers/git-repo.ts";
import { bytesBlob, FakeSource, fileBlob, plainSetup, plantedRule, plantedToken, streamBlob } from "./planted.ts";

afterAll(removeTemporary);

/** What a file of number `index` holds: every third one a token, in one of four forms. */
function contentOf(index: number): Buffer {
  const token = plantedToken(`executor ${index}`);
  const line = index % 3 === 0 ? `TOKEN=${token}\n` : `LEVEL=${index}\n`;
  const text = `# file ${index}\nMODE=fast\n${line}END=1\n`;
  if (index % 12 === 3) return Buffer.from(`\uFEFF${text}`, "utf16le");
  if (index % 12 === 6) return Buffer.from(`data: ${Buffer.from(text).toString("base64")}\n`);
  if (index % 12 === 9) return Buffer.from(text.replaceAll("\n", "\r\n"));
  return Buffer.from(text);
}

const folder = temporaryFolder();
const total = 300;

const blobs: readonly Blob[] = Array.from({ length: total }, (_, index) => {
  const path = `f/${String(index).padStart(3, "0")}`;
  if (index % 2 === 0) return bytesBlob(path, contentOf(index));
  const file = join(folder, String(index));
  if (index !== 51) writeFileSync(file, contentOf(index));
  return fileBlob(path, file);
});

async function run(setup: ScanSetup, jobs: number, size: number): Promise<BatchResult & { readonly times: number }> {
  const executor = new Executor(setup, { jobs });
  const batches = Array.from({ length: Math.ceil(total / size) }, (_, at) => blobs.slice(at * size, (at + 1) * size));
  try {
    const results = await Promise.all(batches.map((batch) => executor.scan(batch)));
    const found = results.flatMap((result) => result.blobs);
    return {
      contents: results.reduce((sum, result) => sum + result.contents, 0),
      bytes: results.reduce((sum, result) => sum + result.bytes, 0),
      blobs: found.toSorted((a, b) => ((a.provenance[0]?.path ?? "") < (b.provenance[0]?.path ?? "") ? -1 : 1)),
      problems: results.flatMap((result) => result.problems),
      times: executor.times.size,
    };
  } finally {
    await executor.close();
  }
}

describe("inline and pool", () => {
  test.each([
    [2, 60],
    [3, 100],
    [2, 7],
  ])("with %i threads and batches of %i, the same as in one thread", async (jobs, size) => {
    const alone = await run(plainSetup(), 1, 50);
    const shared = await run(plainSetup(), jobs, size);
    expect(shared).toEqual(alone);
    expect(alone.contents).toBe(total - 1);
    expect(alone.bytes).toBeGreaterThan(total * 20);
    const matches = alone.blobs.flatMap((blob) => blob.scanned?.matches ?? []);
    // Number 51 is one of the hundred that hold a token, and is not there.
    expect(matches.map((match) => match.rule)).toEqual(Array.from({ length: 99 }, () => plantedRule));
    expect(new Set(matches.map((match) => match.fingerprint)).size).toBe(99);
    expect(new Set(matches.flatMap((match) => match.decodedFrom))).toEqual(new Set(["utf-16", "base64"]));
    expect(alone.problems).toMatchObject([{ kind: "vanished", path: "f/051" }]);
  });

  test("times of rules are added up over the threads", async () => {
    const shared = await run(plainSetup({ timings: true }), 2, 100);
    expect(shared.times).toBeGreaterThan(0);
    expect((await run(plainSetup(), 2, 100)).times).toBe(0);
  });

  test("values that are to be kept never leave this thread", async () => {
    const kept = await run(plainSetup({ keepValues: true }), 2, 100);
    const values = kept.blobs.flatMap((blob) => blob.scanned?.matches ?? []).map((match) => match.secret.reveal());
    expect(values[0]).toBe(plantedToken("executor 0"));
    expect(values).not.toContain("");
    const crossed = await run(plainSetup(), 2, 100);
    const others = crossed.blobs.flatMap((blob) => blob.scanned?.matches ?? []).map((match) => match.secret.reveal());
    expect(new Set(others)).toEqual(new Set([""]));
  });

  test("a stream among many files is read here", async () => {
    const executor = new Executor(plainSetup(), { jobs: 2 });
    const text = `TOKEN=${plantedToken("stream")}\n`;
    const portions = [text.slice(0, 30), text.slice(30)].map((part) => Buffer.from(part));
    await executor.scan(blobs.slice(0, 100));
    const result = await executor.scan([streamBlob("s", portions), bytesBlob("b", text)]);
    await executor.close();
    expect(result.blobs.map((blob) => blob.scanned?.matches.length)).toEqual([1, 1]);
    expect(result.bytes).toBe(2 * text.length);
  });
});

describe("a thread that fails", () => {
  /** Good here, broken in a thread: what is not enumerable is not sent. */
  const broken = (): ScanSetup => Object.defineProperty(plainSetup(), "tables", { enumerable: false });

  test("while it starts: what it was given fails, and what comes after", { timeout: 10_000 }, async () => {
    const executor = new Executor(broken(), { jobs: 2 });
    const given = [blobs.slice(0, 60), blobs.slice(60, 120)].map((batch) => executor.scan(batch));
    const results = await Promise.allSettled(given);
    expect(results.map((result) => result.status)).toEqual(["rejected", "rejected"]);
    for (let again = 0; again < 3; again++) {
      await expect(executor.scan(blobs.slice(0, 60))).rejects.toThrow(InternalError);
    }
    await executor.close();
  });

  test("ends the run with a message that says so", { timeout: 10_000 }, async () => {
    const executor = new Executor(broken(), { jobs: 2 });
    const endless = (function* () {
      for (;;) yield blobs.slice(0, 100);
    })();
    const source = new FakeSource("endless", endless);
    const error: unknown = await gather([source], executor, {}).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InternalError);
    expect((error as InternalError).message).toMatch(/^a scanning thread failed: .+/);
    expect((error as InternalError).hint).toContain("report it");
    expect(source.ended).toBe(true);
  });

  test("at one content: a problem of that one alone, without what it held", { timeout: 10_000 }, async () => {
    const executor = new Executor(plainSetup(), { jobs: 1 });
    const threads = new Executor(plainSetup(), { jobs: 2 });
    const wrong: Blob = {
      content: { kind: "bytes", bytes: null as never },
      provenance: [{ path: "wrong", part: "file" }],
    };
    const problem = { kind: "internal", path: "wrong", message: "wrong could not be scanned to its end (TypeError)" };
    expect((await executor.scan([wrong])).problems).toMatchObject([problem]);
    const result = await threads.scan([...blobs.slice(0, 60), wrong]);
    expect(result.problems).toContainEqual(expect.objectContaining(problem));
    expect(result.contents).toBeGreaterThan(50);
    await threads.close();
  });
});
