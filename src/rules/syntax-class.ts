// A character class in brackets → the set of bytes it holds.

import type { ByteSet } from "./byte-set.ts";
import { bytesOf, complement, foldCase, perlClasses, posixClasses, union } from "./byte-set.ts";
import { escapedByte, PatternError } from "./syntax-reader.ts";
import type { Reader } from "./syntax-reader.ts";

/** Parses the class that opens at the reader. Throws PatternError for what RE2 refuses. */
export function parseClass(reader: Reader, ignoreCase: boolean): ByteSet {
  const start = reader.at;
  reader.take("[");
  const negated = reader.take("^");
  let set: ByteSet = bytesOf();
  let first = true;
  while (first || !reader.peek("]")) {
    if (reader.done()) throw new PatternError("this [ is never closed", start);
    set = union(set, parseMember(reader, ignoreCase));
    first = false;
  }
  reader.take("]");
  const whole = negated ? complement(set) : set;
  if (!whole.includes(1)) throw new PatternError("this class holds no byte at all", start);
  return whole;
}

function parseMember(reader: Reader, ignoreCase: boolean): ByteSet {
  const fold = (set: ByteSet): ByteSet => (ignoreCase ? foldCase(set) : set);
  const named = /^\[:(\^?)([a-z]*):\]/.exec(reader.rest());
  if (named !== null) {
    const posix = posixClasses[named[2] ?? ""];
    if (posix === undefined) throw reader.error(`there is no class ${named[0]}`);
    reader.at += named[0].length;
    return named[1] === "" ? fold(posix) : complement(fold(posix));
  }
  const perl = /^\\([dwsDWS])/.exec(reader.rest())?.[1];
  if (perl !== undefined) {
    reader.at += 2;
    const set = perlClasses[perl.toLowerCase()] as ByteSet;
    return perl === perl.toLowerCase() ? set : complement(set);
  }
  const start = reader.at;
  const low = takeByte(reader);
  let high = low;
  if (reader.peek("-") && !/^-(?:\]|$)/.test(reader.rest())) {
    reader.take("-");
    high = takeByte(reader);
  }
  if (high < low) throw new PatternError("this range runs backwards", start);
  return fold(bytesOf([low, high]));
}

function takeByte(reader: Reader): number {
  if (reader.peek("\\")) return escapedByte(reader);
  const start = reader.at;
  const code = reader.takeCharacter();
  if (code > 0x7f) throw new PatternError("patterns see bytes: a class cannot hold characters beyond ASCII", start);
  return code;
}
