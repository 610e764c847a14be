// Rule files and folders by name → one rule set, together with the built-in rules.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { RuleError, UsageError } from "../errors.ts";
import type { Rule, RuleSet } from "../model/rule.ts";
import { ruleSetOf } from "./compile.ts";
import { nearest } from "../base/nearest.ts";
import { parseRuleFile } from "./parse.ts";

/** What to load. */
export interface LoadOptions {
  /** Files, or folders whose .yml and .yaml files (not those of folders inside) are read. */
  readonly paths: readonly string[];
  /** The rules that keywarden ships, where they are to take part. */
  readonly builtIn?: Pick<RuleSet, "rules">;
}

/**
 * Reads rule files. Throws UsageError for a path that is not there or holds no rule file, and RuleError for a mistake
 * in one, for an id that two files use, and for an id of a built-in rule.
 */
export function loadRules(options: LoadOptions): RuleSet {
  const { paths } = options;
  const builtIn = options.builtIn?.rules ?? [];
  const known = new Map<string, Rule>(builtIn.map((rule) => [rule.id, rule]));
  const shipped = new Set(known.keys());
  for (const file of paths.flatMap(ruleFiles)) {
    const { text, digest } = readText(file);
    for (const parsed of parseRuleFile(text, shownName(file))) {
      const rule = { ...parsed, digest };
      const other = known.get(rule.id);
      if (other !== undefined) throw reusedId(rule, other, shipped.has(rule.id));
      known.set(rule.id, rule);
    }
  }
  return ruleSetOf([...known.values()]);
}

function reusedId(rule: Rule, other: Rule, isBuiltIn: boolean): RuleError {
  const position = { file: rule.file ?? "" };
  if (isBuiltIn) {
    return new RuleError("a built-in rule has this id already", position, {
      rule: rule.id,
      hint: "Give your rule another id; to replace the built-in one, switch that off by its id.",
    });
  }
  return new RuleError(`${other.file ?? "another file"} has a rule with this id already`, position, { rule: rule.id });
}

/** The rule files that a path stands for, sorted. */
function ruleFiles(path: string): string[] {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) {
    throw new UsageError(`there is no rule file or folder ${path}`, {
      hint: "Check the path; it is taken from the working directory.",
    });
  }
  if (!status.isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => /\.ya?ml$/.test(name));
  if (names.length === 0) {
    throw new UsageError(`the folder ${path} holds no rule file`, { hint: "Rule files end in .yml or .yaml." });
  }
  return names.toSorted().map((name) => join(path, name));
}

function readText(file: string): { readonly text: string; readonly digest: string } {
  try {
    const bytes = readFileSync(file);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return { text, digest: createHash("sha256").update(bytes).digest("hex") };
  } catch (error) {
    const why = error instanceof TypeError ? "it is not UTF-8 text" : "it cannot be read";
    throw new RuleError(why, { file: shownName(file) }, { cause: error });
  }
}

/** Messages show forward slashes on every system. */
function shownName(file: string): string {
  return file.replaceAll("\\", "/");
}

/** The name that was probably meant, as a hint; and where to find all of them. */
export function hintFor(name: string, known: Iterable<string>): string {
  const meant = nearest(name, known);
  return meant === undefined ? "`keywarden rules list` shows all of them." : `Did you mean ${meant}?`;
}
