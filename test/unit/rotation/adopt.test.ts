// Findings into the inventory: what people wrote stays as they wrote it, and nothing is adopted twice.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { adopt } from "../../../src/rotation/adopt.ts";
import type { FoundCredential } from "../../../src/rotation/adopt.ts";
import { parseInventory } from "../../../src/rotation/inventory.ts";
import { inventorySample } from "../../../src/rotation/sample.ts";
import { fingerprintOf } from "../../helpers/rotation-samples.ts";

const context = { now: new Date("2026-11-28T12:00:00Z"), providers: ["stripe", "ogarni-ai", "github"] };

function found(seed: number, given: Partial<FoundCredential> = {}): FoundCredential {
  return {
    kind: "finding",
    fingerprint: fingerprintOf(seed),
    provider: "stripe",
    rule: "stripe.live-key",
    severity: "critical",
    places: [{ path: "src/pay.ts", line: 3 }],
    firstCommitAt: "2026-08-20T10:00:00Z",
    mayBeOlder: false,
    at: "2026-11-28T12:00:00Z",
    ...given,
  };
}

const short = (seed: number): string => fingerprintOf(seed).slice(4, 12);

const entry = (seed: number, indent: string): string =>
  [
    "# In code since 2026-08-20, made then or before: please add created. Found in src/pay.ts.",
    `- id: stripe-${short(seed)}`,
    "  provider: stripe",
    "  severity: critical",
    "  fingerprints:",
    `    - ${fingerprintOf(seed)}`,
  ]
    .map((line) => `${indent}${line}\n`)
    .join("");

const mine = "id: mine\n    provider: stripe";

