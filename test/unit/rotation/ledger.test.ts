// The ledger's text and back, every kind of damage, merges of branches, versions.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import type { KnownFingerprint, Ledger } from "../../../src/model/rotation.ts";
import { emptyLedger, parseLedger, serialiseLedger } from "../../../src/rotation/ledger.ts";
import { ledgerJsonSchema } from "../../../src/rotation/ledger-schema.ts";
import { settleCredentials } from "../../../src/rotation/unite.ts";
import { GitRepo, removeTemporary } from "../../helpers/git-repo.ts";
import {
  anyCredential,
  anyLedger,
  fingerprintOf,
  knownFingerprint,
  ledgerCredential,
} from "../../helpers/rotation-samples.ts";

afterAll(removeTemporary);

const key = "0a1b2c3d";

type Entry = Ledger["credentials"][number];
type Content = Readonly<Record<string, unknown>>;

function failure(text: string, given: Parameters<typeof parseLedger>[1] = {}): ConfigError {
  try {
    parseLedger(text, given);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("it was taken");
}

const sample: Ledger = {
  version: 1,
  key,
  seenAt: "2026-11-28T09:30:00Z",
  credentials: [
    ledgerCredential({ id: "a-one", fingerprints: [knownFingerprint(1, { leakedAt: "2026-11-01T00:00:00Z" })] }),
    ledgerCredential({ id: "b-two", due: "2026-12-24T00:00:00Z" }),
    ledgerCredential({ id: "c-three", step: "leaked" }),
  ],
};

describe("text and back", () => {
  test("any ledger comes back as it was, and its text is the same again", () => {
    fc.assert(
      fc.property(anyLedger, (ledger) => {
        const text = serialiseLedger(ledger);
        expect(parseLedger(text, { key })).toEqual(ledger);
        expect(serialiseLedger(parseLedger(text))).toBe(text);
      }),
    );
  });

  test("the same bytes whatever the order of entries, fingerprints and keys", () => {
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, part]) => [name, shuffled(part)]),
      );
    };
    fc.assert(
      fc.property(anyLedger, (ledger) => {
        const other = shuffled(ledger) as Ledger;
        const credentials = other.credentials
          .toReversed()
          .map((one) => ({ ...one, fingerprints: one.fingerprints.toReversed() }));
        expect(serialiseLedger({ ...other, credentials })).toBe(serialiseLedger(ledger));
      }),
    );
  });

  test("what is written fits the JSON schema, as JSON Schema validators see it", () => {
    const validate = new Ajv2020({ strict: false }).compile(ledgerJsonSchema());
    fc.assert(
      fc.property(anyLedger, (ledger) => {
        expect([validate(JSON.parse(serialiseLedger(ledger))), validate.errors]).toEqual([true, null]);
      }),
    );
    expect(validate({ ...JSON.parse(serialiseLedger(sample)), extra: 1 })).toBe(false);
  });

  test("a credential is one line, and no line steers a terminal", () => {
    const strange = { ...sample, credentials: [ledgerCredential({ id: "x", step: "\u001b[2J\u202e\n##[error]" })] };
    const text = serialiseLedger(strange);
    expect(text.split("\n").filter((line) => line.startsWith('{"id": "') || line.startsWith('{"id":"'))).toHaveLength(
      1,
    );
    // oxlint-disable-next-line no-control-regex -- that there is none is the point
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]|##\[/);
    expect(parseLedger(text)).toEqual(strange);
  });

  test("an empty ledger", () => {
    expect(parseLedger(serialiseLedger(emptyLedger(key)))).toEqual({ version: 1, key, credentials: [] });
  });

  test("a byte order mark and other line ends are no damage", () => {
    const text = serialiseLedger(sample);
    expect(parseLedger(`\uFEFF${text}`)).toEqual(sample);
    expect(parseLedger(text.replaceAll("\n", "\r\n"))).toEqual(sample);
  });
});

