// The built-in rules under the laws of `keywarden rules check`, and under both engines, which must see the same.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadRegexEngine } from "../src/base/regex/engine.ts";
import { builtInRules } from "../src/pipeline/scan-setup.ts";
import { checkRules } from "../src/pipeline/run-rules.ts";
import { expandTemplate } from "../src/rules/samples.ts";
import { spreadExample } from "../src/rules/spread.ts";
import type { Scanner } from "../src/scan/scanner.ts";
import { toUtf8 } from "../src/sources/encoding.ts";
import { builtInScanner } from "./helpers/scan-text.ts";

const engines = (["re2", "re2js"] as const).map((name) => ({ name, engine: loadRegexEngine(name) }));
const hasNative = engines[0]?.engine.name === "re2";
const { rules } = builtInRules();

describe.each(engines)("with $name", ({ name, engine }) => {
  test.skipIf(engine.name !== name)("every rule keeps every law", { timeout: 60_000 }, () => {
    expect(checkRules(builtInRules(), undefined, engine)).toEqual([]);
  });
});

test("there are rules, and each has examples", () => {
  expect(rules.length).toBeGreaterThan(80);
  expect(rules.filter(({ examples }) => examples.match.length < 2 || examples.skip.length < 2)).toEqual([]);
});

/** What the scanner says of some bytes: rule, place, confidence, encodings and facts, without any secret. */
function seen(scanner: Scanner, input: Uint8Array): string[] {
  const bytes = toUtf8(input)?.bytes ?? input;
  scanner.room(bytes.length).set(bytes);
  const { matches, directives } = scanner.scan({ length: bytes.length });
  return [
    ...matches.map((match) =>
      [
        `${match.rule} ${match.span.start}-${match.span.end} ${match.confidence} ${match.fingerprint}`,
        ...match.decodedFrom,
        ...(match.candidates ?? []),
        ...match.facts.map((fact) => `${fact.name}=${fact.value}`),
      ].join(" "),
    ),
    ...directives.map((directive) => `${directive.line} ${directive.spelling}`),
  ];
}

const seeds = ["one", "two"];

/** Every example of a rule, filled in; the seed is part of the text's name, so that a failure can be repeated. */
function samplesOf(rule: (typeof rules)[number]): { readonly name: string; readonly text: string }[] {
  const templates = [...rule.examples.match, ...rule.examples.skip.map((skip) => skip.text)];
  return templates.flatMap((template, index) =>
    seeds.map((seed) => ({
      name: `${rule.id} ${index} ${seed}`,
      text: expandTemplate(template, `${rule.id} ${seed}`),
    })),
  );
}

// Without the native engine there is nothing to compare re2js with but itself, which proves nothing: say so.
describe.skipIf(!hasNative)("re2 and re2js agree (skipped: the native engine does not load here)", () => {
  const native = hasNative ? builtInScanner("re2") : undefined;
  const portable = builtInScanner("re2js");

  test("on every example of every rule in every form", { timeout: 60_000 }, () => {
    const differing: string[] = [];
    let forms = 0;
    let hits = 0;
    for (const { name, text } of rules.flatMap(samplesOf)) {
      for (const { form, bytes } of spreadExample(text)) {
        const [left, right] = [seen(native as Scanner, bytes), seen(portable, bytes)];
        forms++;
        hits += left.length;
        if (JSON.stringify(left) !== JSON.stringify(right)) differing.push(`${name}, ${form}`);
      }
    }
    expect(differing).toEqual([]);
    expect(forms).toBeGreaterThan(rules.length * 40);
    expect(hits).toBeGreaterThan(rules.length * 20);
  });

  const samples = rules.flatMap(samplesOf);
  const change = fc.record({
    at: fc.nat(),
    length: fc.integer({ min: 1, max: 40 }),
    kind: fc.constantFrom("flip", "cut", "double", "fill"),
    byte: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0x20, 0x0a, 0x22, 0x27, 0x2e, 0x5f, 0xff)),
  });

  test("on examples with bytes flipped, cut, doubled and filled in", { timeout: 60_000 }, () => {
    let untouched = 0;
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.array(change, { minLength: 1, maxLength: 6 }), (which, other, changes) => {
        const parts = [which, other].map((index) => formOf(samples[index % samples.length]?.text ?? "", index));
        const bytes = changes.reduce(mutate, Buffer.concat(parts));
        const left = seen(native as Scanner, bytes);
        untouched += left.length;
        expect(seen(portable, bytes)).toEqual(left);
      }),
      { numRuns: 6000 },
    );
    expect(untouched).toBeGreaterThan(500);
  });
});

// What can be said without the native engine: the stand-in is at work, and it is the one that is named.
test.runIf(!hasNative)("the stand-in serves where the native engine does not load", () => {
  expect(loadRegexEngine().name).toBe("re2js");
});

/** One of the forms of a text, or the text as it is. */
function formOf(text: string, index: number): Uint8Array {
  const forms = spreadExample(text);
  return forms[index % (2 * forms.length)]?.bytes ?? Buffer.from(`${text}\n`, "utf8");
}

interface Change {
  readonly at: number;
  readonly length: number;
  readonly kind: string;
  readonly byte: number;
}

function mutate(bytes: Buffer, { at, length, kind, byte }: Change): Buffer {
  const start = at % (bytes.length + 1);
  const end = Math.min(bytes.length, start + length);
  const [head, part, tail] = [bytes.subarray(0, start), bytes.subarray(start, end), bytes.subarray(end)];
  if (kind === "cut") return Buffer.concat([head, tail]);
  if (kind === "double") return Buffer.concat([head, part, part, tail]);
  if (kind === "fill") return Buffer.concat([head, Buffer.alloc(part.length, byte), tail]);
  const flipped = Buffer.from(part);
  if (flipped.length > 0) flipped[0] = byte;
  return Buffer.concat([head, flipped, tail]);
}
