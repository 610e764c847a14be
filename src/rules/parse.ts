// The text of a rule file → its rules, or one error that lists what is wrong with it, line by line.

import { basename } from "node:path";
import { RuleError } from "../errors.ts";
import type { Rule } from "../model/rule.ts";
import { compileRule } from "./compile.ts";
import { readRuleDocument } from "./document.ts";
import type { Mistake, RuleDocument } from "./document.ts";
import { mistakesOf } from "./issues.ts";
import { ruleFileSchema } from "./schema.ts";
import type { RuleFile } from "./schema.ts";

/** How many mistakes of a file one error lists. */
const maxListed = 10;

/** No rule file comes near this size, in UTF-16 code units. */
const maxLength = 1_000_000;

/**
 * Parses, validates and compiles a rule file; `file` is its name as people know it. Throws a RuleError whose position
 * is that of the first mistake and whose message lists up to 10.
 */
export function parseRuleFile(text: string, file: string): Rule[] {
  if (text.length > maxLength) throw new RuleError("this is too large for a rule file", { file });
  const document = readRuleDocument(text.replace(/^\uFEFF/, ""));
  const mistakes = [...document.mistakes];
  let rules: Rule[] = [];
  if (mistakes.length === 0) {
    const parsed = ruleFileSchema.safeParse(document.value, { reportInput: true });
    if (parsed.success) rules = compileAll(parsed.data, { file, document, mistakes });
    else mistakes.push(...mistakesOf(parsed.error.issues, document));
  }
  if (mistakes.length > 0) throw ruleErrorOf(mistakes, file);
  return rules;
}

function compileAll(
  parsed: RuleFile,
  context: { readonly file: string; readonly document: RuleDocument; readonly mistakes: Mistake[] },
): Rule[] {
  const { file, document, mistakes } = context;
  const rules: Rule[] = [];
  const name = basename(file.replaceAll("\\", "/")).replace(/\.ya?ml$/, "");
  if (name !== parsed.provider) {
    mistakes.push({ ...document.placeOf(["provider"]), message: `provider and file name must be the same: ${name}` });
  }
  const seen = new Set<string>();
  parsed.rules.forEach((entry, index) => {
    const path = ["rules", index];
    if (seen.has(entry.id)) {
      mistakes.push({ ...document.placeOf([...path, "id"]), rule: entry.id, message: "this id stands here twice" });
    }
    seen.add(entry.id);
    const compiled = compileRule(parsed, entry, file);
    if (compiled.kind === "rule") {
      rules.push(compiled.rule);
      return;
    }
    for (const fault of compiled.faults) {
      const full = [...path, ...fault.path];
      const place = fault.offset === undefined ? document.placeOf(full) : document.placeInText(full, fault.offset);
      mistakes.push({ ...place, rule: entry.id, message: fault.message });
    }
  });
  return rules;
}

function ruleErrorOf(mistakes: readonly Mistake[], file: string): RuleError {
  const sorted = mistakes.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const [first, ...others] = sorted.slice(0, maxListed);
  const lines = others.map(({ line, column, rule, message }) => {
    return `${file}:${line}:${column}: ${rule === undefined ? "" : `rule ${rule}: `}${message}`;
  });
  const left = sorted.length - maxListed;
  if (left > 0) lines.push(`and ${left} more`);
  const { line, column, rule, message } = first as Mistake;
  return new RuleError([message, ...lines].join("\n"), { file, line, column }, rule === undefined ? {} : { rule });
}
