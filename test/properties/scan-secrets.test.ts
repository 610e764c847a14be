// What must not get out: no frame, fact, directive or mask shows a character run of a secret that a rule knows.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Scanned } from "../../src/model/match.ts";
import { makeScanner, randomText, rigRules, scanWhole, yakToken, zedToken } from "../helpers/scan-rig.ts";
import { ruleOf } from "../helpers/matches.ts";

const basic = ruleOf("http.basic", {
  keywords: ["Basic "],
  pattern: "Basic (?P<secret>[A-Za-z0-9+/]{8,200}={0,2})",
  longest: 220,
  reach: 221,
  general: true,
  checks: [{ name: "userpass", options: {} }],
});
const payload = ruleOf("json.payload", {
  keywords: ["jp."],
  pattern: "jp\\.(?P<secret>(?P<body>[A-Za-z0-9_-]{8,300}))",
  longest: 310,
  reach: 311,
  checks: [{ name: "json-payload", options: { group: "body", facts: { scope: "scope" } } }],
});
const scanner = makeScanner({ rules: [...rigRules, basic, payload] });

/** The text of everything that reports are made from, without places. */
function shownBy({ matches, directives }: Scanned): string {
  const parts = matches.map(({ secret, facts, frame, fingerprint, candidates }) => [
    String(secret),
    facts,
    frame,
    fingerprint,
    candidates,
  ]);
  return JSON.stringify([parts, directives.map(({ rest }) => rest)]);
}

const bodyOf = (token: string) => token.slice(-16);
const tokens = fc.oneof(fc.nat(9999).map(zedToken), fc.nat(9999).map(yakToken));
const encoders: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => Buffer.from(` ${text} `).toString("base64"),
  (text) => Buffer.from(` ${text} `).toString("hex"),
  (text) => [...text].map((character) => `%${character.charCodeAt(0).toString(16)}`).join(""),
  (text) => [...text].map((character) => `&#${character.charCodeAt(0)};`).join(""),
];
const planted = fc.record({ token: tokens, encode: fc.constantFrom(...encoders) });
const glue = fc.oneof(
  fc.constantFrom(" ", "\n", "\r\n", ";", "é", "\u{1f511}", " # gitleaks:allow ", ", "),
  fc.string({ maxLength: 30 }),
);

test("frames, masks and directives never show a secret, their own or a neighbour's, plain or encoded", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(glue, planted), { maxLength: 12, size: "max" }), (parts) => {
      const content = parts.map(([before, { token, encode }]) => `${before} ${encode(token)} `).join("");
      const shown = shownBy(scanWhole(scanner, content));
      for (const [, { token, encode }] of parts) {
        expect(shown).not.toContain(bodyOf(token));
        // The middle of the encoded characters: the first and the last may hold bits of the text around.
        const encoded = encode(token);
        const middle = Math.floor(encoded.length / 2);
        expect(shown).not.toContain(encoded.slice(middle - 8, middle + 8));
      }
    }),
    { numRuns: 200 },
  );
});

test("each frame has its mask where it says", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(glue, planted), { maxLength: 8, size: "max" }), (parts) => {
      const content = parts.map(([before, { token, encode }]) => `${before} ${encode(token)} `).join("");
      for (const { frame, secret } of scanWhole(scanner, content).matches) {
        expect(frame?.text.slice(frame.start, frame.end)).toBe(secret.masked);
      }
    }),
  );
});

test("a token in the place of the user, or in a payload, is no fact", () => {
  for (let seed = 0; seed < 50; seed++) {
    const token = yakToken(seed);
    const pair = Buffer.from(`${token}:x-oauth-basic`).toString("base64");
    const body = Buffer.from(JSON.stringify({ scope: `read ${token}`, sub: randomText(seed, 8) })).toString(
      "base64url",
    );
    const scanned = scanWhole(scanner, `Authorization: Basic ${pair}\ntoken: jp.${body}\n`);
    expect(scanned.matches.length).toBeGreaterThanOrEqual(2);
    expect(shownBy(scanned)).not.toContain(bodyOf(token));
  }
});

test("a dropped candidate is hidden in its neighbours' frames, too", () => {
  const dropping = ruleOf("drop.key", {
    keywords: ["drop:"],
    pattern: "drop:(?P<secret>[0-9A-Za-z]{20})",
    longest: 25,
    checks: [{ name: "near", options: { words: ["never there"], lines: 0 } }],
  });
  const dropped = randomText(77, 20);
  const { matches } = scanWhole(
    makeScanner({ rules: [...rigRules, dropping] }),
    `a=${zedToken(1)} drop:${dropped} end`,
  );
  expect(matches).toHaveLength(1);
  expect(matches[0]?.frame?.text).toMatch(/ drop:… end$/);
});

test("values are kept only when asked for", () => {
  const token = zedToken(3);
  const [without] = scanWhole(makeScanner(), token).matches;
  const [kept] = scanWhole(makeScanner({ keepValues: true }), token).matches;
  expect([without?.secret.reveal(), kept?.secret.reveal()]).toEqual(["", token]);
  expect(JSON.stringify(kept)).not.toContain(bodyOf(token));
});
