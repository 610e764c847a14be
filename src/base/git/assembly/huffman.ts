// Code lengths in, decoding tables out: one level for short codes, a second one behind it for long ones (RFC 1951, 3.2.2).

/** Bits that index the first level of each table. */
export const LITERAL_BITS: u32 = 9;
export const DISTANCE_BITS: u32 = 8;
/** Most entries of a table with both levels (the bound that zlib's enough.c gives for 9 and 8 bits is below). */
export const LITERAL_ENTRIES: u32 = 2048;
export const DISTANCE_ENTRIES: u32 = 1024;

// An entry: bits 0-4 the code's length, 5 literal, 6 end of block, 7 pointer to a second level, 8-12 extra bits (for a
// pointer: bits of the second level), 16-31 literal, base of length or distance, or where the second level begins.
/** Set in the entry of a literal. */
export const LITERAL: u32 = 1 << 5;
/** Set in the entry that ends a block. */
export const END: u32 = 1 << 6;
/** Set in an entry that leads to the second level. */
export const POINTER: u32 = 1 << 7;
/** An entry of no code. */
export const INVALID: u32 = 0;

const LENGTH_BASE = memory.data<u16>([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]);
const LENGTH_EXTRA = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
]);
const DISTANCE_BASE = memory.data<u16>([
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
]);
const DISTANCE_EXTRA = memory.data<u8>([
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
]);
// Scratch: symbols in the order of their codes, codes of each length, next code of each length.
const SORTED = memory.data(640);
const COUNTS = memory.data(64);
const STARTS = memory.data(64);

/** What the symbols of a table mean. */
export namespace Alphabet {
  export const codeLengths: u32 = 0;
  export const literals: u32 = 1;
  export const distances: u32 = 2;
}

function entryOf(alphabet: u32, symbol: u32): u32 {
  if (alphabet == Alphabet.codeLengths) return LITERAL | (symbol << 16);
  if (alphabet == Alphabet.literals) {
    if (symbol < 256) return LITERAL | (symbol << 16);
    if (symbol == 256) return END;
    if (symbol > 285) return INVALID;
    const index = (symbol - 257) as usize;
    return ((load<u16>(LENGTH_BASE + (index << 1)) as u32) << 16) | ((load<u8>(LENGTH_EXTRA + index) as u32) << 8);
  }
  if (symbol > 29) return INVALID;
  const index = symbol as usize;
  return ((load<u16>(DISTANCE_BASE + (index << 1)) as u32) << 16) | ((load<u8>(DISTANCE_EXTRA + index) as u32) << 8);
}

function reversed(code: u32, length: u32): u32 {
  let bits = ((code & 0x5555) << 1) | ((code >> 1) & 0x5555);
  bits = ((bits & 0x3333) << 2) | ((bits >> 2) & 0x3333);
  bits = ((bits & 0x0f0f) << 4) | ((bits >> 4) & 0x0f0f);
  bits = ((bits & 0x00ff) << 8) | ((bits >> 8) & 0x00ff);
  return bits >> (16 - length);
}

/**
 * Builds the table at `table` (words) for `count` code lengths (bytes at `lengths`), `rootBits` wide. False when the
 * lengths are no code: too many, or too few (but for a single code of one bit, and none at all, as zlib allows).
 */
export function buildTable(table: usize, rootBits: u32, lengths: usize, count: u32, alphabet: u32): bool {
  memory.fill(COUNTS, 0, 64);
  for (let symbol: u32 = 0; symbol < count; symbol++) {
    const at = COUNTS + ((load<u8>(lengths + (symbol as usize)) as usize) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  const used = count - load<u32>(COUNTS);
  let longest: u32 = 15;
  while (longest > 0 && load<u32>(COUNTS + ((longest as usize) << 2)) == 0) longest--;
  // Every entry that no code reaches stays invalid.
  let left: i32 = 1;
  let start: u32 = 0;
  for (let length: u32 = 1; length <= 15; length++) {
    const many = load<u32>(COUNTS + ((length as usize) << 2));
    store<u32>(STARTS + ((length as usize) << 2), start);
    start += many;
    left = (left << 1) - (many as i32);
    if (left < 0) return false;
  }
  if (left > 0) {
    const single = used == 1 && longest == 1;
    if ((used != 0 && !single) || alphabet == Alphabet.codeLengths || (alphabet == Alphabet.literals && used == 0))
      return false;
    memory.fill(table, 0, (1 << rootBits) << 2);
  }
  for (let symbol: u32 = 0; symbol < count; symbol++) {
    const length = load<u8>(lengths + (symbol as usize)) as usize;
    if (length == 0) continue;
    const at = STARTS + (length << 2);
    const place = load<u32>(at);
    store<u32>(at, place + 1);
    store<u16>(SORTED + ((place as usize) << 1), symbol as u16);
  }
  fillTable(table, rootBits, used, alphabet, lengths);
  return true;
}

function fillTable(table: usize, rootBits: u32, used: u32, alphabet: u32, lengths: usize): void {
  let code: u32 = 0;
  let length: u32 = 0;
  let next: u32 = 1 << rootBits;
  let subBits: u32 = 0;
  let subStart: u32 = 0;
  let subPrefix: u32 = 0xffffffff;
  for (let index: u32 = 0; index < used; index++) {
    const symbol = load<u16>(SORTED + ((index as usize) << 1)) as u32;
    const size = load<u8>(lengths + (symbol as usize)) as u32;
    code <<= size - length;
    length = size;
    const bits = reversed(code, size);
    const entry = entryOf(alphabet, symbol);
    if (size <= rootBits) {
      const value = entry == INVALID ? INVALID : entry | size;
      for (let at = bits; at < (1 as u32) << rootBits; at += (1 as u32) << size)
        store<u32>(table + ((at as usize) << 2), value);
    } else {
      const prefix = bits & ((1 << rootBits) - 1);
      if (prefix != subPrefix) {
        subPrefix = prefix;
        subBits = subTableBits(size, rootBits, index, used, lengths);
        subStart = next;
        next += 1 << subBits;
        memory.fill(table + ((subStart as usize) << 2), 0, ((1 as u32) << subBits) << 2);
        store<u32>(table + ((prefix as usize) << 2), POINTER | (subStart << 16) | (subBits << 8) | rootBits);
      }
      const value = entry == INVALID ? INVALID : entry | (size - rootBits);
      for (let at = bits >> rootBits; at < (1 as u32) << subBits; at += (1 as u32) << (size - rootBits))
        store<u32>(table + (((subStart + at) as usize) << 2), value);
    }
    code++;
  }
}

// How wide the second level must be that begins with the code at `index`: until its codes fill it, as in zlib.
function subTableBits(size: u32, rootBits: u32, index: u32, used: u32, lengths: usize): u32 {
  let bits = size - rootBits;
  let room: i32 = 1 << bits;
  for (let at = index; at < used; at++) {
    const length = (load<u8>(lengths + (load<u16>(SORTED + ((at as usize) << 1)) as usize)) as u32) - rootBits;
    while (bits < length) {
      room <<= 1;
      bits++;
    }
    room -= 1 << (bits - length);
    if (room <= 0) break;
  }
  return bits;
}
