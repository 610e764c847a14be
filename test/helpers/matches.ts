// Matches, rules and findings for tests of the rooms behind the scan; what a test does not name is filled in.

import type { Finding, Occurrence } from "../../src/model/finding.ts";
import type { Directive, Match } from "../../src/model/match.ts";
import type { Rule } from "../../src/model/rule.ts";
import { Secret } from "../../src/model/secret.ts";

/** A match on one line, or on `lines` of them. */
export function matchAt(line: number, given: Partial<Match> & { readonly lines?: number } = {}): Match {
  const { lines = 1, ...rest } = given;
  return {
    rule: "acme.live-key",
    provider: "acme",
    severity: "high",
    confidence: "high",
    secret: new Secret("", "acme_…(40)"),
    fingerprint: fingerprintOf("a"),
    span: { start: 0, end: 40 },
    location: { line, column: 7, endLine: line + lines - 1, endColumn: 47 },
    decodedFrom: [],
    facts: [],
    ...rest,
  };
}

/** A well-formed fingerprint that begins with `name` (letters a to z, digits 2 to 7). */
export function fingerprintOf(name: string): string {
  return `kf1:${name.padEnd(26, "a")}`;
}

export function ruleOf(id: string, given: Partial<Rule> = {}): Rule {
  const [provider = id] = id.split(".");
  return {
    id,
    provider,
    providerName: provider,
    name: id,
    what: "A key.",
    risk: "Whoever has it can use it.",
    severity: "high",
    confidence: "high",
    role: "secret",
    keywords: ["acme_"],
    ignoreCase: false,
    pattern: "(?P<secret>acme_[0-9A-Za-z]{35})",
    longest: 40,
    lead: 0,
    reach: 40,
    checks: [],
    fallback: false,
    general: false,
    examples: { match: [], skip: [], also: [] },
    references: [],
    ...given,
  };
}

export function occurrenceAt(path: string, line: number, given: Partial<Occurrence> = {}): Occurrence {
  return { path, part: "file", line, column: 7, endLine: line, endColumn: 47, ...given };
}

export function findingOf(name: string, occurrences: readonly Occurrence[], given: Partial<Finding> = {}): Finding {
  return {
    fingerprint: fingerprintOf(name),
    rule: "acme.live-key",
    provider: "acme",
    severity: "high",
    confidence: "high",
    secret: new Secret("", "acme_…(40)"),
    facts: [],
    occurrences,
    ...given,
  };
}

/** What the scan makes of a line with an inline comment: the spelling's directive on that line. */
export function directiveIn(text: string, spelling: string, line: number): Directive {
  const start = text.indexOf(spelling);
  if (start < 0) throw new Error(`no ${spelling} in ${text}`);
  const before = text.slice(0, start).at(-1);
  const rest = text.slice(start + spelling.length);
  return { spelling, line, rest, ...(before === undefined ? {} : { before }) };
}
