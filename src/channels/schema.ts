// The shape of the JSON report on rotation, declared once: the type of json.ts and schemas/rotation-report.schema.json.

import { z } from "zod";
import { ageConfidences, ageSources, rotationStates } from "../model/rotation.ts";
import { severities } from "../model/rule.ts";
import { verificationStatuses } from "../model/verification.ts";
import { rotationReportVersion } from "./json.ts";

const count = z.int().min(0);
const instant = z.string().describe("ISO 8601, UTC, to the second.");
const day = z.string().describe("YYYY-MM-DD, UTC.");

const age = z.strictObject({
  source: z.enum(ageSources).describe("Where it is known from, best evidence first."),
  confidence: z.enum(ageConfidences),
  since: day.optional(),
});

const evidence = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("verification"),
    status: z.enum(verificationStatuses),
    row: z.string().optional().describe("The row of the provider's table."),
    at: instant,
  }),
  z.strictObject({ kind: z.literal("attestation"), by: z.string(), reason: z.string(), at: instant }),
]);

const proof = z.discriminatedUnion("kind", [
  ...evidence.options,
  z.strictObject({ kind: z.literal("exemption"), reason: z.string(), until: day }),
  z.strictObject({ kind: z.literal("not-due"), age, due: instant.optional() }),
  z.strictObject({ kind: z.literal("moved"), to: z.string() }),
]);

const credential = z.strictObject({
  id: z.string(),
  provider: z.string(),
  providerName: z.string(),
  severity: z.enum(severities),
  state: z.enum(rotationStates),
  since: instant.describe("When that state began."),
  cycle: z.int().min(1).describe("Grows with each rotation, leak and reappearance."),
  open: z.boolean().describe("Whether somebody has something to do."),
  step: z.string().describe("Which reminder of this cycle is due, for example due-7 or leaked."),
  due: instant.optional(),
  age,
  policy: z.strictObject({
    name: z.string(),
    everyDays: z.int().min(1),
    notifyDays: z.array(count),
    graceDays: count,
    reason: z.string(),
    saidBy: z.enum(["provider", "inventory", "default"]).describe("Who says how often; never a standard."),
  }),
  leak: z.boolean().describe("Whether it is about a leak: not to be told in public."),
  places: z.array(z.strictObject({ path: z.string(), line: z.int().min(1), commit: z.string().optional() })),
  owner: z.string().optional(),
  author: z.string().optional().describe("Who brought it in, where nobody owns it."),
  escalateTo: z.string().optional().describe("Whom to tell besides, because it is late."),
  evidence: evidence.optional().describe("The newest word on its life."),
  proof: proof.optional().describe("Why nobody has to do anything; there whenever a reminder was closed."),
  snoozedUntil: instant.optional(),
  issue: z.strictObject({ repository: z.string(), number: z.int().min(1) }).optional(),
  playbook: z.strictObject({ where: z.string().optional(), steps: z.array(z.string()) }),
});

/** The object that `keywarden rotation status --format json` writes. */
export const rotationReportSchema = z
  .strictObject({
    schemaVersion: z.literal(rotationReportVersion),
    at: instant,
    summary: z.strictObject({
      credentials: count,
      open: count,
      states: z.strictObject(
        Object.fromEntries(rotationStates.map((state) => [state, count])) as Record<
          (typeof rotationStates)[number],
          typeof count
        >,
      ),
    }),
    credentials: z.array(credential).describe("Sorted: open ones, then by urgency, due day and id."),
  })
  .describe("What keywarden knows of the age and rotation of credentials.");

/** What `rotationReportSchema` accepts. */
export type RotationReportJson = z.infer<typeof rotationReportSchema>;
