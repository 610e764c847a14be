// Texts for people in, the same with every secret in them masked out: a token may have been typed as a path, or name a file.

import { chooseKey } from "../findings/key.ts";
import { nameMask } from "../report/mask-names.ts";
import type { NameMask } from "../report/mask-names.ts";
import { secretNames } from "./names-in-report.ts";
import { builtInRules, kernelModule, tablesFor } from "./scan-setup.ts";

const maxDecodeDepth = 3;

/** The mask of what the built-in rules find in the texts of `records`. */
export function concealing(records: unknown): NameMask {
  const ruleSet = builtInRules();
  const names = secretNames(records, {
    rules: ruleSet.rules,
    enabled: new Set(ruleSet.rules.map(({ id }) => id)),
    tables: tablesFor(ruleSet),
    wasm: kernelModule(),
    key: chooseKey({}),
    now: 0,
    maxDecodeDepth,
    keepValues: false,
    timings: false,
  });
  return nameMask(names);
}

/**
 * Masks what the built-in rules find in the text. Where they cannot be had, in an installation that is damaged, every
 * long word is left out: the message must not be lost, nor tell too much.
 */
export function conceal(text: string): string {
  try {
    return concealing([text])(text);
  } catch {
    return text.replaceAll(/[\w+/=-]{20,}/g, "…");
  }
}
