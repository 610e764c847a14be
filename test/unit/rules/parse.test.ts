import { describe, expect, test } from "vitest";
import { RuleError } from "../../../src/errors.ts";
import { maxNearBytes } from "../../../src/model/rule.ts";
import { ruleSetOf } from "../../../src/rules/compile.ts";
import { parseRuleFile } from "../../../src/rules/parse.ts";
import { ruleText } from "./rule-text.ts";
import { processorClock } from "../../helpers/processor-clock.ts";

function errorOf(text: string, file = "rules/acme.yml"): RuleError {
  try {
    parseRuleFile(text, file);
  } catch (error) {
    if (error instanceof RuleError) return error;
    throw error;
  }
  throw new Error("the file was accepted");
}

test("a good file", () => {
  const [rule] = parseRuleFile(ruleText(), "rules/acme.yml");
  expect(rule).toEqual({
    id: "acme.live-key",
    provider: "acme",
    providerName: "Acme",
    name: "Acme live key",
    what: "A live key of the payments API.",
    risk: "Whoever has it can charge customers.",
    severity: "critical",
    confidence: "high",
    role: "secret",
    keywords: ["acme_live_"],
    ignoreCase: false,
    pattern: "\\b(?P<secret>acme_live_[0-9A-Za-z]{32})\\b",
    longest: 42,
    lead: 0,
    follow: ["3039415a617a*16"],
    reach: 3,
    checks: [
      { name: "entropy", options: { min: 3.2 } },
      { name: "placeholder", options: {} },
    ],
    general: false,
    fallback: false,
    examples: {
      match: ["k=acme_live_{{base62:32}}", "acme_live_{{base62:32}}"],
      skip: [
        { text: "acme_live_{{repeat:x:32}}", why: "filler", nearMiss: false },
        { text: "acme_live_{{base62:31}}", why: "one character short", nearMiss: true },
      ],
      also: [],
    },
    references: [],
    file: "rules/acme.yml",
  });
});

test("optional parts", () => {
  const [rule] = parseRuleFile(
    ruleText({
      "ignore-case": "true",
      pattern: "'(?P<secret> ACME_live_ [0-9a-z]+ )'",
      longest: "500",
      rotate: "{every: 30d, source: provider, where: 'https://acme.example/keys', steps: [make a new one]}",
      contested: "sk-live",
      evidence: "{near: [acme], lines: 3}",
      pair: "{with: acme.client-id, lines: 4}",
      references: "['https://acme.example/docs']",
    }),
    "acme.yml",
  );
  expect(rule).toMatchObject({
    ignoreCase: true,
    pattern: "(?i)(?P<secret>ACME_live_[0-9a-z]+)",
    longest: 500,
    reach: maxNearBytes + 1,
    rotate: { everyDays: 30, source: "provider", where: "https://acme.example/keys", steps: ["make a new one"] },
    contested: "sk-live",
    pair: { with: "acme.client-id", lines: 4 },
  });
});

describe("reach", () => {
  test.each([
    ["[{entropy: {min: 3}}]", 1],
    ["[{placeholder: {}}]", 3],
    ["[{near: {words: [acme], lines: 5}}]", maxNearBytes + 1],
    ["[{not-near: {words: [acme], lines: 0}}]", maxNearBytes + 1],
  ])("%s", (checks, want) => {
    expect(parseRuleFile(ruleText({ checks }), "acme.yml")[0]?.reach).toBe(want);
  });
});

const secret = "(?P<secret> acme_live_ [a-z]{9} )";

