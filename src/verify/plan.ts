// Findings and their values in, who would be asked about which of them out, and why nobody is asked about the others.

import { createHash } from "node:crypto";
import type { RegexEngine } from "../base/regex/regex.ts";
import type { Finding } from "../model/finding.ts";
import type { Fact } from "../model/match.ts";
import type { ControlKey, Recipe } from "../model/recipe.ts";
import type { Rule } from "../model/rule.ts";
import type { Subject } from "../model/subject.ts";
import type { Verification, VerificationReason, VerificationStatus } from "../model/verification.ts";
import { entryName } from "./cache.ts";
import type { VerificationCache } from "./cache.ts";
import { factsOf, settleOffline } from "./offline.ts";
import { needsPair, renderRequests } from "./recipe.ts";
import type { Filling, RenderContext, RenderedRequest } from "./recipe.ts";

/** What the plan goes by. */
export interface PlanOptions {
  /** Names of providers that may be asked; absent: all. */
  readonly providers?: readonly string[] | undefined;
  /** Secrets of one provider that may be asked about. */
  readonly budget: number;
  /** Whether the recipe of a rule comes from where recipes may come from. */
  readonly isTrusted: (rule: Rule) => boolean;
  readonly endpoints: ReadonlyMap<string, URL>;
  readonly controlOf: (rule: Rule, control: ControlKey) => Filling;
  /** Id of the key that fingerprints are made with. */
  readonly key: string;
  readonly engine: RegexEngine;
  readonly now: number;
}

/** One secret that a provider is to be asked about. */
export interface Ask {
  readonly fingerprint: string;
  readonly rule: Rule;
  readonly recipe: Recipe;
  /** Hex; names the recipe in caches. */
  readonly recipeHash: string;
  readonly filling: Filling;
  readonly requests: readonly RenderedRequest[];
  readonly parts: Readonly<Record<string, string>>;
  /** The requests of the control, by origin; empty where the recipe has none. */
  readonly controls: ReadonlyMap<string, { readonly request: RenderedRequest; readonly parts: Ask["parts"] }>;
  /** Known without asking. */
  readonly facts: readonly Fact[];
  /** The verdict's name in the cache. */
  readonly entry: string;
}

/** Who is to be asked, and what is settled without. Every finding is in one of the two, once. */
export interface Plan {
  readonly asks: readonly Ask[];
  readonly settled: readonly Verification[];
}

/** The name by which a passed control is remembered: that of its recipe at one address. */
export function controlName({ rule, recipeHash }: Pick<Ask, "rule" | "recipeHash">, origin: string): string {
  return entryName("control", [rule.provider, recipeHash, origin]);
}

type Settled = { readonly status: VerificationStatus; readonly reason: VerificationReason };

function settledOf(finding: Finding, settled: Settled, options: PlanOptions): Verification {
  return { fingerprint: finding.fingerprint, ...settled, checkedAt: new Date(options.now).toISOString(), facts: [] };
}

/** The rule's own subjects first, then those of other rules that saw the same secret. */
function inOrder(finding: Finding, subjects: readonly Subject[]): readonly Subject[] {
  const own = (subject: Subject): number => (subject.rule.id === finding.rule ? 0 : 1);
  return subjects.toSorted((a, b) => own(a) - own(b));
}

/** The one filling that all places agree on; two different halves are one too many, wherever they stand. */
function fillingOf(subjects: readonly Subject[], recipe: Recipe): Filling | Settled {
  const [first] = subjects;
  if (first === undefined) return { status: "skipped", reason: "value-gone" };
  if (!needsPair(recipe)) return { secret: first.secret };
  const pairs = new Set(subjects.flatMap((subject) => subject.pairs));
  const [pair] = pairs;
  if (pairs.size > 1) return { status: "unknown", reason: "ambiguous-pair" };
  if (pair === undefined)
    return { status: "skipped", reason: recipe.host === undefined ? "pair-missing" : "host-missing" };
  const holder = subjects.find((subject) => subject.pairs.includes(pair)) ?? first;
  return { secret: holder.secret, pair };
}

function controlsOf(rule: Rule, ask: Pick<Ask, "recipe" | "filling" | "requests">, given: Given): Ask["controls"] {
  const { control } = ask.recipe;
  const controls = new Map<string, { request: RenderedRequest; parts: Ask["parts"] }>();
  if ("none" in control) return controls;
  const key = given.options.controlOf(rule, control);
  // A host, or an account whose key nobody can make up, is that of the real secret.
  const pair = ask.recipe.host === undefined ? (key.pair ?? ask.filling.pair) : ask.filling.pair;
  const filling = { secret: key.secret, ...(pair === undefined ? {} : { pair }) };
  const rendered = renderRequests(ask.recipe, filling, given.context);
  if (rendered.kind !== "requests") return controls;
  for (const request of rendered.requests) {
    if (!controls.has(request.origin)) controls.set(request.origin, { request, parts: rendered.parts });
  }
  return controls;
}

