// What zod found wrong with a rule file → plain sentences with their places.

import type { z } from "zod";
import type { Mistake, RuleDocument } from "./document.ts";
import { nearest } from "../base/nearest.ts";
import { ruleFileSchema, ruleSchema } from "./schema.ts";
import { checkNames, checkOptions } from "./schema-checks.ts";
import { verifyKeys } from "./schema-verify.ts";

type Issue = z.core.$ZodIssue;

/** The mistakes that the issues stand for; one for each unknown key. What only follows from one of those is left out. */
export function mistakesOf(found: readonly Issue[], document: RuleDocument): Mistake[] {
  const issues = found.flatMap(insideUnion);
  const unknown = issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" ? issue.keys.map((key) => unknownKey(key, issue.path)) : [],
  );
  const holders = new Set(unknown.map(({ path }) => pathText(path)));
  const meant = new Set(unknown.map(({ path, meant: key }) => pathText([...path, key ?? ""])));
  const others = issues.filter((issue) => {
    if (issue.code === "unrecognized_keys" || holders.has(pathText(issue.path))) return false;
    return issue.input !== undefined || !meant.has(pathText(issue.path));
  });
  return [
    ...unknown.map(({ path, key, message }) => ({ ...document.placeOf(path, key), ...about(path, document), message })),
    ...others.map((issue) => ({
      ...document.placeOf(issue.path),
      ...about(issue.path, document),
      message: `${label(issue.path)}${sentenceOf(issue)}`,
    })),
  ];
}

/** Where several forms are allowed: what is wrong with the one that was meant, by its kind. */
function insideUnion(issue: Issue): Issue[] {
  if (issue.code !== "invalid_union" || issue.input === undefined) return [issue];
  const meant = issue.errors.find(
    (inner) => !inner.some(({ path, code }) => path.length === 0 && code === "invalid_type"),
  );
  if (meant === undefined) return [issue];
  return meant.flatMap((inner) => insideUnion({ ...inner, path: [...issue.path, ...inner.path] }));
}

function pathText(path: readonly PropertyKey[]): string {
  return path.map(String).join("\n");
}

function about(path: readonly PropertyKey[], document: RuleDocument): { rule?: string } {
  const rule = ruleAt(path, document.value);
  return rule === undefined ? {} : { rule };
}

/** The id of the rule that a path leads into, where it has one. */
function ruleAt(path: readonly PropertyKey[], value: unknown): string | undefined {
  if (path[0] !== "rules" || typeof path[1] !== "number") return undefined;
  const rule = (value as { rules?: readonly { id?: unknown }[] } | null)?.rules?.[path[1]];
  return typeof rule?.id === "string" && /^[\w.-]{1,80}$/.test(rule.id) ? rule.id : undefined;
}

/** `keywords[0]: `, as seen from the rule or the file. */
function label(path: readonly PropertyKey[]): string {
  const inner = path[0] === "rules" && path.length > 2 ? path.slice(2) : path;
  if (inner.length === 0) return "";
  const text = inner.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  return `${text.replace(/^\./, "")}: `;
}

interface UnknownKey {
  readonly path: readonly PropertyKey[];
  readonly key: string;
  readonly message: string;
  /** The key that was probably meant. */
  readonly meant?: string;
}

function unknownKey(key: string, path: readonly PropertyKey[]): UnknownKey {
  const known = knownKeys(path);
  const start = `unknown ${path.at(-2) === "checks" ? "check" : "key"} ${quote(key)}`;
  const meant = nearest(key, known);
  if (meant !== undefined) return { path, key, meant, message: `${start}: did you mean ${meant}?` };
  const list = known.length === 0 ? "it takes no keys" : `known here: ${known.join(", ")}`;
  return { path, key, message: `${start}; ${list}` };
}

function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  if (path.length === 0) return Object.keys(ruleFileSchema.shape);
  if (path[0] !== "rules") return [];
  const inner = path.slice(2).filter((step) => typeof step !== "number");
  const [first, second] = inner;
  if (first === undefined) return Object.keys(ruleSchema.shape);
  if (first === "checks") {
    if (second === undefined) return checkNames;
    return Object.keys(checkOptions[second as keyof typeof checkOptions]?.shape ?? {});
  }
  if (first === "verify") return knownInRecipe(inner.slice(1));
  if (first === "examples") return second === "skip" ? ["text", "why", "near-miss"] : ["match", "skip", "also"];
  const nested: Readonly<Record<string, readonly string[]>> = {
    evidence: ["near", "lines"],
    pair: ["with", "lines"],
    rotate: ["every", "source", "where", "steps"],
  };
  return nested[String(first)] ?? [];
}

/** The keys of a block inside of `verify`; in parts and in maps of headers, names are free. */
function knownInRecipe(inner: readonly PropertyKey[]): readonly string[] {
  const holders = inner.map(String).filter((step) => verifyKeys[step] !== undefined);
  return verifyKeys[holders.at(-1) ?? ""] ?? [];
}

/** A key as it may be shown: keys are short words, anything else is cut. */
function quote(key: string): string {
  return JSON.stringify(key.length > 40 ? `${key.slice(0, 40)}…` : key);
}

const kinds: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
};

function sentenceOf(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type": {
      if (issue.input === undefined && issue.message.includes("undefined")) return "is missing";
      const wanted = kinds[issue.expected] ?? issue.expected;
      return `should be ${wanted}${issue.expected === "string" ? " (put it in quotes)" : ""}`;
    }
    case "invalid_union":
      return issue.input === undefined ? "is missing" : "has none of the forms that it may have";
    case "invalid_key":
      return issue.issues[0]?.message ?? issue.message;
    case "too_small":
      if (issue.input === "") return "is empty: fill it in";
      return issue.origin === "array"
        ? `needs at least ${issue.minimum} ${issue.minimum === 1 ? "entry" : "entries"}`
        : `is too ${issue.origin === "string" ? "short: at least" : "small: at least"} ${issue.minimum}`;
    case "too_big":
      return issue.origin === "array"
        ? `has more than ${issue.maximum} entries`
        : `is too ${issue.origin === "string" ? "long: at most" : "large: at most"} ${issue.maximum}`;
    case "invalid_value":
      return `should be one of ${issue.values.map(String).join(", ")}`;
    default:
      return issue.input === "" ? "is empty: fill it in" : issue.message;
  }
}
