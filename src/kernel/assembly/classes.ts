// Byte classes: which bytes belong to base64, hex, NUL and the first characters of escapes.

/** Bits of a class byte: the low five mean base64, then NUL, then the two kinds of escape starts. */
export const ALPHABET: i8 = 0x1f;
/** Any bit of these in a class byte asks for a closer look: NUL, or one of percent, ampersand and backslash. */
export const SPECIAL: i8 = 0xe0 as i8;

/** Class bytes of 16 bytes: a low-nibble table and a high-nibble table, combined by and. */
export function classes(input: v128): v128 {
  // Low nibble: bit 0 for "+-/" (b d f), 1 for digits, 2 for letters after @ and `, 3 for P-Z and p-z, 4 for "_",
  // 5 for NUL, 6 for "%&" (5 6), 7 for backslash (c).
  const low = i8x16(
    0x2a,
    0x0e,
    0x0e,
    0x0e,
    0x0e,
    0x4e,
    0x4e,
    0x0e,
    0x0e,
    0x0e,
    0x0c,
    0x05,
    0x84 as i8,
    0x05,
    0x04,
    0x15,
  );
  const high = i8x16(0x20, 0, 0x41, 0x02, 0x04, 0x98 as i8, 0x04, 0x08, 0, 0, 0, 0, 0, 0, 0, 0);
  return v128.and(i8x16.swizzle(low, v128.and(input, i8x16.splat(15))), i8x16.swizzle(high, i8x16.shr_u(input, 4)));
}

/** Whether all 16 bytes are hexadecimal digits. */
export function allHex(input: v128): bool {
  const low = i8x16(1, 3, 3, 3, 3, 3, 3, 1, 1, 1, 0, 0, 0, 0, 0, 0);
  const high = i8x16(0, 0, 0, 1, 2, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  const both = v128.and(
    i8x16.swizzle(low, v128.and(input, i8x16.splat(15))),
    i8x16.swizzle(high, i8x16.shr_u(input, 4)),
  );
  return i8x16.all_true(both);
}

/** Whether a byte is a decimal digit. */
export function isDigit(byte: u32): bool {
  return byte - 48 < 10;
}

/** Whether a byte is a hexadecimal digit of either case. */
export function isHex(byte: u32): bool {
  return byte - 48 < 10 || (byte | 32) - 97 < 6;
}

/** Whether a byte belongs to base64, ordinary or URL-safe; padding does not. */
export function isAlphabet(byte: u32): bool {
  return (byte | 32) - 97 < 26 || byte - 48 < 10 || byte == 43 || byte == 45 || byte == 47 || byte == 95;
}
