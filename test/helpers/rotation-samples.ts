// Made-up ledgers and inventories: values that every law of theirs allows.

import fc from "fast-check";
import { ageConfidences, ageSources, rotationStates } from "../../src/model/rotation.ts";
import type { Evidence, KnownFingerprint, Ledger, LedgerCredential, LeakPlace } from "../../src/model/rotation.ts";
import { severities } from "../../src/model/rule.ts";
import { verificationStatuses } from "../../src/model/verification.ts";
import { settleCredentials } from "../../src/rotation/unite.ts";

/** A value for each field, so that a field that is new in the model is missed here by the compiler. */
type Fields<Model> = {
  readonly [Key in keyof Required<Model>]: fc.Arbitrary<Exclude<Required<Model>[Key], undefined>>;
};

function someOf<Model>(fields: Fields<Model>, required: readonly (keyof Model)[]): fc.Arbitrary<Model> {
  return fc.record(fields as never, { requiredKeys: required as never }) as fc.Arbitrary<Model>;
}

const base32 = "abcdefghijklmnopqrstuvwxyz234567";

/** The fingerprint of a made-up value. */
export function fingerprintOf(seed: number): string {
  let state = seed * 2654435761 + 12345;
  const characters = Array.from({ length: 26 }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return base32[(state >>> 16) & 31];
  });
  return `kf1:${characters.join("")}`;
}

const moment = fc
  .date({ noInvalidDate: true, min: new Date("2020-01-01"), max: new Date("2030-12-31") })
  .map((date) => `${date.toISOString().slice(0, 19)}Z`);
const day = moment.map((text) => text.slice(0, 10));
const fingerprint = fc.integer({ min: 0, max: 5000 }).map(fingerprintOf);
const words = fc.oneof(
  fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }),
  fc.constantFrom("a \u001b[31m b", "<<<<<<< ours", "null", "null\n],", "##[error]x", "\u202e", "__proto__"),
);
const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,12}$/);

const word = fc.record({ by: words, reason: words, at: moment });

const evidence: fc.Arbitrary<Evidence> = fc.oneof(
  fc.record(
    {
      kind: fc.constant("verification" as const),
      status: fc.constantFrom(...verificationStatuses),
      row: words,
      at: moment,
    },
    { requiredKeys: ["kind", "status", "at"] },
  ) as fc.Arbitrary<Evidence>,
  word.map((said) => ({ kind: "attestation" as const, ...said })),
);

const place: fc.Arbitrary<LeakPlace> = someOf<LeakPlace>(
  { path: words, line: fc.integer({ min: 1, max: 9999 }), commit: fc.constant("c".repeat(40)) },
  ["path", "line"],
);

const known: fc.Arbitrary<KnownFingerprint> = someOf<KnownFingerprint>(
  {
    fingerprint,
    firstSeen: moment,
    lastSeen: moment,
    state: fc.constantFrom("live", "unproven", "dead"),
    evidence,
    leakedAt: moment,
    places: fc.array(place, { maxLength: 3 }),
    author: words,
    watchedFrom: moment,
    watchedUntil: moment,
    createdAt: moment,
    issuedAt: moment,
    firstCommitAt: moment,
    mayBeOlder: fc.boolean(),
  },
  ["fingerprint", "firstSeen", "lastSeen", "state"],
);

const positive = fc.integer({ min: 1, max: 99 });

/** Any entry of a ledger. */
export const anyCredential: fc.Arbitrary<LedgerCredential> = someOf<LedgerCredential>(
  {
    id: name,
    provider: name,
    rule: name,
    severity: fc.constantFrom(...severities),
    declared: fc.boolean(),
    state: fc.constantFrom(...rotationStates),
    since: moment,
    cycle: positive,
    begun: moment,
    due: moment,
    age: someOf<LedgerCredential["age"]>(
      { source: fc.constantFrom(...ageSources), confidence: fc.constantFrom(...ageConfidences), since: day },
      ["source", "confidence"],
    ),
    current: fingerprint,
    fingerprints: fc.uniqueArray(known, { maxLength: 3, selector: (value) => value.fingerprint }),
    step: words,
    closedAt: moment,
    snoozedUntil: moment,
    closedEarly: positive,
    issue: fc.record({ repository: fc.constant("acme/shop"), number: positive }),
    attestation: word,
    rotatedAt: moment,
    storedAt: moment,
    movedTo: name,
  },
  ["id", "provider", "declared", "state", "since", "cycle", "begun", "age", "fingerprints"],
);

/** Any ledger whose entries have ids of their own, sorted as a ledger is. */
export const anyLedger: fc.Arbitrary<Ledger> = fc
  .record(
    {
      seenAt: moment,
      credentials: fc.uniqueArray(anyCredential, { maxLength: 6, selector: ({ id }) => id }),
    },
    { requiredKeys: ["credentials"] },
  )
  .map(({ credentials, ...rest }) => ({
    version: 1,
    key: "0a1b2c3d",
    ...rest,
    credentials: settleCredentials(credentials),
  }));

/** An entry of a ledger with the fields that matter to a test. */
export function ledgerCredential(given: Partial<LedgerCredential> & { readonly id: string }): LedgerCredential {
  return {
    provider: "stripe",
    declared: false,
    state: "leaked",
    since: "2026-11-01T00:00:00Z",
    cycle: 1,
    begun: "2026-11-01T00:00:00Z",
    age: { source: "none", confidence: "unknown" },
    fingerprints: [],
    ...given,
  };
}

/** A value of a credential with the fields that matter to a test. */
export function knownFingerprint(seed: number, given: Partial<KnownFingerprint> = {}): KnownFingerprint {
  return {
    fingerprint: fingerprintOf(seed),
    firstSeen: "2026-11-01T00:00:00Z",
    lastSeen: "2026-11-02T00:00:00Z",
    state: "unproven",
    ...given,
  };
}
