// Rule files in, what is wrong with them out: every example of every rule is run through the real scanner.

import { loadRegexEngine } from "../base/regex/engine.ts";
import type { RegexEngine } from "../base/regex/regex.ts";
import { createKernel } from "../kernel/kernel.ts";
import type { Rule, RuleSet } from "../model/rule.ts";
import { explainRule } from "../rules/explain.ts";
import { lintRules } from "../rules/lint.ts";
import type { ExampleHit, RuleFault } from "../rules/lint.ts";
import { hintFor, loadRules } from "../rules/load.ts";
import { newRuleFile } from "../rules/scaffold.ts";
import { keywordsOf } from "../scan/keywords.ts";
import { PieceScanner } from "../scan/pieces.ts";
import { Scanner } from "../scan/scanner.ts";
import { toUtf8 } from "../sources/encoding.ts";
import { builtInRules, kernelModule, tablesFor } from "./scan-setup.ts";

export { explainRule, hintFor, newRuleFile };

/** The shipped rules and those of `paths`. Throws RuleError or UsageError. */
export function allRules(paths: readonly string[]): RuleSet {
  return paths.length === 0 ? builtInRules() : loadRules({ paths, builtIn: builtInRules() });
}

/** The rules of some files or folders alone, file names kept. */
export function rulesOf(paths: readonly string[]): RuleSet {
  return loadRules({ paths });
}

function exampleScanner(ruleSet: RuleSet, engine: RegexEngine): Scanner {
  const wasm = kernelModule();
  return new Scanner({
    rules: ruleSet.rules,
    keywords: keywordsOf(ruleSet.rules),
    makeKernel: () => createKernel(tablesFor(ruleSet), { wasm }),
    engine,
    fingerprint: (provider) => provider,
    now: Date.UTC(2026, 0, 1),
    maxDecodeDepth: 3,
    keepValues: false,
  });
}

/** What the whole scanner says of an input, transcoded first if it is UTF-16; identifiers count as hits. */
function scanWhole(scanner: Scanner, input: Uint8Array): ExampleHit[] {
  const bytes = toUtf8(input)?.bytes ?? input;
  scanner.room(bytes.length).set(bytes);
  return scanner.scan({ length: bytes.length }).matches.map(({ rule, span }) => ({ rule, ...span }));
}

/**
 * Runs all laws over `ruleSet`. With `only`, examples of those rules alone are run (against all rules). A rule file
 * that does not even parse has thrown before.
 */
export function checkRules(
  ruleSet: RuleSet,
  only?: ReadonlySet<string>,
  engine: RegexEngine = loadRegexEngine(),
): RuleFault[] {
  const scanner = exampleScanner(ruleSet, engine);
  const overlap = 128 * 1024;
  return lintRules(ruleSet.rules, (input) => scanWhole(scanner, input), {
    ...(only === undefined ? {} : { only }),
    scanCut: (input, cut) => {
      const bytes = toUtf8(input)?.bytes ?? input;
      const pieces = new PieceScanner(scanner, { own: 1024, overlap });
      pieces.push(bytes.subarray(0, cut));
      pieces.push(bytes.subarray(cut));
      return pieces.end().matches.map(({ rule, span }) => ({ rule, ...span }));
    },
  });
}

/** One line a rule, for `keywarden rules list`. */
export function ruleLine(rule: Rule): string {
  return `${rule.id.padEnd(34)} ${rule.severity.padEnd(9)} ${rule.confidence.padEnd(7)} ${rule.name}`;
}
