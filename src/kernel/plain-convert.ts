// Decoders of the plain twin: encoded characters in, bytes out, dropped again when no text is among them.

/** What to decode: `length` characters at `from`, to `to`. */
export interface Conversion {
  readonly from: number;
  readonly length: number;
  readonly to: number;
}

const WORTH_LINKS = 7;

const SIX_BITS = new Uint8Array(256);
for (const alphabet of ["+/", "-_"]) {
  const characters = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${alphabet}`;
  for (let value = 0; value < 64; value++) SIX_BITS[characters.charCodeAt(value)] = value;
}

const FOUR_BITS = new Uint8Array(256);
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16);
  FOUR_BITS[digit.charCodeAt(0)] = value;
  FOUR_BITS[digit.toUpperCase().charCodeAt(0)] = value;
}

/** See `Engine.base64`. */
export function decodeBase64(bytes: Uint8Array, { from, length, to }: Conversion): number {
  let out = to;
  let bits = 0;
  let held = 0;
  for (let at = from; at < from + length; at++) {
    held = ((held << 6) | (SIX_BITS[bytes[at] ?? 0] ?? 0)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[out++] = held >> bits;
  }
  return worthKeeping(bytes, to, out);
}

/** See `Engine.hex`. */
export function decodeHex(bytes: Uint8Array, { from, length, to }: Conversion): number {
  let out = to;
  for (let at = from; at + 1 < from + length; at += 2) {
    bytes[out++] = ((FOUR_BITS[bytes[at] ?? 0] ?? 0) << 4) | (FOUR_BITS[bytes[at + 1] ?? 0] ?? 0);
  }
  return worthKeeping(bytes, to, out);
}

/** See `Engine.utf16`. */
export function decodeUtf16(bytes: Uint8Array, { from, length, to }: Conversion): number {
  let out = to;
  for (let at = from; at < from + length; at += 2) bytes[out++] = bytes[at] ?? 0;
  return worthKeeping(bytes, to, out);
}

function isText(byte: number): boolean {
  return (byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13;
}

// The size, if eight bytes in a row are text (tab, line feed, return, space to tilde) or lone NULs; else 0.
function worthKeeping(bytes: Uint8Array, from: number, to: number): number {
  let links = 0;
  let before = -1;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    const isGood = byte === 0 || isText(byte);
    const isLinked = isGood && (before === 0 ? byte !== 0 : before > 0);
    links = isLinked ? links + 1 : 0;
    if (links >= WORTH_LINKS) return to - from;
    before = isGood ? byte : -1;
  }
  return 0;
}
