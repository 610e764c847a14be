// Literals → both twins of the kernel, for tests that hold them to one another.
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { compileKernel } from "../../../scripts/build-wasm.mjs";
import { buildTables, createKernel } from "../../../src/kernel/kernel.ts";
import type { Decoded, Hits, Kernel, Literal, NgramCounts, Region } from "../../../src/kernel/kernel.ts";

const SOURCES = new URL("../../../src/kernel/assembly/", import.meta.url);
const CACHE = new URL("../../../node_modules/.cache/keywarden/", import.meta.url);

/** The compiled module of the sources as they are now; compiled once per state of them. */
export async function kernelModule(): Promise<Uint8Array> {
  const hash = createHash("sha256");
  for (const name of readdirSync(SOURCES).sort()) hash.update(readFileSync(new URL(name, SOURCES)));
  const file = new URL(`kernel-${hash.digest("hex").slice(0, 16)}.wasm`, CACHE);
  if (existsSync(file)) return readFileSync(file);
  const binary = await compileKernel();
  mkdirSync(CACHE, { recursive: true });
  const draft = new URL(`${randomBytes(8).toString("hex")}.tmp`, CACHE);
  writeFileSync(draft, binary);
  renameSync(draft, file);
  return binary;
}

/** Both twins over the same tables, the fast one first. */
export function twins(wasm: Uint8Array, literals: readonly Literal[], counts?: NgramCounts): [Kernel, Kernel] {
  const tables = buildTables(literals, counts);
  const pair: [Kernel, Kernel] = [createKernel(tables, { wasm }), createKernel(tables, { plain: true })];
  if (pair[0].kind !== "simd") throw new Error("SIMD is needed to test the kernel");
  return pair;
}

/** Bytes of a latin1 string, or the bytes themselves. */
export function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? Buffer.from(content, "latin1") : content;
}

/**
 * Puts content into the kernel, with `around` before and behind it that the kernel must not look at, and gives the
 * region of the content alone.
 */
export function load(kernel: Kernel, content: string | Uint8Array, around: string | Uint8Array = ""): Region {
  const [inner, outer] = [bytesOf(content), bytesOf(around)];
  const whole = kernel.reserve(outer.length * 2 + inner.length);
  const view = kernel.view(whole);
  view.set(outer);
  view.set(inner, outer.length);
  view.set(outer, outer.length + inner.length);
  return { at: whole.at + outer.length, length: inner.length };
}

/** Hits as pairs of offset and id. */
export function pairs(hits: Hits): [number, number][] {
  return Array.from({ length: hits.count }, (_, index) => [hits.offsets[index] ?? -1, hits.ids[index] ?? -1]);
}

/** Every occurrence by `indexOf`, sorted by offset, then id: what `find` must give. */
export function naiveHits(content: string | Uint8Array, literals: readonly Literal[]): [number, number][] {
  const text = Buffer.from(bytesOf(content)).toString("latin1");
  const folded = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const found: [number, number][] = [];
  for (const [id, literal] of literals.entries()) {
    const [hay, needle] = literal.ignoreCase ? [folded, literal.text.toLowerCase()] : [text, literal.text];
    for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + 1)) found.push([at, id]);
  }
  return found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

/** One decoded segment, with its bytes as latin1. */
export interface Piece {
  readonly kind: number;
  readonly sourceStart: number;
  readonly sourceEnd: number;
  readonly phase: number;
  readonly text: string;
}

/** The segments of a decode as objects; throws when a NUL is missing around one. */
export function segmentsOf(kernel: Kernel, decoded: Decoded): Piece[] {
  const { segments, region } = decoded;
  const bytes = Buffer.from(kernel.view(region));
  return Array.from({ length: segments.count }, (_, index) => {
    const [start = -1, end = -1] = [segments.start[index], segments.end[index]];
    if (bytes[start - 1] !== 0 || bytes[end] !== 0) throw new Error(`segment ${index} does not stand between NULs`);
    return {
      kind: segments.kind[index] ?? -1,
      sourceStart: segments.sourceStart[index] ?? -1,
      sourceEnd: segments.sourceEnd[index] ?? -1,
      phase: segments.phase[index] ?? -1,
      text: bytes.toString("latin1", start, end),
    };
  });
}
