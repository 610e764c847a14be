// A validated `verify` block → a Recipe, or the laws that it breaks: nothing but literal https hosts, no secret in an address.

import { defined } from "../base/defined.ts";
import { loadRegexEngine } from "../base/regex/engine.ts";
import { RegexSyntaxError } from "../base/regex/regex.ts";
import type { AnswerRow, Recipe, RecipePart, RecipeRequest, Reveal } from "../model/recipe.ts";
import type { Fault } from "./compile.ts";
import { requestFaults } from "./request-laws.ts";
import type { RuleEntry } from "./schema.ts";
import type { RequestEntry, VerifyEntry } from "./schema-verify.ts";

const reserved = new Set(["secret", "pair", "host", "base64"]);

/** The recipe of a rule's entry, where it has one and keeps every law. */
export function compileRecipe(entry: RuleEntry): { readonly recipe?: Recipe; readonly faults: readonly Fault[] } {
  const { verify } = entry;
  if (verify === undefined) return { faults: [] };
  const faults = [...shapeFaults(entry, verify), ...partFaults(verify), ...answerFaults(verify)].map((fault) => ({
    ...fault,
    path: ["verify", ...fault.path],
  }));
  return faults.length > 0 ? { faults } : { recipe: recipeOf(verify), faults };
}

function requestsOf(verify: VerifyEntry): readonly RequestEntry[] {
  return verify.requests ?? (verify.request === undefined ? [] : [verify.request]);
}

function shapeFaults(entry: RuleEntry, verify: VerifyEntry): Fault[] {
  const faults: Fault[] = [];
  const fault = (path: readonly PropertyKey[], message: string): void => void faults.push({ path, message });
  if (entry.unverified !== undefined) fault([], "a rule with a recipe takes no unverified: remove one of the two");
  if (entry.role === "identifier") fault([], "an identifier is public: nobody is asked about it");
  if ((verify.request === undefined) === (verify.requests === undefined)) fault([], "write request, or requests");
  requestsOf(verify).forEach((request, index) => {
    const path = verify.requests === undefined ? ["request"] : ["requests", index];
    for (const found of requestFaults(request, verify)) fault([...path, ...found.path], found.message);
  });
  const text = JSON.stringify([requestsOf(verify), verify.parts]);
  const usesPair =
    verify.host !== undefined || text.includes("{{pair}}") || text.includes('"of":"pair"') || text.includes('"sign"');
  if (usesPair && entry.pair === undefined) fault([], "the recipe needs the other half: give the rule a pair");
  const { control } = verify;
  if (typeof control === "object" && "secret" in control) {
    const rows = new Set(verify.answers.map(({ row }) => row));
    for (const row of control.rows ?? []) if (!rows.has(row)) fault(["control", "rows"], `there is no row ${row}`);
  }
  const controlPair = typeof control === "object" && "pair" in control;
  if (usesPair && verify.host === undefined && !("none" in Object(control)) && !controlPair)
    fault(["control"], "the recipe needs the other half: give the control a pair");
  return faults;
}

function partFaults(verify: VerifyEntry): Fault[] {
  const faults: Fault[] = [];
  for (const [name, part] of Object.entries(verify.parts ?? {})) {
    const fault = (message: string): void => void faults.push({ path: ["parts", name], message });
    if (reserved.has(name)) fault(`${name} has a meaning of its own: choose another name`);
    if (part.public === true && (part.of ?? "secret") === "secret" && part.json === undefined && part.rsa === undefined)
      fault("a public part of a secret must be taken out of it by json or rsa");
    const refused = part.fits === undefined ? undefined : patternFault(part.fits);
    if (refused !== undefined) fault(refused);
  }
  return faults;
}

function patternFault(source: string): string | undefined {
  try {
    loadRegexEngine().compile(source);
    return undefined;
  } catch (error) {
    if (!(error instanceof RegexSyntaxError)) throw error;
    return `fits: RE2 refuses it: ${error.message}`;
  }
}

function answerFaults(verify: VerifyEntry): Fault[] {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  verify.answers.forEach((answer, index) => {
    const fault = (message: string): void => void faults.push({ path: ["answers", index], message });
    if (seen.has(answer.row)) fault("another row has this name");
    seen.add(answer.row);
    if (listOf(answer.status).some((status) => status >= 300 && status < 400)) fault("a redirection never counts");
    const settles = ["active", "inactive", "revoked"].includes(answer.means);
    const bare = [answer.media, answer.header, answer.json, answer.text].every((part) => part === undefined);
    if (settles && bare && answer["needs-control"] !== true)
      fault("a status alone proves nothing, any page may send it: ask for media, a header or json too");
    if (answer["needs-control"] === true && "none" in Object(verify.control))
      fault("needs-control, but the recipe has no control");
  });
  const meant = new Set<string>(verify.answers.map(({ means }) => means));
  if (!meant.has("active")) faults.push({ path: ["answers"], message: "no row means active" });
  if (!meant.has("inactive")) faults.push({ path: ["answers"], message: "no row means inactive" });
  (verify.reveals ?? []).forEach((reveal, index) => {
    const path = ["reveals", index];
    if ((reveal.header === undefined) === (reveal.json === undefined))
      faults.push({ path, message: "write header, or json" });
    if ((reveal.as === "table") !== (reveal.table !== undefined))
      faults.push({ path, message: "a table belongs to as: table" });
  });
  return faults;
}

function listOf<Item>(value: Item | readonly Item[]): readonly Item[] {
  return Array.isArray(value) ? (value as readonly Item[]) : [value as Item];
}

function recipeOf(verify: VerifyEntry): Recipe {
  const { parts, host, control, reveals, caveat, docs } = verify;
  return {
    requests: requestsOf(verify).map(requestOf),
    ...(parts === undefined ? {} : { parts: mapValues(parts, partOf) }),
    ...(host === undefined ? {} : { host: { suffixes: host.ends } }),
    answers: verify.answers.map(rowOf),
    control: typeof control === "string" ? { secret: control } : defined(control),
    reveals: (reveals ?? []).map((reveal) => defined(reveal) as Reveal),
    ...(caveat === undefined ? {} : { caveat }),
    docs,
  };
}

function requestOf(request: RequestEntry): RecipeRequest {
  const { headers, "secret-in-path": secretInPath, "if-starts": ifStarts, ...rest } = request;
  return defined({ ...rest, headers: headers ?? {}, secretInPath, ifStarts }) as RecipeRequest;
}

function partOf(part: NonNullable<VerifyEntry["parts"]>[string]): RecipePart {
  return defined({ ...part, of: part.of ?? "secret" }) as RecipePart;
}

function rowOf(answer: VerifyEntry["answers"][number]): AnswerRow {
  const { status, header, json, "needs-control": needsControl, ...rest } = answer;
  return defined({
    ...rest,
    status: listOf(status),
    headers: header === undefined ? undefined : listOf(header).map(defined),
    json:
      json === undefined ? undefined : listOf(json).map(({ "one-of": oneOf, ...one }) => defined({ ...one, oneOf })),
    needsControl,
  }) as AnswerRow;
}

function mapValues<From, To>(map: Readonly<Record<string, From>>, make: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, make(value)]));
}
