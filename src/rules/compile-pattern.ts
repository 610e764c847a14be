// A rule's pattern → RE2 source with its measures, or the laws that it breaks.

import { loadRegexEngine } from "../base/regex/engine.ts";
import { RegexSyntaxError } from "../base/regex/regex.ts";
import type { Rule } from "../model/rule.ts";
import type { Fault } from "./compile.ts";
import { followOf } from "./follow.ts";
import { requiredText } from "./required.ts";
import { measurePattern } from "./measure.ts";
import type { Measure } from "./measure.ts";
import { stripWithOffsets } from "./pattern.ts";
import type { RuleEntry } from "./schema.ts";
import { parsePattern } from "./syntax.ts";
import type { ParsedPattern, Pattern } from "./syntax.ts";
import { PatternError } from "./syntax-reader.ts";

/** A pattern's part of a rule. */
export interface CompiledPattern {
  readonly compiled?: Pick<Rule, "pattern" | "longest" | "lead" | "follow" | "requires">;
  /** Names of the pattern's groups; absent when it could not be parsed. */
  readonly groups?: readonly string[];
  readonly faults: readonly Fault[];
}

/** The farthest that a rule's first keyword may stand from the start of its match, in bytes. */
const maxLead = 1024;

/** Strips, parses and measures the entry's pattern, and has RE2 confirm it. */
export function compilePattern(entry: RuleEntry): CompiledPattern {
  const { source, offsets } = stripWithOffsets(entry.pattern);
  const ignoreCase = entry["ignore-case"] ?? false;
  let parsed: ParsedPattern;
  try {
    parsed = parsePattern(source, { ignoreCase });
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return {
      faults: [{ path: ["pattern"], offset: offsets[error.offset] ?? 0, message: `pattern: ${error.message}` }],
    };
  }
  const pattern = ignoreCase ? `(?i)${source}` : source;
  const refused = engineFault(pattern);
  if (refused !== undefined) return { groups: parsed.groups, faults: [refused] };
  const measure = measurePattern(parsed.tree, { keywords: entry.keywords, ignoreCase });
  const longest = Math.min(measure.longest ?? Number.POSITIVE_INFINITY, entry.longest ?? Number.POSITIVE_INFINITY);
  const faults = [...groupFaults(parsed), ...measureFaults(entry, measure, longest)];
  if (faults.length > 0 || measure.lead === undefined) return { groups: parsed.groups, faults };
  const { lead } = measure;
  const follow = entry.keywords.map((keyword) => followOf(parsed.tree, keyword, { ignoreCase, lead }));
  const requires = requiredText(parsed.tree, entry.keywords);
  const compiled = { pattern, longest, lead, follow, ...(requires === undefined ? {} : { requires }) };
  return { compiled, groups: parsed.groups, faults };
}

/** RE2 has the last word: a pattern may be too large for it. */
function engineFault(pattern: string): Fault | undefined {
  try {
    loadRegexEngine().compile(pattern);
    return undefined;
  } catch (error) {
    if (!(error instanceof RegexSyntaxError)) throw error;
    return { path: ["pattern"], message: `pattern: RE2 refuses it: ${error.message}` };
  }
}

function groupFaults(parsed: ParsedPattern): Fault[] {
  if (!parsed.groups.includes("secret")) {
    return [{ path: ["pattern"], message: "pattern: put the secret part in a group: (?P<secret> ... )" }];
  }
  if (!always(parsed.tree, "secret")) {
    return [
      {
        path: ["pattern"],
        message: "pattern: the group secret must take part in every match: move it out of ? * {0,n} and |",
      },
    ];
  }
  return [];
}

/** Does the group take part in every match? */
function always(tree: Pattern, name: string): boolean {
  switch (tree.kind) {
    case "byte":
    case "boundary":
      return false;
    case "group":
      return tree.name === name || always(tree.body, name);
    case "sequence":
      return tree.parts.some((part) => always(part, name));
    case "choice":
      return tree.branches.every((branch) => always(branch, name));
    case "repeat":
      return tree.min > 0 && always(tree.body, name);
  }
}

function measureFaults(entry: RuleEntry, measure: Measure, longest: number): Fault[] {
  const faults: Fault[] = [];
  const fault = (path: readonly PropertyKey[], message: string): void => void faults.push({ path, message });
  if (measure.shortest === 0) fault(["pattern"], "pattern: it matches the empty text");
  if (longest === Number.POSITIVE_INFINITY) {
    fault(["pattern"], "pattern: a match has no longest length: bound * and + as in {1,200}, or declare longest");
  } else if (measure.shortest > longest) {
    fault(["longest"], `longest: the shortest match has ${measure.shortest} bytes already`);
  }
  if (measure.keywordFree !== undefined) {
    fault(["keywords"], `keywords: a match need not hold any of them, see ${shown(measure.keywordFree)}`);
  }
  if (measure.lead === undefined) {
    fault(["pattern"], "pattern: the part before the first keyword has no bound: bound it as in {0,40}, or drop it");
  } else if (measure.lead > maxLead) {
    fault(["pattern"], `pattern: up to ${measure.lead} bytes stand before the first keyword; at most ${maxLead} may`);
  }
  for (const keyword of measure.unused) {
    fault(["keywords", entry.keywords.indexOf(keyword)], "keywords: this one can stand in no match; remove it");
  }
  return faults;
}

/** A text from the pattern's own shape, in quotes; long ones are cut in the middle. */
function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 40)}…${text.slice(-10)}` : text);
}
