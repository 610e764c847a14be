// A zlib stream in, its bytes out, from memory to memory (RFC 1950 and 1951).
import { adler32 } from "./checksums";
import { Fault, Word, fail, setWord } from "./control";
import {
  Alphabet,
  DISTANCE_BITS,
  DISTANCE_ENTRIES,
  END,
  INVALID,
  LITERAL,
  LITERAL_BITS,
  LITERAL_ENTRIES,
  POINTER,
  buildTable,
} from "./huffman";

const LITERALS = memory.data((LITERAL_ENTRIES as i32) * 4);
const DISTANCES = memory.data((DISTANCE_ENTRIES as i32) * 4);
const FIXED_LITERALS = memory.data((LITERAL_ENTRIES as i32) * 4);
const FIXED_DISTANCES = memory.data((DISTANCE_ENTRIES as i32) * 4);
const CODE_LENGTHS = memory.data(512);
const LENGTHS = memory.data(512);
const ORDER = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

// The bit reader: `held` bits in `bits`, the next byte at `from`. Reading past `end` gives whatever stands there; that
// is noticed afterwards.
let from: usize = 0;
let end: usize = 0;
let bits: u64 = 0;
let held: u32 = 0;
let to: usize = 0;
let limit: usize = 0;
let floor: usize = 0;
let fixedReady = false;

// At least 56 bits are held afterwards.
// @ts-ignore: decorator of AssemblyScript
@inline function refill(): void {
  bits |= load<u64>(from) << (held as u64);
  from += ((63 - held) >> 3) as usize;
  held |= 56;
}

// @ts-ignore: decorator of AssemblyScript
@inline function take(count: u32): u32 {
  const value = (bits as u32) & (((1 as u32) << count) - 1);
  bits >>= count as u64;
  held -= count;
  return value;
}

// Whether bits were used that stand behind the input's end.
function isBeyond(): bool {
  return from - ((held >> 3) as usize) > end;
}

/**
 * Inflates the zlib stream in `length` bytes at `source` to `target`, which takes `size` bytes and must be writable for
 * 32 more. The source must be readable for 16 bytes past its end. Answers `size`, or all ones and sets `fault`; the
 * bytes taken stand in `taken`.
 */
export function inflate(source: usize, length: u32, target: usize, size: u32): u32 {
  if (length < 6) return fail(Fault.inflate);
  const method = load<u8>(source) as u32;
  const flags = load<u8>(source, 1) as u32;
  if ((method & 15) != 8 || method >> 4 > 7 || ((method << 8) | flags) % 31 != 0 || (flags & 32) != 0)
    return fail(Fault.inflate);
  from = source + 2;
  end = source + (length as usize);
  bits = 0;
  held = 0;
  to = floor = target;
  limit = target + (size as usize);
  let fault: u32;
  let last: u32;
  do {
    refill();
    last = take(1);
    const kind = take(2);
    if (kind == 0) fault = stored();
    else if (kind == 3) fault = Fault.inflate;
    else fault = kind == 1 ? fixed() : dynamic();
    if (fault != Fault.none) return fail(fault);
    if (isBeyond()) return fail(Fault.inflate);
  } while (last == 0);
  if (to != limit) return fail(Fault.size);
  const tail = from - ((held >> 3) as usize);
  if (tail + 4 > end) return fail(Fault.inflate);
  if (bswap<u32>(load<u32>(tail)) != adler32(target, size)) return fail(Fault.checksum);
  setWord(Word.taken, (tail + 4 - source) as u32);
  return size;
}

function stored(): u32 {
  from -= (held >> 3) as usize;
  bits = 0;
  held = 0;
  if (from + 4 > end) return Fault.inflate;
  const length = load<u16>(from) as u32;
  if (length != ((~load<u16>(from, 2)) & 0xffff)) return Fault.inflate;
  from += 4;
  if (from + (length as usize) > end) return Fault.inflate;
  if (to + (length as usize) > limit) return Fault.size;
  memory.copy(to, from, length);
  to += length as usize;
  from += length as usize;
  return Fault.none;
}

function fixed(): u32 {
  if (!fixedReady) {
    memory.fill(LENGTHS, 8, 144);
    memory.fill(LENGTHS + 144, 9, 112);
    memory.fill(LENGTHS + 256, 7, 24);
    memory.fill(LENGTHS + 280, 8, 8);
    buildTable(FIXED_LITERALS, LITERAL_BITS, LENGTHS, 288, Alphabet.literals);
    memory.fill(LENGTHS, 5, 32);
    buildTable(FIXED_DISTANCES, DISTANCE_BITS, LENGTHS, 32, Alphabet.distances);
    fixedReady = true;
  }
  return decode(FIXED_LITERALS, FIXED_DISTANCES);
}

