// The providers' shapes and look-alikes, in every form, through the scanner with all built-in rules.

import { describe, expect, test } from "vitest";
import { expandTemplate } from "../../../src/rules/samples.ts";
import { forms, lookAlikes, shapes, splits } from "../../helpers/provider-tables.ts";
import type { Form, LookAlike, Shape } from "../../helpers/provider-tables.ts";
import { scanText } from "../../helpers/scan-text.ts";

// Public by design: they complete a pair and are never findings.
const identifiers: ReadonlySet<string> = new Set(["ozzie.client-id"]);

const seeds = ["one", "two", "three"];

interface Sample {
  readonly token: string;
  readonly text: string | Uint8Array;
}

function sampleOf(given: Shape | LookAlike, form: Form, seed: string): Sample {
  const name = "name" in given ? given.name : given.why;
  const token = expandTemplate(given.template, `${name} ${seed}`);
  const context = expandTemplate(given.context ?? "", `${name} ${seed} context`);
  const setting = ("setting" in given ? given.setting : undefined) ?? "API_KEY";
  return { token, text: form.make(token, context, setting) };
}

/** The scanner opens ASCII in UTF-16; an ellipsis ends the text there. */
function formsFor(given: LookAlike): readonly Form[] {
  const isAscii = /^[\x20-\x7e]*$/.test(given.template);
  return forms.filter((form) => isAscii || !form.name.startsWith("UTF-16"));
}

function found(text: string | Uint8Array): ReturnType<typeof scanText> {
  return scanText(text).filter((match) => !identifiers.has(match.rule));
}

describe("every shape goes to its provider", () => {
  test.each(shapes.map((shape) => [shape.name, shape] as const))("%s", (_, shape) => {
    for (const form of forms) {
      for (const seed of seeds) {
        const { text } = sampleOf(shape, form, seed);
        const rules = found(text).map((match) => `${match.provider} ${match.rule}`);
        expect([...new Set(rules)], `${form.name}, seed ${seed}`).toEqual([
          `${shape.rule.split(".")[0]} ${shape.rule}`,
        ]);
      }
    }
  });
});

describe("a shape that several providers share goes to none of them", () => {
  test.each(splits.map((split) => [split.name, split] as const))("%s", (_, split) => {
    for (const form of forms) {
      for (const seed of seeds) {
        const { text } = sampleOf(split, form, seed);
        const matches = found(text).map(({ rule, provider, candidates }) => ({ rule, provider, candidates }));
        expect(matches, `${form.name}, seed ${seed}`).toEqual([
          { rule: split.rule, provider: "unclear", candidates: split.candidates },
        ]);
      }
    }
  });
});

describe("look-alikes are passed over", () => {
  test.each(lookAlikes.map((given) => [`${given.why}: ${given.template}`, given] as const))("%s", (_, given) => {
    for (const form of formsFor(given)) {
      for (const seed of seeds) {
        const { text } = sampleOf(given, form, seed);
        const rules = found(text).map((match) => `${match.rule} (${match.confidence})`);
        expect(rules, `${form.name}, seed ${seed}`).toEqual([]);
      }
    }
  });
});

describe("an Ozzie bearer that GNU base64 broke into lines", () => {
  const pair = expandTemplate("ozz_client_{{alnum-lower:8}}:sk_{{split}}live_{{base62:64}}", "wrapped");
  const lines = Buffer.from(pair, "latin1")
    .toString("base64")
    .replaceAll(/.{76}(?=.)/g, "$&\n");

  test.each([
    ["bare", `${lines}\n`],
    ["CRLF", `${lines}\n`.replaceAll("\n", "\r\n")],
    ["indented", `token: |\n  ${lines.replaceAll("\n", "\n  ")}\nlevel: 3\n`],
    ["in a string", `${JSON.stringify({ token: `${lines}\n` })}\n`],
  ])("%s: the whole secret, not its first line", (_, text) => {
    const matches = found(text);
    expect(matches.map((match) => match.rule)).toEqual(["ozzie.client-pair"]);
    expect(matches[0]?.masked).toContain(`(${"sk_live_".length + 64})`);
  });
});

describe("how far a context reaches", () => {
  const token = expandTemplate("sk_{{split}}live_{{base62:24}}", "reach");
  const at = (lines: number): string => `stripe\n${"level: 3\n".repeat(lines - 1)}${token}\n`;

  test("ten lines above", () => {
    expect(found(at(10)).map((match) => match.rule)).toEqual(["stripe.secret-key"]);
  });

  test("not eleven", () => {
    expect(found(at(11)).map((match) => match.rule)).toEqual(["unclear.sk-live"]);
  });

  test("OCUS: five lines, not six", () => {
    const key = expandTemplate("x-api-key: {{base62:40}}", "reach");
    const text = (lines: number): string => `https://api.ocus.io\n${"level: 3\n".repeat(lines - 1)}${key}\n`;
    expect(found(text(5)).map((match) => match.rule)).toEqual(["ocus.api-key"]);
    expect(found(text(6))).toEqual([]);
  });
});

describe("what is shown", () => {
  test.each(shapes.map((shape) => [shape.name, shape] as const))("%s keeps its random part", (_, shape) => {
    const { token, text } = sampleOf(shape, forms[0] as Form, "mask");
    const tail = token.replace(/['"=]+$/, "").slice(-6);
    for (const match of found(text)) expect(match.masked.includes(tail)).toBe(false);
  });

  test("confidence: what is only inferred does not block", () => {
    const confidenceOf = (name: string): string | undefined => {
      const shape = shapes.find((known) => known.name === name) as Shape;
      return found(sampleOf(shape, forms[0] as Form, "confidence").text)[0]?.confidence;
    };
    expect(confidenceOf("OCUS: header")).toBe("medium");
    expect(confidenceOf("Ofself: headless key")).toBe("medium");
    expect(confidenceOf("Stripe: test")).toBe("medium");
    expect(confidenceOf("Ozura: another region")).toBe("high");
    expect(confidenceOf("Ogarni: dot and hex signature")).toBe("high");
  });

  test("another region without a word of Ozura is medium", () => {
    const text = expandTemplate("VAULT_KEY=key_{{split}}shop_eu_pvt_{{base62:24}}", "region");
    expect(found(text).map(({ rule, confidence }) => [rule, confidence])).toEqual([["unclear.key-region", "medium"]]);
  });

  test("an expired Ogarni token counts as low", () => {
    const text = expandTemplate('oai_{{json-b64url:{"sub":"{{uuid}}","exp":1600000000}}}.{{base64url:43}}', "expired");
    expect(found(text).map(({ rule, confidence }) => [rule, confidence])).toEqual([["ogarni-ai.api-token", "low"]]);
  });
});
