import { describe, expect, test } from "vitest";
import { builtInScanner, scanText } from "../../helpers/scan-text.ts";
import { processorClock } from "../../helpers/processor-clock.ts";

// Texts made to cost time: keywords over and over, bodies that never end, encodings in encodings.
const kilobytes = 192;
const join = (...parts: string[]) => parts.join("");
const key = join("PRIV", "ATE KEY");
const texts: readonly (readonly [string, string])[] = [
  ["one prefix over and over", join("oai", "_eyJ")],
  ["a prefix and a body without an end", `${join("oai", "_eyJ")}${"a".repeat(4000)}\n`],
  ["the start of a JWT", "eyJ"],
  ["a JWT's head without an end", `eyJ${"a".repeat(4000)}.`],
  ["a contested prefix", "key_us_pvt_"],
  ["addresses without an end", join("http", "://a:")],
  ["armour without a body", `-----BEGIN ${key}-----\n`],
  ["armour with a body and no end", `-----BEGIN RSA ${key}-----\nMIIE${"Ab1+".repeat(3000)}\n`],
  ["percent escapes", "%41"],
  ["long escapes", "\\u0041"],
  ["a header that never ends", "Authorization: Basic "],
];

describe("stays quick on hostile text", () => {
  test.each(texts)("%s", { timeout: 60_000 }, (_, unit) => {
    const text = unit.repeat(Math.ceil((kilobytes * 1024) / unit.length));
    const scanner = builtInScanner();
    scanText(text.slice(0, 4096), scanner);
    const spent = processorClock();
    scanText(text, scanner);
    // Ordinary text takes about 1 ms; a pattern that goes over its window again for each keyword takes minutes.
    expect(spent()).toBeLessThan(8000);
  });
});
