// Short texts asked about together: each that holds something is told of, whatever stands beside it.

import fc from "fast-check";
import { expect, test } from "vitest";
import { ContentScanner } from "../../../src/pipeline/content-scanner.ts";
import { TextBatch } from "../../../src/scan/text-batch.ts";
import { tokenOf, tokenRules } from "../../helpers/cli-tokens.ts";
import { builtInSetup } from "../../helpers/delta-rig.ts";

const setup = builtInSetup();
const scanner = new ContentScanner(setup);
const whole = new ContentScanner(setup);

/** The numbers of the texts in which something is found, asked about in batches. */
function askTogether(texts: readonly Buffer[]): number[] {
  const found: number[] = [];
  const batch = new TextBatch<number>(scanner.bench, (index, bytes) => {
    expect(bytes.equals(texts[index] as Buffer)).toBe(true);
    if (scanner.scanBytes(bytes).matches.length > 0) found.push(index);
  });
  for (const [index, text] of texts.entries()) batch.add(index, text);
  batch.flush();
  return found.toSorted((a, b) => a - b);
}

const askEach = (texts: readonly Buffer[]) =>
  texts.flatMap((text, index) => (whole.scanBytes(text).matches.length > 0 ? [index] : []));

const token = fc.tuple(fc.constantFrom(...tokenRules), fc.nat(99)).map(([rule, seed]) => tokenOf(rule, String(seed)));
const part = fc.oneof(
  { weight: 5, arbitrary: fc.string({ maxLength: 60 }) },
  { weight: 2, arbitrary: token },
  { weight: 1, arbitrary: token.map((text) => text.slice(0, -1)) },
  { weight: 1, arbitrary: token.map((text) => encodeURIComponent(`"${text}"`)) },
  { weight: 1, arbitrary: token.map((text) => Buffer.from(` ${text} `).toString("base64")) },
  { weight: 1, arbitrary: fc.nat(20_000).map((length) => "words ".repeat(length / 6)) },
);
const texts = fc.array(
  fc.array(part, { maxLength: 4 }).map((parts) => Buffer.from(parts.join(" "))),
  { maxLength: 40, size: "max" },
);

test("gives what asking about each by itself gives", () => {
  fc.assert(
    fc.property(texts, (given) => {
      expect(askTogether(given)).toEqual(askEach(given));
    }),
    { numRuns: 60, interruptAfterTimeLimit: 8000 },
  );
});

test.each(["utf16le", "utf16be", "utf32le"])("reads text in %s as a scan does", (encoding) => {
  const text = `key ${tokenOf("ofself.access-token", "wide")}\u4e2d and more`;
  const utf16 = Buffer.from(`\ufeff${text}`, "utf16le");
  const utf32 = Buffer.concat(
    [...`\ufeff${text}`].map((each) => Buffer.from(Uint32Array.of(each.codePointAt(0)!).buffer)),
  );
  const wide = encoding === "utf16le" ? utf16 : encoding === "utf16be" ? Buffer.from(utf16).swap16() : utf32;
  const given = [Buffer.from("before"), wide, Buffer.from("after")];
  expect(askEach(given)).toEqual([1]);
  expect(askTogether(given)).toEqual([1]);
});
