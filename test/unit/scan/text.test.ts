// Small steps: masks, canonical secrets, keywords, character escapes.

import { describe, expect, test } from "vitest";
import { directiveSpellings } from "../../../src/model/match.ts";
import { canonicalText } from "../../../src/scan/canonical.ts";
import { decodeEscapes } from "../../../src/scan/escapes.ts";
import { keywordsOf } from "../../../src/scan/keywords.ts";
import { maskSecret } from "../../../src/scan/mask.ts";
import { ruleOf } from "../../helpers/matches.ts";
import { makeScanner, randomText, scanWhole, tokenRule, zed } from "../../helpers/scan-rig.ts";

describe("mask", () => {
  const rule = ruleOf("zed.key", { keywords: ["zed", zed, "core"] });
  const body = randomText(1, 24);
  test.each([
    ["the longest keyword that it begins with", rule, zed + body, `${zed}…(33)`],
    ["no keyword", rule, body, "…(24)"],
    ["a keyword further in", rule, `x${zed}${body}`, "…(34)"],
    ["a keyword in another case", rule, zed.toUpperCase() + body, "…(33)"],
    ["a keyword of more than half", rule, `${zed}abc`, "zed…(12)"],
    ["case ignored: nothing is public", { ...rule, ignoreCase: true }, zed + body, "…(33)"],
    ["nothing", rule, "", "…(0)"],
    ["an identifier", { ...rule, role: "identifier" as const }, zed + body, zed + body],
  ])("%s", (_, given, text, mask) => {
    expect(maskSecret(given, text)).toBe(mask);
  });
});

