// A seed → the same random numbers and token-like texts every time.

import { createHash } from "node:crypto";

/** SHA-256 of the seed and a counter, as a stream of numbers. */
export class SeededRandom {
  readonly #seed: string;
  #counter = 0;
  #block: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** A whole number from 0 up to, not including, `limit` (at most 65,536), each as likely as the others. */
  below(limit: number): number {
    const fair = 65_536 - (65_536 % limit);
    for (;;) {
      if (this.#at + 2 > this.#block.length) {
        this.#block = createHash("sha256")
          .update(`${this.#counter++}\n${this.#seed}`)
          .digest();
        this.#at = 0;
      }
      const value = this.#block.readUInt16BE(this.#at);
      this.#at += 2;
      if (value < fair) return value % limit;
    }
  }
}

const digits = "0123456789";
const lower = "abcdefghijklmnopqrstuvwxyz";
const upper = lower.toUpperCase();

/** The alphabets that a template may name. */
export const alphabets: Readonly<Record<string, string>> = {
  base62: digits + upper + lower,
  "alnum-lower": digits + lower,
  hex: `${digits}abcdef`,
  HEX: `${digits}ABCDEF`,
  base64: `${upper}${lower}${digits}+/`,
  base64url: `${upper}${lower}${digits}-_`,
  base58: "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
  digits,
  upper,
  lower,
  base32: `${upper}234567`,
};

/** Words in samples and texts of people, which checks take for a sign that a token is none. */
const words =
  /examp|sampl|dummy|change|place|redact|insert|replac|your|fake|todo|here|put|enter|foo|bar|real|valid|dead|beef|secret|passw|qwert|test|demo|null|none|key|token|xxx/i;

const isSayable = /^[A-Za-z]*$/;
const fiveConsonants = /[^aeiouy]{5}/i;

/**
 * `length` characters of the alphabet that look random to every check: a digit, a lower and an upper case letter where
 * the alphabet has them and the length allows, no runs, no running sequences, no words, no character too often.
 */
export function randomText(random: SeededRandom, alphabet: string, length: number): string {
  const kinds = [/[0-9]/, /[a-z]/, /[A-Z]/].filter((kind) => kind.test(alphabet));
  // In very long texts a short word turns up by chance; no check minds it there.
  const attempts = length > 2000 ? 3 : 2000;
  let text = "";
  for (let attempt = 0; attempt < attempts; attempt++) {
    text = drawText(random, alphabet, length);
    const mixed = length < kinds.length || kinds.every((kind) => kind.test(text));
    const said = length >= 10 && isSayable.test(text) && !fiveConsonants.test(text);
    if (mixed && !said && !words.test(text)) return text;
  }
  return text;
}

function drawText(random: SeededRandom, alphabet: string, length: number): string {
  const counts = new Map<string, number>();
  const most = Math.ceil(length / alphabet.length) + 2;
  let text = "";
  while (text.length < length) {
    let next = "";
    for (let attempt = 0; attempt < 50; attempt++) {
      next = alphabet.charAt(random.below(alphabet.length));
      if ((counts.get(next) ?? 0) < most && !regular(text, next)) break;
    }
    counts.set(next, (counts.get(next) ?? 0) + 1);
    text += next;
  }
  return text;
}

/** Would `next` make a double, or three in a row that step by one (abc, 321), also at every other place (a1b2c)? */
function regular(text: string, next: string): boolean {
  const code = (back: number): number => text.charCodeAt(text.length - back);
  const steps = (near: number, far: number): boolean => {
    const step = next.charCodeAt(0) - code(near);
    return Math.abs(step) <= 1 && step === code(near) - code(far);
  };
  return next === text.at(-1) || steps(1, 2) || steps(2, 4);
}
