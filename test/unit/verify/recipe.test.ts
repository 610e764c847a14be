import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadRegexEngine } from "../../../src/base/regex/engine.ts";
import type { Recipe, RecipePart, RecipeRequest } from "../../../src/model/recipe.ts";
import { Secret } from "../../../src/model/secret.ts";
import { hostOf } from "../../../src/verify/parts.ts";
import { mentions, needsPair, renderRequests } from "../../../src/verify/recipe.ts";
import type { Rendering } from "../../../src/verify/recipe.ts";

const context = { engine: loadRegexEngine(), now: 0 };

function recipe(request: Partial<RecipeRequest>, extra: Partial<Recipe> = {}): Recipe {
  const whole = { method: "GET", url: "https://api.example.com/v1/me", headers: {}, ...request } as const;
  return { requests: [whole], answers: [], control: { none: "test" }, reveals: [], docs: "", ...extra };
}

function render(given: Recipe, secret: string, pair?: string, endpoint?: string): Rendering {
  const filling = { secret: new Secret(secret, "masked"), ...(pair === undefined ? {} : { pair }) };
  return renderRequests(given, filling, {
    ...context,
    endpoint: endpoint === undefined ? undefined : new URL(endpoint),
  });
}

function first(rendering: Rendering) {
  if (rendering.kind !== "requests") throw new Error(rendering.kind);
  const [request] = rendering.requests;
  if (request === undefined) throw new Error("no request");
  return request;
}

describe("headers", () => {
  test.each([
    ["{{secret}}", "abc", "abc"],
    ["Bearer {{secret}}", "abc", "Bearer abc"],
    ["Basic {{base64({{pair}}:{{secret}})}}", "abc", `Basic ${Buffer.from("me:abc").toString("base64")}`],
    ["Basic {{base64({{secret}}:)}}", "abc", `Basic ${Buffer.from("abc:").toString("base64")}`],
    ["{{secret}}", "{{pair}}", "{{pair}}"],
    ["a {{secret}} b", "$& $1", "a $& $1 b"],
  ])("%s with %s", (header, secret, want) => {
    expect(first(render(recipe({ headers: { authorization: header } }), secret, "me")).headers).toEqual({
      authorization: want,
    });
  });

  test.each([
    ["a line break", "abc\r\nx-evil: 1"],
    ["a line feed", "abc\ndef"],
    ["a NUL", "abc\0"],
    ["a tab", "a\tb"],
    ["a letter outside of ASCII", "abcé"],
    ["delete", "abc\u007f"],
    ["nothing", ""],
    ["a space at the end", "abc "],
  ])("%s makes it malformed, and says nothing of it", (_, secret) => {
    expect(render(recipe({ headers: { "x-api-key": "{{secret}}" } }), secret)).toEqual({ kind: "malformed" });
  });
});

