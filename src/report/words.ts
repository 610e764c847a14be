// All wording of the report: what a finding is, why it matters, what to do; sizes and places in words.

import type { Problem, Skip } from "../model/blob.ts";
import type { Decision, Finding, Report, Suppression, Verdict } from "../model/finding.ts";
import type { Rule } from "../model/rule.ts";
import { inNamedFile, shortId } from "./places.ts";
import { verifiedWord } from "./verification-words.ts";

/** What each decision means to the reader. */
export const decisionWords: Readonly<Record<Decision, string>> = {
  block: "blocks",
  warn: "warning",
  allow: "allowed",
};

/** Why something was left out, as it follows a count. */
export const skipWords: Readonly<Record<Skip["reason"], string>> = {
  excluded: "excluded by configuration",
  "ignored-by-git": "ignored by git",
  symlink: "symbolic links",
  submodule: "submodules",
  deleted: "deleted",
  empty: "empty",
  "too-large": "too large",
};

/** What went wrong, as a headline over the problem's own message. */
export const problemWords: Readonly<Record<Problem["kind"], string>> = {
  unreadable: "could not be read",
  vanished: "vanished while scanning",
  changed: "changed while it was read",
  "not-a-file": "not a file",
  "git-object": "git could not give an object",
  shallow: "the history is shallow",
  partial: "objects are only at the remote",
  "slow-rule": "a rule was too slow",
  interrupted: "the scan was interrupted",
  internal: "a defect in keywarden",
};

const suppressionWords: Readonly<Record<Suppression["kind"], string>> = {
  inline: "in the line itself",
  baseline: "baseline",
  config: "configuration",
  foreign: "another scanner's ignore file",
};

/** Looks rules up by id and providers by name. */
export interface Glossary {
  readonly rule: (id: string) => Rule | undefined;
  /** The provider's own spelling, or its id where no rule of it ran. */
  readonly provider: (id: string) => string;
}

/** The glossary of a report's rules. */
export function glossaryOf(report: Report): Glossary {
  const rules = new Map(report.rules.map((rule) => [rule.id, rule]));
  const providers = new Map(report.rules.map((rule) => [rule.provider, rule.providerName]));
  return { rule: (id) => rules.get(id), provider: (id) => providers.get(id) ?? id };
}

/** The name of what was found; the rule's id where the rule is not at hand. */
export function nameOf(finding: Finding, glossary: Glossary): string {
  return glossary.rule(finding.rule)?.name ?? finding.rule;
}

/** `Stripe`, or `provider unclear: Paystack, Stripe` where several providers share the format. */
export function providerOf(finding: Finding, glossary: Glossary): string {
  const candidates = finding.candidates ?? [];
  if (candidates.length === 0) return glossary.provider(finding.provider);
  return `provider unclear: ${candidates.map((id) => glossary.provider(id)).join(", ")}`;
}

/** Bytes in decimal units with one digit: `812 B`, `3.4 MB`. */
export function sizeOf(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let size = bytes;
  let unit = 0;
  while (size >= 999.95 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return unit === 0 ? `${bytes} B` : `${size.toFixed(1)} ${units[unit]}`;
}

/** Who brought it in, and when; undefined where no history was read. */
export function firstSeenOf(finding: Finding): string | undefined {
  const first = finding.firstSeen;
  if (first === undefined) return undefined;
  const day = first.date === undefined ? "" : ` on ${first.date.slice(0, 10)}`;
  const author = first.author === undefined ? "" : ` by ${first.author}`;
  return `first seen${day} in commit ${shortId(first.commit)}${author}`;
}

/** What completes it, where the public half of a pair stands close by. */
export function pairOf(finding: Finding): string | undefined {
  const pair = finding.pairedWith;
  return pair === undefined ? undefined : `complete with ${pair.rule} ${pair.value} beside it`;
}

/** Steps that end the danger, in order; where they are done comes separately, from `whereToFix`. */
export function stepsOf(rule: Rule | undefined): readonly string[] {
  const steps = rule?.rotate?.steps ?? [];
  if (steps.length > 0) return steps.map((step) => step.charAt(0).toUpperCase() + step.slice(1));
  return ["Make a new one at the provider and put it in place", "Revoke this one and check that it no longer works"];
}

/** The page on which the credential is replaced. */
export function whereToFix(rule: Rule | undefined): string | undefined {
  return rule?.rotate?.where;
}

const outAlready = "so deleting the line does not undo the leak. Rotate it:";

/** The sentence before the steps: is the secret already out, or may it still be at home? */
export function adviceFor(finding: Finding): string {
  const { origin, occurrences } = finding;
  if (origin === undefined ? occurrences.some(({ commit }) => commit !== undefined) : origin.exposure !== "index") {
    const lost = origin?.exposure === "reflog" || origin?.exposure === "dangling";
    return `It is in the ${lost ? "repository's objects" : "history"}, ${outAlready}`;
  }
  return "Take it out of the file and read it from the environment or a secret store. If it was ever pushed or shared, rotate it:";
}

/**
 * How to allow a finding that is no secret: an inline directive, or where it cannot stand, baseline or settings. A
 * comment that is added today does not reach into earlier commits.
 */
export function allowFor(finding: Finding): { readonly text: string; readonly code: string } {
  const { origin, occurrences, rule, fingerprint } = finding;
  if ((origin === undefined || origin.exposure === "index") && occurrences.some(inNamedFile)) {
    return { text: "Not a secret? Say why, in a comment on its line:", code: `keywarden:allow ${rule} -- reason` };
  }
  if (origin === undefined)
    return { text: "Not a secret? Record it with a reason:", code: "keywarden baseline update" };
  return {
    text: "Not a secret? Say why in .keywarden/config.yml:",
    code: `allow: [{ fingerprints: ["${fingerprint}"], reason: "…" }]`,
  };
}

/** What allowed a finding: `keywarden:allow (in the line itself): test data, until 2026-12-31`. */
export function suppressionText(suppression: Suppression): string {
  const details = [
    suppression.reason,
    suppression.owner && `owner ${suppression.owner}`,
    suppression.until && `until ${suppression.until}`,
  ];
  const said = details.filter((detail) => detail !== undefined && detail !== "").join(", ");
  return `${suppression.by} (${suppressionWords[suppression.kind]})${said === "" ? "" : `: ${said}`}`;
}

/**
 * One line for every channel: `Stripe live key sk_live_…(107): blocks, critical, high confidence`, and what the provider
 * said where it is worth a word. Masked.
 */
export function headlineOf(
  { finding, decision, verification }: Pick<Verdict, "finding" | "decision" | "verification">,
  glossary: Glossary,
): string {
  const proof = verifiedWord(verification);
  const judged = `${decisionWords[decision]}, ${finding.severity}, ${finding.confidence} confidence${proof === undefined ? "" : `, ${proof}`}`;
  return `${nameOf(finding, glossary)} ${finding.secret.masked}: ${judged}`;
}
