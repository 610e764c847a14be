import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { UsageError } from "../../../src/errors.ts";
import { alphabets } from "../../../src/rules/random.ts";
import { expandTemplate, maskTemplate, templateNames } from "../../../src/rules/samples.ts";

const decode = (text: string): string => Buffer.from(text, "base64").toString("utf8");

test.each([
  ["{{base62:32}}", /^[0-9A-Za-z]{32}$/],
  ["{{alnum-lower:20}}", /^[a-z0-9]{20}$/],
  ["{{hex:40}}", /^[0-9a-f]{40}$/],
  ["{{HEX:12}}", /^[0-9A-F]{12}$/],
  ["{{base64:43}}=", /^[0-9A-Za-z+/]{43}=$/],
  ["{{base64url:22}}", /^[0-9A-Za-z_-]{22}$/],
  ["{{base58:44}}", /^[1-9A-HJ-NP-Za-km-z]{44}$/],
  ["{{digits:12}}", /^[0-9]{12}$/],
  ["{{upper:9}}", /^[A-Z]{9}$/],
  ["{{lower:20}}", /^[a-z]{20}$/],
  ["{{base32:16}}", /^[A-Z2-7]{16}$/],
  ["{{uuid}}", /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
  ["{{choice:a|b{{hex:2}}|c}}", /^(?:a|b[0-9a-f]{2}|c)$/],
  ["{{repeat:ab:3}}", /^ababab$/],
  ["{{repeat:{{digits:1}}:4}}", /^([0-9])\1{3}$/],
  ["{{repeat:a:b:2}}", /^a:ba:b$/],
  ["sk_{{split}}live{{dashes}}{{nl}}x", /^sk_live-----\nx$/],
  ["{{hexenc(a{{split}}b)}}", /^6162$/],
  ["{{b64(user:x)}}", /^dXNlcjp4$/],
  ["{{b64(a)}}", /^YQ==$/],
  ["{{b64url(a)}}", /^YQ$/],
  ["{{b64({{b64(a)}})}}", /^WVE9PQ==$/],
  ["{{b64((a))}}", /^KGEp$/],
  ["${{ secrets.KEY }} {{YOUR_KEY}} {{}} {x} }}", /^\$\{\{ secrets\.KEY \}\} \{\{YOUR_KEY\}\} \{\{\}\} \{x\} \}\}$/],
])("%s", (template, shape) => {
  const text = expandTemplate(template, "seed");
  expect(text).toMatch(shape);
  expect(expandTemplate(template, "seed")).toBe(text);
});

test("different seeds give different texts", () => {
  const texts = new Set(Array.from({ length: 50 }, (_, i) => expandTemplate("{{base62:20}}", String(i))));
  expect(texts.size).toBe(50);
});

test("a JWT of two JSON parts", () => {
  const token = expandTemplate('{{jwt:{"alg":"HS256"}:{"sub":"{{hex:8}}","n":{"x":"}"},"exp":4102444800}}}', "s");
  const [header = "", payload = "", signature = ""] = token.split(".");
  expect(JSON.parse(decode(header))).toEqual({ alg: "HS256" });
  expect(JSON.parse(decode(payload))).toEqual({
    sub: expect.stringMatching(/^[0-9a-f]{8}$/),
    n: { x: "}" },
    exp: 4102444800,
  });
  expect(signature).toMatch(/^[0-9A-Za-z_-]{43}$/);
});

test("JSON in base64url", () => {
  const text = expandTemplate('a{{json-b64url:{"a":{"b":"{{digits:3}}"}}}}z', "s");
  expect(text).toMatch(/^a[0-9A-Za-z_-]+z$/);
  expect(JSON.parse(decode(text.slice(1, -1)))).toEqual({ a: { b: expect.stringMatching(/^[0-9]{3}$/) } });
});

test("the checksum of GitHub and npm", () => {
  const text = expandTemplate("{{crc32-base62:30}}", "s");
  const digits = alphabets["base62"] ?? "";
  const value = Array.from(text.slice(30)).reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0);
  expect(text).toHaveLength(36);
  expect(value).toBe(crc32(text.slice(0, 30)));
});

describe("random parts never look made up", () => {
  test.each(Object.keys(alphabets))("%s", (name) => {
    const alphabet = alphabets[name] ?? "";
    for (let seed = 0; seed < 60; seed++) {
      const length = 6 + (seed % 59);
      const text = expandTemplate(`{{${name}:${length}}}`, `${name}${seed}`);
      for (const kind of [/[0-9]/, /[a-z]/, /[A-Z]/]) if (kind.test(alphabet)) expect(text).toMatch(kind);
      expect(text).not.toMatch(/(.)\1/);
      expect(text).not.toMatch(/example|sample|test|dummy|xxx/i);
      expect(text).not.toMatch(/0123|abcd|BCDE|4321|dcba/);
      const entropy = bits(text);
      expect(entropy, text).toBeGreaterThan(Math.log2(Math.min(length, alphabet.length)) - 1.4);
    }
  });
});

function bits(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

test.each([
  ["{{base63:3}}", "no example template {{base63}}", "Did you mean {{base62}}?"],
  ["{{nothinglikeit}}", "no example template", "Known templates: base62"],
  ["{{hex:}}", "needs a length", "{{hex:32}}"],
  ["{{hex:0}}", "needs a length", "{{hex:32}}"],
  ["{{hex:999999}}", "from 1 to 100000", "{{hex:32}}"],
  ["{{repeat:x}}", "needs a length", "{{repeat:x:32}}"],
  ["{{hex:8}", "does not end", "}}"],
  ["{{b64(abc}}", "does not end", ")}}"],
  ["{{jwt:x}}", "does not end", "}}"],
  ['{{jwt:{"alg":"none"}}}', "needs a header and a payload", ""],
  ["{{b64(".repeat(30) + ")}}".repeat(30), "nested too deeply", ""],
])("refused: %s", (template, message, hint) => {
  let error: unknown;
  try {
    expandTemplate(template, "s");
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(UsageError);
  expect((error as UsageError).message).toContain(message);
  expect((error as UsageError).hint ?? "").toContain(hint);
});

test("masks show the shape, never a value", () => {
  expect(maskTemplate("K=acme_{{hex:8}} {{base62:32}} {{b64(user:{{hex:4}})}}")).toBe(
    "K=acme_******** ********…(32) <base64 of user:****>",
  );
  expect(maskTemplate("{{uuid}}")).toMatch(/^\*{8}-\*{4}-4\*{3}-8\*{3}-\*{12}$/);
});

test("every template of the list is known", () => {
  const args: Readonly<Record<string, string>> = {
    choice: ":a|b",
    repeat: ":x:2",
    jwt: ":{}:{}",
    "json-b64url": ":{}",
  };
  for (const name of templateNames) {
    const inner = /^(?:b64|b64url|hexenc)$/.test(name)
      ? "(x)"
      : (args[name] ?? (/uuid|dashes|nl|split/.test(name) ? "" : ":8"));
    expect(expandTemplate(`{{${name}${inner}}}`, "s"), name).not.toContain("{{");
  }
});
