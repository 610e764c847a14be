// The class pass: bytes in, runs of base64, hex and UTF-16 and positions of escapes out, all in order of their start.
import { ALPHABET, SPECIAL, allHex, classes, isAlphabet, isHex } from "./classes";
import { Word, setWord, word } from "./control";
import { base64, hex, mayHoldText } from "./convert";
import { Escape, escapeAt } from "./escapes";

const BASE64: u32 = 0;
const HEX: u32 = 1;
const UTF16: u32 = 2;
const SHORTEST_TEXT: usize = 32;
const SHORTEST_UTF16: usize = 16;
// A run this long may go on in the next line; src/kernel/pieces.ts decides.
const SHORTEST_JOINED: u32 = 40;
const MOST_INDENT: usize = 32;
const TAB: u8 = 9;
const LINE_FEED: u8 = 10;
const RETURN: u8 = 13;
const SPACE: u8 = 32;
const BACKSLASH: u8 = 92;
const LETTER_N: u8 = 110;
const LETTER_R: u8 = 114;
// Longer runs are decoded only once, by the host; what is tried here must fit the scratch buffer.
const LONGEST_TRIED: u32 = 4096;

let base: usize = 0;
let end: usize = 0;
let cursor: usize = 0;
let hexFrom: usize = 0;
let hexFloor: usize = 0;
let hexEnd: usize = 0;
let wideFloor: usize = 0;
let runCount: u32 = 0;
let escapeCount: u32 = 0;

/** Begins the pass over `size` bytes at `at`. Returns 1 when a buffer is full and `scanMore` must follow. */
export function scan(at: usize, size: u32): u32 {
  base = at;
  end = at + (size as usize);
  cursor = at;
  hexFrom = hexEnd = 0;
  wideFloor = at;
  return scanMore();
}

/** Continues after the host has taken runs and escapes; same result as `scan`. */
export function scanMore(): u32 {
  runCount = 0;
  escapeCount = 0;
  const more = !hexRuns() || !pass();
  setWord(Word.runCount, runCount);
  setWord(Word.escapeCount, escapeCount);
  return more ? 1 : 0;
}

// Offset of the 16-byte block, counted from the region's start, that holds `at`.
function blockOf(at: usize): usize {
  return base + ((at - base) & ~15);
}

function pass(): bool {
  let at = cursor;
  while (at + 16 <= end) {
    const found = classes(v128.load(at));
    if (v128.any_true(v128.and(found, i8x16.splat(SPECIAL)))) {
      cursor = at;
      if (!hasRoom()) return false;
      at = special(at, found);
      continue;
    }
    if (i8x16.all_true(v128.and(found, i8x16.splat(ALPHABET)))) {
      cursor = at;
      if (!hasRoom()) return false;
      cursor = at = textRun(at);
      if (!hexRuns()) return false;
      continue;
    }
    at += 16;
  }
  cursor = at;
  if (at < end) {
    if (!hasRoom()) return false;
    const lane = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const inside = i8x16.lt_u(lane, i8x16.splat((end - at) as i8));
    // A space is in no class, so what stands behind the region cannot matter.
    special(at, classes(v128.bitselect(v128.load(at), i8x16.splat(32), inside)));
    cursor = end;
  }
  return true;
}

function hasRoom(): bool {
  return runCount + 2 <= word(Word.runCapacity) && escapeCount + 16 <= word(Word.escapeCapacity);
}

function emitRun(kind: u32, from: usize, to: usize): void {
  const out = (word(Word.runs) as usize) + (runCount as usize) * 12;
  store<u32>(out, kind);
  store<u32>(out, (from - base) as u32, 4);
  store<u32>(out, (to - base) as u32, 8);
  runCount++;
}

// One bit per byte that is in the alphabet.
function alphabetBits(at: usize): u32 {
  const found = v128.and(classes(v128.load(at)), i8x16.splat(ALPHABET));
  return i8x16.bitmask(i8x16.ne(found, i8x16.splat(0)));
}

function runStart(at: usize): usize {
  if (at < base + 16) {
    while (at > base && isAlphabet(load<u8>(at - 1))) at--;
    return at;
  }
  // The block before is not full, or the run would have been met there.
  return at - (clz(~(alphabetBits(at - 16) << 16)) as usize);
}

function runEnd(at: usize): usize {
  while (at < end) {
    const count = ctz(~alphabetBits(at)) as usize;
    at += count;
    if (count < 16) break;
  }
  return min(at, end);
}

// Reports the whole base64 run around a full block and returns the block that its end stands in.
function textRun(at: usize): usize {
  const from = runStart(at);
  const to = runEnd(at + 16);
  if (to - from >= SHORTEST_TEXT) {
    if (isWorthRun(from, to)) emitRun(BASE64, from, to);
    hexFrom = hexFloor = from;
    hexEnd = to;
  }
  return blockOf(to);
}

