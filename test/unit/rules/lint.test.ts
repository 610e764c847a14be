import { describe, expect, test } from "vitest";
import { loadRegexEngine } from "../../../src/base/regex/engine.ts";
import type { Rule } from "../../../src/model/rule.ts";
import { lintRules } from "../../../src/rules/lint.ts";
import type { ScanExample } from "../../../src/rules/lint.ts";
import { parseRuleFile } from "../../../src/rules/parse.ts";
import { ruleText } from "./rule-text.ts";

function rule(changes: Partial<Rule> = {}): Rule {
  const [parsed] = parseRuleFile(ruleText(), "rules/acme.yml");
  return { ...(parsed as Rule), ...changes };
}

/** A stand-in for the scanner: bare patterns, less those full of x, over the bytes, and over what UTF-16 and base64 lines decode to. */
function scannerOf(rules: readonly Rule[]): ScanExample {
  const regexes = rules.map(({ id, pattern }) => ({ id, regex: loadRegexEngine().compile(pattern) }));
  const find = (text: string): { rule: string; start: number; end: number }[] =>
    regexes.flatMap(({ id, regex }) => {
      const hits = [];
      for (let found = regex.find(text, 0, false); found !== undefined; found = regex.find(text, found.end, false)) {
        const span = found.groups["secret"] ?? found;
        if (!text.slice(span.start, span.end).includes("xxxx"))
          hits.push({ rule: id, start: span.start, end: span.end });
      }
      return hits;
    });
  return (input) => {
    const bytes = Buffer.from(input);
    if (bytes[0] === 0xff) return find(bytes.toString("utf16le"));
    if (bytes[0] === 0xfe) return find(bytes.swap16().toString("utf16le"));
    const text = bytes.toString("latin1");
    if (text.startsWith("data:\n")) return find(Buffer.from(text.slice(6), "base64").toString("latin1"));
    return find(text);
  };
}

const messages = (rules: readonly Rule[], scan: ScanExample = scannerOf(rules)): string[] =>
  lintRules(rules, scan).map((fault) => `${fault.rule}: ${fault.message}`);

const identifier = (): Rule => {
  const text = ruleText({
    id: "acme.client-id",
    role: "identifier",
    keywords: "[acme_id_]",
    pattern: "'(?P<secret> acme_id_ [0-9]{9} )'",
  });
  const [parsed] = parseRuleFile(
    text.replaceAll("acme_live_{{base62", "acme_id_{{digits").replaceAll(/:3[12]}}'/g, ":9}}'"),
    "acme.yml",
  );
  return { ...(parsed as Rule), examples: { ...(parsed as Rule).examples, skip: [] } };
};

test("good rules have no faults", () => {
  expect(messages([rule(), identifier()])).toEqual([]);
});

test("a fault names rule and file", () => {
  expect(lintRules([rule()], () => [])[0]).toEqual({
    rule: "acme.live-key",
    file: "rules/acme.yml",
    message: "examples.match[0]: the rule does not fire on it: correct the pattern, the checks or the example",
  });
});

describe("laws between rules", () => {
  const contested = { contested: "sk-live", evidence: { near: ["acme"], lines: 3 } };
  const unclear = rule({ id: "unclear.sk-live", provider: "unclear", contested: "sk-live", fallback: true });
  const examples = rule().examples;
  test.each([
    { name: "id grammar", rules: [rule({ id: "Acme.key" })], want: "Acme.key: its id is not provider.kind" },
    { name: "the same id twice", rules: [rule(), rule()], want: "acme.live-key: another rule has the same id" },
    {
      name: "also: unknown",
      rules: [rule({ examples: { ...examples, also: ["acme.live-kay"] } })],
      want: "did you mean acme.live-key?",
    },
    {
      name: "also: itself",
      rules: [rule({ examples: { ...examples, also: ["acme.live-key"] } })],
      want: "names the rule itself",
    },
    {
      name: "pair: unknown",
      rules: [rule({ pair: { with: "acme.nothing-near", lines: 1 } })],
      want: "which is no rule: correct or remove it",
    },
    {
      name: "pair: no identifier",
      rules: [rule(), rule({ id: "acme.a", pair: { with: "acme.live-key", lines: 1 } })],
      want: "role: identifier",
    },
    { name: "no fallback", rules: [rule(contested)], want: "has no fallback rule" },
    {
      name: "two fallbacks",
      rules: [rule(contested), unclear, { ...unclear, id: "unclear.b" }],
      want: "has 2 fallback rules",
    },
    {
      name: "fallback elsewhere",
      rules: [rule({ contested: "sk-live", fallback: true })],
      want: "stands in unclear.yml only",
    },
    { name: "fallback of nobody", rules: [unclear], want: "no rule claims the family" },
  ])("$name", ({ rules, want }) => {
    expect(messages(rules).join("\n")).toContain(want);
  });
});