describe("addresses", () => {
  test("a secret stands in the path only where the recipe says so", () => {
    const url = "https://api.example.com/bot{{secret}}/getMe";
    expect(first(render(recipe({ url, secretInPath: true }), "12:ab-c_D")).path).toBe("/bot12:ab-c_D/getMe");
    expect(render(recipe({ url }), "12:abc")).toEqual({ kind: "malformed" });
  });

  test.each(["a/b", "..", "a?b", "a#b", "a b", "a%2fb", "a\\b"])("the secret %j may not stand in a path", (secret) => {
    const url = "https://api.example.com/bot{{secret}}/getMe";
    const rendered = render(recipe({ url, secretInPath: true }), secret);
    if (secret === "..") expect(first(rendered).path).toBe("/bot../getMe");
    else expect(rendered).toEqual({ kind: "malformed" });
  });

  test("a part of the path that would go up is refused", () => {
    const url = "https://api.example.com/a/{{secret}}/b";
    for (const secret of ["..", "."])
      expect(render(recipe({ url, secretInPath: true }), secret)).toEqual({ kind: "malformed" });
  });

  test("public parts are percent-encoded", () => {
    const parts: Recipe["parts"] = { mail: { of: "secret", json: "client_email", public: true } };
    const given = recipe({ url: "https://www.example.com/x509/{{mail}}" }, { parts });
    const rendered = render(given, JSON.stringify({ client_email: "a+b@c.d/../e" }));
    expect(first(rendered).path).toBe("/x509/a%2Bb%40c.d%2F..%2Fe");
    expect(rendered).toMatchObject({ parts: { mail: "a+b@c.d/../e" } });
  });

  const shop = recipe({ url: "https://{{host}}/admin.json" }, { host: { suffixes: [".myshop.example"] } });

  test("a host from the text, where it ends as it should", () => {
    expect(first(render(shop, "abc", "acme.myshop.example")).origin).toBe("https://acme.myshop.example");
  });

  test.each([
    "evil.example",
    "acme.myshop.example.evil.example",
    "evil.example/.myshop.example",
    "a@evil.example#.myshop.example",
    "evil.example:443.myshop.example",
    ".myshop.example",
    "-a.myshop.example",
    "a.b.c.myshop.example",
    "a_b.myshop.example",
    "127.0.0.1\\.myshop.example",
    "",
  ])("the host %j is none", (host) => expect(render(shop, "abc", host)).toEqual({ kind: "host-missing" }));

  test("an endpoint takes the place of scheme, host and port, with its own path before", () => {
    const given = recipe({ url: "https://api.example.com/v1/me?limit=1", headers: { a: "{{secret}}" } });
    expect(first(render(given, "abc", undefined, "http://127.0.0.1:8080/base/"))).toMatchObject({
      origin: "http://127.0.0.1:8080",
      path: "/base/v1/me?limit=1",
    });
  });

  test("sites that an endpoint makes equal are asked once", () => {
    const site = (url: string): RecipeRequest => ({ method: "GET", url, headers: { a: "{{secret}}" } });
    const sites = { ...recipe({}), requests: [site("https://us.example.com/v1"), site("https://eu.example.com/v1")] };
    const count = (endpoint?: string): number => {
      const rendered = render(sites, "abc", undefined, endpoint);
      return rendered.kind === "requests" ? rendered.requests.length : 0;
    };
    expect([count(), count("https://own.example.com")]).toEqual([2, 1]);
  });

  test("a request that is made only for some spellings", () => {
    const given = { ...recipe({ headers: { a: "{{secret}}" } }) };
    const two = {
      ...given,
      requests: [
        ...given.requests,
        { ...(given.requests[0] as RecipeRequest), headers: { b: "{{secret}}" }, ifStarts: "oz_" },
      ],
    };
    const count = (secret: string): number => {
      const rendered = render(two, secret);
      return rendered.kind === "requests" ? rendered.requests.length : 0;
    };
    expect([count("abc"), count("oz_abc")]).toEqual([1, 2]);
  });
});

