// A rule set and what people want of it → the rules of this run.

import { UsageError } from "../errors.ts";
import { confidences, severities } from "../model/rule.ts";
import type { Confidence, Rule, RuleSet, Severity } from "../model/rule.ts";
import { ruleSetOf } from "./compile.ts";
import { hintFor } from "./load.ts";

/** Which rules shall run. */
export interface Selection {
  /** Names of rules that shall run: an id, a provider, or `provider.*`. Absent: all. */
  readonly only?: readonly string[];
  /** Names of rules that shall not run; stronger than `only`. */
  readonly except?: readonly string[];
  readonly minSeverity?: Severity;
  readonly minConfidence?: Confidence;
}

/**
 * The chosen rules. An identifier rule comes along with the rule that it completes, and the rule that reports a shared
 * shape without a clear owner with those that share it, unless excepted by name.
 * Throws UsageError for a name that no rule has, and when no rule is left.
 */
export function selectRules(ruleSet: RuleSet, selection: Selection): RuleSet {
  const { only, except = [], minSeverity = severities[0], minConfidence = confidences[0] } = selection;
  const wanted = only === undefined ? undefined : namedRules(ruleSet, only);
  const unwanted = namedRules(ruleSet, except);
  const chosen = ruleSet.rules.filter(
    (rule) =>
      (wanted === undefined || wanted.has(rule.id)) &&
      !unwanted.has(rule.id) &&
      severities.indexOf(rule.severity) >= severities.indexOf(minSeverity) &&
      confidences.indexOf(rule.confidence) >= confidences.indexOf(minConfidence),
  );
  if (chosen.length === 0) {
    throw new UsageError("no rule is left to run", {
      hint: "Loosen what was asked for; `keywarden rules list` shows all rules.",
    });
  }
  const ids = new Set(chosen.map((rule) => rule.id));
  const halves = new Set(chosen.flatMap((rule) => (rule.pair === undefined ? [] : [rule.pair.with])));
  const families = new Set(chosen.map((rule) => rule.contested).filter((family) => family !== undefined));
  const comesAlong = (rule: Rule) => halves.has(rule.id) || (rule.fallback && families.has(rule.contested ?? ""));
  const kept = ruleSet.rules.filter((rule) => ids.has(rule.id) || (comesAlong(rule) && !unwanted.has(rule.id)));
  return kept.length === ruleSet.rules.length ? ruleSet : ruleSetOf(kept);
}

function namedRules(ruleSet: RuleSet, names: readonly string[]): Set<string> {
  const ids = new Set<string>();
  for (const name of names) {
    const found = ruleSet.rules.filter((rule) => isNamed(rule, name));
    if (found.length === 0) throw unknownName(ruleSet, name);
    for (const rule of found) ids.add(rule.id);
  }
  return ids;
}

function isNamed(rule: Rule, name: string): boolean {
  return rule.id === name || rule.provider === name || `${rule.provider}.*` === name;
}

function unknownName(ruleSet: RuleSet, name: string): UsageError {
  const known = new Set(ruleSet.rules.flatMap((rule) => [rule.id, rule.provider]));
  return new UsageError(`there is no rule or provider named ${name}`, { hint: hintFor(name, known) });
}
