// A rule file of the user's in, a review of what its recipes would send where out; and the trust in it kept or ended.

import type { Rule } from "../model/rule.ts";
import { UsageError } from "../errors.ts";
import { loadRules } from "../rules/load.ts";
import { foldersOf } from "./open-verification.ts";
import { distrustRules, trustRules } from "./trusted-rules.ts";

function reviewOf(rule: Rule): readonly string[] {
  const { verify } = rule;
  if (verify === undefined) return [];
  const requests = verify.requests.flatMap(({ method, url, headers, body, harmless }) => [
    `  ${method} ${url}`,
    ...Object.entries(headers).map(([name, value]) => `    ${name}: ${value}`),
    ...(body === undefined ? [] : [`    body: ${body}`]),
    ...(harmless === undefined ? [] : [`    harmless, says the file: ${harmless}`]),
  ]);
  const hosts = verify.host === undefined ? [] : [`  {{host}} ends in ${verify.host.suffixes.join(" or ")}`];
  const control =
    "none" in verify.control
      ? `  no impossible key is sent first: ${verify.control.none}`
      : "  an impossible key is sent first";
  return [`${rule.id} (${rule.name})`, ...requests, ...hosts, control];
}

/** What there is to know before a rule file is trusted. */
interface Review {
  /** What its recipes would send where, in lines. */
  readonly words: string;
  /** Hex SHA-256 of the file that they were read from. */
  readonly digest: string;
}

/** Reads a rule file for its review. Throws RuleError, and UsageError where it holds no recipe. */
export function reviewRules(file: string): Review {
  const { rules } = loadRules({ paths: [file] });
  const lines = rules.flatMap(reviewOf);
  if (lines.length === 0) {
    throw new UsageError(`${file} holds no recipe`, { hint: "Rules without verify need no trust: they only detect." });
  }
  const words = `With --verify, secrets that these rules find would be sent as {{secret}} in:\n\n${lines.join("\n")}\n`;
  return { words, digest: rules[0]?.digest ?? "" };
}

/** Trusts the file as it was reviewed. Any change to it, or its standing inside of what is scanned, ends that. */
export function trustFile(file: string, env: NodeJS.ProcessEnv, digest: string): void {
  trustRules(foldersOf(env).config, file, digest);
}

/** Ends the trust in a file; false where there was none. */
export function distrustFile(file: string, env: NodeJS.ProcessEnv): boolean {
  return distrustRules(foldersOf(env).config, file);
}
