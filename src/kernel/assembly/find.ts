// Phase two of the matcher: the filter's bits in, exact (offset, literal) pairs out, sorted by offset and literal.
import { Word, setWord, word } from "./control";
import { TABLES_SIZE, filter } from "./filter";

// One block's bits and candidates stay in the first-level cache.
const BLOCK: u32 = 8192;
// A window ends at most this far behind the start of its literal, so hits this far back are final.
const LONGEST: u32 = 64;

let start: usize = 0;
let length: u32 = 0;
let block: u32 = 0;
let candidateCount: u32 = 0;
let candidate: u32 = 0;
let hitCount: u32 = 0;

/** Begins a search of `size` bytes at `at`. Returns 1 when the hit buffer is full and `findMore` must follow. */
export function find(at: usize, size: u32): u32 {
  start = at;
  length = size;
  block = 0;
  candidate = 0;
  hitCount = 0;
  select();
  return proceed();
}

/** Continues after the host has taken the settled hits; same result as `find`. */
export function findMore(): u32 {
  const settled = word(Word.settledCount);
  const left = hitCount - settled;
  const offsets = word(Word.hitOffsets) as usize;
  const ids = word(Word.hitIds) as usize;
  memory.copy(offsets, offsets + ((settled as usize) << 2), (left as usize) << 2);
  memory.copy(ids, ids + ((settled as usize) << 1), (left as usize) << 1);
  hitCount = left;
  return proceed();
}

function proceed(): u32 {
  while (true) {
    if (!verifyBlock()) {
      settle(block + load<u16>((word(Word.candidates) as usize) + ((candidate as usize) << 1)) - 3);
      return 1;
    }
    // One byte past the end is filtered too: a window of three bytes ends in a fourth that may be anything.
    if (length - block < BLOCK) break;
    block += BLOCK;
    select();
  }
  setWord(Word.hitCount, hitCount);
  setWord(Word.settledCount, hitCount);
  return 0;
}

function settle(at: u32): void {
  const offsets = word(Word.hitOffsets) as usize;
  let settled = hitCount;
  while (settled > 0 && load<u32>(offsets + (((settled - 1) as usize) << 2)) + LONGEST > at) settled--;
  setWord(Word.hitCount, hitCount);
  setWord(Word.settledCount, settled);
}

// Filters one block and keeps the positions whose first bytes hash to a head that has entries.
function select(): void {
  const at = start + (block as usize);
  const size = min(length + 1 - block, BLOCK);
  const vectors = (size + 15) >> 4;
  const tables = word(Word.nibbles) as usize;
  filter(tables, at, vectors, block == 0, 0);
  if (word(Word.buckets) > 8) filter(tables + TABLES_SIZE, at, vectors, block == 0, 0xffff);
  const masks = word(Word.masks) as usize;
  // The last word is read as a whole.
  store<u64>(masks + ((vectors as usize) << 1), 0);
  compact(at, (vectors + 3) >> 2);
}

function compact(at: usize, words: u32): void {
  const heads = word(Word.heads) as usize;
  const hashMask = word(Word.hashMask);
  const hashShift = word(Word.hashShift);
  const masks = word(Word.masks) as usize;
  const list = word(Word.candidates) as usize;
  let out = list;
  for (let index: u32 = 0; index < words; index++) {
    let bits = load<u64>(masks + ((index as usize) << 3));
    while (bits != 0) {
      const position = (index << 6) + (ctz(bits) as u32);
      bits &= bits - 1;
      const key = (load<u32>(at + (position as usize) - 3) | 0x20202020) & hashMask;
      const head = load<u32>(heads + (((key * 0x9e3779b1) >> hashShift) << 1));
      store<u16>(out, position as u16);
      // No branch here: most candidates are false, in no order that a processor could learn.
      out += ((head >> 16 != (head & 0xffff)) as usize) << 1;
    }
  }
  candidateCount = ((out - list) >> 1) as u32;
  candidate = 0;
}

function verifyBlock(): bool {
  const heads = word(Word.heads) as usize;
  const list = word(Word.candidates) as usize;
  const hashMask = word(Word.hashMask);
  const hashShift = word(Word.hashShift);
  const limit = word(Word.hitCapacity) - word(Word.longestChain);
  for (; candidate < candidateCount; candidate++) {
    if (hitCount > limit) return false;
    const window = block + load<u16>(list + ((candidate as usize) << 1)) - 3;
    const key = (load<u32>(start + (window as usize)) | 0x20202020) & hashMask;
    const head = load<u32>(heads + (((key * 0x9e3779b1) >> hashShift) << 1));
    verify(window, head & 0xffff, head >> 16);
  }
  return true;
}

function verify(window: u32, from: u32, to: u32): void {
  const entries = word(Word.entries) as usize;
  const texts = word(Word.texts) as usize;
  for (let index = from; index < to; index++) {
    const entry = entries + ((index as usize) << 3);
    const before = load<u8>(entry, 2) as u32;
    const size = load<u8>(entry, 3) as u32;
    if (before > window) continue;
    const offset = window - before;
    if (offset + size > length) continue;
    if (same(start + (offset as usize), texts + (load<u32>(entry, 4) as usize), size)) {
      emit(offset, load<u16>(entry) as u32);
    }
  }
}

// A text is stored in pairs of vectors, the bytes and what to fold; padding folds to 255, which equals its byte.
function same(at: usize, text: usize, size: i32): bool {
  while (size > 0) {
    const folded = v128.or(v128.load(at), v128.load(text, 16));
    if (v128.any_true(v128.xor(folded, v128.load(text)))) return false;
    at += 16;
    text += 32;
    size -= 16;
  }
  return true;
}

// Windows come in order, literal starts nearly so: a step back of at most 64 bytes keeps the list sorted.
function emit(offset: u32, id: u32): void {
  const offsets = word(Word.hitOffsets) as usize;
  const ids = word(Word.hitIds) as usize;
  let index = hitCount as usize;
  while (index > 0) {
    const other = load<u32>(offsets + (index << 2) - 4);
    const otherId = load<u16>(ids + (index << 1) - 2);
    if (other < offset || (other == offset && (otherId as u32) < id)) break;
    store<u32>(offsets + (index << 2), other);
    store<u16>(ids + (index << 1), otherId);
    index--;
  }
  store<u32>(offsets + (index << 2), offset);
  store<u16>(ids + (index << 1), id as u16);
  hitCount++;
}
