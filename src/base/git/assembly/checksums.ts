// Bytes in, their checksums out: Adler-32 (RFC 1950) and CRC-32 (ISO 3309), as zlib streams and pack indexes hold them.

const MODULUS: u32 = 65521;
// So many bytes can be summed before the sums must be reduced.
const MOST_BYTES: u32 = 5552;
const CRC_TABLES = memory.data(16 * 1024);
let crcReady = false;

/** Adler-32 of `length` bytes at `at`; 32 bytes a step, weighed by their distance from the end of the step. */
export function adler32(at: usize, length: u32): u32 {
  let low: u32 = 1;
  let high: u32 = 0;
  while (length > 0) {
    let count = min(length, MOST_BYTES);
    length -= count;
    const steps = count >> 5;
    if (steps > 0) {
      let sums = i32x4.splat(0);
      let weighed = i32x4.splat(0);
      let before = i32x4.splat(0);
      for (let step: u32 = 0; step < steps; step++) {
        const first = v128.load(at);
        const second = v128.load(at, 16);
        before = i32x4.add(before, sums);
        const pairs = i16x8.add(i16x8.extadd_pairwise_i8x16_u(first), i16x8.extadd_pairwise_i8x16_u(second));
        sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(pairs));
        weighed = i32x4.add(
          weighed,
          dot(first, i16x8(32, 31, 30, 29, 28, 27, 26, 25), i16x8(24, 23, 22, 21, 20, 19, 18, 17)),
        );
        weighed = i32x4.add(weighed, dot(second, i16x8(16, 15, 14, 13, 12, 11, 10, 9), i16x8(8, 7, 6, 5, 4, 3, 2, 1)));
        at += 32;
      }
      high += low * (steps << 5) + (total(before) << 5) + total(weighed);
      low += total(sums);
      count &= 31;
    }
    for (; count > 0; count--) {
      low += load<u8>(at++);
      high += low;
    }
    low %= MODULUS;
    high %= MODULUS;
  }
  return (high << 16) | low;
}

function dot(bytes: v128, left: v128, right: v128): v128 {
  return i32x4.add(
    i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(bytes), left),
    i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(bytes), right),
  );
}

function total(lanes: v128): u32 {
  return (
    i32x4.extract_lane(lanes, 0) +
    i32x4.extract_lane(lanes, 1) +
    i32x4.extract_lane(lanes, 2) +
    i32x4.extract_lane(lanes, 3)
  );
}

function makeTables(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = (value >> 1) ^ (0xedb88320 & (0 - (value & 1)));
    store<u32>(CRC_TABLES + ((byte as usize) << 2), value);
  }
  for (let table: usize = 1; table < 16; table++) {
    for (let byte: usize = 0; byte < 256; byte++) {
      const before = load<u32>(CRC_TABLES + ((table - 1) << 10) + (byte << 2));
      const value = (before >> 8) ^ load<u32>(CRC_TABLES + (((before & 255) as usize) << 2));
      store<u32>(CRC_TABLES + (table << 10) + (byte << 2), value);
    }
  }
  crcReady = true;
}

// Four bytes of the sliced tables: table `first` holds the lowest.
function slice(word: u32, first: usize): u32 {
  return (
    load<u32>(CRC_TABLES + (first << 10) + (((word & 255) as usize) << 2)) ^
    load<u32>(CRC_TABLES + ((first - 1) << 10) + ((((word >> 8) & 255) as usize) << 2)) ^
    load<u32>(CRC_TABLES + ((first - 2) << 10) + ((((word >> 16) & 255) as usize) << 2)) ^
    load<u32>(CRC_TABLES + ((first - 3) << 10) + (((word >> 24) as usize) << 2))
  );
}

/** CRC-32 of `length` bytes at `at`, going on from `crc` (0 at the start). */
export function crc32(at: usize, length: u32, crc: u32): u32 {
  if (!crcReady) makeTables();
  let value = ~crc;
  const end = at + (length as usize);
  for (; at + 16 <= end; at += 16) {
    value =
      slice(load<u32>(at) ^ value, 15) ^
      slice(load<u32>(at, 4), 11) ^
      slice(load<u32>(at, 8), 7) ^
      slice(load<u32>(at, 12), 3);
  }
  for (; at < end; at++) {
    value = (value >> 8) ^ load<u32>(CRC_TABLES + ((((value ^ load<u8>(at)) & 255) as usize) << 2));
  }
  return ~value;
}