describe("damage", () => {
  const text = serialiseLedger(sample);
  const secret = ["Zx9", "qQ7wKp3", "Lm2Vt8Rb"].join("");

  test.each<[what: string, text: string, says: RegExp]>([
    ["an empty file", "", /^\.keywarden\/ledger\.json:1:1: not valid JSON/],
    ["half a file", text.slice(0, text.length / 2), /ledger\.json:\d+:\d+: not valid JSON/],
    ["a file of NUL bytes, as after a power cut", "\0".repeat(100), /not valid JSON/],
    ["text", `api_key=${secret}`, /not valid JSON/],
    ["a list", "[]", /:1:1: expected an object/],
    ["null", "null", /:1:1: expected an object/],
    ["no version", "{}", /:1:1: no version/],
    ["a version that is none", '{"version": "1"}', /no version/],
    [
      "an unknown key at the top",
      text.replace('"key"', '"salt": 1, "key"'),
      /:1:1: not a ledger: a key that is not known/,
    ],
    [
      "an unknown key in an entry",
      text.replace('"cycle":1', `"cycle":1,"${secret}":1`),
      /:7:1: not a ledger: credentials: a key/,
    ],
    [
      "a prototype",
      text.replace('"cycle":1', '"cycle":1,"__proto__":{"a":1}'),
      /:7:1: not a ledger: credentials: a key/,
    ],
    [
      "a state that is none",
      text.replace('"state":"unproven"', `"state":"${secret}"`),
      /:7:\d+: not a ledger: credentials\.fingerprints\.state/,
    ],
    [
      "a value in place of a fingerprint",
      text.replace(fingerprintOf(1), secret),
      /fingerprints\.fingerprint: expected a fingerprint/,
    ],
    ["an unsalted hash", text.replace(fingerprintOf(1), "d".repeat(64)), /expected a fingerprint/],
    ["the published key", text.replace(key, "default"), /key: expected the id of a key of one's own/],
    [
      "a day that never was",
      text.replace("2026-12-24T", "2026-02-30T"),
      /:8:1: not a ledger: credentials\.due: no such day/,
    ],
    ["a moment with a zone", text.replace("2026-12-24T00:00:00Z", "2026-12-24T00:00:00+01:00"), /expected a moment/],
    ["a cycle of 0", text.replace('"cycle":1', '"cycle":0'), /credentials\.cycle/],
    [
      "an entry that is a text",
      text.replace('"credentials": [', `"credentials": ["${secret}",`),
      /not a ledger: credentials/,
    ],
    ["an id that is none", text.replace('"id":"b-two"', '"id":"../b"'), /:8:1: not a ledger: credentials\.id/],
    ["deep nesting", "[".repeat(100_000), /nested too deeply/],
    [
      "conflict marks",
      text.replace('"null"', "").replace("null\n]}", "<<<<<<< ours\nnull\n=======\n>>>>>>> theirs\n]}"),
      /git's conflict marks/,
    ],
  ])("%s", (_, damaged, says) => {
    const error = failure(damaged);
    expect(error.message).toMatch(says);
    expect(error.hint ?? "").toMatch(/left as it is|Keep the entries of both sides|^$/);
    expect(`${error.message}${error.hint}`).not.toContain(secret);
  });

  test("any prefix of a ledger is refused with a ConfigError", () => {
    for (let length = 0; length < text.length - 2; length += 7)
      expect(failure(text.slice(0, length))).toBeInstanceOf(ConfigError);
  });

  test("any damage is a ConfigError or a ledger, never another error", () => {
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 4 }), fc.nat(10), (at, put, cut) => {
        try {
          parseLedger(text.slice(0, at) + put + text.slice(at + cut));
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("another key says what to do", () => {
    const error = failure(text, { key: "ffffffff" });
    expect(error.message).toContain("made with the key 0a1b2c3d, and this run uses the key ffffffff");
    expect(error.hint).toContain("KEYWARDEN_KEY (or restore .keywarden/salt)");
    expect(failure(text, { key: "default" }).message).toContain("this run has no key of its own");
  });
});

describe("versions", () => {
  test("a newer one says to update", () => {
    const error = failure(serialiseLedger(sample).replace('"version": 1', '"version": 2'));
    expect(error.message).toContain("written by a newer keywarden: its version is 2, and this one knows 1");
    expect(error.hint).toContain("Update keywarden.");
  });

  test("an older one is taken through every step, and one that no step reads is refused", () => {
    const old = JSON.stringify({ version: -1, fingerprintKey: key, entries: [] });
    const migrations = {
      newest: 1,
      steps: new Map<number, (content: Content) => Content>([
        [-1, ({ fingerprintKey, entries }: Content) => ({ key: fingerprintKey, entries })],
        [0, ({ key: id, entries }: Content) => ({ key: id, credentials: entries, seenAt: [] })],
      ]),
    };
    expect(parseLedger(old, { migrations, key })).toEqual(emptyLedger(key));
    expect(failure(old).message).toContain("its version is -1, which this keywarden no longer reads");
    expect(failure(JSON.stringify({ version: 0, entries: "?" }), { migrations }).message).toContain("not a ledger");
  });
});

describe("merges of branches", () => {
  const lines = (text: string): string[] => text.split("\n").filter((line) => line.startsWith('{"id"'));

  test("the lines of both sides, in any order, make one valid ledger", () => {
    fc.assert(
      fc.property(anyLedger, anyLedger, fc.infiniteStream(fc.boolean()), (one, two, coins) => {
        const both = [...lines(serialiseLedger(one)), ...lines(serialiseLedger(two))].sort(() =>
          coins.next().value === true ? 1 : -1,
        );
        const merged =
          serialiseLedger(one).split('"credentials": [\n')[0] +
          ['"credentials": [', ...both, "null", "]}", ""].join("\n");
        const ids = new Set([...one.credentials, ...two.credentials].map(({ id }) => id));
        expect(parseLedger(merged).credentials.map(({ id }) => id)).toEqual([...ids].sort());
      }),
    );
  });

  test("entries of one id are united the same in any order, and nothing known of a value is lost", () => {
    fc.assert(
      fc.property(fc.array(anyCredential, { minLength: 2, maxLength: 4 }), (entries) => {
        const same = entries.map((entry) => ({ ...entry, id: "same" }));
        const [united] = settleCredentials(same);
        expect(settleCredentials(same.toReversed())).toEqual([united]);
        const known = new Set(united?.fingerprints.map(({ fingerprint }) => fingerprint));
        for (const { fingerprints } of same)
          for (const { fingerprint } of fingerprints) expect(known).toContain(fingerprint);
        expect(united?.cycle).toBe(Math.max(...same.map(({ cycle }) => cycle)));
      }),
    );
  });

  test.each([
    ["proof beats an older doubt", "unproven", "dead", "dead"],
    ["proof on either side", "dead", "unproven", "dead"],
  ] as const)("%s", (_, first, second, want) => {
    const value = (state: "dead" | "unproven") =>
      knownFingerprint(7, {
        state,
        ...(state === "dead"
          ? { evidence: { kind: "verification", status: "revoked", at: "2026-11-05T00:00:00Z" } }
          : {}),
      });
    const entry = (state: "dead" | "unproven") => ledgerCredential({ id: "x", fingerprints: [value(state)] });
    expect(settleCredentials([entry(first), entry(second)])[0]?.fingerprints[0]?.state).toBe(want);
  });

  const said = (status: "active" | "inactive", at = "2026-11-05T00:00:00Z"): Partial<KnownFingerprint> => ({
    state: status === "active" ? "live" : "dead",
    evidence: { kind: "verification", status, at },
  });
  const attested: Partial<KnownFingerprint> = {
    state: "dead",
    evidence: { kind: "attestation", by: "Ann", reason: "deleted", at: "2026-11-05T00:00:00Z" },
  };
  const seenUntil = (at: string): Partial<KnownFingerprint> => ({ watchedFrom: at, watchedUntil: at, lastSeen: at });
  test.each<[string, Partial<KnownFingerprint>, Partial<KnownFingerprint>, KnownFingerprint["state"]]>([
    [
      "a later sight takes nothing from the word that it works",
      said("active"),
      seenUntil("2026-11-09T00:00:00Z"),
      "live",
    ],
    ["nor from the proof that it is dead", said("inactive"), seenUntil("2026-11-09T00:00:00Z"), "dead"],
    [
      "nor does one that was said to work before that",
      said("inactive"),
      { ...seenUntil("2026-11-09T00:00:00Z"), ...said("active", "2026-11-04T00:00:00Z") },
      "dead",
    ],
    ["it contradicts an attested end", attested, seenUntil("2026-11-09T00:00:00Z"), "unproven"],
    ["unless that is newer", attested, seenUntil("2026-11-04T00:00:00Z"), "dead"],
  ])("of what two branches learnt of a value: %s", (_, one, two, want) => {
    const entries = [one, two].map((value) =>
      ledgerCredential({ id: "x", fingerprints: [{ ...knownFingerprint(7), state: "unproven", ...value }] }),
    );
    for (const order of [entries, entries.toReversed()]) {
      const [value] = settleCredentials(order)[0]?.fingerprints ?? [];
      expect([value?.state, value?.evidence === undefined]).toEqual([want, want === "unproven"]);
    }
  });

  test("a value that one line lists twice is united, too", () => {
    const value = knownFingerprint(7);
    const twice = [
      value,
      knownFingerprint(8),
      { ...value, firstSeen: "2026-10-01T00:00:00Z", lastSeen: "2026-12-01T00:00:00Z" },
    ];
    const [one] = settleCredentials([ledgerCredential({ id: "x", fingerprints: twice.toReversed() })]);
    expect(one?.fingerprints).toEqual([
      { ...value, firstSeen: "2026-10-01T00:00:00Z", lastSeen: "2026-12-01T00:00:00Z" },
      knownFingerprint(8),
    ]);
  });

  test("git merges branches that both ran, with the attribute that the docs name", () => {
    const repo = GitRepo.create();
    const file = join(repo.dir, ".keywarden/ledger.json");
    const commit = (ledger: Ledger): void => {
      writeFileSync(file, serialiseLedger(ledger));
      repo.git("add", ".");
      repo.git("commit", "-q", "-m", "run");
    };
    mkdirSync(join(repo.dir, ".keywarden"));
    writeFileSync(join(repo.dir, ".gitattributes"), ".keywarden/ledger.json merge=union\n");
    commit(sample);
    const [a, b, c] = sample.credentials.map((one) => ({ ...one, step: "leaked" })) as [Entry, Entry, Entry];
    repo.git("switch", "-q", "-c", "other");
    commit({
      ...sample,
      seenAt: "2026-11-29T00:00:00Z",
      credentials: [a, { ...b, cycle: 2 }, ledgerCredential({ id: "d-four" })],
    });
    repo.git("switch", "-q", "main");
    commit({ ...sample, seenAt: "2026-11-30T00:00:00Z", credentials: [a, b, c] });
    repo.git("merge", "-q", "-m", "merge", "other");
    const merged = parseLedger(readFileSync(file, "utf8"), { key });
    expect(merged.seenAt).toBe("2026-11-30T00:00:00Z");
    expect(merged.credentials.map(({ id, cycle, step }) => [id, cycle, step])).toEqual([
      ["a-one", 1, "leaked"],
      ["b-two", 2, "leaked"],
      ["c-three", 1, "leaked"],
      ["d-four", 1, undefined],
    ]);
  });
});
