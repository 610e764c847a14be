// The rule set in, what rotation asks of it out: how often, how and how bad, by rule and by provider.

import { compareText } from "../base/compare-text.ts";
import type { Rule } from "../model/rule.ts";
import { severities, type Severity } from "../model/rule.ts";

/** What rotation reads of a rule; any `Rule` is one. */
export type RotationRule = Pick<Rule, "id" | "provider" | "providerName" | "severity" | "rotate">;

/** Rules by what they are asked for. */
export interface RuleIndex {
  readonly byId: ReadonlyMap<string, RotationRule>;
  /** The rule that speaks for a provider where the rule of a credential is not known: the strictest. */
  readonly byProvider: ReadonlyMap<string, RotationRule>;
}

/** The interval of a credential whose rule names none; nobody but us says so. */
export const defaultEveryDays = 90;

function everyDaysOf({ rotate }: RotationRule): number {
  return rotate?.everyDays ?? defaultEveryDays;
}

function strictness(a: RotationRule, b: RotationRule): number {
  const saysItself = (rule: RotationRule): number => (rule.rotate?.source === "provider" ? 0 : 1);
  return (
    everyDaysOf(a) - everyDaysOf(b) ||
    saysItself(a) - saysItself(b) ||
    // A rule with steps to show before one without.
    (a.rotate === undefined ? 1 : 0) - (b.rotate === undefined ? 1 : 0) ||
    compareText(a.id, b.id)
  );
}

/** Sorts rules into an index; their order does not matter. */
export function indexRules(rules: readonly RotationRule[]): RuleIndex {
  const byId = new Map<string, RotationRule>();
  const byProvider = new Map<string, RotationRule>();
  for (const rule of rules) {
    byId.set(rule.id, rule);
    const other = byProvider.get(rule.provider);
    if (other === undefined || strictness(rule, other) < 0) byProvider.set(rule.provider, rule);
  }
  return { byId, byProvider };
}

/** The rule that a credential was found by, else the one that speaks for its provider. */
export function ruleOf(index: RuleIndex, provider: string, id: string | undefined): RotationRule | undefined {
  return (id === undefined ? undefined : index.byId.get(id)) ?? index.byProvider.get(provider);
}

/** The worse of two severities, one of which may not be known. */
export function worse(a: Severity | undefined, b: Severity | undefined): Severity | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return severities.indexOf(a) >= severities.indexOf(b) ? a : b;
}
