import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { RuleError, UsageError } from "../../../src/errors.ts";
import type { Rule } from "../../../src/model/rule.ts";
import { catalogue } from "../../../src/rules/catalogue.ts";
import { explainRule } from "../../../src/rules/explain.ts";
import { parseRuleFile } from "../../../src/rules/parse.ts";
import { templateNames } from "../../../src/rules/samples.ts";
import { newRuleFile } from "../../../src/rules/scaffold.ts";
import { ruleJsonSchema } from "../../../src/rules/schema.ts";
import { checkNames } from "../../../src/rules/schema-checks.ts";
import { ruleText } from "./rule-text.ts";

const full = ruleText({
  contested: "sk-live",
  evidence: "{near: [acme_], lines: 3}",
  pair: "{with: acme.client-id, lines: 4}",
  rotate: "{every: 30d, source: provider, where: 'https://acme.example/keys', steps: [make one, drop the old one]}",
  references: "['https://acme.example/docs']",
});
const rules: readonly Rule[] = [...parseRuleFile(ruleText({}, "bolt"), "bolt.yml"), ...parseRuleFile(full, "acme.yml")];

describe("catalogue", () => {
  const text = catalogue(rules);

  test("documents every key, check and template", () => {
    for (const name of [...checkNames, ...templateNames, "keywords", "evidence", "near-miss"])
      expect(text).toContain(name);
    expect(text).not.toMatch(/%[A-Z]+%|undefined|\| {2}\| {2}\|/);
    const rows = text.split("\n").filter((line) => /^\| `[a-z-]+` \|/.test(line));
    for (const row of rows) expect(row, row).toMatch(/\.\s*\|/);
  });

  test("lists the rules by provider", () => {
    expect(text.indexOf("`acme.live-key`")).toBeLessThan(text.indexOf("`bolt.live-key`"));
    expect(text).toContain(
      "| `acme.live-key` | A live key of the payments API. | critical | high | entropy, placeholder, evidence | 30 days |",
    );
    expect(text).toContain("2 rules of 2 providers");
  });

  test("hangs on the rules alone", () => {
    expect(catalogue(rules.toReversed())).toBe(text);
    expect(text.endsWith("|\n")).toBe(true);
  });

  test("cells cannot break the table", () => {
    const [rule] = rules;
    expect(catalogue([{ ...(rule as Rule), what: "a | b\nc" }])).toContain("| a \\| b c |");
  });
});

describe("explainRule", () => {
  const text = explainRule(rules[1] as Rule);
  test.each([
    "acme.live-key: Acme live key",
    "Whoever has it can charge customers.",
    '"acme_live_", 32 of 0-9 A-Z a-z',
    "for example: k=acme_live_********…(32)",
    'entropy {"min":3.2}: Drops secrets',
    "at most 42 bytes, starts with its keyword, and is judged by at most 2049 bytes",
    "given to Acme when one of these stands within 3 lines: acme_",
    "completed by acme.client-id within 4 lines",
    "every 30 days (as the provider says), at https://acme.example/keys\n  1. make one\n  2. drop the old one",
    "References\n  https://acme.example/docs",
  ])("says %s", (want) => {
    expect(text).toContain(want);
  });

  test("leaves out what a rule has not", () => {
    expect(explainRule({ ...(rules[0] as Rule), checks: [] })).toMatch(/Checks\n {2}none\n(?!.*Rotation)/s);
  });
});

describe("newRuleFile", () => {
  test("is YAML that fails until it is filled in", () => {
    const text = newRuleFile("acme-pay");
    expect(parse(text)).toMatchObject({ provider: "acme-pay", rules: [{ id: "acme-pay.api-key" }] });
    let error: unknown;
    try {
      parseRuleFile(text, "acme-pay.yml");
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(RuleError);
    expect((error as RuleError).message).toContain("is empty: fill it in");
    expect((error as RuleError).message).not.toContain("unknown");
  });

  test("passes once filled in", () => {
    const filled = newRuleFile("acme-pay")
      .replace('homepage: ""\n', "")
      .replaceAll('name: ""', "name: Acme Pay")
      .replace('what: ""', "what: A key of the payments API.")
      .replace('risk: ""', "risk: Whoever has it can charge customers.")
      .replace('severity: ""', "severity: high")
      .replace('confidence: ""', "confidence: high")
      .replace("keywords: []", "keywords: [acme_pay_key_]")
      .replace('pattern: ""', "pattern: '(?P<secret> acme_pay_key_ [0-9A-Za-z]{32} )'")
      .replace("match: []", "match: ['{{hex:8}}', '{{hex:9}}']")
      .replace("skip: []", "skip: [{text: aaa, why: bbb}, {text: ccc, why: ddd, near-miss: true}]");
    expect(parseRuleFile(filled, "acme-pay.yml")).toHaveLength(1);
  });

  test.each(["", "Acme", "acme_pay", "../acme", "a b", "acme-"])("refuses %j", (name) => {
    expect(() => newRuleFile(name)).toThrow(UsageError);
  });
});

describe("the JSON schema", () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(ruleJsonSchema());

  test.each([
    { name: "a good file", text: full, want: true },
    { name: "an unknown key", text: ruleText({ gadgets: "{}" }), want: false },
    { name: "an unknown check", text: ruleText({ checks: "[{entropi: {}}]" }), want: false },
    { name: "two checks in one entry", text: ruleText({ checks: "[{luhn: {}, word: {}}]" }), want: false },
    { name: "a missing key", text: ruleText({ risk: undefined }), want: false },
    { name: "the scaffold", text: newRuleFile("acme"), want: false },
  ])("$name", ({ text, want }) => {
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(want);
  });

  test("describes every field", () => {
    const bare: string[] = [];
    const walk = (schema: Record<string, unknown>, path: string): void => {
      for (const [key, field] of Object.entries(
        (schema["properties"] ?? {}) as Record<string, Record<string, unknown>>,
      )) {
        if (field["description"] === undefined) bare.push(`${path}.${key}`);
        walk(field, `${path}.${key}`);
        if (typeof field["items"] === "object") walk(field["items"] as Record<string, unknown>, `${path}.${key}[]`);
      }
    };
    walk(ruleJsonSchema(), "");
    expect(bare).toEqual([]);
  });
});