// False when no phase of a run decodes to text, which most long identifiers do not; the host need not see those.
function isWorthRun(from: usize, to: usize): bool {
  const size = (to - from) as u32;
  if (size > LONGEST_TRIED) return true;
  if (size >= SHORTEST_JOINED && continues(to, size)) return true;
  if (!mayHoldText(from, to)) return false;
  const scratch = word(Word.scratch) as usize;
  for (let phase: u32 = 0; phase < 4; phase++) {
    if (base64(from + (phase as usize), size - phase, scratch) != 0) return true;
  }
  return false;
}

// Behind the line break at `at`, real, escaped or spelled, or 0; afterBreak in src/kernel/pieces.ts.
function afterBreak(at: usize): usize {
  const first = load<u8>(at);
  if (first == LINE_FEED) return at + 1;
  if (first == RETURN) return at + 1 < end && load<u8>(at, 1) == LINE_FEED ? at + 2 : 0;
  if (first != BACKSLASH || at + 1 >= end) return 0;
  const second = load<u8>(at, 1);
  if (second == LINE_FEED || second == LETTER_N) return at + 2;
  if (second == RETURN) return at + 2 < end && load<u8>(at, 2) == LINE_FEED ? at + 3 : 0;
  const isSpelled = second == LETTER_R && at + 3 < end && load<u8>(at, 2) == BACKSLASH && load<u8>(at, 3) == LETTER_N;
  return isSpelled ? at + 4 : 0;
}

// Whether the next line goes on with a run of `longest` characters that ends at `at`; nextPiece in src/kernel/pieces.ts.
function continues(at: usize, longest: u32): bool {
  const line = at < end ? afterBreak(at) : 0;
  if (line == 0) return false;
  let from = line;
  while (from < end && from - line < MOST_INDENT && (load<u8>(from) == SPACE || load<u8>(from) == TAB)) from++;
  const limit = from + (longest as usize);
  let to = from;
  while (to <= limit && to < end && isAlphabet(load<u8>(to))) to++;
  return to > from && to <= limit;
}

// Reports the hex runs inside the latest base64 run; false when the buffer is full.
function hexRuns(): bool {
  while (hexFrom + 16 <= hexEnd) {
    if (!allHex(v128.load(hexFrom))) {
      hexFrom += 16;
      continue;
    }
    if (runCount == word(Word.runCapacity)) return false;
    let from = hexFrom;
    while (from > hexFloor && isHex(load<u8>(from - 1))) from--;
    let to = hexFrom + 16;
    while (to + 16 <= hexEnd && allHex(v128.load(to))) to += 16;
    while (to < hexEnd && isHex(load<u8>(to))) to++;
    if (to - from >= SHORTEST_TEXT && isWorthHex(from, to)) emitRun(HEX, from, to);
    hexFrom = hexFloor = to;
  }
  return true;
}

function isWorthHex(from: usize, to: usize): bool {
  const size = (to - from) as u32;
  if (size > LONGEST_TRIED) return true;
  const scratch = word(Word.scratch) as usize;
  return hex(from, size, scratch) != 0 || hex(from + 1, size - 1, scratch) != 0;
}

// Handles the escapes and NULs of one block and returns where the pass goes on.
function special(at: usize, found: v128): usize {
  let escapes = i8x16.bitmask(v128.or(found, i8x16.add(found, found))) as u32;
  while (escapes != 0) {
    const position = at + (ctz(escapes) as usize);
    escapes &= escapes - 1;
    const kind = escapeAt(position, end);
    if (kind != Escape.none) emitEscape(position, kind);
  }
  const nuls = i8x16.bitmask(i8x16.shl(found, 2)) as u32;
  if (nuls != 0) {
    wideHalf(at, nuls & 0xff);
    wideHalf(at + 8, nuls >> 8);
    // The run's last byte may begin a base64 run or an escape.
    if (wideFloor > at + 16) return blockOf(wideFloor - 1);
  }
  return at + 16;
}

function emitEscape(position: usize, kind: i32): void {
  store<u32>((word(Word.escapeOffsets) as usize) + ((escapeCount as usize) << 2), (position - base) as u32);
  store<u8>((word(Word.escapeKinds) as usize) + (escapeCount as usize), kind as u8);
  escapeCount++;
}

// A run of 16 bytes in which every other byte is NUL always covers an aligned half block.
function wideHalf(at: usize, nuls: u32): void {
  if ((nuls != 0x55 && nuls != 0xaa) || at < wideFloor || at + 8 > end) return;
  let from = at;
  while (from > wideFloor && (load<u8>(from - 1) == 0) != (load<u8>(from) == 0)) from--;
  let to = at + 8;
  while (to < end && (load<u8>(to) == 0) != (load<u8>(to - 1) == 0)) to++;
  wideFloor = to;
  if (to - from >= SHORTEST_UTF16) emitRun(UTF16, from, to);
}
