// Placeholder: drops text that stands in for a secret: filler, sequences, sample words, templates, cut samples.

import { dropped, passed, randomPart } from "./check.ts";
import type { CheckInput, CheckResult } from "./check.ts";

const words = [
  "example",
  "sample",
  "dummy",
  "changeme",
  "change_me",
  "change-me",
  "placeholder",
  "redacted",
  "insert",
  "replace",
  "your",
  "yourkey",
  "fake",
  "xxxx",
  "xxxxxx",
  "****",
  "todo",
  "token_here",
  "key_here",
  "secret_here",
  "put_",
  "enter_",
  "foobar",
  "notreal",
  "not_real",
  "not-real",
  "invalid",
  "deadbeef",
  "mysecret",
  "my_secret",
  "my-secret",
  "password",
  "qwerty",
];
const markers = ["...", "\u00e2\u0080\u00a6", "${", "{{", "}}", "#{", "<%", "%(", "$(", "[[", "***"];
/** `<your key>`: one bracket alone is a character like any other in a password. */
const bracketed = /<[^<>]*>|^<|>$/;

function hasRun(text: string, length: number): boolean {
  let run = 1;
  for (let i = 1; i < text.length; i++) {
    run = text.charCodeAt(i) === text.charCodeAt(i - 1) ? run + 1 : 1;
    if (run >= length) return true;
  }
  return false;
}

/** Does `text` hold `length` characters whose code steps by +1 or -1 at the given distance (1: abcd, 2: a1b2c3)? */
function hasSequence(text: string, distance: number, length: number): boolean {
  let up = distance;
  let down = distance;
  for (let i = distance; i < text.length; i++) {
    const step = text.charCodeAt(i) - text.charCodeAt(i - distance);
    up = step === 1 ? up + 1 : distance;
    down = step === -1 ? down + 1 : distance;
    if (up >= length || down >= length) return true;
  }
  return false;
}

/** Is one pattern of at most 8 characters repeated over the whole text? */
function isRepetition(text: string): boolean {
  for (let period = 1; period <= 8 && period * 3 <= text.length; period++) {
    let same = true;
    for (let i = period; same && i < text.length; i++) same = text.charCodeAt(i) === text.charCodeAt(i - period);
    if (same) return true;
  }
  return false;
}

/**
 * Does a word of four letters stand in `text` as people write it: in one case or capitalized, and where a word may
 * begin (not behind a letter of the same case)? Anywhere and in any case, one would stand in a few random tokens of ten
 * thousand.
 */
function holdsWord(text: string, lower: string, word: string): boolean {
  const spellings = [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)];
  for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
    const sameCase = [/[a-z]/, /[A-Z]/].find((letters) => letters.test(text.charAt(at - 1)));
    if (spellings.includes(text.slice(at, at + word.length)) && sameCase?.test(text.charAt(at)) !== true) return true;
  }
  return false;
}

/** Why a text is not a real secret, or undefined. Looks at the text alone. */
export function placeholderReason(text: string, allowWords: readonly string[] = []): string | undefined {
  const lower = text.toLowerCase();
  for (const word of words) {
    const at = allowWords.includes(word) ? -1 : lower.indexOf(word);
    if (at >= 0 && (word.length > 4 || holdsWord(text, lower, word))) return `holds "${word}"`;
  }
  for (const marker of markers) if (text.includes(marker)) return `holds "${marker}"`;
  if (bracketed.test(text)) return "in angle brackets";
  if (text.length >= 4 && new Set(text).size <= Math.min(3, text.length / 4)) return "too few different characters";
  if (hasRun(text, 7)) return "one character repeated";
  if (isRepetition(text)) return "one pattern repeated";
  if (hasSequence(text, 1, 8) || hasSequence(text, 2, 8)) return "a running sequence";
  return undefined;
}

/** Options: `allow-words`, words of the list above that are no reason. A cut sample (`abc...`) is dropped too. */
export function placeholder(input: CheckInput, options: Readonly<Record<string, unknown>>): CheckResult {
  const reason = placeholderReason(randomPart(input), (options["allow-words"] as string[] | undefined) ?? []);
  if (reason !== undefined) return dropped(reason);
  const next = input.after(3);
  if (next.startsWith("...") || next.startsWith("\u00e2\u0080\u00a6") || next.startsWith("***"))
    return dropped("cut short");
  return passed;
}
