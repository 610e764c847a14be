// The shape of .keywarden/ledger.json, declared once: what is read is judged by it, and its JSON schema comes from it.

import { z } from "zod";
import type { Ledger, LedgerCredential } from "../model/rotation.ts";
import { ageConfidences, ageSources, maxKnownPlaces, rotationStates } from "../model/rotation.ts";
import { severities } from "../model/rule.ts";
import { verificationStatuses } from "../model/verification.ts";
import { day, fingerprint, instant, name } from "./shapes.ts";

const text = z.string().min(1);
const count = z.int().min(1);

const word = z.strictObject({ by: text, reason: text, at: instant });

const evidence = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("verification"),
    status: z.enum(verificationStatuses),
    row: text.exactOptional().describe("The row of the provider's table that says so."),
    at: instant,
  }),
  z.strictObject({ kind: z.literal("attestation"), ...word.shape }),
]);

const place = z.strictObject({ path: z.string(), line: count, commit: text.exactOptional() });

const known = z.strictObject({
  fingerprint: fingerprint.describe("Keyed: nobody without the key can tell what it stands for."),
  firstSeen: instant,
  lastSeen: instant,
  state: z.enum(["live", "unproven", "dead"]),
  evidence: evidence.exactOptional().describe("The newest word on its life that settled something."),
  leakedAt: instant.exactOptional().describe("Since when it is known to stand in code, or to be back."),
  places: z.array(place).max(maxKnownPlaces).exactOptional(),
  author: text.exactOptional(),
  watchedFrom: instant.exactOptional(),
  watchedUntil: instant.exactOptional(),
  createdAt: instant.exactOptional().describe("The provider's word on when it was made."),
  issuedAt: instant.exactOptional().describe("The token's own claim."),
  firstCommitAt: instant.exactOptional(),
  mayBeOlder: z.boolean().exactOptional().describe("True while only histories without a beginning were seen."),
});

const age = z.strictObject({
  source: z.enum(ageSources),
  confidence: z.enum(ageConfidences),
  since: day.exactOptional(),
});

const credential = z.strictObject({
  id: name,
  provider: text,
  rule: text.exactOptional(),
  severity: z.enum(severities).exactOptional(),
  declared: z.boolean().describe("False for one that was only found."),
  state: z.enum(rotationStates),
  since: instant.describe("When that state began."),
  cycle: count.describe("Counts what began anew: a rotation, a leak, a reappearance."),
  begun: instant.describe("When this cycle began."),
  due: instant.exactOptional(),
  age,
  current: fingerprint.exactOptional().describe("The value in use, where it is known."),
  fingerprints: z.array(known),
  step: text.exactOptional().describe("The newest step that was handed to the channels."),
  closedAt: instant.exactOptional().describe("When a person last closed the reminder without proof in this cycle."),
  snoozedUntil: instant.exactOptional(),
  closedEarly: count.exactOptional(),
  issue: z.strictObject({ repository: text, number: count }).exactOptional(),
  attestation: word.exactOptional().describe("The latest word of a person."),
  rotatedAt: instant.exactOptional(),
  storedAt: instant.exactOptional(),
  movedTo: name.exactOptional().describe("The declared credential that took over its fingerprints."),
}) satisfies z.ZodType<LedgerCredential>;

/** The file's version that this program writes. */
export const ledgerVersion = 1 satisfies Ledger["version"];

/** The shape of the file: lists may end in `null`, so that each line of an entry can end in a comma. */
export const ledgerSchema = z.strictObject({
  version: z.literal(ledgerVersion),
  key: z
    .string()
    .regex(/^[0-9a-f]{8}$/, { error: "expected the id of a key of one's own: 8 hex digits" })
    .describe("The id of the key that the fingerprints are made with."),
  seenAt: z
    .array(instant.nullable())
    .describe("The latest moment that any run saw; more than one after a merge of branches: the latest counts."),
  credentials: z
    .array(credential.nullable())
    .describe("One line each, sorted by id. Two lines of one id, as a merge of branches leaves them, are united."),
});

/** JSON schema (draft 2020-12) of `.keywarden/ledger.json`. */
export function ledgerJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(ledgerSchema, { io: "input" });
  return {
    $schema: schema.$schema,
    title: "keywarden ledger",
    description: "What keywarden remembers of credentials, in .keywarden/ledger.json. See docs/rotation-files.md.",
    ...schema,
  };
}