/** Name, change, line and column of the first mistake, words of its message. Line 4 is the id, line 14 the first added key. */
const laws: readonly (readonly [string, Record<string, string | undefined>, number, number, string])[] = [
  ["id grammar", { id: "acme_live" }, 4, 9, "provider.kind"],
  ["id of another provider", { id: "other.key" }, 4, 9, "acme.key"],
  ["missing key", { what: undefined }, 4, 5, "what: is missing"],
  ["unknown key", { seveity: "high" }, 14, 5, "did you mean severity?"],
  ["unknown key far from all", { gadgets: "{}" }, 14, 5, 'unknown key "gadgets"; known here: id'],
  ["wrong kind", { name: "12" }, 5, 11, "should be text (put it in quotes)"],
  ["empty text", { risk: "''" }, 7, 11, "is empty"],
  ["severity", { severity: "huge" }, 8, 15, "one of info, low, medium, high, critical"],
  ["no keyword", { keywords: "[]" }, 10, 15, "at least 1 entry"],
  ["short keyword", { keywords: "[ab]" }, 10, 16, "too short: at least 3"],
  ["keyword twice", { keywords: "[acme_live_, acme_live_]" }, 10, 28, "twice"],
  ["keyword beyond ASCII", { keywords: "[acm\u00e9_]" }, 10, 16, "ASCII"],
  ["keyword not in every match", { keywords: "[acme_lives]" }, 10, 15, "need not hold"],
  ["keyword in no match", { keywords: "[acme_live_, acme_test_]" }, 10, 28, "can stand in no match"],
  ["no secret group", { pattern: "'acme_live_ [a-z]{9}'" }, 11, 14, "(?P<secret>"],
  ["optional secret group", { pattern: "'acme_live_ (?P<secret> [a-z]{9} )?'" }, 11, 14, "in every match"],
  ["no longest", { pattern: "'(?P<secret> acme_live_ [a-z]+ )'" }, 11, 14, "declare longest"],
  ["longest too small", { pattern: `'${secret}'`, longest: "10" }, 14, 14, "has 19 bytes already"],
  ["open lead", { pattern: `'[a-z]* ${secret}'`, longest: "99" }, 11, 14, "has no bound"],
  ["far lead", { pattern: `'[a-z]{1000} x{25} ${secret}'` }, 11, 14, "up to 1025 bytes"],
  ["anchor", { pattern: `'${secret} $'` }, 11, 49, "may stand anywhere"],
  ["look-around", { pattern: `'(?= a) ${secret}'` }, 11, 15, "look-around"],
  ["in a block", { pattern: "|\n      acme_live_\n      (?P<secret> [a-z]{9} ) # so\n      \\pL" }, 14, 7, "Unicode"],
  ["unknown check", { checks: "[{entropi: {min: 3}}]" }, 12, 15, "did you mean entropy?"],
  ["unknown option", { checks: "[{entropy: {mim: 3}}]" }, 12, 25, "did you mean min?"],
  ["two checks in one entry", { checks: "[{luhn: {}, word: {}}]" }, 12, 14, "one check per list entry"],
  ["option out of range", { checks: "[{entropy: {min: 9}}]" }, 12, 30, "too large: at most 8"],
  ["unknown group", { checks: "[{json-payload: {group: body}}]" }, 12, 37, "no group named body"],
  ["no class", { checks: "[{charset: {after: 'abc'}}]" }, 12, 32, "one class in brackets"],
  ["empty charset", { checks: "[{charset: {}}]" }, 12, 24, "needs before, after or needs"],
  ["bad inner pattern", { checks: "[{userpass: {secret: '(?=a)'}}]" }, 12, 34, "RE2 refuses it"],
  ["contested without evidence", { contested: "sk-live" }, 14, 16, "needs evidence"],
  ["evidence without contested", { evidence: "{near: [acme], lines: 1}" }, 14, 15, "belongs to a contested rule"],
  ["fallback without contested", { fallback: "true" }, 14, 15, "needs contested"],
  ["pair with itself", { pair: "{with: acme.live-key, lines: 1}" }, 14, 18, "no pair with itself"],
  ["rotation", { rotate: "{every: monthly, source: default, steps: [do it]}" }, 14, 21, "90d"],
  [
    "one match example",
    { examples: "{match: [a], skip: [{text: a, why: bbb}, {text: c, why: ddd}]}" },
    13,
    23,
    "at least 2",
  ],
  [
    "skip without reason",
    { examples: "{match: [a, b], skip: [{text: a}, {text: c, why: ddd}]}" },
    13,
    38,
    "why: is missing",
  ],
  [
    "no near-miss",
    { examples: "{match: [a, b], skip: [{text: a, why: bbb}, {text: c, why: ddd}]}" },
    13,
    37,
    "near-miss: true",
  ],
  ["no address", { references: "[acme docs]" }, 14, 18, "no web address"],
];

describe("laws", () => {
  test.each(laws)("%s", (_, changes, line, column, words) => {
    const error = errorOf(ruleText(changes));
    expect(error.position, error.message).toEqual({ file: "rules/acme.yml", line, column });
    expect(error.message.split("\n")[0]).toContain(words);
    expect(error.message.startsWith(`rules/acme.yml:${line}:${column}: `)).toBe(true);
  });
});