interface Given {
  readonly options: PlanOptions;
  readonly context: RenderContext;
  readonly cache: VerificationCache;
}

function askOf(finding: Finding, subjects: readonly Subject[], given: Given): Ask | Verification | Settled {
  const rule = subjects[0]?.rule;
  const recipe = rule?.verify;
  if (rule === undefined || recipe === undefined) return { status: "unsupported", reason: "no-recipe" };
  const filling = fillingOf(subjects, recipe);
  if ("status" in filling) return filling;
  const rendered = renderRequests(recipe, filling, given.context);
  if (rendered.kind !== "requests") return { status: "skipped", reason: rendered.kind };
  if (rendered.requests.length === 0) return { status: "skipped", reason: "malformed" };
  const recipeHash = createHash("sha256").update(JSON.stringify(recipe)).digest("hex").slice(0, 32);
  const endpoint = given.context.endpoint?.href ?? "";
  const named = [given.options.key, rule.provider, finding.fingerprint, recipeHash, endpoint, filling.pair ?? ""];
  const entry = entryName("verdict", named);
  const known = given.cache.verdict(entry, finding.fingerprint);
  if (known !== undefined) return known;
  const ask = { recipe, filling, requests: rendered.requests };
  const controls = controlsOf(rule, ask, given);
  return {
    fingerprint: finding.fingerprint,
    rule,
    ...ask,
    recipeHash,
    parts: rendered.parts,
    controls,
    facts: factsOf(subjects),
    entry,
  };
}

function decide(finding: Finding, all: readonly Subject[], options: PlanOptions, cache: VerificationCache) {
  if ((finding.candidates?.length ?? 0) > 0) return { status: "skipped", reason: "ambiguous-provider" } as const;
  const subjects = inOrder(finding, all);
  if (subjects.length === 0) return { status: "skipped", reason: "value-gone" } as const;
  const offline = settleOffline(finding, subjects);
  if (offline !== undefined) {
    return { fingerprint: finding.fingerprint, checkedAt: new Date(options.now).toISOString(), ...offline };
  }
  const withRecipe = subjects.filter((subject) => subject.rule.verify !== undefined);
  if (withRecipe.length === 0) return { status: "unsupported", reason: "no-recipe" } as const;
  const trusted = withRecipe.filter((subject) => options.isTrusted(subject.rule));
  const rule = trusted[0]?.rule;
  if (rule === undefined) return { status: "skipped", reason: "untrusted" } as const;
  const { provider } = rule;
  if (options.providers?.includes(provider) === false) return { status: "skipped", reason: "not-chosen" } as const;
  const own = trusted.filter((subject) => subject.rule.id === rule.id);
  const context = { engine: options.engine, endpoint: options.endpoints.get(provider), now: options.now };
  const asked = askOf(finding, own, { options, context, cache });
  // Another rule saw the same secret with its other half beside it.
  const others = trusted.filter((subject) => subject.rule.id !== rule.id && subject.rule.provider === provider);
  const next = others.filter((subject) => subject.rule.id === others[0]?.rule.id);
  const lacks = "reason" in asked && (asked.reason === "pair-missing" || asked.reason === "host-missing");
  const second = lacks && next.length > 0 ? askOf(finding, next, { options, context, cache }) : asked;
  return "reason" in second && second.reason === "no-recipe" ? asked : second;
}

/**
 * Plans who is asked about what. Findings come in the order in which the budget is spent; `subjects` holds their values.
 * Nothing is sent.
 */
export function planVerification(
  findings: readonly Finding[],
  subjects: ReadonlyMap<string, readonly Subject[]>,
  options: PlanOptions,
  cache: VerificationCache,
): Plan {
  const asks: Ask[] = [];
  const settled: Verification[] = [];
  const spent = new Map<string, number>();
  for (const finding of findings) {
    const decided = decide(finding, subjects.get(finding.fingerprint) ?? [], options, cache);
    if ("status" in decided) {
      settled.push("checkedAt" in decided ? decided : settledOf(finding, decided, options));
      continue;
    }
    const count = (spent.get(decided.rule.provider) ?? 0) + 1;
    spent.set(decided.rule.provider, count);
    if (count <= options.budget) asks.push(decided);
    else settled.push(settledOf(finding, { status: "skipped", reason: "budget" }, options));
  }
  return { asks, settled };
}
