// A validated entry of a rule file → a Rule ready for scanning, or the laws that it breaks.

import { createHash } from "node:crypto";
import { maxNearBytes } from "../model/rule.ts";
import type { CheckUse, Rule, RuleSet } from "../model/rule.ts";
import { checkFaults } from "./compile-checks.ts";
import { compilePattern } from "./compile-pattern.ts";
import { compileRecipe } from "./compile-verify.ts";
import type { RuleEntry, RuleFile } from "./schema.ts";

/** A law that an entry breaks: where (a path inside the entry, an offset in the text there) and what to do. */
export interface Fault {
  readonly path: readonly PropertyKey[];
  readonly offset?: number;
  readonly message: string;
}

/** Either the rule, or why there is none; one entry may break several laws. */
export type Compiled =
  | { readonly kind: "rule"; readonly rule: Rule }
  | { readonly kind: "faults"; readonly faults: readonly Fault[] };

/** How many bytes after the secret the placeholder check looks at. */
const placeholderBytes = 3;

/** Compiles one entry of `file`, which was read from the file named `fileName`. */
export function compileRule(file: RuleFile, entry: RuleEntry, fileName: string): Compiled {
  const pattern = compilePattern(entry);
  const uses = usesOf(entry);
  const { recipe, faults: recipeFaults } = compileRecipe(entry);
  const faults = [
    ...entryFaults(file, entry),
    ...pattern.faults,
    ...checkFaults(uses, pattern.groups),
    ...recipeFaults,
  ];
  if (faults.length > 0 || pattern.compiled === undefined) return { kind: "faults", faults };
  return {
    kind: "rule",
    rule: {
      ...describedBy(file, entry, fileName),
      ...pattern.compiled,
      reach: reachOf(entry, uses),
      checks: uses,
      ...(recipe === undefined ? {} : { verify: recipe }),
    },
  };
}

function usesOf(entry: RuleEntry): CheckUse[] {
  return (entry.checks ?? []).flatMap((check) =>
    Object.entries(check).map(([name, options]) => ({ name, options: options as Readonly<Record<string, unknown>> })),
  );
}

function describedBy(
  file: RuleFile,
  entry: RuleEntry,
  fileName: string,
): Omit<Rule, "pattern" | "longest" | "lead" | "reach" | "checks"> {
  const { rotate, examples } = entry;
  return {
    id: entry.id,
    provider: file.provider,
    providerName: file.name,
    ...(file.homepage === undefined ? {} : { homepage: file.homepage }),
    name: entry.name,
    what: entry.what,
    risk: entry.risk,
    severity: entry.severity,
    confidence: entry.confidence,
    role: entry.role ?? "secret",
    keywords: entry.keywords,
    ignoreCase: entry["ignore-case"] ?? false,
    ...(entry.contested === undefined ? {} : { contested: entry.contested }),
    general: entry.general ?? false,
    fallback: entry.fallback ?? false,
    ...(entry.evidence === undefined ? {} : { evidence: entry.evidence }),
    ...(entry.pair === undefined ? {} : { pair: entry.pair }),
    ...(rotate === undefined ? {} : { rotate: rotationOf(rotate) }),
    ...(entry.unverified === undefined ? {} : { unverified: entry.unverified }),
    examples: {
      match: examples.match,
      skip: examples.skip.map(({ text, why, "near-miss": nearMiss }) => ({ text, why, nearMiss: nearMiss ?? false })),
      also: examples.also ?? [],
    },
    references: entry.references ?? [],
    file: fileName,
  };
}

function rotationOf(rotate: NonNullable<RuleEntry["rotate"]>): NonNullable<Rule["rotate"]> {
  const { every, source, where, steps } = rotate;
  return { everyDays: Number.parseInt(every, 10), source, ...(where === undefined ? {} : { where }), steps };
}

/** Bytes on either side of a match that decide about it: a boundary looks at one, near words at a bounded window. */
function reachOf(entry: RuleEntry, uses: readonly CheckUse[]): number {
  const names = new Set(uses.map((use) => use.name));
  // In a contested family, a rival's evidence decides too.
  if (names.has("near") || names.has("not-near") || entry.contested !== undefined) return maxNearBytes + 1;
  return names.has("placeholder") ? placeholderBytes : 1;
}

function entryFaults(file: RuleFile, entry: RuleEntry): Fault[] {
  const faults: Fault[] = [];
  const fault = (path: readonly PropertyKey[], message: string): void => void faults.push({ path, message });
  if (!entry.id.startsWith(`${file.provider}.`)) {
    fault(["id"], `an id starts with its file's provider: ${file.provider}.${entry.id.split(".")[1] ?? "kind"}`);
  }
  if (entry.contested !== undefined && entry.fallback !== true && entry.evidence === undefined) {
    fault(["contested"], "a contested rule needs evidence: words that point at this provider");
  }
  if (entry.evidence !== undefined && entry.contested === undefined) {
    fault(["evidence"], "evidence belongs to a contested rule: name the family, or use the near check");
  }
  if (entry.fallback === true && entry.contested === undefined) {
    fault(["fallback"], "a fallback needs contested: the family that it stands in for");
  }
  if (entry.fallback === true && entry.evidence !== undefined) {
    fault(["evidence"], "a fallback takes no evidence: it reports what nobody can prove");
  }
  if (entry.pair?.with === entry.id) fault(["pair", "with"], "a rule is no pair with itself");
  if (!entry.examples.skip.some((skip) => skip["near-miss"] === true)) {
    fault(["examples", "skip"], "one skip example must be marked near-miss: true, a token in all but one point");
  }
  const seen = new Set<string>();
  entry.keywords.forEach((keyword, index) => {
    const folded = entry["ignore-case"] === true ? keyword.toLowerCase() : keyword;
    if (seen.has(folded)) fault(["keywords", index], "this keyword stands here twice");
    seen.add(folded);
  });
  return faults;
}

/**
 * The rules in id order, with a hash over all that they say (not over the files that they came from). Ids must be
 * unique; see load.ts.
 */
export function ruleSetOf(rules: readonly Rule[]): RuleSet {
  const sorted = rules.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const hash = createHash("sha256");
  for (const rule of sorted)
    hash.update(JSON.stringify(canonical({ ...rule, file: undefined, digest: undefined }))).update("\n");
  return { rules: sorted, hash: hash.digest("hex") };
}

/** The same value with the keys of every object in order, so that the hash does not hang on how a rule was made. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, canonical(inner)]));
}