describe("files", () => {
  test.each([
    ["not YAML", "rules: [", 1, "flow"],
    ["a tab", "provider: acme\n\tname: x", 2, ""],
    ["duplicate key", "provider: acme\nprovider: acme\n", 2, "twice"],
    ["two documents", "provider: acme\n---\nname: x\n", 2, "one document"],
    ["a tag", "provider: !!js/function x\n", 1, "tags"],
    ["an unknown alias", "provider: *x\n", 1, "alias"],
    ["nothing", "", 1, "should be a map"],
    ["a list", "- a\n", 1, "should be a map"],
    ["no rules", "provider: acme\nname: Acme\nrules: []\n", 3, "at least 1 entry"],
    ["deep nesting", `provider: ${"[".repeat(20_000)}`, 1, "too deeply"],
    ["another name", ruleText().replace("provider: acme", "provider: acme-pay"), 1, "must be the same: acme"],
  ])("%s", (_, text, line, words) => {
    const error = errorOf(text);
    expect(error.position.line).toBe(line);
    expect(error.message).toContain(words);
  });

  test("aliases that multiply are stopped", () => {
    const levels = ["a: &a [x, x, x, x, x, x, x, x, x]"];
    for (let i = 0; i < 8; i++) {
      const [above, own] = [String.fromCharCode(97 + i), String.fromCharCode(98 + i)];
      levels.push(`${own}: &${own} [${Array(9).fill(`*${above}`).join(", ")}]`);
    }
    const spent = processorClock();
    expect(errorOf(levels.join("\n")).message).toContain("multiply");
    expect(errorOf(`a: &a x\nb: [${Array(200).fill("*a").join(", ")}]`).message).toContain("more than 100 aliases");
    expect(spent()).toBeLessThan(2000);
  });

  test("aliases are fine in measure, and mistakes behind them stand where the alias leads", () => {
    const text = `${ruleText()}  - ${ruleText({ id: "acme.other", checks: "&c [{entropy: {min: 9}}]" }).split("  - ")[1] ?? ""}`;
    expect(errorOf(text).message).toContain("at most 8");
  });

  test("an id twice", () => {
    const text = `${ruleText()}  - ${ruleText().split("  - ").slice(1).join("  - ")}`;
    const error = errorOf(text);
    expect(error.message).toContain("this id stands here twice");
    expect(error.position.line).toBe(text.split("\n").findLastIndex((line) => line.includes("id: acme.live-key")) + 1);
  });

  test("all mistakes of a file at once, up to ten, in order", () => {
    const bad = ruleText({ seveity: "high", severity: "huge", keywords: "[]", name: undefined });
    const lines = errorOf(bad).message.split("\n");
    expect(lines).toHaveLength(4);
    expect(lines.map((line) => Number(line.split(":")[1]))).toEqual(
      lines.map((line) => Number(line.split(":")[1])).toSorted((a, b) => a - b),
    );
    const many = ruleText(Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`unknown${i}`, "1"])));
    expect(errorOf(many).message.split("\n").at(-1)).toBe("and 4 more");
  });

  test("CRLF and a byte order mark", () => {
    const text = `\uFEFF${ruleText({ pattern: "|\n      acme_live_\n      (?P<secret> [a-z]{9} )" })}`;
    expect(parseRuleFile(text.replaceAll("\n", "\r\n"), "C:\\rules\\acme.yaml")).toHaveLength(1);
    const bad = text.replace("[a-z]{9}", "[a-z]{9} $").replaceAll("\n", "\r\n");
    expect(errorOf(bad).position).toMatchObject({ line: 13, column: 28 });
  });

  test("examples are not quoted in messages", () => {
    const text = ruleText({ examples: "{match: [hush-hush, 12], skip: hush-hush}" });
    expect(errorOf(text).message).not.toContain("hush");
  });
});

describe("a rule set", () => {
  const [one] = parseRuleFile(ruleText(), "acme.yml");
  const [two] = parseRuleFile(ruleText({}, "bolt"), "rules/bolt.yml");
  if (one === undefined || two === undefined) throw new Error("no rules");

  test("is in id order, whatever the order of the rules", () => {
    expect(ruleSetOf([two, one])).toEqual(ruleSetOf([one, two]));
    expect(ruleSetOf([two, one]).rules.map((rule) => rule.id)).toEqual(["acme.live-key", "bolt.live-key"]);
  });

  test("has a hash of what rules say, not of where they stand", () => {
    const { hash } = ruleSetOf([one]);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(ruleSetOf([{ ...one, file: "elsewhere.yml" }]).hash).toBe(hash);
    expect(ruleSetOf([Object.fromEntries(Object.entries(one).toReversed()) as unknown as typeof one]).hash).toBe(hash);
    expect(ruleSetOf([{ ...one, longest: 43 }]).hash).not.toBe(hash);
  });
});
