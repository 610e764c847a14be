// Texts in, gigabytes per second out: the kernel alone, with the keywords of all built-in rules.

import { readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { createKernel } from "../src/kernel/kernel.ts";
import type { KernelTables } from "../src/kernel/kernel.ts";
import { median } from "./measure.ts";

/** Speeds in gigabytes (10^9 bytes) per second; the copy into the kernel's memory is part of `find`. */
export interface KernelSpeed {
  readonly literals: number;
  readonly find: number;
  readonly decode: number;
}

function rate(bytes: number, runs: number, step: () => void): number {
  const rates: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const started = process.hrtime.bigint();
    step();
    if (run > 0) rates.push(bytes / Number(process.hrtime.bigint() - started));
  }
  return median(rates);
}

const chunkBytes = 65_536;

/** The texts one behind the other, cut into chunks of 64 KB. */
function chunksOf(texts: readonly Buffer[]): Buffer[] {
  const text = Buffer.concat(texts);
  const count = Math.ceil(text.length / chunkBytes);
  return Array.from({ length: count }, (_, index) => text.subarray(index * chunkBytes, (index + 1) * chunkBytes));
}

/** Median of `runs` runs over all texts, in chunks of 64 KB, on this thread alone. */
export function measureKernel(texts: readonly Buffer[], runs: number): KernelSpeed {
  const dist = path.join(process.cwd(), "dist");
  const { tables } = JSON.parse(readFileSync(path.join(dist, "rules.json"), "utf8")) as { tables: KernelTables };
  const kernel = createKernel(tables, { wasm: readFileSync(path.join(dist, "kernel.wasm")) });
  const chunks = chunksOf(texts);
  const bytes = texts.reduce((sum, text) => sum + text.length, 0);
  const place = (text: Buffer) => {
    const region = kernel.reserve(text.length);
    kernel.view(region).set(text);
    return region;
  };
  return {
    literals: tables.literals,
    find: rate(bytes, runs, () => {
      for (const chunk of chunks) kernel.find(place(chunk));
    }),
    decode: rate(bytes, runs, () => {
      for (const chunk of chunks) kernel.decode(place(chunk), 0);
    }),
  };
}
