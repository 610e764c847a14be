// Checks that look around the secret (charset, near) and into it (JSON, JWT).

import { describe, expect, test } from "vitest";
import { charset } from "../../../../src/scan/checks/charset.ts";
import { jsonPayload } from "../../../../src/scan/checks/json-payload.ts";
import { decodeBase64 } from "../../../../src/scan/checks/json-text.ts";
import { jwt } from "../../../../src/scan/checks/jwt.ts";
import { checks } from "../../../../src/scan/checks/table.ts";
import { checkOptions } from "../../../../src/rules/schema-checks.ts";
import { maxNearBytes } from "../../../../src/model/rule.ts";
import { checkInput, makeScanner, now, randomText, scanWhole, zedRule, zedToken } from "../../../helpers/scan-rig.ts";

test("every check that a rule may name is there, and no other", () => {
  expect(Object.keys(checks).toSorted()).toEqual(Object.keys(checkOptions).toSorted());
});

describe("charset", () => {
  const around = (left: string, right: string) =>
    checkInput("secret1", { before: (count) => left.slice(-count), after: (count) => right.slice(0, count) });
  const both = { before: "[A-Za-z0-9_.-]", after: "[A-Za-z0-9_-]" };
  test.each([
    ["", "", true],
    [" ", ";", true],
    ["x", "", false],
    ["-", "", false],
    [".", "", false],
    ["", ".", true],
    ["", "_", false],
    ["\n", "\r\n", true],
    ["\u00e9", "\u00e9", true],
    ["x ", " x", true],
  ])("between %j and %j: %s", (left, right, pass) => {
    expect(charset(around(left, right), both).pass).toBe(pass);
  });

  test.each([
    ["abc", ["digit"], false],
    ["abc1", ["digit", "lower"], true],
    ["abc1", ["upper"], false],
    ["123", ["letter"], false],
    ["ABC", ["letter", "upper"], true],
    ["abc1", ["colour"], false],
  ])("%s needs %j: %s", (text, needs, pass) => {
    expect(charset(checkInput(text), { needs }).pass).toBe(pass);
    const grouped = checkInput("----", { groups: { secret: "----", body: text } });
    expect(charset(grouped, { needs, of: "body" }).pass).toBe(pass);
  });
});

describe("near and not-near", () => {
  const scanner = (name: string, lines: number) =>
    makeScanner({ rules: [{ ...zedRule, checks: [{ name, options: { words: ["Acorn"], lines } }] }] });
  const token = zedToken(1);
  const found = (name: string, lines: number, text: string) =>
    scanWhole(scanner(name, lines), text).matches.length === 1;

  test.each([
    ["on its line", `acorn ${token}`, 0, true],
    ["behind it", `${token} # ACORN`, 0, true],
    ["a line above, none allowed", `acorn\n${token}`, 0, false],
    ["a line above", `acorn\n${token}`, 1, true],
    ["a line below", `${token}\r\nacorn`, 1, true],
    ["two above, one allowed", `acorn\n\n${token}`, 1, false],
    ["two below, one allowed", `${token}\n\nacorn`, 1, false],
    ["five above", `acorn\n1\n2\n3\n4\n${token}`, 5, true],
    ["six above", `acorn\n1\n2\n3\n4\n5\n${token}`, 5, false],
    ["first byte of the content", `acorn${"\n".repeat(5)}${token}`, 5, true],
    ["in the last byte allowed", `acorn${" ".repeat(maxNearBytes - 5)}${token}`, 0, true],
    ["a byte too far", `acorn${" ".repeat(maxNearBytes - 4)}${token}`, 0, false],
    ["in the last byte allowed behind", `${token}${" ".repeat(maxNearBytes - 5)}acorn`, 0, true],
    ["a byte too far behind", `${token}${" ".repeat(maxNearBytes - 4)}acorn`, 0, false],
    ["nowhere", token, 100, false],
  ])("%s", (_, text, lines, near) => {
    expect(found("near", lines, text)).toBe(near);
    expect(found("not-near", lines, text)).toBe(!near);
  });
});

describe("base64", () => {
  test.each([
    ["aGk", "hi"],
    ["aGk=", "hi"],
    ["aGk==", "hi"],
    ["+/+/", "\u00fb\u00ff\u00bf"],
    ["-_-_", "\u00fb\u00ff\u00bf"],
    ["+_+_", undefined],
    ["a", undefined],
    ["aGk a", undefined],
    ["", undefined],
    ["===", undefined],
  ])("%j is %j", (text, decoded) => {
    expect(decodeBase64(text)).toBe(decoded);
  });
});

