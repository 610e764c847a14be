// Tokens in every encoding, nested, with the place of the characters that encode them.

import { describe, expect, test } from "vitest";
import type { Encoding } from "../../../src/model/match.ts";
import { makeScanner, placeOf, scanWhole, zedRule as nearRule, zedToken } from "../../helpers/scan-rig.ts";

const token = zedToken(7);
const scanner = makeScanner({ maxDecodeDepth: 5 });

type Encode = (text: string) => string;
const hexOf = (character: string, length: number) => character.charCodeAt(0).toString(16).padStart(length, "0");
const each =
  (encode: (character: string) => string): Encode =>
  (text) =>
    [...text].map(encode).join("");

const base64: Encode = (text) => Buffer.from(text, "latin1").toString("base64");
const base64url: Encode = (text) => Buffer.from(text, "latin1").toString("base64url");
const hex: Encode = (text) => Buffer.from(text, "latin1").toString("hex");
const wrapped =
  (columns: number, lineBreak: string): Encode =>
  (text) =>
    (base64(text).match(new RegExp(`.{1,${columns}}`, "g")) ?? []).join(lineBreak);
const percent = each((character) => `%${hexOf(character, 2)}`);
const utf16le = each((character) => `${character}\0`);
const utf16be = each((character) => `\0${character}`);

/** Text around the token, so that its bits do not begin on a character's edge; `ÿ¿` brings out `_` and `-`. */
const padded = (lead: string) => `${lead}"${token}", tail`;

const layers: readonly (readonly [string, Encode, string, readonly Encoding[]])[] = [
  ["base64", base64, padded("a"), ["base64"]],
  ["base64, next phase", base64, padded("ab"), ["base64"]],
  ["base64, third phase", base64, padded("abc"), ["base64"]],
  ["base64url", base64url, padded("ÿ¿ÿ¿ÿ¿>>>???"), ["base64url"]],
  ["wrapped at 76, CRLF", wrapped(76, "\r\n"), padded("lorem ipsum dolor sit amet, ".repeat(8)), ["base64"]],
  ["wrapped at 64, LF", wrapped(64, "\n"), padded("lorem ipsum dolor sit amet, ".repeat(5)), ["base64"]],
  ["wrapped at 76, indented", wrapped(76, "\n    "), padded("lorem ipsum dolor sit amet, ".repeat(3)), ["base64"]],
  ["wrapped at 76, spelled out", wrapped(76, "\\n"), padded("lorem ipsum dolor sit amet, ".repeat(3)), ["base64"]],
  ["hex", hex, padded("x"), ["hex"]],
  ["hex, upper case", (text) => hex(text).toUpperCase(), padded("x"), ["hex"]],
  ["percent", percent, padded(""), ["percent"]],
  ["percent, in part", (text) => text.replaceAll("_", "%5F").replaceAll('"', "%22"), padded(""), ["percent"]],
  ["\\u", each((character) => `\\u${hexOf(character, 4)}`), padded(""), ["unicode"]],
  ["\\u{}", each((character) => `\\u{${hexOf(character, 1)}}`), padded(""), ["unicode"]],
  ["\\U", each((character) => `\\U${hexOf(character, 8)}`), padded(""), ["unicode"]],
  ["\\x", each((character) => `\\x${hexOf(character, 2)}`), padded(""), ["unicode"]],
  ["HTML, decimal", each((character) => `&#${character.charCodeAt(0)};`), padded(""), ["html"]],
  ["HTML, hex", each((character) => `&#x${hexOf(character, 2)};`), padded(""), ["html"]],
  ["UTF-16LE", utf16le, padded("x"), ["utf-16"]],
  ["UTF-16BE", utf16be, padded("x"), ["utf-16"]],
];

/** Bytes around what is encoded, with a first line that makes columns and bytes differ. */
function contentOf(encoded: string): { readonly bytes: Buffer; readonly start: number } {
  const lead = Buffer.from("// \u{1f511} é\r\nvalue = '", "utf8");
  return { bytes: Buffer.concat([lead, Buffer.from(encoded, "latin1"), Buffer.from("';\nend\n")]), start: lead.length };
}

describe("one layer", () => {
  test.each(layers)("%s", (_, encode, text, encodings) => {
    const encoded = encode(text);
    const { bytes, start } = contentOf(encoded);
    const { matches } = scanWhole(scanner, bytes);
    expect(matches.map(({ rule, decodedFrom }) => ({ rule, decodedFrom }))).toEqual([
      { rule: "zed.live-key", decodedFrom: encodings },
    ]);
    const { span, location } = matches[0] as (typeof matches)[number];
    expect(span.start).toBeGreaterThanOrEqual(start);
    expect(span.end).toBeLessThanOrEqual(start + encoded.length);
    const place = placeOf(bytes, span.start);
    const end = placeOf(bytes, span.end);
    expect(location).toEqual({ ...place, endLine: end.line, endColumn: end.column });
  });
});

