// Rules and a scanner → every law that they break: among themselves, and on their own examples.

import { UsageError } from "../errors.ts";
import type { Rule } from "../model/rule.ts";
import { nearest } from "../base/nearest.ts";
import { controlFaults } from "./lint-verify.ts";
import { expandTemplate } from "./samples.ts";
import { ruleIdShape } from "./schema.ts";
import { spreadExample } from "./spread.ts";
import type { SpreadForm } from "./spread.ts";

/** A secret that a rule found: bytes of the input, end exclusive. */
export interface ExampleHit {
  readonly rule: string;
  readonly start: number;
  readonly end: number;
}

/** Runs the real scanner, with all rules, over an input. */
export type ScanExample = (input: Uint8Array) => readonly ExampleHit[];

/** How thoroughly to try the examples. */
export interface LintOptions {
  /** The same as the scan, with the input handed over in two portions cut at a byte; absent: cuts are not tried. */
  readonly scanCut?: (input: Uint8Array, cut: number) => readonly ExampleHit[];
  /** How many different random fillings of each example are tried. Default 3. */
  readonly seeds?: number;
  /** Only these rules' examples are run; laws between rules are checked for all. */
  readonly only?: ReadonlySet<string>;
}

/** A broken law, in a sentence that says what to do. */
export interface RuleFault {
  readonly rule: string;
  readonly file: string;
  readonly message: string;
}

/**
 * All laws that one file's text cannot show by itself (parseRuleFile enforces the others): ids, links between rules,
 * and every example in every setting of spread.ts. Faults come in the order of the rules, each message once.
 */
export function lintRules(rules: readonly Rule[], scan: ScanExample, options: LintOptions = {}): RuleFault[] {
  const faults = new Map<string, RuleFault>();
  for (const rule of rules) {
    const messages = linkFaults(rule, rules);
    if (options.only === undefined || options.only.has(rule.id)) {
      const allowed = allowedOn(rule, rules);
      messages.push(...matchFaults({ rule, allowed, scan, options }), ...skipFaults(rule, scan, options));
      messages.push(...controlFaults(rule, rules));
    }
    for (const message of messages) {
      faults.set(`${rule.id}\n${message}`, { rule: rule.id, file: rule.file ?? `${rule.provider}.yml`, message });
    }
  }
  return [...faults.values()];
}

function linkFaults(rule: Rule, rules: readonly Rule[]): string[] {
  const messages: string[] = [];
  const ids = new Set(rules.map((other) => other.id));
  if (!ruleIdShape.test(rule.id))
    messages.push("its id is not provider.kind in kebab-case: rename it before it is used");
  if (rules.filter((other) => other.id === rule.id).length > 1)
    messages.push("another rule has the same id: rename one");
  for (const other of rule.examples.also) {
    if (!ids.has(other)) messages.push(`examples.also names ${other}, which is no rule: ${meantHint(other, ids)}`);
    if (other === rule.id) messages.push("examples.also names the rule itself: remove it");
  }
  if (rule.pair !== undefined) {
    const half = rules.find((other) => other.id === rule.pair?.with);
    if (half === undefined)
      messages.push(`pair.with names ${rule.pair.with}, which is no rule: ${meantHint(rule.pair.with, ids)}`);
    else if (half.role !== "identifier") messages.push(`pair.with names ${half.id}: give that rule role: identifier`);
  }
  if (rule.contested !== undefined) messages.push(...familyFaults(rule, rules));
  return messages;
}

function familyFaults(rule: Rule, rules: readonly Rule[]): string[] {
  const family = rules.filter((other) => other.contested === rule.contested);
  const fallbacks = family.filter((other) => other.fallback).length;
  const messages: string[] = [];
  if (rule.fallback && rule.provider !== "unclear")
    messages.push("a fallback rule stands in unclear.yml only: move it there");
  if (fallbacks === 0) messages.push(`the family ${rule.contested} has no fallback rule: add one to unclear.yml`);
  if (rule.fallback && fallbacks > 1)
    messages.push(`the family ${rule.contested} has ${fallbacks} fallback rules: keep one`);
  if (rule.fallback && family.length === fallbacks)
    messages.push(`no rule claims the family ${rule.contested}: remove the fallback`);
  return messages;
}

function meantHint(name: string, ids: ReadonlySet<string>): string {
  const meant = nearest(name, ids);
  return meant === undefined ? "correct or remove it" : `did you mean ${meant}?`;
}

/** Rules that may fire on a rule's own examples: itself, its family's fallback, its other half, those it names. */
function allowedOn(rule: Rule, rules: readonly Rule[]): { own: ReadonlySet<string>; any: ReadonlySet<string> } {
  const fallbacks = rules.filter(
    (other) => rule.contested !== undefined && other.fallback && other.contested === rule.contested,
  );
  const own = new Set([rule.id, ...fallbacks.map((other) => other.id)]);
  return { own, any: new Set([...own, ...rule.examples.also, ...(rule.pair === undefined ? [] : [rule.pair.with])]) };
}