const seconds = (iso: string) => Date.parse(iso) / 1000;
const b64url = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

describe("json-payload", () => {
  const run = (payload: string, options: Record<string, unknown> = {}) =>
    jsonPayload(checkInput("x", { groups: { payload } }), { group: "payload", ...options });

  test.each([
    ["an object", b64url({ sub: "1" }), true],
    ["an array", b64url([1]), false],
    ["a string", b64url('"x"'), false],
    ["null", b64url("null"), false],
    ["an object cut short", b64url({ sub: "12345678" }).slice(0, -4), false],
    ["no base64", "{}", false],
    ["nothing", "", false],
  ])("%s", (_, payload, pass) => {
    expect(run(payload).pass).toBe(pass);
  });

  test("reads facts, dates and expiry; leaves out what is no short text", () => {
    const facts = { scope: "scope", issued: "iat", expires: "exp", admin: "adm", long: "long", object: "object" };
    const payload = {
      scope: "read",
      iat: seconds("2025-12-01"),
      exp: seconds("2026-02-01"),
      adm: true,
      long: "x".repeat(121),
      object: {},
    };
    expect(run(b64url(payload), { facts })).toEqual({
      pass: true,
      facts: [
        { name: "issued", value: "2025-12-01" },
        { name: "expires", value: "2026-02-01" },
        { name: "scope", value: "read" },
        { name: "admin", value: "true" },
      ],
    });
    expect(run(b64url({ exp: now / 1000 - 1 }), { facts })).toMatchObject({ confidence: "low" });
    expect(run(b64url({ exp: 1e300, iat: "soon" }), { facts })).toEqual({ pass: true, facts: [] });
  });

  test("a tail is left off first", () => {
    const signed = b64url({ sub: "1" }) + randomText(1, 43);
    expect(run(signed, { tail: 43 }).pass).toBe(true);
    expect(run(signed).pass).toBe(false);
  });
});

describe("jwt", () => {
  const head = { alg: "HS256", typ: "JWT" };
  const make = (header: unknown, body: unknown) => [b64url(header), b64url(body), randomText(2, 43)].join(".");
  const run = (token: string, options: Record<string, unknown> = {}) => jwt(checkInput(token), options);

  test.each([
    ["a token", make(head, { iss: "me" }), {}, true],
    ["no algorithm", make({ typ: "JWT" }, { iss: "me" }), {}, false],
    ["an algorithm that is no text", make({ alg: {} }, { iss: "me" }), {}, false],
    ["a body that is no object", make(head, [1]), {}, false],
    ["a header alone", b64url(head), {}, false],
    ["the sample of the web site", make(head, { sub: "1234567890", name: "x" }), {}, false],
    ["John Doe", make(head, { name: "John Doe" }), {}, false],
    ["the sample, kept", make(head, { sub: "1234567890" }), { samples: "keep" }, true],
    ["all claims", make(head, { a: 1, b: 2 }), { claims: ["a", "b"] }, true],
    ["a claim missing", make(head, { a: 1 }), { claims: ["a", "b"] }, false],
    ["any claim", make(head, { b: 1 }), { "any-claims": ["a", "b"] }, true],
    ["none of them", make(head, { c: 1 }), { "any-claims": ["a", "b"] }, false],
    ["nothing", "", {}, false],
  ])("%s", (_, token, options, pass) => {
    expect(run(token, options).pass).toBe(pass);
  });

  test("an expired one counts as low, one that still holds does not", () => {
    const body = { iss: "https://id.example", exp: seconds("2026-01-14") };
    expect(run(make(head, body))).toEqual({
      pass: true,
      confidence: "low",
      facts: [
        { name: "algorithm", value: "HS256" },
        { name: "issuer", value: "https://id.example" },
        { name: "expired", value: "2026-01-14" },
      ],
    });
    expect(run(make(head, { exp: seconds("2026-01-16") }))).toEqual({
      pass: true,
      facts: [
        { name: "algorithm", value: "HS256" },
        { name: "expires", value: "2026-01-16" },
      ],
    });
  });

  test("claims that are inherited from Object are not there", () => {
    expect(run(make(head, { a: 1 }), { claims: ["toString"] }).pass).toBe(false);
    expect(run(make(head, { a: 1 }), { "any-claims": ["constructor"] }).pass).toBe(false);
  });
});
