// The memory that an audit may take in, the limits of each thread's walk out.

import type { WalkLimits } from "../../base/git/walk-visitor.ts";

const mebibyte = 1024 * 1024;
/** What an audit takes where nothing else is said. */
const usualBytes = 560 * mebibyte;
/** What a process takes besides: Node itself, rules, tables. */
const fixedBytes = 160 * mebibyte;
/** What a thread takes besides the objects that it rebuilds: its engine, window and id table. */
const threadBytes = 110 * mebibyte;

/** Objects of at most a quarter of a thread's share are rebuilt here; larger ones git streams. */
export function walkLimits(maxMemoryBytes: number | undefined, jobs: number): WalkLimits {
  const all = Math.max(maxMemoryBytes ?? usualBytes, 128 * mebibyte) - fixedBytes;
  const mostBytes = Math.max(24 * mebibyte, Math.min(1024 * mebibyte, Math.floor(all / jobs) - threadBytes));
  return { mostBytes, mostObjectBytes: Math.min(64 * mebibyte, Math.floor(mostBytes / 4)) };
}
