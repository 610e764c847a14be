// Near and not-near: words that must, or must not, stand close to the match.

import { dropped, passed } from "./check.ts";
import type { CheckInput, CheckResult } from "./check.ts";

/** Does one of `words` stand within so many lines of the match, ignoring case? */
export function hasNear(input: Pick<CheckInput, "nearby">, words: readonly string[], lines: number): boolean {
  const text = input.nearby(lines).toLowerCase();
  return words.some((word) => text.includes(word.toLowerCase()));
}

/** Options: `words`, `lines`. */
export function near(input: CheckInput, options: Readonly<Record<string, unknown>>): CheckResult {
  const { words, lines } = options as { words: string[]; lines: number };
  return hasNear(input, words, lines) ? passed : dropped("no telling word near");
}

/** Options: `words`, `lines`. */
export function notNear(input: CheckInput, options: Readonly<Record<string, unknown>>): CheckResult {
  const { words, lines } = options as { words: string[]; lines: number };
  return hasNear(input, words, lines) ? dropped("a word near says otherwise") : passed;
}
