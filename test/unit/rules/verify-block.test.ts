// The `verify` block of a rule: a good one compiled, and everything that its laws refuse.

import { describe, expect, test } from "vitest";
import { RuleError } from "../../../src/errors.ts";
import type { Rule } from "../../../src/model/rule.ts";
import { controlValues } from "../../../src/rules/control.ts";
import { controlFaults } from "../../../src/rules/lint-verify.ts";
import { parseRuleFile } from "../../../src/rules/parse.ts";
import { providersPage } from "../../../src/rules/providers-page.ts";
import { ruleText } from "./rule-text.ts";

type Block = Record<string, unknown>;

const request = {
  method: "GET",
  url: "https://api.acme.example/v1/me",
  headers: { authorization: "Bearer {{secret}}" },
};
const answers = [
  { row: "ok", status: 200, media: "json", means: "active" },
  { row: "bad", status: [401, 403], json: { path: "error.code", equals: "bad_key" }, means: "inactive" },
];
const good: Block = { request, answers, control: "acme_live_{{repeat:0:32}}", docs: "https://acme.example/docs" };

function parse(block: Block, changes: Readonly<Record<string, string>> = {}): Rule {
  const [rule] = parseRuleFile(ruleText({ verify: JSON.stringify(block), ...changes }), "rules/acme.yml");
  return rule as Rule;
}

function errorOf(block: Block, changes: Readonly<Record<string, string>> = {}): string {
  try {
    parse(block, changes);
  } catch (error) {
    if (error instanceof RuleError) return error.message;
    throw error;
  }
  return "accepted";
}

test("a good block", () => {
  expect(parse(good).verify).toEqual({
    requests: [{ method: "GET", url: request.url, headers: request.headers }],
    answers: [
      { row: "ok", status: [200], media: "json", means: "active" },
      { row: "bad", status: [401, 403], json: [{ path: "error.code", equals: "bad_key" }], means: "inactive" },
    ],
    control: { secret: "acme_live_{{repeat:0:32}}" },
    reveals: [],
    docs: "https://acme.example/docs",
  });
});

const pair = { pair: "{with: acme.id, lines: 3}" };

test.each<[string, Block, Record<string, string>?]>([
  [
    "a host out of the text, with an anchored ending",
    { ...good, request: { ...request, url: "https://{{host}}/x" }, host: { ends: [".acme.example"] } },
    pair,
  ],
  [
    "the other half",
    {
      ...good,
      request: { ...request, headers: { authorization: "Basic {{base64({{pair}}:{{secret}})}}" } },
      control: { secret: "acme_live_{{repeat:0:32}}", pair: "id-{{repeat:0:8}}" },
    },
    pair,
  ],
  [
    "a reviewed POST",
    {
      ...good,
      request: { ...request, method: "POST", body: '{"query":"{me{id}}"}', harmless: "A query that only reads." },
    },
  ],
  [
    "several sites",
    { ...good, request: undefined, requests: [request, { ...request, url: "https://eu.acme.example/v1/me" }] },
  ],
  ["no control, with a reason", { ...good, control: { none: "It locks out after three wrong keys." } }],
])("%s is accepted", (_, block, changes) => {
  expect(errorOf(block, changes ?? {})).toBe("accepted");
});

const withUrl = (url: string): Block => ({ ...good, request: { ...request, url } });
const withHeaders = (headers: Block): Block => ({ ...good, request: { ...request, headers } });
const withRows = (...rows: Block[]): Block => ({ ...good, answers: [...answers, ...rows] });

