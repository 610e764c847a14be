// Phase one of the matcher: bytes in, one bit per byte out, set where the four bytes that end there may be a window.
import { Word, word } from "./control";

/** Bytes of one set of tables: four low-nibble and four high-nibble tables of 16 bytes. */
export const TABLES_SIZE: usize = 128;

function candidateBits(found: v128): u32 {
  return ~i8x16.bitmask(i8x16.eq(found, i8x16.splat(0)));
}

/**
 * Filters `count` vectors from `at` with the 8 buckets of `tables`. `first` says that nothing stands before `at`;
 * `keep` is 0xffff to add to the bits of an earlier call over the same vectors, else 0.
 */
export function filter(tables: usize, at: usize, count: u32, first: bool, keep: u32): void {
  let out = word(Word.masks) as usize;
  const low0 = v128.load(tables);
  const low1 = v128.load(tables, 16);
  const low2 = v128.load(tables, 32);
  const low3 = v128.load(tables, 48);
  const high0 = v128.load(tables, 64);
  const high1 = v128.load(tables, 80);
  const high2 = v128.load(tables, 96);
  const high3 = v128.load(tables, 112);
  const nibble = i8x16.splat(15);
  let before0 = i8x16.splat(0);
  let before1 = i8x16.splat(0);
  let before2 = i8x16.splat(0);
  if (!first) {
    const input = v128.load(at - 16);
    const low = v128.and(input, nibble);
    const high = i8x16.shr_u(input, 4);
    before0 = v128.and(i8x16.swizzle(low0, low), i8x16.swizzle(high0, high));
    before1 = v128.and(i8x16.swizzle(low1, low), i8x16.swizzle(high1, high));
    before2 = v128.and(i8x16.swizzle(low2, low), i8x16.swizzle(high2, high));
  }
  const stop = at + ((count as usize) << 4);
  while (at < stop) {
    const input = v128.load(at);
    const low = v128.and(input, nibble);
    const high = i8x16.shr_u(input, 4);
    const now0 = v128.and(i8x16.swizzle(low0, low), i8x16.swizzle(high0, high));
    const now1 = v128.and(i8x16.swizzle(low1, low), i8x16.swizzle(high1, high));
    const now2 = v128.and(i8x16.swizzle(low2, low), i8x16.swizzle(high2, high));
    const now3 = v128.and(i8x16.swizzle(low3, low), i8x16.swizzle(high3, high));
    const pair0 = i8x16.shuffle(before0, now0, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28);
    const pair1 = i8x16.shuffle(before1, now1, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
    const pair2 = i8x16.shuffle(before2, now2, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
    const bits = candidateBits(v128.and(v128.and(pair0, pair1), v128.and(pair2, now3)));
    store<u16>(out, (bits | (load<u16>(out) & keep)) as u16);
    before0 = now0;
    before1 = now1;
    before2 = now2;
    at += 16;
    out += 2;
  }
}