function dynamic(): u32 {
  refill();
  const literals = take(5) + 257;
  const distances = take(5) + 1;
  const codes = take(4) + 4;
  if (literals > 286 || distances > 30) return Fault.inflate;
  memory.fill(CODE_LENGTHS, 0, 19);
  for (let index: u32 = 0; index < codes; index++) {
    if ((index & 15) == 0) refill();
    store<u8>(CODE_LENGTHS + (load<u8>(ORDER + (index as usize)) as usize), take(3) as u8);
  }
  if (!buildTable(LITERALS, 7, CODE_LENGTHS, 19, Alphabet.codeLengths)) return Fault.inflate;
  if (!readLengths(literals + distances)) return Fault.inflate;
  // A block that cannot end is no block.
  if (load<u8>(LENGTHS + 256) == 0) return Fault.inflate;
  if (!buildTable(DISTANCES, DISTANCE_BITS, LENGTHS + (literals as usize), distances, Alphabet.distances))
    return Fault.inflate;
  if (!buildTable(LITERALS, LITERAL_BITS, LENGTHS, literals, Alphabet.literals)) return Fault.inflate;
  return decode(LITERALS, DISTANCES);
}

function readLengths(count: u32): bool {
  let index: u32 = 0;
  let before: u32 = 0;
  while (index < count) {
    refill();
    const entry = load<u32>(LITERALS + (((bits as u32) & 127) << 2));
    if (entry == INVALID) return false;
    take(entry & 31);
    const symbol = entry >> 16;
    if (symbol < 16) {
      store<u8>(LENGTHS + (index as usize), symbol as u8);
      before = symbol;
      index++;
      continue;
    }
    if (symbol == 16 && index == 0) return false;
    const value = symbol == 16 ? before : 0;
    const times = symbol == 16 ? take(2) + 3 : symbol == 17 ? take(3) + 3 : take(7) + 11;
    if (index + times > count || isBeyond()) return false;
    memory.fill(LENGTHS + (index as usize), value as u8, times);
    index += times;
    before = value;
  }
  return true;
}

function decode(literals: usize, distances: usize): u32 {
  const literalMask: u32 = (1 << LITERAL_BITS) - 1;
  const distanceMask: u32 = (1 << DISTANCE_BITS) - 1;
  const stop = end + 8;
  while (true) {
    if (from > stop) return Fault.inflate;
    refill();
    let entry = load<u32>(literals + ((((bits as u32) & literalMask) as usize) << 2));
    // Up to three short literals fit into what is held.
    if ((entry & LITERAL) != 0) {
      if (to >= limit) return Fault.size;
      take(entry & 31);
      store<u8>(to++, (entry >> 16) as u8);
      entry = load<u32>(literals + ((((bits as u32) & literalMask) as usize) << 2));
      if ((entry & LITERAL) != 0) {
        if (to >= limit) return Fault.size;
        take(entry & 31);
        store<u8>(to++, (entry >> 16) as u8);
        continue;
      }
      refill();
    }
    if ((entry & POINTER) != 0) {
      take(LITERAL_BITS);
      entry = load<u32>(literals + ((((entry >> 16) + ((bits as u32) & (((1 as u32) << ((entry >> 8) & 31)) - 1))) as usize) << 2));
      if ((entry & LITERAL) != 0) {
        if (to >= limit) return Fault.size;
        take(entry & 31);
        store<u8>(to++, (entry >> 16) as u8);
        continue;
      }
    }
    if (entry == INVALID) return Fault.inflate;
    take(entry & 31);
    if ((entry & END) != 0) return Fault.none;
    const length = (entry >> 16) + take((entry >> 8) & 31);
    let distance = load<u32>(distances + ((((bits as u32) & distanceMask) as usize) << 2));
    if ((distance & POINTER) != 0) {
      take(DISTANCE_BITS);
      distance = load<u32>(distances + ((((distance >> 16) + ((bits as u32) & (((1 as u32) << ((distance >> 8) & 31)) - 1))) as usize) << 2));
    }
    if (distance == INVALID) return Fault.inflate;
    take(distance & 31);
    const back = ((distance >> 16) + take((distance >> 8) & 31)) as usize;
    if (back > to - floor) return Fault.inflate;
    if (to + (length as usize) > limit) return Fault.size;
    copyBack(back, length);
  }
  return Fault.inflate;
}

// Copies `length` bytes that stand `back` before `to`; writes up to 15 bytes more.
// @ts-ignore: decorator of AssemblyScript
@inline function copyBack(back: usize, length: u32): void {
  const stop = to + (length as usize);
  let at = to - back;
  if (back >= 16) {
    do {
      v128.store(to, v128.load(at));
      to += 16;
      at += 16;
    } while (to < stop);
  } else if (back == 1) {
    memory.fill(to, load<u8>(at), length);
  } else {
    while (to < stop) store<u8>(to++, load<u8>(at++));
  }
  to = stop;
}