describe("refused", () => {
  test.each<[string, Block, RegExp, Record<string, string>?]>([
    ["http", withUrl("http://api.acme.example/me"), /write https/],
    ["an address", withUrl("https://192.0.2.1/me"), /public name/],
    ["an IPv6 address", withUrl("https://[::1]/me"), /public name/],
    ["localhost", withUrl("https://localhost/me"), /public name/],
    ["a private name", withUrl("https://api.acme.internal/me"), /public name/],
    ["a port", withUrl("https://api.acme.example:8443/me"), /public name/],
    ["a user", withUrl("https://me@api.acme.example/me"), /public name/],
    ["upper case in the host", withUrl("https://API.acme.example/me"), /public name/],
    ["no path", withUrl("https://api.acme.example"), /a path/],
    ["a fragment", withUrl("https://api.acme.example/me#x"), /fragment/],
    ["the secret as host", withUrl("https://{{secret}}.acme.example/me"), /public name/],
    ["a host without endings", withUrl("https://{{host}}/me"), /needs host/],
    ["the secret in the path", withUrl("https://api.acme.example/{{secret}}/me"), /may not stand in an address/],
    ["the secret in base64 in the path", withUrl("https://api.acme.example/{{base64({{secret}})}}"), /may not stand/],
    ["the secret in the query", withUrl("https://api.acme.example/me?key={{secret}}"), /query is literal/],
    ["the pair in the path", withUrl("https://api.acme.example/{{pair}}"), /may not stand in an address/, pair],
    ["two steps up", withUrl("https://api.acme.example/../me"), /must be plain/],
    ["an ending without a dot", { ...good, host: { ends: ["acme.example"] } }, /write it as/],
    ["an ending of one label", { ...good, host: { ends: [".example"] } }, /write it as/],
    ["an unknown placeholder", withHeaders({ authorization: "Bearer {{token}}" }), /no placeholder/],
    ["a placeholder without end", withHeaders({ authorization: "Bearer {{base64({{secret}}" }), /does not end/],
    ["a header of the client's", withHeaders({ host: "evil.example" }), /not for a recipe/],
    ["a cookie", withHeaders({ cookie: "{{secret}}" }), /not for a recipe/],
    ["a header in upper case", withHeaders({ "X-Api-Key": "{{secret}}" }), /lower case/],
    ["two lines in a header", withHeaders({ "x-key": "a\r\nb: {{secret}}" }), /one line/],
    ["a POST without a reason", { ...good, request: { ...request, method: "POST" } }, /needs harmless/],
    ["a body with GET", { ...good, request: { ...request, body: "x" } }, /belong to a POST/],
    [
      "the secret in a body",
      { ...good, request: { ...request, method: "POST", harmless: "It only reads.", body: "k={{secret}}" } },
      /body is literal/,
    ],
    ["PUT", { ...good, request: { ...request, method: "PUT" } }, /should be one of GET, HEAD, POST/],
    ["no request", { ...good, request: undefined }, /write request/],
    ["request and requests", { ...good, requests: [request, request] }, /write request/],
    ["no active row", { ...good, answers: [answers[1], { ...answers[1], row: "x" }] }, /no row means active/],
    ["no inactive row", { ...good, answers: [answers[0], { ...answers[0], row: "x" }] }, /no row means inactive/],
    ["a redirection", withRows({ row: "moved", status: 302, media: "json", means: "active" }), /redirection/],
    ["a bare status", withRows({ row: "any", status: 403, means: "inactive" }), /a status alone proves nothing/],
    [
      "the same row twice",
      withRows({ row: "ok", status: 201, media: "json", means: "active" }),
      /another row has this name/,
    ],
    ["an unknown meaning", withRows({ row: "x", status: 201, media: "json", means: "dead" }), /should be one of/],
    [
      "a condition of two",
      withRows({ row: "x", status: 201, json: { path: "a", equals: 1, exists: true }, means: "active" }),
      /path and one of/,
    ],
    ["no control", { ...good, control: undefined }, /control: is missing/],
    ["a control of unknown rows", { ...good, control: { secret: "x", rows: ["nope"] } }, /there is no row nope/],
    [
      "needs-control without one",
      {
        ...withRows({ row: "x", status: 204, "needs-control": true, means: "active" }),
        control: { none: "It would lock out." },
      },
      /has no control/,
    ],
    ["the pair without a pair", withHeaders({ "x-id": "{{pair}}", "x-key": "{{secret}}" }), /give the rule a pair/],
    [
      "the pair without a control pair",
      withHeaders({ "x-id": "{{pair}}", "x-key": "{{secret}}" }),
      /give the control a pair/,
      pair,
    ],
    ["a public part that is the secret", { ...good, parts: { all: { public: true } } }, /taken out of it/],
    ["a part with a taken name", { ...good, parts: { secret: { strip: "x" } } }, /a meaning of its own/],
    ["a part that RE2 refuses", { ...good, parts: { one: { fits: "(?=a)" } } }, /RE2 refuses/],
    ["a reveal of nothing", { ...good, reveals: [{ fact: "scope", as: "words" }] }, /header, or json/],
    [
      "a table without one",
      { ...good, reveals: [{ fact: "scope", header: "x", as: "table" }] },
      /belongs to as: table/,
    ],
    ["http documentation", { ...good, docs: "http://acme.example" }, /no https address/],
    ["an unknown key", { ...good, requets: request }, /did you mean request/],
    ["an unknown key inside", { ...good, request: { ...request, heders: {} } }, /did you mean headers/],
    ["unverified too", good, /takes no unverified/, { unverified: "Nobody knows how." }],
    ["an identifier", good, /an identifier is public/, { role: "identifier" }],
  ])("%s", (_, block, message, changes) => {
    expect(errorOf(block, changes ?? {})).toMatch(message);
  });
});

describe("the control", () => {
  test("is the same in every run, and another for another rule", () => {
    const control = { secret: "acme_live_{{base62:32}}", pair: "id-{{hex:8}}" };
    expect(controlValues("acme.a", control)).toEqual(controlValues("acme.a", control));
    expect(controlValues("acme.a", control).secret).not.toBe(controlValues("acme.b", control).secret);
  });

  test.each([
    ["acme_live_{{repeat:0:32}}", []],
    ["acme_live_{{repeat:0:31}}", ["verify.control does not have the form of the rule's own secrets"]],
    ["{{repeat:0:32}}", ["verify.control does not have the form of the rule's own secrets"]],
    ["acme_live_{{bse62:32}}", ["verify.control: there is no example template {{bse62}}: Did you mean {{base62}}?"]],
  ])("%s", (control, faults) => {
    const rule = parse({ ...good, control });
    expect(controlFaults(rule, [rule])).toEqual(faults);
  });
});

test("the page says who is asked, with which header, and about what nobody is", () => {
  const rule = parse(good);
  const page = providersPage([rule, { ...rule, id: "acme.other", unverified: "It cannot be asked." } as Rule]);
  expect(page).toContain("`GET https://api.acme.example/v1/me` sends **authorization**.");
  expect(page).toContain("| bad | 401, 403; `error.code` is `bad_key` | inactive |");
  const { verify: _, ...silent } = rule;
  expect(providersPage([rule, { ...silent, id: "acme.other", unverified: "It cannot be asked." }])).toContain(
    "| It cannot be asked. | `acme.other` |",
  );
});
