// Charset: looks at the bytes next to the secret (RE2 has no look-around) and at what kinds of characters it holds.

import type { Rule } from "../../model/rule.ts";
import { dropped, passed } from "./check.ts";
import type { CheckInput, CheckResult } from "./check.ts";

const kinds: Readonly<Record<string, RegExp>> = { digit: /[0-9]/, lower: /[a-z]/, upper: /[A-Z]/, letter: /[A-Za-z]/ };
const classes = new Map<string, RegExp>();

/** A one-character class such as `[A-Za-z0-9_-]` as a V8 expression: one character, so always linear. */
function classOf(source: string): RegExp {
  let known = classes.get(source);
  if (known === undefined) {
    known = new RegExp(`^${source}$`);
    classes.set(source, known);
  }
  return known;
}

/**
 * For a rule whose match begins with its keyword: the bytes (1) that must not stand before it, because the pattern starts
 * at a word's edge or a charset check of the secret says so. With them a hit is dropped before any pattern runs;
 * undefined where nothing is known.
 */
export function refusedBefore(rule: Rule): Uint8Array | undefined {
  if (rule.lead > 0) return undefined;
  const pattern = rule.pattern.replace(/^\(\?i\)/, "");
  if (pattern.startsWith("\\b") && rule.keywords.every((keyword) => /^\w/.test(keyword)))
    return flagsOf("[A-Za-z0-9_]");
  if (!pattern.startsWith("(?P<secret>")) return undefined;
  const source = rule.checks
    .map((use) => (use.name === "charset" ? use.options["before"] : undefined))
    .find((before) => typeof before === "string");
  return source === undefined ? undefined : flagsOf(source);
}

const flags = new Map<string, Uint8Array>();

/** A one-character class as a flag for each byte; rules share a few classes, so each is made once. */
function flagsOf(source: string): Uint8Array {
  let known = flags.get(source);
  if (known === undefined) {
    const expression = classOf(source);
    known = Uint8Array.from({ length: 256 }, (_, byte) => (expression.test(String.fromCharCode(byte)) ? 1 : 0));
    flags.set(source, known);
  }
  return known;
}

/** Options: `before` and `after`, classes that the neighbours must not be in; `needs`, kinds that `of` (a group) must hold. */
export function charset(input: CheckInput, options: Readonly<Record<string, unknown>>): CheckResult {
  const { before, after } = options as { before?: string; after?: string };
  if (before !== undefined && classOf(before).test(input.before(1))) return dropped("runs on to the left");
  if (after !== undefined && classOf(after).test(input.after(1))) return dropped("runs on to the right");
  const text = input.groups[(options["of"] as string | undefined) ?? "secret"] ?? input.secret;
  for (const kind of (options["needs"] as string[] | undefined) ?? []) {
    if (kinds[kind]?.test(text) !== true) return dropped(`has no ${kind}`);
  }
  return passed;
}
