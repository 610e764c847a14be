// Word: drops identifiers, paths and plain words that happen to fit a token's shape.

import { dropped, passed, randomPart } from "./check.ts";
import type { CheckInput, CheckResult } from "./check.ts";

/** Pairs of letters that make up about half of all in English words and in identifiers. */
const frequent = new Set(
  "er in re te st en on ti at or le se nt de ri co es is an ta ar me al ro it ce ne ec ra ic ed io tr om ct si li el ve pe \
am as ma ss un to ng ol nd us pr et id la ad ch il ur th ge ac".split(" "),
);

/** For each letter, those that follow it in words; the other pairs make up a twentieth. */
const followers: Readonly<Record<string, string>> = {
  a: "bcdgilmnprstuvy",
  b: "aeiloruy",
  c: "acehikloprtuy",
  d: "adeiorsu",
  e: "acdefglmnpqrstvxy",
  f: "aefilortu",
  g: "aeghilnorsu",
  h: "aeiortuy",
  i: "abcdefglmnoprstvz",
  j: "aeosu",
  k: "aeins",
  l: "adefilostuvy",
  m: "abeimopsu",
  n: "acdefgiknostuvy",
  o: "abcdfgiklmnoprstuvw",
  p: "aehiloprstuy",
  q: "u",
  r: "acdegiklmnorstuvy",
  s: "acehiklmopstuwy",
  t: "aehilorstuwy",
  u: "abcdegilmnprst",
  v: "aeio",
  w: "aehinors",
  x: "aceipt",
  y: "emnopst",
  z: "aeio",
};

/**
 * How much more likely (natural logarithm) each pair of characters is in words than in random text. A sum of such
 * weights reaches T in random text with a probability of at most e^-T, whatever the length and alphabet.
 */
const weights = { frequent: 1.7, known: 0.25, strange: -2.4, digit: -1.2, hump: -0.5 } as const;
/** One random text in 1,500 is lost at the most; of 32 characters and more, where words are long, one in 15,000. */
const threshold = { short: 7.3, long: 9.6 } as const;
const longLength = 32;

function weightOf(before: string, after: string): number {
  if (/[0-9]/.test(after)) return weights.digit;
  if (!/[A-Za-z]/.test(before) || !/[A-Za-z]/.test(after)) return 0;
  if (/[a-z]/.test(before) && /[A-Z]/.test(after)) return weights.hump;
  const [first, second] = [before.toLowerCase(), after.toLowerCase()];
  if (frequent.has(first + second)) return weights.frequent;
  return followers[first]?.includes(second) === true ? weights.known : weights.strange;
}

/** Is a text made of words, as identifiers and paths are, so much so that chance does not explain it? */
export function isWordy(text: string): boolean {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum += weightOf(text.charAt(i - 1), text.charAt(i));
  return sum >= (text.length < longLength ? threshold.short : threshold.long);
}

/** No options. */
export function word(input: CheckInput): CheckResult {
  return isWordy(randomPart(input)) ? dropped("reads as words") : passed;
}
