// Sets of bytes: what one place of a pattern can match.

/** 256 flags: 1 where the byte is in the set. Never written to once made. */
export type ByteSet = Uint8Array;

/** The set of all bytes from `ranges`, pairs of first and last byte. */
export function bytesOf(...ranges: readonly (readonly [number, number])[]): ByteSet {
  const set = new Uint8Array(256);
  for (const [first, last] of ranges) set.fill(1, first, last + 1);
  return set;
}

/** The bytes of either set. */
export function union(a: ByteSet, b: ByteSet): ByteSet {
  return a.map((flag, byte) => flag | (b[byte] ?? 0));
}

/** The bytes that are not in the set. */
export function complement(set: ByteSet): ByteSet {
  return set.map((flag) => 1 - flag);
}

/**
 * Adds the other case of every letter. RE2 folds by Unicode, so the letters of Latin-1 (0xC0-0xFE) fold too, except
 * multiplication and division sign (0xD7, 0xF7) and those whose other case lies outside (0xB5, 0xDF, 0xFF).
 */
export function foldCase(set: ByteSet): ByteSet {
  const folded = set.slice();
  for (let upper = 0x41; upper <= 0xde; upper++) {
    if ((upper > 0x5a && upper < 0xc0) || upper === 0xd7) continue;
    const either = (set[upper] ?? 0) | (set[upper + 0x20] ?? 0);
    folded[upper] = either;
    folded[upper + 0x20] = either;
  }
  return folded;
}

const ascii = (text: string): [number, number][] =>
  Array.from(text.matchAll(/(.)-(.)|(.)/gsu), ([, first, last, one]) => [
    (first ?? one ?? "").charCodeAt(0),
    (last ?? one ?? "").charCodeAt(0),
  ]);

const alnum = "0-9A-Za-z";

/** The Perl classes, as RE2 has them: `\s` is without vertical tab. */
export const perlClasses: Readonly<Record<string, ByteSet>> = {
  d: bytesOf(...ascii("0-9")),
  w: bytesOf(...ascii(`${alnum}_`)),
  s: bytesOf(...ascii("\t\n\f\r ")),
};

/** The POSIX classes that may stand in `[[:name:]]`. */
export const posixClasses: Readonly<Record<string, ByteSet>> = {
  alnum: bytesOf(...ascii(alnum)),
  alpha: bytesOf(...ascii("A-Za-z")),
  ascii: bytesOf([0, 0x7f]),
  blank: bytesOf(...ascii("\t ")),
  cntrl: bytesOf([0, 0x1f], [0x7f, 0x7f]),
  digit: bytesOf(...ascii("0-9")),
  graph: bytesOf([0x21, 0x7e]),
  lower: bytesOf(...ascii("a-z")),
  print: bytesOf([0x20, 0x7e]),
  punct: bytesOf([0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e]),
  space: bytesOf(...ascii("\t-\r ")),
  upper: bytesOf(...ascii("A-Z")),
  word: bytesOf(...ascii(`${alnum}_`)),
  xdigit: bytesOf(...ascii("0-9A-Fa-f")),
};
