import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadRegexEngine } from "../../src/base/regex/engine.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { AnswerRow, JsonCondition, Recipe } from "../../src/model/recipe.ts";
import type { Rule } from "../../src/model/rule.ts";
import { Secret } from "../../src/model/secret.ts";
import { verificationReasons } from "../../src/model/verification.ts";
import { builtInRules } from "../../src/pipeline/scan-setup.ts";
import { controlValues } from "../../src/rules/control.ts";
import { askProviders } from "../../src/verify/ask.ts";
import { VerificationCache } from "../../src/verify/cache.ts";
import type { Outcome } from "../../src/verify/client.ts";
import type { Answer } from "../../src/verify/judge.ts";
import { Pace } from "../../src/verify/pace.ts";
import { planVerification } from "../../src/verify/plan.ts";

const rules = builtInRules().rules.filter((rule) => rule.verify !== undefined);
const recipeOf = (rule: Rule): Recipe => rule.verify as Recipe;

/** JSON in which conditions of a table may or may not hold. */
function jsonFor(conditions: readonly JsonCondition[]): fc.Arbitrary<unknown> {
  const values = conditions.flatMap(({ equals, oneOf, contains, starts }) =>
    [equals, ...(oneOf ?? []), contains, starts].filter((value) => value !== undefined),
  );
  const leaf = fc.oneof(fc.constantFrom<unknown>("", null, true, false, 0, 1, ...values), fc.string());
  const build = (path: readonly string[], value: unknown): unknown =>
    path.length === 0
      ? value
      : path[0] === "0" || path[0] === "*"
        ? [build(path.slice(1), value)]
        : { [path[0] as string]: build(path.slice(1), value) };
  const paths = conditions.map(({ path }) => path.split("."));
  const shaped = fc
    .tuple(fc.constantFrom(...(paths.length === 0 ? [["error"]] : paths)), leaf)
    .map(([path, value]) => build(path, value));
  const both = fc
    .tuple(shaped, shaped)
    .map(([a, b]) => (Array.isArray(a) ? a : { ...(a as object), ...(b as object) }));
  return fc.oneof(shaped, both, leaf, fc.jsonValue());
}

const types = [
  undefined,
  "application/json",
  "application/json; charset=utf-8",
  "application/problem+json",
  "text/html",
  "text/html; charset=utf-8",
  "text/plain",
  "application/octet-stream",
  "application/jsonp",
  "",
];

function answerFor({ answers }: Recipe): fc.Arbitrary<Answer> {
  const conditions = answers.flatMap((row) => row.json ?? []);
  const named = answers.flatMap((row) => row.headers ?? []);
  const statuses = answers.flatMap((row) => row.status);
  const body = fc.oneof(
    jsonFor(conditions).map((value) => Buffer.from(JSON.stringify(value) ?? "")),
    jsonFor(conditions).map((value) => Buffer.from(`<html>${JSON.stringify(value)}</html>`)),
    fc.constantFrom("", ...answers.flatMap((row) => row.text ?? [])).map((text) => Buffer.from(`<a>${text}</a>`)),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    jsonFor(conditions).map((value) => Buffer.concat([Buffer.from(JSON.stringify(value) ?? ""), Buffer.from([0xff])])),
    fc.constant(Buffer.alloc(0)),
  );
  return fc
    .record({
      status: fc.oneof(fc.constantFrom(...statuses), fc.integer({ min: 200, max: 599 })),
      type: fc.constantFrom(...types),
      extra: fc.dictionary(
        fc.constantFrom("retry-after", "x-ratelimit-limit", "location", ...named.map(({ name }) => name.toLowerCase())),
        fc.oneof(
          fc.constantFrom("", "0", "1000", ...named.map(({ equals, contains }) => equals ?? contains ?? "1")),
          fc.string(),
        ),
      ),
      body: fc.option(body, { nil: undefined }),
    })
    .map(({ status, type, extra, body: bytes }) => ({
      status,
      headers: { ...extra, ...(type === undefined ? {} : { "content-type": type }) },
      ...(bytes === undefined ? {} : { body: bytes }),
    }));
}

function isBroken(body: Uint8Array | undefined): boolean {
  return body !== undefined && Buffer.from(Buffer.from(body).toString("utf8")).compare(body) !== 0;
}

