// A keyword's hit and the bytes after it in, the rules that these bytes leave possible out.

import type { Keyword } from "./keywords.ts";

/** One bit a rule; further rules of the same keyword are always possible. */
export const mostFiltered = 31;

/** A byte that must come after the keyword, and which bytes may come before it. */
interface Awaited {
  readonly byte: number;
  /** 1 for bytes that may stand before it. */
  readonly allowed: Uint8Array;
  /** How many bytes after the keyword a match can reach at the most. */
  readonly within: number;
  readonly bit: number;
}

/** Tells, without running a pattern, which rules of a keyword a hit can belong to. */
export class FollowFilter {
  readonly #length: number;
  readonly #all: number;
  /** For each position after the keyword and each byte there, the rules that allow it. */
  readonly #masks: readonly Uint32Array[];
  readonly #awaited: readonly Awaited[];

  constructor(keyword: Keyword) {
    const texts = keyword.follow.slice(0, mostFiltered).map((text) => text.split(";"));
    const allowed = texts.map(([positions = ""]) => (positions === "" ? [] : positions.split(",").flatMap(run)));
    this.#length = keyword.text.length;
    this.#all = 2 ** allowed.length - 1;
    const depth = Math.max(0, ...allowed.map((positions) => positions.length));
    this.#masks = Array.from({ length: depth }, (_, position) => maskAt(allowed, position));
    this.#awaited = texts.flatMap(([, must], rule) =>
      must === undefined ? [] : [awaitedOf(must, rule, keyword.longest[rule] ?? 0)],
    );
  }

  /** Bits of the rules (by their order in the keyword) that what stands after a hit at `offset` leaves possible. */
  possible(bytes: Uint8Array, offset: number): number {
    let mask = this.#all;
    const start = offset + this.#length;
    let at = start;
    for (const masks of this.#masks) {
      // Where the bytes end, no match can go on; one that may have ended before has every entry set.
      mask &= masks[at < bytes.length ? (bytes[at] as number) : beyond] as number;
      if (mask === 0) return 0;
      at++;
    }
    for (const one of this.#awaited) {
      if ((mask & one.bit) !== 0 && !comes(one, bytes, start)) mask &= ~one.bit;
    }
    return mask;
  }
}

/** `3039*3`: the same ranges for three positions. */
function run(text: string): string[] {
  const [ranges = "", count = "1"] = text.split("*");
  return Array.from({ length: Number(count) }, () => ranges);
}

/** The index of the entry for "no byte". */
const beyond = 256;

function comes({ byte, allowed, within }: Awaited, bytes: Uint8Array, start: number): boolean {
  const end = Math.min(bytes.length, start + within);
  for (let at = start; at < end; at++) {
    const found = bytes[at] as number;
    if (found === byte) return true;
    if (allowed[found] === 0) return false;
  }
  return false;
}

function awaitedOf(text: string, rule: number, within: number): Awaited {
  const allowed = new Uint8Array(256);
  eachRange(text.slice(2), (byte) => (allowed[byte] = 1));
  return { byte: Number.parseInt(text.slice(0, 2), 16), allowed, within, bit: 1 << rule };
}

function maskAt(allowed: readonly (readonly string[])[], position: number): Uint32Array {
  const masks = new Uint32Array(257);
  allowed.forEach((positions, rule) => {
    const ranges = positions[position];
    const add = (byte: number) => (masks[byte] = (masks[byte] as number) | (1 << rule));
    if (ranges === undefined) masks.forEach((_, byte) => add(byte));
    else eachRange(ranges, add);
  });
  return masks;
}

/** Calls back for every byte of ranges written as pairs of hex bytes. */
function eachRange(ranges: string, take: (byte: number) => void): void {
  const ends = Buffer.from(ranges, "hex");
  for (let at = 0; at + 1 < ends.length; at += 2) {
    for (let byte = ends[at] as number; byte <= (ends[at + 1] as number); byte++) take(byte);
  }
}

/** Is the rule at `index` of a keyword among the possible ones? */
export function isPossible(mask: number, index: number): boolean {
  return index >= mostFiltered || (mask & (1 << index)) !== 0;
}
