// Rules and directive spellings in, the literal set for the kernel out, with what each literal stands for.

import { directiveSpellings } from "../model/match.ts";
import type { Rule } from "../model/rule.ts";

/** One literal of the set; the order is the kernel's literal id. */
export interface Keyword {
  readonly text: string;
  readonly ignoreCase: boolean;
  /** Indices into the rule list of the rules that have this keyword. */
  readonly rules: readonly number[];
  /** What each of those rules allows after it, as in `Rule.follow`. */
  readonly follow: readonly string[];
  /** The longest match of each of those rules in bytes. */
  readonly longest: readonly number[];
  /** Index into `directiveSpellings`, where the literal is one. */
  readonly directive?: number;
}

/**
 * The distinct keywords of `rules`, then of the directives, in a fixed order. Rules that are not `enabled` keep their
 * place, so that tables built once for a rule set serve any selection of it, but nothing runs for them.
 */
export function keywordsOf(rules: readonly Rule[], enabled: (rule: Rule) => boolean = () => true): Keyword[] {
  const found = new Map<
    string,
    { text: string; ignoreCase: boolean; rules: number[]; follow: string[]; longest: number[]; directive?: number }
  >();
  const entry = (text: string, ignoreCase: boolean) => {
    const folded = ignoreCase ? text.toLowerCase() : text;
    const key = `${ignoreCase ? "i" : "s"}:${folded}`;
    let known = found.get(key);
    if (known === undefined) {
      known = { text: folded, ignoreCase, rules: [], follow: [], longest: [] };
      found.set(key, known);
    }
    return known;
  };
  rules.forEach((rule, index) => {
    rule.keywords.forEach((keyword, at) => {
      const known = entry(keyword, rule.ignoreCase);
      if (!enabled(rule) || known.rules.includes(index)) return;
      known.rules.push(index);
      known.follow.push(rule.follow?.[at] ?? "");
      known.longest.push(rule.longest);
    });
  });
  directiveSpellings.forEach((spelling, index) => {
    entry(spelling, false).directive = index;
  });
  return [...found.values()];
}
