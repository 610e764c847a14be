// Counts of bytes and byte pairs → how likely four sets of bytes are to stand in a row in real text.
import { NGRAM_LEVELS, NGRAM_SYMBOLS } from "./ngrams.ts";

/** Counts of real text: `bytes[a]` of single bytes, `after(a)[b]` of `b` right behind `a`. */
export interface NgramCounts {
  readonly bytes: Float64Array;
  after(first: number): Float64Array;
}

/**
 * Four sets of bytes, one per position of a window, as masks of nibbles: low nibbles of positions 0 to 3, then high
 * nibbles. A byte is in a set when both its nibbles are.
 */
export type NibbleMasks = readonly number[];

/** Positions of a window. */
export const WINDOW_SIZE = 4;

/** A mask that takes every nibble. */
export const ANY_NIBBLE = 0xffff;

// The first character of a level; each character after it stands for a count half a binary order larger.
const LEVEL_ZERO = 48;

const BYTE_COUNT = 256;
// How many pairs the plain byte frequencies count for, beside the pairs that were seen.
const UNSEEN_WEIGHT = 4;

/** The counts that ship with the kernel, of source text; see ngrams.ts for what was counted. */
export function shippedCounts(): NgramCounts {
  const groups = symbolGroups();
  const bytes = new Float64Array(BYTE_COUNT);
  const rowOf = new Uint8Array(BYTE_COUNT);
  const amounts = Array.from({ length: BYTE_COUNT }, (_, level) => (level === 0 ? 0 : 2 ** (level / 2)));
  for (const [row, firsts] of groups.entries()) {
    const levels = NGRAM_LEVELS[row] ?? "";
    let total = 0;
    for (let column = 0; column < levels.length; column++)
      total += amounts[levels.charCodeAt(column) - LEVEL_ZERO] ?? 0;
    for (const first of firsts) {
      bytes[first] = total / firsts.length;
      rowOf[first] = row;
    }
  }
  // Few rows are asked for when there is no time, so each is read when it is.
  const after = (first: number): Float64Array => {
    const counts = new Float64Array(BYTE_COUNT);
    const row = rowOf[first] ?? 0;
    const firsts = groups[row]?.length ?? 1;
    for (const [column, seconds] of groups.entries()) {
      const amount = amounts[(NGRAM_LEVELS[row] ?? "").charCodeAt(column) - LEVEL_ZERO] ?? 0;
      for (const second of seconds) counts[second] = amount / (firsts * seconds.length);
    }
    return counts;
  };
  return { bytes, after };
}

// The bytes behind each symbol of the shipped counts: one byte each, and a last symbol for all the others.
function symbolGroups(): number[][] {
  const symbols = [...NGRAM_SYMBOLS].map((character) => character.charCodeAt(0));
  const known = new Set(symbols);
  const others = Array.from({ length: BYTE_COUNT }, (_, byte) => byte).filter((byte) => !known.has(byte));
  return [...symbols.map((byte) => [byte]), others];
}

/** Probabilities from counts. */
export class NgramModel {
  readonly #single = new Float64Array(BYTE_COUNT);
  readonly #counts: NgramCounts;
  // Rows of 256, each filled when it is first asked for.
  readonly #rows = new Float64Array(BYTE_COUNT * BYTE_COUNT);
  readonly #isFilled = new Uint8Array(BYTE_COUNT);
  // Per high nibble and quarter of the mask of low nibbles: the probability of all bytes with these nibbles.
  readonly #masses = new Float64Array(16 * 4 * 16);
  readonly #weights = [new Float64Array(BYTE_COUNT), new Float64Array(BYTE_COUNT)] as const;
  readonly #sets = [new Uint8Array(BYTE_COUNT), new Uint8Array(BYTE_COUNT)] as const;

  constructor(counts: NgramCounts) {
    this.#counts = counts;
    let total = 0;
    for (const count of counts.bytes) total += count;
    for (let byte = 0; byte < BYTE_COUNT; byte++) {
      // What was never seen is rare, not impossible.
      this.#single[byte] = ((counts.bytes[byte] ?? 0) + 0.5) / (total || 1);
    }
    this.#fillMasses();
  }