describe("what is there stays byte for byte", () => {
  test.each<[what: string, before: string, after: string]>([
    [
      "a list in its usual form",
      `version: 1\ncredentials:\n  - ${mine} # note\n`,
      `version: 1\ncredentials:\n  - ${mine} # note\n${entry(1, "  ")}`,
    ],
    [
      "a list that is not indented",
      "version: 1\ncredentials:\n- id: mine\n  provider: stripe\n",
      `version: 1\ncredentials:\n- id: mine\n  provider: stripe\n${entry(1, "")}`,
    ],
    [
      "something after the list",
      `# top\ncredentials:\n  - ${mine}\n\n# about policies\npolicies: [ ]\nversion: 1\n`,
      `# top\ncredentials:\n  - ${mine}\n${entry(1, "  ")}\n# about policies\npolicies: [ ]\nversion: 1\n`,
    ],
    [
      "no line end at the end",
      `version: 1\ncredentials:\n  - ${mine}`,
      `version: 1\ncredentials:\n  - ${mine}\n${entry(1, "  ")}`,
    ],
    [
      "a text block at the end",
      `version: 1\ncredentials:\n  - ${mine}\n    notes: |\n      a\n\n      b\n`,
      `version: 1\ncredentials:\n  - ${mine}\n    notes: |\n      a\n\n      b\n${entry(1, "  ")}`,
    ],
    [
      "odd quoting and spacing",
      `version:   1\ncredentials:\n    -   {id: 'mine',provider: "stripe"}\n`,
      `version:   1\ncredentials:\n    -   {id: 'mine',provider: "stripe"}\n${entry(1, "    ")}`,
    ],
    [
      "an empty list, and comments below it",
      "version: 1\ncredentials: []\n# - id: example\n\ngithub: {dashboard: true}\n",
      `version: 1\ncredentials:\n${entry(1, "  ")}# - id: example\n\ngithub: {dashboard: true}\n`,
    ],
    ["no list", "version: 1 # one\n", `version: 1 # one\ncredentials:\n${entry(1, "  ")}`],
    [
      "the sample, where there is no file",
      "",
      inventorySample.replace("credentials: []\n", `credentials:\n${entry(1, "  ")}`),
    ],
  ])("%s", (_, before, after) => {
    const adoption = adopt(before === "" ? undefined : before, [found(1)], context);
    expect(adoption.text).toBe(after);
    expect(adoption.added).toEqual([`stripe-${short(1)}`]);
  });

  test("lines that end as on Windows", () => {
    const before = `version: 1\r\ncredentials:\r\n  - id: mine\r\n    provider: stripe\r\n`;
    expect(adopt(before, [found(1)], context).text).toBe(before + entry(1, "  ").replaceAll("\n", "\r\n"));
  });

  test.each([
    [
      "a list in brackets",
      "# top\nversion: 1\ncredentials: [{id: mine, provider: stripe}] # mine\npolicies: [] # none\n",
    ],
    ["a list in an alias", "version: 1\ncredentials: &all\n  - {id: mine, provider: stripe}\n"],
    ["an empty value", "version: 1\ncredentials: []   # none yet\n"],
    ["everything in brackets", "{version: 1, credentials: [{id: mine, provider: stripe}]}\n"],
    ["an end mark", "version: 1\n...\n"],
  ])("%s may be written anew, and loses nothing", (_, before) => {
    const { text } = adopt(before, [found(1)], context);
    const [old, now] = [before, text].map((one) => parseInventory(one, context));
    expect(now?.credentials.slice(0, -1)).toEqual(old?.credentials);
    expect(now?.credentials.at(-1)).toEqual({
      id: `stripe-${short(1)}`,
      provider: "stripe",
      severity: "critical",
      keptIn: {},
      fingerprints: [fingerprintOf(1)],
    });
    for (const [comment] of before.matchAll(/# \w+/g)) expect(text).toContain(comment);
  });
});

describe("what is adopted", () => {
  test("each fingerprint once, in an order of its own, and never twice", () => {
    const findings = [found(3), found(1), found(2, { provider: "github" }), found(1)];
    const first = adopt(undefined, findings, context);
    expect(first.added).toEqual([`github-${short(2)}`, ...[short(1), short(3)].sort().map((tail) => `stripe-${tail}`)]);
    expect(adopt(undefined, findings.toReversed(), context)).toEqual(first);
    expect(adopt(first.text, findings, context)).toEqual({ text: first.text, added: [] });
  });

  test("a fingerprint that people listed under their own name is theirs", () => {
    const text = `version: 1\ncredentials:\n  - {id: mine, provider: stripe, fingerprints: ["${fingerprintOf(1)}"]}\n`;
    expect(adopt(text, [found(1)], context)).toEqual({ text, added: [] });
  });

  test("a name that is taken grows", () => {
    const text = `version: 1\ncredentials:\n  - {id: stripe-${short(1)}, provider: stripe}\n`;
    expect(adopt(text, [found(1)], context).added).toEqual([`stripe-${fingerprintOf(1).slice(4, 16)}`]);
  });

  test("ids of any length are no secrets to the inventory's own eyes", () => {
    const providers = ["gcp-service-account", "hugging-face", "terraform-cloud"];
    const findings = providers.flatMap((provider, kind) =>
      Array.from({ length: 40 }, (_, seed) => found(seed * 3 + kind, { provider })),
    );
    const { text, added } = adopt(undefined, findings, { ...context, providers });
    expect(parseInventory(text, { ...context, providers }).credentials.map(({ id }) => id)).toEqual(added);
    const crowd = added.map((id) => id.slice(0, -8));
    // The same with every short name taken, so that the names are long.
    const taken = added.map((id) => `  - {id: ${id}, provider: ${crowd[added.indexOf(id)]?.slice(0, -1)}}\n`).join("");
    const long = adopt(`version: 1\ncredentials:\n${taken}`, findings, { ...context, providers });
    expect(long.added.every((id) => /-[a-z2-7]{12}$/.test(id))).toBe(true);
    expect(parseInventory(long.text, { ...context, providers }).credentials).toHaveLength(240);
  });

  test("a list that nothing can be added to is an error, and says how to write it", () => {
    const text = "version: 1\nexemptions: &none []\ncredentials: *none\n";
    expect(() => adopt(text, [found(1)], context)).toThrow("nothing can be added to this list of credentials");
  });

  test("an age is told, never claimed", () => {
    for (const [finding, words] of [
      [found(1), "In code since 2026-08-20, made then or before: please add created."],
      [found(1, { mayBeOlder: true }), "Age unknown: please add created."],
    ] as const) {
      const { text } = adopt(undefined, [finding], context);
      expect(text).toContain(`# ${words}`);
      expect(parseInventory(text, context).credentials[0]).not.toHaveProperty("created");
    }
  });

  test("a path cannot leave its comment, nor steer a terminal", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (path) => {
        const { text } = adopt(
          undefined,
          [found(1, { places: [{ path: `a\n- id: evil\r\u2028\u001b[2J${path}`, line: 1 }] })],
          context,
        );
        expect(parseInventory(text, context).credentials.map(({ id }) => id)).toEqual([`stripe-${short(1)}`]);
        // oxlint-disable-next-line no-control-regex -- that there is none is the point
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
      }),
    );
  });

  test("a text that is no inventory is a ConfigError", () => {
    expect(() => adopt("version: 1\ncredential: []\n", [found(1)], context)).toThrow(ConfigError);
  });

  test("a finding of a provider that no rule knows is a ConfigError: its entry would be refused", () => {
    const adoptIt = (): unknown => adopt(undefined, [found(1), found(2, { provider: "acme" })], context);
    expect(adoptIt).toThrow(/^\.keywarden\/rotation\.yml: no rule of this run knows the provider of a finding, acme/);
    expect(adopt(undefined, [found(2, { provider: "other" })], context).added).toHaveLength(1);
  });

  test("any number of findings into any inventory of ours gives an inventory with all of them", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(200), { maxLength: 8 }),
        fc.uniqueArray(fc.nat(200), { maxLength: 8 }),
        (first, second) => {
          const { text } = adopt(
            undefined,
            first.map((seed) => found(seed)),
            context,
          );
          const after = adopt(
            text,
            second.map((seed) => found(seed)),
            context,
          );
          const listed = parseInventory(after.text, context).credentials.flatMap(({ fingerprints }) => fingerprints);
          expect(listed.toSorted()).toEqual([...new Set([...first, ...second].map(fingerprintOf))].sort());
        },
      ),
    );
  });
});
