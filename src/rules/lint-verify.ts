// A rule with a recipe → what is wrong with its control key: it must look like a real one, or it proves nothing.

import { loadRegexEngine } from "../base/regex/engine.ts";
import { UsageError } from "../errors.ts";
import type { Rule } from "../model/rule.ts";
import { controlValues } from "./control.ts";
import { expandTemplate } from "./samples.ts";

/** Sentences; none for a rule without a recipe, or whose recipe says why it has no control. */
export function controlFaults(rule: Rule, rules: readonly Rule[]): string[] {
  const control = rule.verify?.control;
  if (control === undefined || "none" in control) return [];
  let values: ReturnType<typeof controlValues>;
  try {
    values = controlValues(rule.id, control);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return [`verify.control: ${[error.message, error.hint].filter(Boolean).join(": ")}`];
  }
  const faults: string[] = [];
  if (!fits(rule, values.secret)) faults.push("verify.control does not have the form of the rule's own secrets");
  const half = rules.find((other) => other.id === rule.pair?.with);
  if (values.pair !== undefined && half !== undefined && !fits(half, values.pair))
    faults.push(`verify.control.pair does not have the form of ${half.id}`);
  return faults;
}

/** Would the rule's pattern find this text as its secret, in place of the one of an example? */
function fits(rule: Rule, value: string): boolean {
  const regex = loadRegexEngine().compile(rule.pattern);
  return rule.examples.match.some((template) => {
    const text = Buffer.from(expandTemplate(template, rule.id), "utf8").toString("latin1");
    const secret = regex.find(text, 0, false)?.groups["secret"];
    if (secret === undefined) return false;
    const changed = `${text.slice(0, secret.start)}${value}${text.slice(secret.end)}`;
    const found = regex.find(changed, 0, false)?.groups["secret"];
    return found !== undefined && changed.slice(found.start, found.end) === value;
  });
}
