// The JSON report against its own schema, and what is not in it.

import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { generateSchemas } from "../../../scripts/generate-schemas.ts";
import { renderRotationJson } from "../../../src/channels/json.ts";
import { rotationReportSchema } from "../../../src/channels/schema.ts";
import type { RotationReportJson } from "../../../src/channels/schema.ts";
import type { Proof, Reminder } from "../../../src/model/rotation.ts";
import { richReminders, sampleOverview, sampleReminder } from "../../helpers/rotation-sample.ts";

const file = generateSchemas().find(({ path }) => path === "schemas/rotation-report.schema.json");
const fits = new Ajv2020({ allErrors: true }).compile(JSON.parse(file?.text ?? "") as object);

function parsed(reminders: readonly Reminder[]): RotationReportJson {
  return JSON.parse(renderRotationJson(sampleOverview(reminders))) as RotationReportJson;
}

const proofs: readonly Proof[] = [
  { kind: "verification", status: "revoked", at: "2026-11-01T00:00:00Z" },
  { kind: "attestation", by: "Ann", reason: "deleted", at: "2026-11-01T00:00:00Z" },
  { kind: "exemption", reason: "demo", until: "2027-01-01" },
  {
    kind: "not-due",
    age: { source: "watch", confidence: "at-least", since: "2026-11-01" },
    due: "2027-02-01T00:00:00Z",
  },
  { kind: "moved", to: "other-key" },
];

describe("the report", () => {
  it.each([
    ["rich", richReminders()],
    ["empty", []],
    ["proofs", proofs.map((proof, index) => sampleReminder({ credential: `k-${index}`, proof }))],
    ["an issue", [sampleReminder({ issue: { repository: "acme/a", number: 3 } })]],
  ])("fits its schema: %s", (_, reminders) => {
    const value = parsed(reminders);
    expect([fits(value), fits.errors]).toEqual([true, null]);
    expect(rotationReportSchema.parse(value)).toEqual(value);
  });

  it.each([
    ["no version", { credentials: [] }],
    ["a field that nobody knows", { ...parsed([]), secret: "x" }],
    [
      "a state that is none",
      { ...parsed([]), credentials: [{ ...parsed([sampleReminder()]).credentials[0], state: "x" }] },
    ],
  ])("its schema refuses %s", (_, value) => {
    expect(fits(value)).toBe(false);
  });

  it("counts every state and every credential that needs somebody", () => {
    const { summary, credentials } = parsed(richReminders());
    expect([summary.credentials, summary.open, summary.states.leaked]).toEqual([8, 5, 1]);
    expect(Object.values(summary.states).reduce((sum, count) => sum + count)).toBe(8);
    expect(credentials.map(({ id }) => id)).toEqual([
      "ogarni-ai-x7k2m4p9",
      "search-key",
      "map-key",
      "mail-key",
      "old-key",
      "billing-key",
      "gone-key",
      "kiosk-key",
    ]);
  });

  it("holds texts that steer a terminal as escapes, and gives them back", () => {
    const owner = "a\u001b[31m\u202e##[command]";
    const text = renderRotationJson(sampleOverview([sampleReminder({ owner })]));
    expect(text).not.toMatch(/[\u001b\u202e]|##\[/);
    expect((JSON.parse(text) as RotationReportJson).credentials[0]?.owner).toBe(owner);
  });
});