/** The oracle: the table read once more, as plainly as it goes. */
function rowFits(row: AnswerRow, { status, headers, body }: Answer): boolean {
  const type = headers["content-type"];
  if (!row.status.includes(status)) return false;
  if (
    type !== undefined &&
    /^(text|application)\/x?html/i.test(type) &&
    !row.headers?.some(({ name }) => name === "content-type")
  )
    return false;
  for (const { name, equals, contains } of row.headers ?? []) {
    const value = headers[name.toLowerCase()];
    if (value === undefined || (equals !== undefined && value !== equals)) return false;
    if (contains !== undefined && !value.toLowerCase().includes(contains.toLowerCase())) return false;
  }
  if (row.media === "json" && type !== undefined && !/^application\/([\w.+-]*\+)?json(?![\w-])/i.test(type))
    return false;
  if (row.text !== undefined && (isBroken(body) || !Buffer.from(body ?? []).includes(row.text))) return false;
  if (row.json === undefined && !(row.media === "json" && type === undefined)) return true;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body ?? Buffer.alloc(0)));
  } catch {
    return false;
  }
  return (row.json ?? []).every((condition) => {
    let at: unknown[] = [value];
    for (const key of condition.path.split("."))
      at = at.flatMap((one) =>
        typeof one !== "object" || one === null
          ? []
          : key === "*"
            ? Object.values(one)
            : Object.entries(one).flatMap(([name, inner]) => (name === key ? [inner] : [])),
      );
    if (condition.exists === false) return at.length === 0;
    return at.some(
      (one) =>
        (condition.equals === undefined || (one === condition.equals && !String(one).includes("{{"))) &&
        (condition.oneOf === undefined || condition.oneOf.some((other) => other === one)) &&
        (condition.contains === undefined ||
          (typeof one === "string" && one.toLowerCase().includes(condition.contains.toLowerCase()))) &&
        (condition.starts === undefined || (typeof one === "string" && one.startsWith(condition.starts))),
    );
  });
}

const settled = new Set(["active", "inactive", "revoked"]);

describe("asking, with whatever goes wrong on the way", () => {
  test("a verdict has its row, and its control was refused before", async () => {
    const failures = [
      "timeout",
      "dns",
      "address-refused",
      "connection",
      "reset",
      "tls",
      "proxy",
      "bad-answer",
    ] as const;
    const scene = fc.constantFrom(...rules).chain((rule) => {
      const outcome: fc.Arbitrary<Outcome> = fc.oneof(
        { weight: 4, arbitrary: answerFor(recipeOf(rule)).map((answer) => ({ kind: "answer" as const, answer })) },
        { weight: 1, arbitrary: fc.constantFrom(...failures).map((why) => ({ kind: "failed" as const, why })) },
      );
      return fc.record({ rule: fc.constant(rule), outcomes: fc.array(outcome, { minLength: 1, maxLength: 6 }) });
    });
    await fc.assert(
      fc.asyncProperty(scene, async ({ rule, outcomes }) => {
        const recipe = recipeOf(rule);
        const given: Outcome[] = [];
        const said = await askOne(rule, () => {
          const outcome = outcomes[Math.min(given.length, outcomes.length - 1)] as Outcome;
          given.push(outcome);
          return outcome;
        });
        expect(verificationReasons[said.status]).toContain(said.reason);
        if (said.status === "skipped" || !settled.has(said.status)) return;
        const row = recipe.answers.find((one) => one.row === said.row);
        expect(row?.means).toBe(said.status);
        const last = given.at(-1);
        expect(last?.kind === "answer" && rowFits(row as AnswerRow, last.answer)).toBe(true);
        if ("none" in recipe.control) return;
        const refused = given.some(
          (one) =>
            one.kind === "answer" &&
            recipe.answers.some((other) => other.means === "inactive" && rowFits(other, one.answer)),
        );
        expect(refused).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });
});

const pairs: Readonly<Record<string, string>> = {};

/** Asks about the rule's own control key as if it were a real one, which has every form that the recipe needs. */
function askOne(rule: Rule, next: () => Outcome) {
  const recipe = recipeOf(rule);
  const key = "none" in recipe.control ? { secret: "x".repeat(40) } : controlValues(rule.id, recipe.control);
  const pair = key.pair ?? pairs[rule.id] ?? (recipe.host === undefined ? undefined : `shop${recipe.host.suffixes[0]}`);
  const finding = { fingerprint: "kf1:a", rule: rule.id, provider: rule.provider, facts: [] } as unknown as Finding;
  const subject = {
    fingerprint: "kf1:a",
    rule,
    secret: new Secret(key.secret, "masked"),
    pairs: pair === undefined ? [] : [pair],
  };
  const cache = new VerificationCache(undefined, () => 0);
  const plan = planVerification(
    [finding],
    new Map([["kf1:a", [subject]]]),
    {
      budget: 25,
      isTrusted: () => true,
      endpoints: new Map(),
      controlOf: (owner, control) => {
        const values = controlValues(owner.id, control);
        return {
          secret: new Secret(values.secret, "control"),
          ...(values.pair === undefined ? {} : { pair: values.pair }),
        };
      },
      key: "default",
      engine: loadRegexEngine(),
      now: 0,
    },
    cache,
  );
  const pace = new Pace({
    intervalOf: () => 0,
    maxInFlight: 2,
    maxFailures: 2,
    now: () => 0,
    sleep: async () => undefined,
  });
  const sender = { send: () => Promise.resolve(next()) };
  return askProviders(plan, { sender, pace, cache, now: () => 0 }).then(([said]) => said as NonNullable<typeof said>);
}