  /** Probability of up to four bytes of a text from `offset` on, each depending on the one before. */
  textProbability(text: string, offset: number): number {
    const end = Math.min(text.length, offset + WINDOW_SIZE);
    let before = text.charCodeAt(offset);
    let probability = this.#single[before] ?? 0;
    for (let index = offset + 1; index < end; index++) {
      const code = text.charCodeAt(index);
      probability *= this.#rows[this.#row(before) + code] ?? 0;
      before = code;
    }
    return probability;
  }

  /** Probability of four bytes in a row in the four sets of `a` and `b` together, taken as independent. Fast. */
  roughProbability(a: NibbleMasks, b: NibbleMasks): number {
    let probability = 1;
    for (let position = 0; position < WINDOW_SIZE; position++) {
      const low = (a[position] ?? 0) | (b[position] ?? 0);
      const high = (a[WINDOW_SIZE + position] ?? 0) | (b[WINDOW_SIZE + position] ?? 0);
      if ((low & high) === ANY_NIBBLE) continue;
      let mass = 0;
      for (let bits = high; bits !== 0; bits &= bits - 1) {
        const row = (31 - Math.clz32(bits & -bits)) << 6;
        for (let quarter = 0; quarter < 4; quarter++) {
          mass += this.#masses[row + (quarter << 4) + ((low >> (quarter << 2)) & 15)] ?? 0;
        }
      }
      probability *= mass;
    }
    return probability;
  }

  /** Probability of four bytes in a row in the four sets of `a` and `b` together, each depending on the one before. */
  windowProbability(a: NibbleMasks, b: NibbleMasks): number {
    let [firsts, seconds] = this.#sets;
    let [weights, nextWeights] = this.#weights;
    let count = fillSet(firsts, (a[0] ?? 0) | (b[0] ?? 0), (a[WINDOW_SIZE] ?? 0) | (b[WINDOW_SIZE] ?? 0));
    for (let index = 0; index < count; index++) weights[index] = this.#single[firsts[index] ?? 0] ?? 0;
    for (let position = 1; position < WINDOW_SIZE; position++) {
      const low = (a[position] ?? 0) | (b[position] ?? 0);
      const high = (a[WINDOW_SIZE + position] ?? 0) | (b[WINDOW_SIZE + position] ?? 0);
      // A position that takes every byte passes on what it gets; only a last one does.
      if ((low & high) === ANY_NIBBLE) break;
      const size = fillSet(seconds, low, high);
      nextWeights.fill(0, 0, size);
      for (let index = 0; index < count; index++) {
        const weight = weights[index] ?? 0;
        const row = this.#row(firsts[index] ?? 0);
        for (let other = 0; other < size; other++) {
          nextWeights[other] = (nextWeights[other] ?? 0) + weight * (this.#rows[row + (seconds[other] ?? 0)] ?? 0);
        }
      }
      [firsts, seconds] = [seconds, firsts];
      [weights, nextWeights] = [nextWeights, weights];
      count = size;
    }
    let total = 0;
    for (let index = 0; index < count; index++) total += weights[index] ?? 0;
    return total;
  }

  // Where the probabilities of each byte behind `first` begin in the rows.
  #row(first: number): number {
    const at = first * BYTE_COUNT;
    if (this.#isFilled[first] === 1) return at;
    const counts = this.#counts.after(first);
    let total = UNSEEN_WEIGHT;
    for (let second = 0; second < BYTE_COUNT; second++) total += counts[second] ?? 0;
    for (let second = 0; second < BYTE_COUNT; second++) {
      this.#rows[at + second] = ((counts[second] ?? 0) + UNSEEN_WEIGHT * (this.#single[second] ?? 0)) / total;
    }
    this.#isFilled[first] = 1;
    return at;
  }

  #fillMasses(): void {
    for (let part = 0; part < 64; part++) {
      for (let mask = 1; mask < 16; mask++) {
        const rest = this.#masses[(part << 4) + (mask & (mask - 1))] ?? 0;
        const lowest = 31 - Math.clz32(mask & -mask);
        this.#masses[(part << 4) + mask] = rest + (this.#single[(part << 2) + lowest] ?? 0);
      }
    }
  }
}

// Writes the bytes of one set and returns how many there are.
function fillSet(set: Uint8Array, low: number, high: number): number {
  let count = 0;
  for (let rows = high; rows !== 0; rows &= rows - 1) {
    const row = (31 - Math.clz32(rows & -rows)) << 4;
    for (let bits = low; bits !== 0; bits &= bits - 1) set[count++] = row | (31 - Math.clz32(bits & -bits));
  }
  return count;
}
