// rotation.yml: what is taken, and every mistake with its line, column and nearest name; nothing of the file is quoted.

import { createHash } from "node:crypto";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { parse } from "yaml";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { emptyInventory, parseInventory } from "../../../src/rotation/inventory.ts";
import { inventoryJsonSchema } from "../../../src/rotation/inventory-schema.ts";
import { inventorySample } from "../../../src/rotation/sample.ts";
import { fingerprintOf } from "../../helpers/rotation-samples.ts";

const context = { now: new Date("2026-11-28T12:00:00Z"), providers: ["stripe", "ogarni-ai", "github"] };

function failure(text: string, now = context.now): ConfigError {
  try {
    parseInventory(text, { ...context, now });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("it was taken");
}

const whole = `version: 1
credentials:
  - id: payments
    provider: stripe
    owner: "@acme/payments"
    environment: production
    severity: critical
    kept: {env: PAY_KEY, secret: PAY_KEY_CI, store: 1Password}
    created: 2026-01-15
    rotated: 2026-04-15
    policy: quick
    notes: |
      Shown once.
      Ask Ann.
    fingerprints: ["${fingerprintOf(1)}"]
  - {id: old, provider: other}
policies:
  - name: quick
    match: {provider: stripe, path: [services/**], environment: production, severity: [high, critical]}
    every: 60d
    notify: [14d, 7d, 0d]
    grace: 7d
    reason: section 4
  - {name: all, every: 3650d, reason: ours}
exemptions:
  - {credential: old, reason: goes away, until: 2027-05-27}
owners: {fallback: "@acme/platform", security: "@acme/security"}
github: {leaks-to: acme/private, dashboard: true}
`;

describe("what is taken", () => {
  test("every field", () => {
    expect(parseInventory(whole, context)).toEqual({
      credentials: [
        {
          id: "payments",
          provider: "stripe",
          owner: "@acme/payments",
          environment: "production",
          severity: "critical",
          keptIn: { env: "PAY_KEY", ciSecret: "PAY_KEY_CI", store: "1Password" },
          created: "2026-01-15",
          rotated: "2026-04-15",
          policy: "quick",
          notes: "Shown once.\nAsk Ann.\n",
          fingerprints: [fingerprintOf(1)],
        },
        { id: "old", provider: "other", keptIn: {}, fingerprints: [] },
      ],
      policies: [
        {
          name: "quick",
          match: {
            providers: ["stripe"],
            paths: ["services/**"],
            environments: ["production"],
            severities: ["high", "critical"],
          },
          everyDays: 60,
          notifyDays: [14, 7, 0],
          graceDays: 7,
          reason: "section 4",
        },
        { name: "all", match: {}, everyDays: 3650, reason: "ours" },
      ],
      exemptions: [{ credential: "old", reason: "goes away", until: "2027-05-27" }],
      owners: { fallback: "@acme/platform", security: "@acme/security" },
      github: { leaksTo: "acme/private", dashboard: true },
    });
  });

  test.each(["", "\n", "# nothing\n", "version: 1\n", "version: 1\ncredentials: []\n"])("nothing in %j", (text) => {
    expect(parseInventory(text, context)).toEqual(emptyInventory);
  });

  test("the sample, and the sample with every comment made a line", () => {
    expect(parseInventory(inventorySample, context)).toEqual(emptyInventory);
    const open = inventorySample
      .replace("credentials: []", "credentials:")
      .replaceAll(/^# (?= |-|owners|policies|exemptions|github)/gm, "");
    const inventory = parseInventory(open, { ...context, now: new Date("2026-05-01T00:00:00Z") });
    expect(inventory.credentials.map(({ id }) => id)).toEqual(["payments-api-production"]);
    expect([inventory.policies.length, inventory.exemptions.length, inventory.github.leaksTo]).toEqual([
      1,
      1,
      "acme/security-private",
    ]);
  });

  test("tomorrow, for it is that day somewhere", () => {
    const text = "version: 1\ncredentials: [{id: a, provider: stripe, created: 2026-11-29}]\n";
    expect(parseInventory(text, context).credentials[0]?.created).toBe("2026-11-29");
  });

  test("the JSON schema takes it, and the sample", () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const validate = ajv.compile(inventoryJsonSchema());
    expect([validate(parse(whole)), validate.errors]).toEqual([true, null]);
    expect(validate(parse(inventorySample))).toBe(true);
    expect(validate({ version: 1, credential: [] })).toBe(false);
    expect(validate({ version: 1, policies: [{ name: "a", every: "90", reason: "b" }] })).toBe(false);
  });
});

const one = (line: string): string => `version: 1\ncredentials:\n  - id: a\n    provider: stripe\n    ${line}\n`;
const policy = (line: string): string => `version: 1\npolicies:\n  - name: p\n    reason: r\n    ${line}\n`;

describe("mistakes", () => {
  test.each<[what: string, text: string, says: string]>([
    ["a key at the top", "version: 1\ncredential: []\n", ":2:1: unknown key: did you mean credentials?"],
    ["a key of a credential", one("ownr: me"), ":5:5: credentials[0]: unknown key: did you mean owner?"],
    ["a key of kept", one("kept: {envv: A}"), ":5:12: credentials[0].kept: unknown key: did you mean env?"],
    ["a key of a policy", policy("evry: 90d"), ":5:5: policies[0]: unknown key: did you mean every?"],
    [
      "a key of match",
      policy("match: {providr: stripe}\n    every: 9d"),
      ":5:13: policies[0].match: unknown key: did you mean provider?",
    ],
    ["a key of github", "version: 1\ngithub: {leaks_to: a/b}\n", ":2:10: github: unknown key: did you mean leaks-to?"],
    ["a key that is like none", one("qqqqqqqqqq: 1"), ":5:5: credentials[0]: unknown key"],
    ["no version", "credentials: []\n", ":1:1: version: expected version: 1"],
    ["another version", "version: 2\n", ":1:10: version: expected version: 1"],
    ["a list", "- id: a\n", ":1:1: expected version: 1 and a list of credentials"],
    [
      "no list",
      "version: 1\ncredentials: {a: 1}\n",
      ':2:14: credentials: expected a list of credentials: each on a line of its own after "- "',
    ],
    [
      "a number in place of a text",
      one("owner: 5"),
      ":5:12: credentials[0].owner: expected a name, on one line of at most 200 characters",
    ],
    [
      "no id",
      "version: 1\ncredentials:\n  - provider: stripe\n",
      ":3:5: credentials[0].id: expected a name: lower case",
    ],
    [
      "an id with bad characters",
      "version: 1\ncredentials: [{id: ../A b, provider: stripe}]\n",
      ":2:20: credentials[0].id: expected a name: lower case",
    ],
    ["a control character", one('owner: "a\\e[2J"'), ":5:12: credentials[0].owner: expected a name, on one line"],
    [
      "an unknown provider",
      one("owner: me").replace("stripe", "strpe"),
      ":4:15: credentials[0].provider: unknown provider: did you mean stripe?",
    ],
    [
      "an unknown provider in a policy",
      policy("every: 9d\n    match: {provider: [stripe, githb]}"),
      ":6:32: policies[0].match.provider[1]: unknown provider: did you mean github?",
    ],
    [
      "an unknown policy",
      `${one("policy: quik")}policies: [{name: quick, every: 9d, reason: r}]\n`,
      ":5:13: credentials[0].policy: unknown policy: did you mean quick?",
    ],
    [
      "an id twice",
      `${one("owner: me")}  - id: a\n    provider: github\n`,
      ":6:9: credentials[1].id: another credential has this id: see line 3",
    ],
    [
      "a policy twice",
      `${policy("every: 9d")}  - {name: p, every: 8d, reason: s}\n`,
      ":6:12: policies[1].name: another policy has this name: see line 3",
    ],
    [
      "a fingerprint twice",
      one(`fingerprints: [${fingerprintOf(1)}, ${fingerprintOf(1)}]`),
      "credentials[0].fingerprints[1]: this fingerprint is listed already: see line 5",
    ],
    [
      "a fingerprint that is none",
      one("fingerprints: [abc]"),
      ":5:20: credentials[0].fingerprints[0]: expected a fingerprint",
    ],
    ["a day in the future", one("created: 2026-11-30"), ":5:14: credentials[0].created: this day lies in the future"],
    [
      "a rotation in the future",
      one("rotated: 2027-01-01"),
      ":5:14: credentials[0].rotated: this day lies in the future",
    ],
    ["a day that never was", one("created: 2026-02-29"), ":5:14: credentials[0].created: no such day in the calendar"],
    ["a day in another order", one("created: 29.02.2024"), ":5:14: credentials[0].created: expected a day: YYYY-MM-DD"],
    [
      "created after rotated",
      one("created: 2026-03-02\n    rotated: 2026-03-01"),
      ":5:14: credentials[0].created: created after it was last rotated",
    ],
    [
      "a value in place of a variable's name",
      one("kept: {env: a-b}"),
      ":5:17: credentials[0].kept.env: expected the name of a variable, never its value",
    ],
    [
      "a severity that is none",
      one("severity: hihg"),
      ":5:15: credentials[0].severity: expected one of info, low, medium, high, critical",
    ],
    [
      "days without a unit",
      policy("every: 90"),
      ":5:12: policies[0].every: expected days from 1d to 3650d, such as 90d",
    ],
    ["every 0 days", policy("every: 0d"), ":5:12: policies[0].every: expected days from 1d to 3650d"],
    ["every 3651 days", policy("every: 3651d"), ":5:12: policies[0].every: expected days from 1d to 3650d"],
    [
      "steps that rise",
      policy("notify: [7d, 14d]"),
      ":5:18: policies[0].notify[1]: the steps must go down: the longest first",
    ],
    ["a step twice", policy("notify: [7d, 7d]"), ":5:18: policies[0].notify[1]: the steps must go down"],
    ["no steps", policy("notify: []"), ":5:13: policies[0].notify: expected at least one step"],
    [
      "a step before the beginning",
      policy("every: 7d\n    notify: [7d]"),
      ":6:14: policies[0].notify[0]: this reminds from the first day on",
    ],
    [
      "a policy that says nothing",
      policy("match: {path: a}"),
      ":3:5: policies[0]: a policy needs every, notify or grace",
    ],
    [
      "a policy named default",
      policy("every: 9d").replace("name: p", "name: default"),
      ":3:11: policies[0].name: this name is taken",
    ],
    ["a reason of blanks", policy("every: 9d").replace("reason: r", 'reason: " \u00a0"'), ":4:13: policies[0].reason:"],
    [
      "an exemption for blanks",
      `${one("owner: me")}exemptions: [{credential: a, reason: " ", until: 2026-12-01}]\n`,
      ":6:38: exemptions[0].reason: expected a reason",
    ],
    ["an owner of blanks", one('owner: " "'), ":5:12: credentials[0].owner: expected a name"],
    ["no reason", "version: 1\npolicies: [{name: p, every: 9d}]\n", ":2:12: policies[0].reason: expected a reason"],
    [
      "an exemption of nobody",
      `${one("owner: me")}exemptions: [{credential: b, reason: r, until: 2026-12-01}]\n`,
      ":6:27: exemptions[0].credential: unknown credential: did you mean a?",
    ],
    [
      "an exemption too long",
      `${one("owner: me")}exemptions: [{credential: a, reason: r, until: 2027-05-29}]\n`,
      ":6:48: exemptions[0].until: at most 180 days ahead: 2027-05-27 today",
    ],
    [
      "a repository that is none",
      "version: 1\ngithub: {leaks-to: https://example.com/a}\n",
      ":2:20: github.leaks-to: expected a repository: owner/name",
    ],
    ["a key twice", "version: 1\nversion: 1\n", ":2:1: this key stands in the file twice"],
    [
      "broken YAML",
      "version: 1\ncredentials: [\n",
      ":3:1: wrong indentation, or a bracket or quote that is not closed",
    ],
    ["tabs", "version: 1\ncredentials:\n\t- id: a\n", "tabs cannot indent"],
  ])("%s", (_, text, says) => {
    expect(failure(text).message).toContain(`.keywarden/rotation.yml${says.startsWith(":") ? says : ""}`);
    expect(failure(text).message).toContain(says);
  });

  test("all at once, in the order of the file", () => {
    const text = `version: 1\ncredentials:\n  - {id: a, provider: strpe}\n  - {id: a, provider: stripe, created: 2027-01-01}\n`;
    expect(failure(text).message.split("\n")).toEqual([
      ".keywarden/rotation.yml:3:23: credentials[0].provider: unknown provider: did you mean stripe?",
      ".keywarden/rotation.yml:4:10: credentials[1].id: another credential has this id: see line 3",
      ".keywarden/rotation.yml:4:40: credentials[1].created: this day lies in the future",
    ]);
  });

  test("an exemption may be written on the last day that allows it, and stays right as time goes by", () => {
    const text = `${one("owner: me")}exemptions: [{credential: a, reason: r, until: 2027-05-28}]\n`;
    expect(parseInventory(text, context).exemptions).toHaveLength(1);
    expect(parseInventory(text, { ...context, now: new Date("2030-01-01T00:00:00Z") }).exemptions).toHaveLength(1);
  });
});

/** A token as if by chance, the same in every run. */
function token(kind: "base64" | "base64url" | "hex", bytes: number, seed = 0): string {
  return createHash("sha512").update(`${kind} ${seed}`).digest().subarray(0, bytes).toString(kind);
}

describe("a secret in the file", () => {
  test.each<[what: string, secret: string]>([
    ["hex", token("hex", 20)],
    ["base64", token("base64", 30)],
    ["base64url with a prefix", `sk_live_${token("base64url", 24)}`],
    ["a private key", `-----BEGIN ${"RSA"} PRIVATE KEY-----`],
    ["in an address", `https://api.example.com/?key=${token("hex", 16)}`],
  ])("%s is refused wherever it stands, and never quoted", (_, secret) => {
    const quoted = JSON.stringify(secret);
    for (const text of [
      one(`notes: ${quoted}`),
      one(`owner: ${quoted}`),
      one(`kept: {env: ${quoted}}`),
      one(`kept: {store: ${quoted}}`),
      one(`fingerprints: [${quoted}]`),
      one(`${quoted}: me`),
      one(`unknown: {deep: [${quoted}]}`),
      `version: 1\ncredentials: [{id: ${quoted}, provider: ${quoted}}]\n`,
      policy(`match: {path: ${quoted}}\n    every: 9d`),
    ]) {
      const { message, hint } = failure(text);
      expect(message).toMatch(/rotation\.yml:\d+:\d+: this looks like a secret/);
      expect(hint).toContain("Remove it, rotate it");
      expect(`${message}${hint}`).not.toContain(secret.slice(0, 20));
    }
  });

  test.each([
    "1Password, vault Payments2026",
    "secret/data/payments/production/2026/ogarni-key",
    "projects/acme-prod-1234/secrets/PAYMENTS_API_KEY_2026/versions/12",
    "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/payments",
    "123e4567-e89b-12d3-a456-426614174000",
    "https://dashboard.stripe.com/apikeys?tab=restricted&page=2026",
    "PAYMENTS_API_KEY_PRODUCTION_EU_CENTRAL_1_V2",
    "Donaudampfschifffahrtsgesellschaftskapitaen2026",
    "ann.author2@payments-team3.example.com",
    "payments-eu-1-prod-2-blue-3",
    "ring 555 0100 2026-01-01T10:00:00Z, ticket SEC-12345, build 20260101120000",
  ])("%s is none", (text) => {
    expect(parseInventory(one(`notes: ${JSON.stringify(text)}`), context).credentials).toHaveLength(1);
  });

  test("random tokens are caught, nearly all", () => {
    const caught = Array.from({ length: 400 }, (_, index) =>
      token(index % 2 === 0 ? "hex" : "base64url", 24, index),
    ).filter((secret) => {
      try {
        parseInventory(one(`notes: ${secret}`), context);
        return false;
      } catch {
        return true;
      }
    });
    expect(caught.length).toBeGreaterThan(370);
  });
});

test("whatever stands in the file: an inventory or a ConfigError, quickly", () => {
  const text = whole;
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 6 }), fc.nat(20), (at, put, cut) => {
      try {
        parseInventory(text.slice(0, at) + put + text.slice(at + cut), context);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
      }
    }),
    { numRuns: 300 },
  );
});
