// Nothing but a table row may yield a verdict: random answers against an oracle that reads the tables in its own way.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AnswerRow, JsonCondition } from "../../src/model/recipe.ts";
import { judgeAnswer, needsBody } from "../../src/verify/judge.ts";
import type { Answer } from "../../src/verify/judge.ts";
import { distinctCases } from "../helpers/provider-cases.ts";

const recipes = distinctCases().map(({ rule, recipe }) => ({ name: rule.id, recipe }));
const parts = { modulus: "m".repeat(342) };

/** Every value in a JSON document with its path. */
function leaves(value: unknown, path: readonly string[] = []): (readonly [path: readonly string[], value: unknown])[] {
  const own = [[path, value] as const];
  if (typeof value !== "object" || value === null) return own;
  return [...own, ...Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))];
}

function holds(document: unknown, condition: JsonCondition): boolean {
  const wanted = condition.path.split(".");
  const found = leaves(document).filter(
    ([path]) => path.length === wanted.length && path.every((key, i) => wanted[i] === "*" || wanted[i] === key),
  );
  if (condition.exists === false) return found.length === 0;
  return found.some(([, value]) => {
    const text = typeof value === "string" ? value : "";
    if (condition.exists === true) return true;
    if (condition.oneOf !== undefined) return condition.oneOf.some((one) => one === value);
    if (condition.contains !== undefined) return text.toLowerCase().includes(condition.contains.toLowerCase());
    if (condition.starts !== undefined) return text.startsWith(condition.starts);
    return value === (condition.equals === "{{modulus}}" ? parts.modulus : condition.equals);
  });
}

/** Does the row say what the answer is? Read off the documentation of AnswerRow. */
function says(row: AnswerRow, answer: Answer, controlled: boolean): boolean {
  if (!row.status.includes(answer.status) || (answer.status >= 300 && answer.status < 400)) return false;
  if (row.needsControl === true && !controlled) return false;
  const type = answer.headers["content-type"];
  let document: { readonly value: unknown } | undefined;
  let text: string | undefined;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(answer.body);
    document = { value: JSON.parse(text) as unknown };
  } catch {
    document = undefined;
  }
  const isJson = type === undefined ? document !== undefined : /^application\/(?:.*\+)?json(?:;.*)?$/.test(type);
  if (row.media === "json" && !isJson) return false;
  if (type?.startsWith("text/html") === true) return false;
  if (row.text !== undefined && text?.includes(row.text) !== true) return false;
  if (row.headers?.some(({ name }) => answer.headers[name] === undefined) === true) return false;
  return (row.json ?? []).every((condition) => document !== undefined && holds(document.value, condition));
}

const words = ["active", "Bad credentials", "revoked or expired", "UNAUTHORIZED", "EP_X", "invalid", "Invalid API key"];