describe("laws of examples", () => {
  const withMatch = (...match: string[]): Rule => rule({ examples: { ...rule().examples, match } });
  const withSkip = (text: string): Rule =>
    rule({ examples: { ...rule().examples, skip: [{ text, why: "because", nearMiss: true }] } });
  const good = "acme_live_{{base62:32}}";

  test("a broken template", () => {
    expect(messages([withMatch("acme_live_{{bose62:32}}")])[0]).toContain("Did you mean {{base62}}?");
    expect(messages([withSkip("{{hex:x}}")])[0]).toContain(
      "examples.skip[0] (because): the template {{hex}} needs a length",
    );
  });

  test("a skip example on which the rule fires", () => {
    expect(messages([withSkip(good)])).toEqual([
      "acme.live-key: examples.skip[0] (because): the rule fires on it alone in a file: make the pattern or the checks stricter",
    ]);
  });

  test("another rule that fires, unless it is named, the other half or the family's fallback", () => {
    const greedy = rule({
      id: "acme.greedy",
      pattern: "(?P<secret>acme_live_[0-9A-Za-z]{9})",
      examples: { match: [], skip: [], also: [] },
    });
    const also = rule({ examples: { ...rule().examples, also: ["acme.greedy"], skip: [] } });
    const strange = messages([rule(), greedy]);
    expect(strange[0]).toContain("alone in a file: acme.greedy fires too");
    expect(messages([also, greedy])).toEqual([]);
    const pair = rule({ pair: { with: "acme.greedy", lines: 1 } });
    expect(messages([pair, { ...greedy, role: "identifier" }])).toEqual([]);
    const family = { contested: "f" } as const;
    const claims = [rule(family), { ...greedy, ...family, id: "unclear.f", provider: "unclear", fallback: true }];
    const onlyFallback: ScanExample = (input) => scannerOf(claims)(input).filter((hit) => hit.rule === "unclear.f");
    expect(lintRules(claims, onlyFallback)).toEqual([]);
  });

  test.each([
    {
      name: "runs on to the right",
      pattern: "(?P<secret>acme_live_[0-9A-Za-z\\n]{32,60})",
      want: "runs on into what stands around",
    },
    {
      name: "needs what stands before",
      pattern: "k=(?P<secret>acme_live_[0-9A-Za-z]{32})$",
      want: "does not fire: the pattern or a check depends",
    },
    {
      name: "needs a newline of its own",
      pattern: "(?P<secret>acme_live_[0-9A-Za-z]{32})(?:\\n|$)",
      want: "with CRLF line ends: the rule does not fire",
    },
  ])("in other settings: $name", ({ pattern, want }) => {
    const [match = ""] = rule().examples.match;
    const changed = { ...withMatch(match, match), pattern };
    expect(messages([changed]).join("\n")).toContain(want);
  });

  test("cuts are tried where the caller can cut", () => {
    const rules = [rule()];
    const scan = scannerOf(rules);
    const cuts: number[] = [];
    const scanCut = (input: Uint8Array, cut: number): ReturnType<ScanExample> => {
      cuts.push(cut);
      return [...scan(input.subarray(0, cut)), ...scan(input.subarray(cut))];
    };
    const found = lintRules(rules, scan, { scanCut, seeds: 1 });
    expect(cuts.length).toBeGreaterThan(8);
    expect(found.map((fault) => fault.message).join("\n")).toContain("cut in two portions: the rule does not fire");
    const whole = lintRules(rules, scan, { scanCut: (input) => scan(input), seeds: 1 });
    expect(whole).toEqual([]);
  });

  test("only the chosen rules' examples run", () => {
    expect(lintRules([rule()], () => [], { only: new Set() })).toEqual([]);
  });

  test("faults never show an expanded example", () => {
    const seen: string[] = [];
    const silent: ScanExample = (input) => {
      seen.push(Buffer.from(input).toString("latin1"));
      return [];
    };
    const text = JSON.stringify(lintRules([rule()], silent));
    expect(seen.length).toBeGreaterThan(0);
    for (const example of seen) expect(text).not.toContain(/acme_live_(\w+)/.exec(example)?.[1] ?? "\0");
  });
});