describe("canonical", () => {
  const lines = [1, 2, 3].map((seed) => randomText(seed, 64, "ABCDEFabcdef0123456789+/"));
  const forms = {
    "many lines": lines.join("\n"),
    CRLF: lines.join("\r\n"),
    "spelled out": lines.join("\\n"),
    "spelled out, CRLF": lines.join("\\r\\n"),
    "spelled out twice": lines.join("\\\\n"),
    indented: lines.join("\n      "),
    "quoted and joined": lines.join('\\n" +\n  "'),
    "a list of strings": lines.join('",\n  "'),
    "continued in a shell": lines.join("\\\n"),
    "with a last line break": `${lines.join("\n")}\n`,
  };
  test.each(Object.entries(forms))("%s", (_, text) => {
    expect(canonicalText(text)).toBe(canonicalText(forms["many lines"]));
    expect(canonicalText(text)).not.toMatch(/[\s\\"']/);
  });

  test.each([["one line, as it is"], [`a+b"c'd\`e\\f,g`], [""]])("%j stays", (text) => {
    expect(canonicalText(text)).toBe(text);
  });

  test("another secret has another canonical text", () => {
    const other = [...lines.slice(0, 2), randomText(9, 64)].join("\n");
    expect(canonicalText(other)).not.toBe(canonicalText(lines.join("\n")));
  });

  test("one armoured key in a file, in JSON, in a variable and in base64 has one fingerprint", () => {
    const dashes = "-".repeat(5);
    const rule = ruleOf("armour.key", {
      keywords: ["OWL KEY"],
      pattern: `${dashes}BEGIN OWL KEY${dashes}(?P<secret>[A-Za-z0-9+/=\\s\\\\"',]{40,900})${dashes}END OWL KEY${dashes}`,
      longest: 2100,
      lead: 11,
      reach: 2101,
    });
    const given: string[] = [];
    const fingerprint = (provider: string, canonical: string) => `${provider}:${given.push(canonical)}`;
    const scanner = makeScanner({ rules: [rule], fingerprint });
    const armour = (lineBreak: string) =>
      [`${dashes}BEGIN OWL KEY${dashes}`, ...lines, `${dashes}END OWL KEY${dashes}`].join(lineBreak);
    const file = armour("\n");
    const contents = [
      file,
      armour("\r\n"),
      JSON.stringify({ key: `${file}\n` }),
      `KEY="${armour("\\n")}"`,
      `key: |\n  ${armour("\n  ")}\n`,
      Buffer.from(file).toString("base64"),
      `key=${encodeURIComponent(file)}`,
    ];
    for (const content of contents) expect(scanWhole(scanner, content).matches).toHaveLength(1);
    expect(new Set(given)).toEqual(new Set([canonicalText(lines.join("\n"))]));
  });
});

describe("keywords", () => {
  test("each literal once, case folded where rules ignore it, rules in order, then the directives", () => {
    const rules = [
      ruleOf("a.key", { keywords: ["Key_", "abc"] }),
      ruleOf("b.key", { keywords: ["abc"] }),
      ruleOf("c.key", { keywords: ["ABC"], ignoreCase: true }),
    ];
    const found = keywordsOf(rules);
    expect(found.slice(0, 3)).toMatchObject([
      { text: "Key_", ignoreCase: false, rules: [0] },
      { text: "abc", ignoreCase: false, rules: [0, 1] },
      { text: "abc", ignoreCase: true, rules: [2] },
    ]);
    expect(found.slice(3).map(({ text }) => text)).toEqual([...directiveSpellings]);
  });

  test("rules that are off keep their place", () => {
    const rules = [ruleOf("a.key", { keywords: ["abc"] }), ruleOf("b.key", { keywords: ["abc", "def"] })];
    const all = keywordsOf(rules);
    const some = keywordsOf(rules, (rule) => rule.id === "a.key");
    expect(some.map(({ text }) => text)).toEqual(all.map(({ text }) => text));
    expect(some[0]?.rules).toEqual([0]);
    expect(some[1]?.rules).toEqual([]);
  });
});

describe("escapes", () => {
  const kinds = { "%": 0, "\\u": 1, "\\U": 1, "\\x": 2, "&": 3 };
  /** As the kernel reports them: where each begins, and its kind. */
  const found = (text: string) => {
    const hits = [...text.matchAll(/%(?=[0-9a-f]{2})|\\[uUx](?=[0-9a-f{])|&(?=#)/gi)];
    const ids = hits.map((hit) => (kinds as Record<string, number>)[hit[0]] as number);
    return { count: hits.length, offsets: Uint32Array.from(hits.map((hit) => hit.index)), ids: Uint16Array.from(ids) };
  };
  type RangeAt = (offset: number) => { readonly start: number; readonly end: number };
  const decode = (text: string, rangeAt: RangeAt = () => ({ start: 0, end: text.length })) => [
    ...decodeEscapes({ bytes: Buffer.from(text, "latin1"), rangeAt }, found(text)),
  ];

  test.each([
    ["percent", "a%41b%7e", "aAb~"],
    ["unicode", "\\u0041\\u{42}\\U00000043\\x44", "ABCD"],
    ["html", "&#65;&#x42;&#067&#X44 ", "ABCD "],
    ["line breaks and tabs", "%0d%0a%09A%41", "\r\n\tAA"],
    ["what no token holds is NUL", "%41%00%ff\u00ff", "A\0\0\u00ff"],
  ])("%s", (_, text, decoded) => {
    const [only, ...others] = decode(text);
    expect(only?.bytes.toString("latin1")).toBe(decoded);
    expect(others).toEqual([]);
  });

  test("escapes of two runs are two texts, and neither reaches into the other", () => {
    const rangeAt = (offset: number) => (offset < 8 ? { start: 0, end: 8 } : { start: 9, end: 17 });
    const texts = decode("ab%41%42\0%43%44cd", rangeAt);
    expect(texts.map(({ bytes }) => bytes.toString("latin1"))).toEqual(["abAB", "CDcd"]);
  });

  test("nothing to read, nothing said", () => {
    expect(decode("%00%ff%fe")).toEqual([]);
    expect(decode("plain")).toEqual([]);
  });

  test("offsets lead back, one past the last included", () => {
    const text = "ab%41c\\u0042%43";
    const [percent, unicode] = decode(text);
    expect([...(percent?.offsets ?? [])]).toEqual([0, 1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 15]);
    expect([...(unicode?.offsets ?? [])]).toEqual([0, 1, 2, 3, 4, 5, 6, 12, 13, 14, 15]);
  });

  test("each kind is opened by itself", () => {
    expect(decode("%41\\u0042&#67;").map(({ encoding, bytes }) => [encoding, bytes.toString()])).toEqual([
      ["percent", "A\\u0042&#67;"],
      ["unicode", "%41B&#67;"],
      ["html", "%41\\u0042C"],
    ]);
  });

  test("far apart, they are texts of their own that share no byte; together, they are no longer than the content", () => {
    for (const gap of [100, 500, 1000, 1030, 1040, 1100, 5000]) {
      const text = `%41${"x".repeat(gap)}`.repeat(20);
      const texts = decode(text);
      expect(texts.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThanOrEqual(text.length);
      for (const [index, { offsets }] of texts.entries()) {
        expect(offsets[0]).toBeGreaterThanOrEqual(texts[index - 1]?.offsets.at(-1) ?? 0);
      }
    }
  });

  test("a token is found on either side of any single escape", () => {
    const prefix = ["gnu", "tok", ""].join("_");
    const scanner = makeScanner({ rules: [tokenRule("gnu.token", prefix, 200)] });
    const token = prefix + randomText(3, 200);
    for (let at = 0; at < token.length; at += 7) {
      const text = `x ${token.slice(0, at)}%${token.charCodeAt(at).toString(16)}${token.slice(at + 1)} y`;
      expect(scanWhole(scanner, text).matches.map(({ span }) => span)).toEqual([
        { start: 2, end: 2 + token.length + 2 },
      ]);
    }
  });
});
