// Sources and an executor in: what was found, what went wrong, what was left out, and how an abort ends it.

import { describe, expect, test } from "vitest";
import { SourceError } from "../../../src/errors.ts";
import type { Blob, Skip } from "../../../src/model/blob.ts";
import { Executor } from "../../../src/pipeline/executor.ts";
import { gather } from "../../../src/pipeline/gather.ts";
import type { Progress } from "../../../src/pipeline/progress.ts";
import { bytesBlob, FakeSource, fileBlob, plainSetup, plantedToken } from "./planted.ts";

const inline = (signal?: AbortSignal): Executor => new Executor(plainSetup(), { jobs: 1, signal });
const plain = (count: number): Blob[] => Array.from({ length: count }, (_, at) => bytesBlob(`p/${at}`, `line ${at}\n`));
const planted = (path: string): Blob => bytesBlob(path, `TOKEN=${plantedToken(path)}\n`);

describe("gather", () => {
  test("counts contents, places, bytes and commits over all sources", async () => {
    const twice: Blob = {
      ...bytesBlob("a", "abcd"),
      provenance: [
        { path: "a", part: "file" },
        { path: "b", part: "file" },
      ],
    };
    const sources = [
      new FakeSource("first", [[twice], [planted("c")]], { commits: 3 }),
      new FakeSource("second", [[bytesBlob("d", "xy")]], { commits: 4 }),
      new FakeSource("third", []),
    ];
    const gathered = await gather(sources, inline(), {});
    expect(gathered.coverage).toEqual({
      complete: true,
      sources: ["first", "second", "third"],
      files: 4,
      blobs: 3,
      bytes: 4 + 2 + `TOKEN=${plantedToken("c")}\n`.length,
      commits: 7,
      skipped: [],
    });
    expect(gathered.blobs.map((blob) => blob.provenance[0]?.path)).toEqual(["c"]);
    expect(gathered.problems).toEqual([]);
  });

  test("no commits is no zero", async () => {
    const { coverage } = await gather([new FakeSource("files", [])], inline(), {});
    expect("commits" in coverage).toBe(false);
  });

  test("skips are counted by reason, with the first five paths", async () => {
    const source = new FakeSource("files", []);
    const skip = (path: string, reason: Skip["reason"]) => source.skips.push({ path, reason });
    for (const path of ["g", "f", "e", "d", "c", "b", "a"]) skip(path, "symlink");
    skip("x", "excluded");
    const { coverage } = await gather([source], inline(), {});
    expect(coverage.complete).toBe(true);
    expect(coverage.skipped).toEqual([
      { reason: "excluded", count: 1, examples: ["x"] },
      { reason: "symlink", count: 7, examples: ["a", "b", "c", "d", "e"] },
    ]);
  });

  test("problems of sources and of contents make it incomplete", async () => {
    const source = new FakeSource("files", [[fileBlob("gone", "/no/such/keywarden-file"), planted("c")]]);
    source.problems.push({ kind: "shallow", message: "history ends here" });
    const gathered = await gather([source], inline(), {});
    expect(gathered.problems.map((problem) => problem.kind)).toEqual(["shallow", "vanished"]);
    expect(gathered.coverage).toMatchObject({ complete: false, blobs: 1, files: 2 });
  });

  test("a source that cannot be opened ends it with that error", async () => {
    const source = new FakeSource("broken", [plain(1)], {
      onBatch: () => {
        throw new SourceError("no such path: x");
      },
    });
    await expect(gather([source], inline(), {})).rejects.toThrow(SourceError);
  });

  test("progress grows and ends at what the report counts", async () => {
    const seen: Progress[] = [];
    const batches = [plain(200), [planted("a"), planted("b")], plain(10)];
    const gathered = await gather([new FakeSource("files", batches)], inline(), {
      onProgress: (progress) => seen.push(progress),
    });
    // 200 contents are two pieces of work, which end in any order.
    expect(seen.length).toBe(4);
    expect(seen).toEqual(seen.toSorted((one, other) => one.files - other.files || one.bytes - other.bytes));
    expect(seen.at(-1)).toMatchObject({ files: 212, findings: 2 });
    expect(seen.at(-1)?.bytes).toBe(gathered.coverage.bytes);
  });
});

describe("an abort", () => {
  const interrupted = [{ kind: "interrupted" }];

  test("before: nothing is read, and the report says so", async () => {
    const source = new FakeSource("files", [[planted("a")]]);
    const signal = AbortSignal.abort();
    const gathered = await gather([source], inline(signal), { signal });
    expect(source.asked).toBe(0);
    expect(gathered.problems).toMatchObject(interrupted);
    expect(gathered.coverage).toMatchObject({ complete: false, blobs: 0, files: 0 });
  });

  test.each([1, 2])(
    "between batches, with %i threads: what was found so far, and the source is closed",
    async (jobs) => {
      const controller = new AbortController();
      const endless = (function* () {
        for (let at = 0; ; at++) yield [planted(`a/${at}`), ...plain(60)];
      })();
      const source = new FakeSource("endless", endless, { onBatch: (count) => count === 5 && controller.abort() });
      const executor = new Executor(plainSetup(), { jobs, signal: controller.signal });
      const gathered = await gather([source, new FakeSource("next", [[planted("b")]])], executor, controller);
      expect(source).toMatchObject({ asked: 5, ended: true });
      expect(gathered.problems).toMatchObject(interrupted);
      expect(gathered.coverage.complete).toBe(false);
      expect(gathered.coverage.blobs).toBeLessThanOrEqual(5 * 61);
      if (jobs === 1) expect(gathered.blobs.length).toBeGreaterThan(0);
    },
  );

  test("within a batch: the rest of it is left", async () => {
    const controller = new AbortController();
    const stop: Blob = {
      content: {
        kind: "stream",
        async *read() {
          yield Buffer.from(`TOKEN=${plantedToken("s")}\n`);
          controller.abort();
        },
      },
      provenance: [{ path: "s", part: "file" }],
    };
    const source = new FakeSource("files", [[planted("a"), stop, planted("b")]]);
    const gathered = await gather([source], inline(controller.signal), controller);
    expect(gathered.blobs.map((blob) => blob.provenance[0]?.path)).toEqual(["a", "s"]);
    expect(gathered.problems).toMatchObject(interrupted);
  });
});
