// Turns rules into SARIF reporting descriptors (SARIF 2.1.0, section 3.49), with GitHub's extra properties.

import type { Rule, Severity } from "../model/rule.ts";
import { stepsOf, whereToFix } from "./words.ts";

/** SARIF's levels (section 3.27.10). */
export type SarifLevel = "error" | "warning" | "note";

/** critical and high are errors, medium is a warning, the rest are notes. */
export const sarifLevels: Readonly<Record<Severity, SarifLevel>> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
  info: "note",
};

/** GitHub code scanning: over 9.0 is critical, from 7.0 high, from 4.0 medium, the rest low. */
const securitySeverity: Readonly<Record<Severity, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "3.0",
  info: "1.0",
};

function helpOf(rule: Rule): { readonly text: string; readonly markdown: string } {
  const steps = stepsOf(rule);
  const where = whereToFix(rule);
  const allow = `keywarden:allow ${rule.id} -- reason`;
  const numbered = steps.map((step, index) => `${index + 1}. ${step}`).join("\n");
  const place = where === undefined ? "" : `\n\nWhere: ${where}`;
  return {
    text: `${rule.what}\n\n${rule.risk}\n\nWhat to do:\n${numbered}${place}\n\nTo allow it: ${allow}`,
    markdown: `${rule.what}\n\n${rule.risk}\n\n**What to do**\n\n${numbered}${place}\n\nTo allow it, write on its line: \`${allow}\``,
  };
}

/** The rule as a reporting descriptor: `id`, texts, help, default level, tags and security severity. */
export function sarifRule(rule: Rule): object {
  const uri = rule.references[0] ?? rule.homepage;
  return {
    id: rule.id,
    name: rule.name,
    shortDescription: { text: rule.name },
    fullDescription: { text: `${rule.what} ${rule.risk}` },
    ...(uri === undefined ? {} : { helpUri: uri }),
    help: helpOf(rule),
    defaultConfiguration: { level: sarifLevels[rule.severity] },
    properties: {
      tags: ["security", "secret", rule.provider],
      precision: { high: "very-high", medium: "high", low: "medium" }[rule.confidence],
      "security-severity": securitySeverity[rule.severity],
    },
  };
}
