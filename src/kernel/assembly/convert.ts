// Decoders: encoded characters in, bytes out, dropped again when no text is among them.

const WORTH_LINKS: u32 = 7;

// Six-bit values of 16 base64 characters of either alphabet.
function values(input: v128): v128 {
  // Rows of the high nibble hold one shift each, except "+-/" (chosen by low nibble b d f) and "_" (corrected after).
  const shifts = i8x16(0, 0, 0, 4, -65, -65, -71, -71, 0, 0, 0, 19, 0, 17, 0, 16);
  const symbols = i8x16.lt_s(input, i8x16.splat(48));
  const index = v128.bitselect(v128.and(input, i8x16.splat(15)), i8x16.shr_u(input, 4), symbols);
  const shifted = i8x16.add(input, i8x16.swizzle(shifts, index));
  return i8x16.add(shifted, v128.and(i8x16.eq(input, i8x16.splat(95)), i8x16.splat(33)));
}

/**
 * Decodes `length` base64 characters at `from` (two or three left over give one or two bytes) to `to`, which may be
 * `from` or less. Returns the number of bytes, or 0 when they hold no text. Writes up to 16 bytes past the result.
 */
export function base64(from: usize, length: u32, to: usize): u32 {
  const stop = from + (length as usize);
  let out = to;
  while (from < stop) {
    const six = values(v128.load(from));
    const even = i16x8.shl(v128.and(six, i16x8.splat(0xff)), 6);
    const pairs = v128.or(even, i16x8.shr_u(six, 8));
    const triples = v128.or(i32x4.shl(pairs, 12), i32x4.shr_u(pairs, 16));
    const bytes = i8x16.swizzle(triples, i8x16(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
    v128.store(out, bytes);
    from += 16;
    out += 12;
  }
  const size = ((length as u64) * 3) >> 2;
  return worthKeeping(to, size as u32);
}

/** Decodes `length` hex digits at `from` (an odd one is left over) to `to`; result as in `base64`. */
export function hex(from: usize, length: u32, to: usize): u32 {
  const stop = from + (length as usize);
  let out = to;
  while (from < stop) {
    const input = v128.load(from);
    const letter = v128.and(i8x16.shr_u(input, 6), i8x16.splat(1));
    const digits = v128.and(input, i8x16.splat(15));
    const nine = v128.or(i8x16.shl(letter, 3), letter);
    const four = i8x16.add(digits, nine);
    const bytes = v128.and(v128.or(i16x8.shl(four, 4), i16x8.shr_u(four, 8)), i16x8.splat(0xff));
    v128.store(out, i8x16.narrow_i16x8_u(bytes, bytes));
    from += 16;
    out += 8;
  }
  return worthKeeping(to, length >> 1);
}

/** Copies every other of `length` bytes, beginning with the one at `from`, to `to`; result as in `base64`. */
export function utf16(from: usize, length: u32, to: usize): u32 {
  const stop = from + (length as usize);
  let out = to;
  while (from < stop) {
    const bytes = v128.and(v128.load(from), i16x8.splat(0xff));
    v128.store(out, i8x16.narrow_i16x8_u(bytes, bytes));
    from += 16;
    out += 8;
  }
  return worthKeeping(to, (length + 1) >> 1);
}

/**
 * Whether base64 characters from `from` to `to` may, at any phase, decode to eight bytes of text in a row. Those hold
 * two whole groups of four characters; only the bits that keep bytes from being text are looked at, so that true
 * promises nothing.
 */
export function mayHoldText(from: usize, to: usize): bool {
  // By six-bit value below 16: a first character of a group whose byte may be text or NUL.
  const firsts = i8x16(-1, 0, -1, -1, 0, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1);
  // By the low four bits of a group's second character, which are the high nibble of its second byte.
  const seconds = i8x16(-1, 0, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0);
  let first: u64 = 0;
  let second: u64 = 0;
  let third: u64 = 0;
  // Bits 0 to 15 are the 16 characters before, 16 to 31 those of this step: a group may begin in either.
  for (let at = from; at < to; at += 16) {
    const six = values(v128.load(at));
    const upper = i8x16.eq(v128.and(six, i8x16.splat(0x30)), i8x16.splat(0x10));
    const fits1 = i8x16.bitmask(v128.or(upper, i8x16.swizzle(firsts, six)));
    const fits2 = i8x16.bitmask(i8x16.swizzle(seconds, v128.and(six, i8x16.splat(15))));
    const fits3 = i8x16.bitmask(i8x16.eq(v128.and(six, i8x16.splat(2)), i8x16.splat(0)));
    const valid: u64 = to - at < 16 ? ((1 << (to - at)) - 1) << 16 : 0xffff0000;
    first = (first >> 16) | (((fits1 as u64) << 16) & valid);
    second = (second >> 16) | (((fits2 as u64) << 16) & valid);
    third = (third >> 16) | (((fits3 as u64) << 16) & valid);
    const group = first & (second >> 1) & (third >> 2);
    if ((group & (group >> 4)) != 0) return true;
  }
  return false;
}

// The size, if eight bytes in a row are text (tab, line feed, return, space to tilde) or lone NULs; else 0.
// NULs count because text in UTF-16 may be what was encoded.
function worthKeeping(at: usize, size: u32): u32 {
  const lane = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  let textBefore: u32 = 0;
  let nulBefore: u32 = 0;
  let linksBefore: u32 = 0;
  for (let done: u32 = 0; done < size; done += 16) {
    let input = v128.load(at + (done as usize));
    if (size - done < 16) {
      input = v128.bitselect(input, i8x16.splat(1), i8x16.lt_u(lane, i8x16.splat((size - done) as i8)));
    }
    const printable = v128.and(i8x16.gt_s(input, i8x16.splat(31)), i8x16.ne(input, i8x16.splat(127)));
    const breaks = v128.or(i8x16.eq(input, i8x16.splat(10)), i8x16.eq(input, i8x16.splat(13)));
    const text = v128.or(v128.or(printable, breaks), i8x16.eq(input, i8x16.splat(9)));
    const nul = i8x16.eq(input, i8x16.splat(0));
    const nuls = (i8x16.bitmask(nul) << 1) | nulBefore;
    const good = (i8x16.bitmask(v128.or(text, nul)) << 1) | textBefore;
    const links = good & (good >> 1) & ~(nuls & (nuls >> 1)) & 0xffff;
    const row = linksBefore | (links << (WORTH_LINKS - 1));
    let seven = row & (row >> 1);
    seven &= seven >> 2;
    seven &= seven >> 3;
    if (seven != 0) return size;
    linksBefore = row >> 16;
    textBefore = good >> 16;
    nulBefore = nuls >> 16;
  }
  return 0;
}
