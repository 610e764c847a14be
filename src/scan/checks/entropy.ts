// Entropy: drops secrets that are too regular to be random.

import { dropped, passed, randomPart } from "./check.ts";
import type { CheckInput, CheckResult } from "./check.ts";

/** Shannon entropy of a text in bits per character; 0 for an empty one. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Options: `min`, bits per character of the secret without its public prefix. */
export function entropy(input: CheckInput, options: Readonly<Record<string, unknown>>): CheckResult {
  const min = options["min"] as number;
  return entropyOf(randomPart(input)) >= min ? passed : dropped(`entropy below ${min}`);
}