describe("the place is that of the characters that hold the token's bits", () => {
  test.each([0, 1, 2, 3, 4, 5])("base64 behind %i bytes", (lead) => {
    const text = `${"-".repeat(lead)}${token}`.replace(/^-+/, (dashes) => " ".repeat(dashes.length));
    const encoded = base64(`${text} and more`);
    const { bytes, start } = contentOf(encoded);
    const [match] = scanWhole(scanner, bytes).matches;
    expect(match?.span).toEqual({
      start: start + Math.floor((lead * 8) / 6),
      end: start + Math.ceil(((lead + token.length) * 8) / 6),
    });
  });

  test.each([1, 2, 3])("base64 that %i more characters of the alphabet run into", (more) => {
    const encoded = `${"k".repeat(more)}${base64(`a: ${token} and more`)}`;
    const { bytes, start } = contentOf(encoded);
    const [match] = scanWhole(scanner, bytes).matches;
    const from = start + more + 4;
    expect(match?.span).toEqual({ start: from, end: from + Math.ceil((token.length * 8) / 6) });
  });

  test("percent, hex and UTF-16 by character", () => {
    for (const [encode, width] of [
      [percent, 3],
      [hex, 2],
      [utf16le, 2],
    ] as const) {
      const { bytes, start } = contentOf(encode(` ${token} `));
      const [match] = scanWhole(scanner, bytes).matches;
      const from = start + width;
      expect(match?.span.start).toBe(from);
      expect([from + width * token.length, from + width * token.length - 1]).toContain(match?.span.end);
    }
  });

  test("wrapped base64 on the line it begins on", () => {
    const encoded = wrapped(76, "\r\n")(`${"x ".repeat(57)}${token} and more text to follow it`);
    const { bytes } = contentOf(encoded);
    const [match] = scanWhole(scanner, bytes).matches;
    expect(match?.location).toMatchObject({ line: 4, column: 1, endLine: 4 });
  });
});

describe("depth", () => {
  const nested = (count: number) => {
    let text = `key ${token} `;
    for (let i = 0; i < count; i++) text = base64(`wrap ${text} wrap`);
    return text;
  };
  const cases = [0, 1, 2, 3, 4, 5].flatMap((limit) => [0, 1, 2, 3, 4, 5].map((count) => [count, limit] as const));
  test.each(cases)("%i layers at limit %i", (count, limit) => {
    const { bytes } = contentOf(nested(count));
    const { matches } = scanWhole(makeScanner({ maxDecodeDepth: limit }), bytes);
    expect(matches.map((match) => match.decodedFrom.length)).toEqual(count <= limit ? [count] : []);
  });

  test.each([
    ["hex in base64 in percent", percent(base64(`a ${hex(`a ${token} b`)} b`)), ["percent", "base64", "hex"]],
    ["percent in base64", base64(`a ${percent(` ${token} `)} b`), ["base64", "percent"]],
    ["base64 in UTF-16LE", utf16le(` ${base64(`a ${token} b`)} `), ["utf-16", "base64"]],
    ["UTF-16LE in base64, as PowerShell has it", base64(utf16le(`$x = "${token}"`)), ["base64", "utf-16"]],
    ["HTML in \\u", [...`&#x7a;ed${token.slice(3)}`].map((c) => `\\u${hexOf(c, 4)}`).join(""), ["unicode", "html"]],
    ["percent in percent", percent(percent(token)), ["percent", "percent"]],
  ])("%s", (_, encoded, encodings) => {
    const { bytes, start } = contentOf(encoded);
    const { matches } = scanWhole(scanner, bytes);
    expect(matches.map((match) => match.decodedFrom)).toEqual([encodings]);
    const span = matches[0]?.span ?? { start: -1, end: -1 };
    expect(span.start).toBeGreaterThanOrEqual(start);
    expect(span.end).toBeLessThanOrEqual(start + encoded.length);
  });

  test("mixed escapes in one token are opened one kind after the other", () => {
    const mixed = `${percent(token.slice(0, 8))}${each((c) => `\\x${hexOf(c, 2)}`)(token.slice(8, 16))}${token.slice(16)}`;
    expect(scanWhole(scanner, mixed).matches).toHaveLength(1);
    expect(scanWhole(makeScanner({ maxDecodeDepth: 1 }), mixed).matches).toHaveLength(0);
  });
});

test("a content that was transcoded before says so first", () => {
  const bytes = Buffer.from(` ${base64(`a ${token} b`)} `);
  scanner.room(bytes.length).set(bytes);
  const { matches } = scanner.scan({ length: bytes.length, encodings: ["utf-16"] });
  expect(matches.map((match) => match.decodedFrom)).toEqual([["utf-16", "base64"]]);
});

test("what stands in one run is not near what stands in another", () => {
  const near = makeScanner({
    rules: [{ ...nearRule, checks: [{ name: "near", options: { words: ["acorn"], lines: 5 } }] }],
  });
  const own = base64(`the acorn grows here and has ${token} `);
  const other = base64("the acorn grows here and has nothing else in it at all");
  const far = `\n${"filler line of no interest\n".repeat(200)}`;
  expect(scanWhole(near, own).matches).toHaveLength(1);
  expect(scanWhole(near, `${other}${far}${base64(`nothing grows here but there is ${token} `)}`).matches).toHaveLength(
    0,
  );
});

test("places in a run of many lines do not depend on the order in which they are asked for", () => {
  const many = Array.from({ length: 300 }, (_, seed) => zedToken(seed)).join(" ");
  const bytes = Buffer.from(`first line\n${wrapped(76, "\n")(many)}\n`);
  const { matches } = scanWhole(scanner, bytes);
  expect(matches).toHaveLength(300);
  for (const [index, match] of matches.entries()) {
    const bit = index * (token.length + 1) * 8;
    const character = Math.floor(bit / 6);
    expect(match.location.line).toBe(2 + Math.floor(character / 76));
    expect(match.location.column).toBe(1 + (character % 76));
  }
});