describe("parts", () => {
  const header = (part: RecipePart, secret: string, pair?: string): string | undefined => {
    const rendered = render(recipe({ headers: { a: "{{bearer}}" } }, { parts: { bearer: part } }), secret, pair);
    return rendered.kind === "requests" ? rendered.requests[0]?.headers["a"] : undefined;
  };
  const b64 = (text: string): string => Buffer.from(text).toString("base64");

  test.each<[string, RecipePart, string, string | undefined]>([
    ["strips a prefix that is there", { of: "secret", strip: "ozp_" }, "ozp_abc", "abc"],
    ["strips nothing that is not", { of: "secret", strip: "ozp_" }, "abc", "abc"],
    ["decodes base64", { of: "secret", decode: "base64" }, b64("me:word"), "me:word"],
    [
      "refuses base64 without its padding",
      { of: "secret", decode: "base64" },
      b64("abcd").replaceAll("=", ""),
      undefined,
    ],
    ["refuses base64 with spare bits", { of: "secret", decode: "base64" }, "YWJjZB==", undefined],
    ["refuses what decodes to no text", { of: "secret", decode: "base64" }, b64("a\u0000b"), undefined],
    ["decodes base64url", { of: "secret", decode: "base64url" }, Buffer.from("a?b>c").toString("base64url"), "a?b>c"],
    ["takes a key of JSON", { of: "secret", json: "id" }, '{"id":"x"}', "x"],
    ["refuses a key that is no text", { of: "secret", json: "id" }, '{"id":5}', undefined],
    ["refuses an inherited key", { of: "secret", json: "constructor" }, "{}", undefined],
    ["refuses what is no JSON", { of: "secret", json: "id" }, "{", undefined],
    ["holds to a pattern, as a whole", { of: "secret", fits: "[a-z]+" }, "abc", "abc"],
    ["refuses what goes on after it", { of: "secret", fits: "[a-z]+" }, "abc1", undefined],
    ["refuses a line more", { of: "secret", fits: "[a-z]+" }, "abc\n", undefined],
    ["encodes", { of: "secret", encode: "base64" }, "abc", b64("abc")],
    [
      "does all of it in order",
      { of: "secret", strip: "ozp_", decode: "base64", fits: ".+:sk_.+", encode: "base64" },
      `ozp_${b64("id:sk_x")}`,
      b64("id:sk_x"),
    ],
  ])("%s", (_, part, secret, want) => expect(header(part, secret)).toBe(want));

  test("a part of the other half needs one", () => {
    expect(header({ of: "pair", encode: "base64" }, "abc", "me")).toBe(b64("me"));
    expect(render(recipe({ headers: { a: "{{p}}" } }, { parts: { p: { of: "pair" } } }), "abc")).toEqual({
      kind: "pair-missing",
    });
  });
});

test.each<[string, Recipe, boolean]>([
  ["neither", recipe({ headers: { a: "{{secret}}" } }), false],
  ["a header", recipe({ headers: { a: "{{base64({{pair}}:{{secret}})}}" } }), true],
  ["a signature", recipe({ sign: { kind: "aws-sigv4", service: "sts", region: "us-east-1" } }), true],
  ["a host", recipe({}, { host: { suffixes: [".a"] } }), true],
  ["a part", recipe({}, { parts: { a: { of: "pair" } } }), true],
])("needsPair: %s", (_, given, want) => expect(needsPair(given)).toBe(want));

test("hostOf takes one or two labels before an ending", () => {
  expect(hostOf("a.b.example", [".example"])).toBe("a.b.example");
  expect(hostOf("A.EXAMPLE", ["example"])).toBe("a.example");
});

test("mentions finds the secret in every spelling, wherever it stands", () => {
  const text = fc.string({ minLength: 0, maxLength: 12, unit: "binary-ascii" });
  const secret = fc.string({ minLength: 16, maxLength: 40, unit: fc.constantFrom(..."abcdefXYZ0123456789_-:/+ ") });
  fc.assert(
    fc.property(secret, text, text, fc.integer({ min: 0, max: 4 }), (value, before, after, how) => {
      const forms = [
        `${before}${value}${after}`,
        `${before}${encodeURIComponent(value)}${after}`,
        Buffer.from(`${before}${value}${after}`, "latin1").toString("base64"),
        `${before}${[...value].toReversed().join("")}${after}`,
        JSON.stringify({ [before]: value }),
      ];
      expect(mentions(forms[how] as string, { secret: new Secret(value, "m") })).toBe(true);
    }),
  );
});

test("mentions does not see secrets everywhere", () => {
  const filling = { secret: new Secret("q8Zr2LmN0pXs", "m") };
  for (const text of ["", "read write", "q8Zr2", "2026-01-01"]) expect(mentions(text, filling)).toBe(false);
});

test("what cannot be rendered holds nothing of the secret", () => {
  const secret = "line\nq8Zr2LmN0pXs";
  const rendered = render(recipe({ headers: { a: "{{secret}}" } }), secret);
  expect(`${inspect(rendered, { depth: 9, showHidden: true })}${JSON.stringify(rendered)}`).not.toContain("q8Zr2");
});
