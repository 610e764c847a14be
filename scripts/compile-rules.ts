// rules/*.yml in, the text of dist/rules.json out: every built-in rule, parsed and measured, with the kernel's tables.

import { buildTables } from "../src/kernel/kernel.ts";
import { shippedCounts } from "../src/kernel/ngram-model.ts";
import { loadRules } from "../src/rules/load.ts";
import { keywordsOf } from "../src/scan/keywords.ts";

/** Compiles the rule files of a folder. */
export function compileRules(folder: string): string {
  const { rules, hash } = loadRules({ paths: [folder] });
  // Names of files are of no use where the rules are shipped to.
  const shipped = rules.map(({ file: _file, ...rule }) => rule);
  const tables = buildTables(keywordsOf(rules), shippedCounts());
  return JSON.stringify({ hash, rules: shipped, tables });
}
