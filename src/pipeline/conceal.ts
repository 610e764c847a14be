// A message to people in, the same message with every secret in it masked out: a token may have been typed as a path.

import { chooseKey } from "../findings/key.ts";
import { nameMask } from "../report/mask-names.ts";
import { secretNames } from "./names-in-report.ts";
import { builtInRules, kernelModule, tablesFor } from "./scan-setup.ts";

const maxDecodeDepth = 3;

/** Masks what the built-in rules find in the text. */
export function conceal(text: string): string {
  const ruleSet = builtInRules();
  const names = secretNames([text], {
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
  return nameMask(names)(text);
}
