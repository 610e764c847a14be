// A credential, the inventory's policies and its provider's rule in, the one policy that it is under out.

import { matchesGlob } from "../base/glob.ts";
import type { DeclaredPolicy, Inventory, PolicyMatch, RotationPolicy } from "../model/rotation.ts";
import type { Severity } from "../model/rule.ts";
import { defaultEveryDays, type RotationRule } from "./rules.ts";

/** Days before the due day on which people are reminded, where nobody says otherwise. */
const defaultNotifyDays = [14, 7, 1, 0] as const;

/** What a policy can be chosen by. */
export interface PolicySubject {
  readonly provider: string;
  readonly severity: Severity;
  readonly environment?: string | undefined;
  /** The policy that its entry names. */
  readonly policy?: string | undefined;
  /** Every path that it was found at. */
  readonly paths: readonly string[];
}

function fits(match: PolicyMatch, subject: PolicySubject): boolean {
  const { providers, paths, environments, severities } = match;
  const { environment } = subject;
  return (
    (providers === undefined || providers.includes(subject.provider)) &&
    (severities === undefined || severities.includes(subject.severity)) &&
    (environments === undefined || (environment !== undefined && environments.includes(environment))) &&
    (paths === undefined || subject.paths.some((path) => paths.some((glob) => matchesGlob(path, glob))))
  );
}

/** From the earliest to 0, none of them on or before the day on which the credential was made. */
function orderNotify(days: readonly number[], everyDays: number): readonly number[] {
  return [...new Set([...days, 0])].filter((day) => day >= 0 && day < everyDays).sort((a, b) => b - a);
}

function ownPolicy(rule: RotationRule | undefined): RotationPolicy {
  const everyDays = rule?.rotate?.everyDays ?? defaultEveryDays;
  const saidBy = rule?.rotate?.source === "provider" ? "provider" : "default";
  return {
    name: "default",
    everyDays,
    notifyDays: orderNotify(defaultNotifyDays, everyDays),
    graceDays: 0,
    reason:
      saidBy === "provider"
        ? "The provider's own page says so."
        : "keywarden's default; the provider names no interval.",
    saidBy,
  };
}

function complete(policy: DeclaredPolicy, own: RotationPolicy): RotationPolicy {
  const everyDays = policy.everyDays ?? own.everyDays;
  return {
    name: policy.name,
    everyDays,
    notifyDays: orderNotify(policy.notifyDays ?? defaultNotifyDays, everyDays),
    graceDays: policy.graceDays ?? own.graceDays,
    reason: policy.reason,
    saidBy: policy.everyDays === undefined ? own.saidBy : "inventory",
  };
}

/**
 * The policy that an entry names, else the first that fits in every part, else the provider's own or ours. What a
 * policy of the inventory leaves out comes from there, too; `saidBy` tells who says the interval.
 */
export function policyOf(
  subject: PolicySubject,
  policies: Inventory["policies"],
  rule: RotationRule | undefined,
): RotationPolicy {
  const own = ownPolicy(rule);
  const named = subject.policy === undefined ? undefined : policies.find(({ name }) => name === subject.policy);
  const chosen = named ?? policies.find(({ match }) => fits(match, subject));
  return chosen === undefined ? own : complete(chosen, own);
}