/** Conditions of all tables, so that the answers come close to them. */
const conditions = recipes.flatMap(({ recipe }) => recipe.answers.flatMap(({ json }) => json ?? []));
const near = [
  ...new Set(conditions.flatMap(({ equals, contains, oneOf, starts }) => [equals, contains, starts, ...(oneOf ?? [])])),
];
const value = fc.oneof(
  fc.constantFrom(...words, ...near.filter((one) => one !== undefined), parts.modulus),
  fc.string({ maxLength: 12 }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);

/** A document that has one of the tables' paths, or is just anything. */
const document = fc.oneof(
  fc.tuple(fc.constantFrom(...conditions), value).map(([condition, given]) =>
    condition.path
      .split(".")
      .toReversed()
      .reduce<unknown>((inner, key) => (key === "*" ? [inner] : { [key]: inner }), given),
  ),
  fc
    .tuple(fc.constantFrom(...conditions), value)
    .map(([{ path }, given]) => ({ [path.split(".")[0] ?? ""]: given, message: given, error: { code: given } })),
  fc.jsonValue({ maxDepth: 3 }),
);

const body = fc.oneof(
  { weight: 6, arbitrary: document.map((it) => Buffer.from(JSON.stringify(it))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", "<html>", '{"a":', "<Code>InvalidClientTokenId</Code>").map((it) => Buffer.from(it)),
  },
);

const headers = fc.record(
  {
    "content-type": fc.constantFrom(
      "application/json",
      "application/json; charset=utf-8",
      "application/problem+json",
      "text/html; charset=utf-8",
      "text/plain",
      "application/jsonx",
      "text/xml",
    ),
    "x-ratelimit-limit": fc.constantFrom("1000", "5000", ""),
    location: fc.webUrl(),
  },
  { requiredKeys: [] },
);

const answer: fc.Arbitrary<Answer> = fc.record({
  status: fc.oneof(
    fc.constantFrom(200, 204, 400, 401, 403, 404, 429),
    fc.integer({ min: 200, max: 599 }),
    fc.constantFrom(301, 302, 307, 308),
  ),
  headers,
  body,
});

type Recipe = (typeof recipes)[number]["recipe"];

function bodyFor(row: AnswerRow): object {
  const whole = {};
  for (const { path, equals, oneOf, contains, starts } of row.json ?? []) {
    const wanted = [equals, oneOf?.[0], contains, starts, "x"].find((one) => one !== undefined);
    let inner: unknown = wanted === "{{modulus}}" ? parts.modulus : wanted;
    for (const key of path.split(".").toReversed()) inner = key === "*" ? [inner] : { [key]: inner };
    if (Array.isArray(inner)) return inner;
    Object.assign(whole, inner);
  }
  return whole;
}

/** An answer that is meant for a row of the recipe, with one thing changed or none. */
function nearTo(recipe: Recipe): fc.Arbitrary<Answer> {
  const change = fc.constantFrom("none", "none", "status", "headers", "body");
  return fc.tuple(fc.constantFrom(...recipe.answers), change, answer).map(([row, changed, other]) => {
    const own = Object.fromEntries((row.headers ?? []).map(({ name }) => [name, "1000"]));
    return {
      status: changed === "status" ? other.status : (row.status[0] ?? 200),
      headers: changed === "headers" ? other.headers : { "content-type": "application/json", ...own },
      ...(changed === "body"
        ? { body: other.body as Uint8Array }
        : { body: Buffer.from(JSON.stringify(bodyFor(row))) }),
    };
  });
}

const asked = fc
  .constantFrom(...recipes)
  .chain(({ recipe }) => fc.tuple(fc.constant(recipe), fc.oneof(answer, nearTo(recipe)), fc.boolean()));

describe("judgeAnswer", () => {
  test("says what the first fitting row says, and nothing else", () => {
    const seen: Record<string, number> = {};
    fc.assert(
      fc.property(asked, ([recipe, given, controlled]) => {
        const want = recipe.answers.find((row) => says(row, given, controlled));
        const judged = judgeAnswer(recipe, given, { parts, controlled });
        const means = judged.kind === "row" ? judged.row.means : judged.kind;
        seen[means] = (seen[means] ?? 0) + 1;
        expect(judged.kind === "row" ? judged.row.row : undefined).toBe(want?.row);
      }),
      { numRuns: 20_000 },
    );
    // The answers come close enough to the tables to mean something.
    for (const means of ["active", "inactive", "stop", "none"]) expect(seen[means] ?? 0).toBeGreaterThan(100);
  });

  test("a body that was not worth reading changes nothing", () => {
    fc.assert(
      fc.property(asked, ([recipe, given, controlled]) => {
        const { body: _, ...head } = given;
        if (needsBody(recipe, head)) return;
        const [with_, without] = [given, head].map((one) => judgeAnswer(recipe, one, { parts, controlled }));
        expect(without?.kind === "row" && without.row.row).toBe(with_?.kind === "row" && with_.row.row);
      }),
      { numRuns: 5000 },
    );
  });
});
