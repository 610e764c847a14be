// Turns UTF-16 and UTF-32 text into UTF-8, told apart by the byte order mark or, for UTF-16, by strict statistics.

/** An encoding that is transcoded before scanning. */
export type WideEncoding = "utf-16le" | "utf-16be" | "utf-32le" | "utf-32be";

/** What `detectEncoding` saw, with the length of the byte order mark in bytes (0 if none). */
export interface Detected {
  readonly encoding: WideEncoding;
  readonly markBytes: number;
}

const sampleBytes = 4096;
const firstLookBytes = 64;
const minUnits = 8;
/** Of all units without a mark, this share must be printable ASCII or white space. */
const minAsciiShare = 0.8;
const pieceUnits = 1 << 20;

/**
 * The wide encoding of a content's first bytes (4 KiB are enough), or undefined for everything else,
 * UTF-8 with or without a mark included. Without a mark only UTF-16 whose text is mostly ASCII is recognised.
 */
export function detectEncoding(bytes: Uint8Array): Detected | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) {
    const wide = c === 0 && d === 0 && isUtf32(bytes, true);
    return wide ? { encoding: "utf-32le", markBytes: 4 } : { encoding: "utf-16le", markBytes: 2 };
  }
  if (a === 0xfe && b === 0xff) return { encoding: "utf-16be", markBytes: 2 };
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return { encoding: "utf-32be", markBytes: 4 };
  if (bytes.subarray(0, firstLookBytes).indexOf(0) < 0) return undefined;
  for (const encoding of ["utf-16le", "utf-16be"] as const) {
    if (looksLikeUtf16(bytes.subarray(0, sampleBytes), encoding === "utf-16le" ? 0 : 1))
      return { encoding, markBytes: 0 };
  }
  return undefined;
}

/** All of `bytes` as UTF-8 without a mark, or undefined when they are not UTF-16 or UTF-32. */
export function toUtf8(bytes: Uint8Array): { bytes: Uint8Array; encoding: WideEncoding } | undefined {
  const detected = detectEncoding(bytes);
  if (detected === undefined) return undefined;
  return { bytes: transcode(bytes.subarray(detected.markBytes), detected.encoding), encoding: detected.encoding };
}

/**
 * UTF-8 of text in a known encoding, without a mark. Lone surrogates, values beyond Unicode and a cut last
 * unit become U+FFFD each. To go piece by piece, cut at multiples of 4 bytes and not inside a surrogate pair.
 */
export function transcode(bytes: Uint8Array, encoding: WideEncoding): Uint8Array {
  return encoding.startsWith("utf-16")
    ? transcodeUtf16(bytes, encoding === "utf-16le")
    : transcodeUtf32(bytes, encoding === "utf-32le");
}

/** `low` is where in each pair of bytes an ASCII character stands. */
function looksLikeUtf16(sample: Uint8Array, low: 0 | 1): boolean {
  const units = sample.length >> 1;
  if (units < minUnits) return false;
  let ascii = 0;
  for (let unit = 0; unit < units; unit++) {
    const value = sample[2 * unit + low] ?? 0;
    const high = sample[2 * unit + 1 - low] ?? 0;
    if (high !== 0) continue;
    const isText = (value >= 0x20 && value < 0x7f) || (value >= 0x09 && value <= 0x0d);
    if (isText) ascii++;
    else if (value < 0x80) return false;
  }
  return ascii >= units * minAsciiShare;
}

function isUtf32(bytes: Uint8Array, littleEndian: boolean): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, sampleBytes) & ~3);
  if (bytes.length < 8) return bytes.length === 4;
  for (let at = 4; at < view.byteLength; at += 4) {
    const value = view.getUint32(at, littleEndian);
    if (value === 0 || value > 0x10ffff) return false;
  }
  return true;
}

function transcodeUtf16(bytes: Uint8Array, littleEndian: boolean): Uint8Array {
  const even = bytes.subarray(0, bytes.length & ~1);
  const units = littleEndian ? Buffer.from(even.buffer, even.byteOffset, even.length) : Buffer.from(even).swap16();
  const pieces: Buffer[] = [];
  for (let start = 0; start < units.length;) {
    let end = Math.min(units.length, start + 2 * pieceUnits);
    const lastUnit = units.readUInt16LE(end - 2);
    if (end < units.length && lastUnit >= 0xd800 && lastUnit < 0xdc00) end -= 2;
    pieces.push(Buffer.from(units.toString("utf16le", start, end), "utf8"));
    start = end;
  }
  if (even.length < bytes.length) pieces.push(Buffer.from("\ufffd"));
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
}

function transcodeUtf32(bytes: Uint8Array, littleEndian: boolean): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length & ~3);
  const pieces: Buffer[] = [];
  for (let start = 0; start < view.byteLength; start += 4 * pieceUnits) {
    const end = Math.min(view.byteLength, start + 4 * pieceUnits);
    let text = "";
    for (let at = start; at < end; at += 4) {
      const value = view.getUint32(at, littleEndian);
      const isCharacter = value <= 0x10ffff && (value < 0xd800 || value > 0xdfff);
      text += isCharacter ? String.fromCodePoint(value) : "\ufffd";
    }
    pieces.push(Buffer.from(text, "utf8"));
  }
  if (bytes.length % 4 !== 0) pieces.push(Buffer.from("\ufffd"));
  return Buffer.concat(pieces);
}