interface Trial {
  readonly rule: Rule;
  readonly allowed: ReturnType<typeof allowedOn>;
  readonly scan: ScanExample;
  readonly options: LintOptions;
}

/** The expanded text, or the message of what is wrong with the template. */
function expanded(template: string, seed: string): { readonly text: string } | { readonly fault: string } {
  try {
    return { text: expandTemplate(template, seed) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { fault: [error.message, error.hint].filter(Boolean).join(": ") };
  }
}

function matchFaults(trial: Trial): string[] {
  const { rule, options } = trial;
  return rule.examples.match.flatMap((template, index) => {
    const name = `examples.match[${index}]`;
    const messages: string[] = [];
    for (let seed = 0; seed < (options.seeds ?? 3) && messages.length === 0; seed++) {
      const sample = expanded(template, `${rule.id} match ${index} ${seed}`);
      if ("fault" in sample) return [`${name}: ${sample.fault}`];
      messages.push(...formFaults(trial, name, sample.text));
    }
    return messages;
  });
}

function formFaults(trial: Trial, name: string, text: string): string[] {
  const { scan, options, allowed } = trial;
  const forms = spreadExample(text);
  const alone = ownHits(scan(Buffer.from(text, "utf8")), allowed.own);
  if (alone.length === 0)
    return [`${name}: the rule does not fire on it: correct the pattern, the checks or the example`];
  const messages: string[] = [];
  const complain = (form: string, hits: readonly ExampleHit[], spread: SpreadForm): void => {
    const message = formFault(trial, hits, { alone, spread });
    if (message !== undefined) messages.push(`${name}, ${form}: ${message}`);
  };
  for (const spread of forms) {
    complain(formNames[spread.form] ?? spread.form, scan(spread.bytes), spread);
    if (spread.form !== "middle" || options.scanCut === undefined) continue;
    for (const cut of cutsOf(spread, alone))
      complain("cut in two portions", options.scanCut(spread.bytes, cut), spread);
  }
  return [...new Set(messages)];
}

const formNames: Readonly<Record<string, string>> = {
  alone: "alone in a file",
  start: "at the start of a file",
  middle: "in the middle of a file",
  end: "at the end of a file",
  twice: "twice in a row",
  crlf: "with CRLF line ends",
  "utf-16le": "as UTF-16 (little endian)",
  "utf-16be": "as UTF-16 (big endian)",
  base64: "inside base64",
  env: "in an env file",
  json: "in JSON",
  yaml: "in YAML",
  shell: "in a shell script",
  typescript: "in TypeScript",
};

function ownHits(hits: readonly ExampleHit[], own: ReadonlySet<string>): readonly ExampleHit[] {
  return hits.filter((hit) => own.has(hit.rule)).toSorted((a, b) => a.start - b.start || a.end - b.end);
}

function formFault(
  trial: Trial,
  hits: readonly ExampleHit[],
  seen: { readonly alone: readonly ExampleHit[]; readonly spread: SpreadForm },
): string | undefined {
  const { alone, spread } = seen;
  const stranger = hits.find((hit) => !trial.allowed.any.has(hit.rule));
  if (stranger !== undefined)
    return `${stranger.rule} fires too: make one of them stricter, or name it in examples.also`;
  const own = ownHits(hits, trial.allowed.own);
  const wanted = alone.length * spread.times;
  if (own.length !== wanted) {
    return own.length === 0
      ? "the rule does not fire: the pattern or a check depends on what stands around the example"
      : `the rule fires ${own.length} times, not ${wanted}: the pattern runs on into what stands around the example`;
  }
  if (spread.at === undefined || spread.times > 1) return undefined;
  const { at } = spread;
  const same = own.every(
    (hit, i) => hit.start === (alone[i]?.start ?? -1) + at && hit.end === (alone[i]?.end ?? -1) + at,
  );
  return same ? undefined : "the secret has other ends than alone: the pattern runs on into what stands around it";
}

/** Cuts through the first secret and right beside it. */
function cutsOf(spread: SpreadForm, alone: readonly ExampleHit[]): readonly number[] {
  const first = alone[0];
  if (first === undefined) return [];
  const start = (spread.at ?? 0) + first.start;
  const end = (spread.at ?? 0) + first.end;
  return [...new Set([start, start + 1, (start + end) >> 1, end - 1, end])];
}

function skipFaults(rule: Rule, scan: ScanExample, options: LintOptions): string[] {
  return rule.examples.skip.flatMap(({ text, why }, index) => {
    const name = `examples.skip[${index}] (${why})`;
    for (let seed = 0; seed < (options.seeds ?? 3); seed++) {
      const sample = expanded(text, `${rule.id} skip ${index} ${seed}`);
      if ("fault" in sample) return [`${name}: ${sample.fault}`];
      for (const spread of spreadExample(sample.text)) {
        if (!["alone", "middle"].includes(spread.form)) continue;
        if (scan(spread.bytes).some((hit) => hit.rule === rule.id)) {
          return [`${name}: the rule fires on it ${formNames[spread.form]}: make the pattern or the checks stricter`];
        }
      }
    }
    return [];
  });
}
