// One rule → a page of plain text for `keywarden rules explain`.

import type { CheckUse, Rule } from "../model/rule.ts";
import { describePattern } from "./describe.ts";
import { maskTemplate } from "./samples.ts";
import { checkOptions } from "./schema-checks.ts";
import { parsePattern } from "./syntax.ts";

/** Plain text, no colour, lines as long as they come, ending in a newline. Random parts of examples are masked. */
export function explainRule(rule: Rule): string {
  const { tree } = parsePattern(rule.pattern, { ignoreCase: false });
  const [example = ""] = rule.examples.match;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    [`${rule.id}: ${rule.name}`, [rule.what, rule.risk]],
    ["", [`severity ${rule.severity}, confidence ${rule.confidence}, by ${rule.providerName}${roleWords(rule)}`]],
    ["What it looks like", [describePattern(tree), `for example: ${maskTemplate(example).replaceAll("\n", " ⏎ ")}`]],
    ["Keywords", [`${rule.keywords.join("  ")}${rule.ignoreCase ? "  (any case)" : ""}`]],
    ["Pattern (RE2)", [rule.pattern]],
    ["Checks", rule.checks.length === 0 ? ["none"] : rule.checks.map(checkLine)],
    ["Reach", [reachWords(rule)]],
    ["Shared shapes", contestWords(rule)],
    ["Pair", rule.pair === undefined ? [] : [`completed by ${rule.pair.with} within ${rule.pair.lines} lines`]],
    ["Verification", verificationLines(rule)],
    ["Rotation", rotationLines(rule)],
    ["References", rule.references],
  ];
  return `${sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => [title, ...lines.map((line) => `  ${line}`)].filter((line) => line !== "").join("\n"))
    .join("\n\n")}\n`;
}

function roleWords(rule: Rule): string {
  return rule.role === "identifier" ? "; the public half of a pair, never reported alone" : "";
}

function checkLine(use: CheckUse): string {
  const known = checkOptions[use.name as keyof typeof checkOptions] as (typeof checkOptions)["luhn"] | undefined;
  const options = Object.keys(use.options).length === 0 ? "" : ` ${JSON.stringify(use.options)}`;
  return `${use.name}${options}: ${known?.description ?? "no such check"}`;
}

function reachWords(rule: Rule): string {
  const { longest, lead, reach } = rule;
  const before = lead === 0 ? "starts with its keyword" : `starts at most ${lead} bytes before its first keyword`;
  return `a match has at most ${longest} bytes, ${before}, and is judged by at most ${reach} bytes on either side`;
}

function contestWords(rule: Rule): readonly string[] {
  if (rule.general) return ["any provider's token may look like this: a provider's own rule goes first"];
  if (rule.contested === undefined) return [];
  if (rule.fallback) return [`reports a token of the family ${rule.contested} that no single provider owns`];
  const { near = [], lines = 0 } = rule.evidence ?? {};
  return [
    `family ${rule.contested}; given to ${rule.providerName} when one of these stands within ${lines} lines: ${near.join(", ")}`,
  ];
}

function verificationLines({ verify, unverified, role }: Rule): readonly string[] {
  if (role === "identifier") return [];
  if (verify === undefined) return [`nobody is asked: ${unverified ?? "there is no recipe"}`];
  const { requests, answers, control } = verify;
  return [
    ...requests.map(({ method, url, headers, sign }) => {
      const names = [...Object.keys(headers), ...(sign === undefined ? [] : ["authorization (a signature)"])];
      return `${method} ${url} with ${names.length === 0 ? "no header of its own" : names.join(", ")}`;
    }),
    ...answers.map(({ row, status, means }) => `${status.join(", ")} ${row}: ${means}`),
    "none" in control ? `no control: ${control.none}` : "an impossible key must be refused first",
  ];
}

function rotationLines(rule: Rule): readonly string[] {
  if (rule.rotate === undefined) return [];
  const { everyDays, source, where, steps } = rule.rotate;
  const by = source === "provider" ? "as the provider says" : "our default";
  return [
    `every ${everyDays} days (${by})${where === undefined ? "" : `, at ${where}`}`,
    ...steps.map((step, index) => `${index + 1}. ${step}`),
  ];
}
