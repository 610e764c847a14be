// The kernel's memory: growth, big contents, release, and the tables' limits.
import { beforeAll, describe, expect, test } from "vitest";
import { UsageError } from "../../../src/errors.ts";
import { buildTables, createKernel } from "../../../src/kernel/kernel.ts";
import type { Kernel, Literal } from "../../../src/kernel/kernel.ts";
import { kernelModule, load, pairs, segmentsOf, twins } from "./kernels.ts";

const LITERALS: readonly Literal[] = [
  { text: "key", ignoreCase: true },
  { text: "_key_", ignoreCase: false },
];
const TEXT = "user = alice, pass = wonderland";

let wasm: Uint8Array;
let fast: Kernel;

beforeAll(async () => {
  wasm = await kernelModule();
  [fast] = twins(wasm, LITERALS);
});

describe("memory", () => {
  test("a region of 70 MB is read to its last byte, and a small one afterwards", () => {
    const size = 70_000_000;
    const region = fast.reserve(size);
    const view = fast.view(region).fill(46);
    view.set(Buffer.from("key"), size - 3);
    view.set(Buffer.from("KEY"), 8190);
    const run = Buffer.from(TEXT).toString("base64");
    view.set(Buffer.from(run), size - 100);
    expect(pairs(fast.find(region))).toEqual([
      [8190, 0],
      [size - 3, 0],
    ]);
    const decoded = fast.decode(region, 0);
    expect(segmentsOf(fast, decoded).map(({ text }) => text)).toContain(TEXT);
    fast.release();
    expect(pairs(fast.find(load(fast, "a_key_")))).toEqual([
      [1, 1],
      [2, 0],
    ]);
    expect(fast.view(fast.reserve(10)).buffer.byteLength).toBeLessThan(8_000_000);
  });

  test("16 MB of nothing but hits: all are there", () => {
    const region = fast.reserve(16_000_000);
    fast.view(region).set(Buffer.from("key_".repeat(4_000_000)));
    const hits = fast.find(region);
    expect(hits.count).toBe(8_000_000 - 1);
    expect([...hits.offsets.subarray(0, 5)]).toEqual([0, 3, 4, 7, 8]);
    expect([...hits.ids.subarray(0, 5)]).toEqual([0, 1, 0, 1, 0]);
    fast.release();
  });

  test("a joined run of tiny lines takes no memory per line", () => {
    const content = `.${Buffer.from(TEXT.repeat(3)).toString("base64").slice(0, 60)}${"\nQUFB".repeat(400_000)}`;
    const region = load(fast, content);
    const decoded = fast.decode(region, 0);
    expect(decoded.segments.count).toBe(1);
    expect(decoded.region.length).toBeLessThan(content.length);
    fast.release();
  });

  test("decoding grows the memory and keeps what was there", () => {
    for (const kernel of twins(wasm, LITERALS)) {
      const run = Buffer.from(TEXT.repeat(100_000)).toString("base64");
      const region = load(kernel, run);
      const decoded = kernel.decode(region, 0);
      expect(Buffer.from(kernel.view(region)).toString("latin1") === run).toBe(true);
      expect(segmentsOf(kernel, decoded)[0]?.text === TEXT.repeat(100_000)).toBe(true);
      kernel.release();
    }
  });

  test("hits stay readable while a decode grows the memory", () => {
    const [kernel] = twins(wasm, LITERALS);
    const region = load(kernel, `key ${Buffer.from(TEXT.repeat(200_000)).toString("base64")}`);
    const hits = kernel.find(region);
    kernel.decode(region, 0);
    expect(pairs(hits)[0]).toEqual([0, 0]);
  });
});

describe("tables", () => {
  test.each(["", "ab", "x".repeat(65), "schlüssel", "key\u{1F511}"])(
    "a keyword that is not 3 to 64 ASCII: %j",
    (text) => {
      expect(() => buildTables([{ text, ignoreCase: false }])).toThrow(UsageError);
    },
  );

  test("too many keywords", () => {
    const literals = Array.from({ length: 16_385 }, (_, index) => ({ text: `k${1000 + index}`, ignoreCase: false }));
    expect(() => buildTables(literals)).toThrow(UsageError);
  });

  test("survive JSON and are the same every time", () => {
    const tables = buildTables(LITERALS);
    const copy = JSON.parse(JSON.stringify(tables)) as typeof tables;
    expect(copy).toEqual(tables);
    expect(buildTables(LITERALS)).toEqual(tables);
    const kernel = createKernel(copy, { wasm });
    expect(kernel.find(load(kernel, "my_key_")).count).toBe(2);
  });
});

describe("createKernel", () => {
  const tables = buildTables(LITERALS);
  test.each([
    ["without a module", {}, "plain"],
    ["with bytes that are no module", { wasm: Uint8Array.of(1, 2, 3) }, "plain"],
  ] as const)("%s it is %s", (_name, options, kind) => {
    expect(createKernel(tables, options).kind).toBe(kind);
  });

  test("with a module, unless plain is asked for", () => {
    expect(createKernel(tables, { wasm: new WebAssembly.Module(wasm) }).kind).toBe("simd");
    expect(createKernel(tables, { wasm, plain: true }).kind).toBe("plain");
  });
});
