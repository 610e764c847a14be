// The class pass of the plain twin: bytes in, runs and escapes out in the order of their start.
import { EscapeKind, RunKind } from "./engine.ts";
import type { ScanBatch } from "./engine.ts";
import { isAlphabet } from "./pieces.ts";

const SHORTEST_TEXT = 32;
const SHORTEST_UTF16 = 16;
const BATCH = 4096;
const PERCENT = 37;
const AMPERSAND = 38;
const BACKSLASH = 92;

const HEX = new Uint8Array(256);
for (const character of "0123456789abcdefABCDEF") HEX[character.charCodeAt(0)] = 1;

function isHex(byte: number | undefined): boolean {
  return byte !== undefined && HEX[byte] === 1;
}

function hexCount(bytes: Uint8Array, at: number, most: number): number {
  let count = 0;
  while (count < most && isHex(bytes[at + count])) count++;
  return count;
}

function backslashAt(bytes: Uint8Array, at: number): number {
  const letter = String.fromCharCode(bytes[at + 1] ?? 0);
  if (letter === "x") return hexCount(bytes, at + 2, 2) === 2 ? EscapeKind.hex : -1;
  if (letter === "U") return hexCount(bytes, at + 2, 8) === 8 ? EscapeKind.unicode : -1;
  if (letter !== "u") return -1;
  if (bytes[at + 2] !== 123) return hexCount(bytes, at + 2, 4) === 4 ? EscapeKind.unicode : -1;
  const digits = hexCount(bytes, at + 3, 6);
  return digits > 0 && bytes[at + 3 + digits] === 125 ? EscapeKind.unicode : -1;
}

function entityAt(bytes: Uint8Array, at: number): number {
  if (bytes[at + 1] !== 35) return -1;
  const third = bytes[at + 2] ?? 0;
  if (third >= 48 && third <= 57) return EscapeKind.entity;
  return (third | 32) === 120 && isHex(bytes[at + 3]) ? EscapeKind.entity : -1;
}

// Kind of the escape that begins at `at` and ends inside `bytes`, or -1.
function escapeAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === PERCENT) return hexCount(bytes, at + 1, 2) === 2 ? EscapeKind.percent : -1;
  if (byte === BACKSLASH) return backslashAt(bytes, at);
  return byte === AMPERSAND ? entityAt(bytes, at) : -1;
}

// Maximal runs in `[from, to)` of bytes for which `isIn` holds, of at least 32 bytes.
function* longRuns(
  bytes: Uint8Array,
  range: { readonly from: number; readonly to: number },
  isIn: (byte: number | undefined) => boolean,
): Generator<readonly [number, number]> {
  let start = range.from;
  for (let at = range.from; at <= range.to; at++) {
    if (at < range.to && isIn(bytes[at])) continue;
    if (at - start >= SHORTEST_TEXT) yield [start, at];
    start = at + 1;
  }
}

function* textRuns(bytes: Uint8Array): Generator<readonly [number, number, number]> {
  for (const [from, to] of longRuns(bytes, { from: 0, to: bytes.length }, isAlphabet)) {
    yield [RunKind.base64, from, to];
    for (const [hexFrom, hexTo] of longRuns(bytes, { from, to }, isHex)) yield [RunKind.hex, hexFrom, hexTo];
  }
}

function* wideRuns(bytes: Uint8Array): Generator<readonly [number, number, number]> {
  let start = 0;
  for (let at = 1; at <= bytes.length; at++) {
    if (at < bytes.length && (bytes[at] === 0) !== (bytes[at - 1] === 0)) continue;
    if (at - start >= SHORTEST_UTF16) yield [RunKind.utf16, start, at];
    start = at;
  }
}

// Both kinds of runs in order of start; no two of different kinds start at the same place.
function* allRuns(bytes: Uint8Array): Generator<readonly [number, number, number]> {
  const text = textRuns(bytes);
  const wide = wideRuns(bytes);
  let nextText = text.next();
  let nextWide = wide.next();
  while (nextText.done !== true || nextWide.done !== true) {
    if (nextWide.done === true || (nextText.done !== true && nextText.value[1] < nextWide.value[1])) {
      if (nextText.done !== true) yield nextText.value;
      nextText = text.next();
    } else {
      yield nextWide.value;
      nextWide = wide.next();
    }
  }
}

/** The class pass over the bytes of a region; see `Engine.scan`. The last batch is the one that is done. */
export function* scanPlain(bytes: Uint8Array): Generator<ScanBatch> {
  const offsets: number[] = [];
  const kinds: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte !== PERCENT && byte !== BACKSLASH && byte !== AMPERSAND) continue;
    const kind = escapeAt(bytes, at);
    if (kind < 0) continue;
    offsets.push(at);
    kinds.push(kind);
    if (offsets.length < BATCH) continue;
    yield escapeBatch(offsets.splice(0), kinds.splice(0));
  }
  if (offsets.length > 0) yield escapeBatch(offsets, kinds);
  let runs: number[] = [];
  for (const run of allRuns(bytes)) {
    runs.push(...run);
    if (runs.length < BATCH) continue;
    yield runBatch(runs, false);
    runs = [];
  }
  yield runBatch(runs, true);
}

function escapeBatch(offsets: readonly number[], kinds: readonly number[]): ScanBatch {
  return {
    done: false,
    runs: new Uint32Array(0),
    escapeOffsets: Uint32Array.from(offsets),
    escapeKinds: Uint8Array.from(kinds),
  };
}

function runBatch(runs: readonly number[], done: boolean): ScanBatch {
  return {
    done,
    runs: Uint32Array.from(runs),
    escapeOffsets: new Uint32Array(0),
    escapeKinds: new Uint8Array(0),
  };
}
