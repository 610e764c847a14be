// Settings in, the rules of one run out: the shipped ones, the user's own, and which of them are enabled.

import type { Settings } from "../config/settings.ts";
import type { Rule, RuleSet } from "../model/rule.ts";
import { builtInRules } from "./scan-setup.ts";

/** All rules that are known to a run, and those of them that run. */
export interface ChosenRules {
  readonly ruleSet: RuleSet;
  readonly enabled: readonly Rule[];
}

type Choice = Pick<Settings, "rules" | "only" | "except" | "minSeverity">;

/** The same settings with all rules: what scans leave out changes neither who is known nor the name of a value. */
export function withEveryRule<Chosen extends Choice>(settings: Chosen): Chosen {
  return { ...settings, only: [], except: [], minSeverity: "info" };
}

/**
 * Loads and selects. Throws RuleError for a bad rule file, UsageError for a name that no rule has. The rules room, with
 * its parser and schema, is only loaded when there is something for it to do.
 */
export async function chooseRules(choice: Choice): Promise<ChosenRules> {
  let ruleSet: RuleSet = builtInRules();
  if (choice.rules.length > 0) {
    const { loadRules } = await import("../rules/load.ts");
    ruleSet = loadRules({ paths: choice.rules, builtIn: ruleSet });
  }
  const plain = choice.only.length === 0 && choice.except.length === 0 && choice.minSeverity === "info";
  if (plain) return { ruleSet, enabled: ruleSet.rules };
  const { selectRules } = await import("../rules/select.ts");
  const enabled = selectRules(ruleSet, {
    ...(choice.only.length > 0 ? { only: choice.only } : {}),
    except: choice.except,
    minSeverity: choice.minSeverity,
  });
  return { ruleSet, enabled: enabled.rules };
}
