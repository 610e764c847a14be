// An overview in, one JSON object out; the shape is declared in schema.ts.

import { jsonText } from "../base/escape.ts";
import { countStates } from "./overview.ts";
import type { Overview, OverviewRow } from "./overview.ts";
import type { RotationReportJson } from "./schema.ts";

/** Grows when a field changes its meaning or goes away; a new field does not count. */
export const rotationReportVersion = 1;

type CredentialJson = RotationReportJson["credentials"][number];

function credentialOf({ reminder, since }: OverviewRow): CredentialJson {
  const { credential, closesHeardUntil: _heard, closedEarly: _early, ...rest } = reminder;
  // Only read, never written: copies of 10,000 policies and playbooks would be most of the memory.
  return { id: credential, ...rest, since } as CredentialJson;
}

/**
 * One object with a credential a line, so that ten thousand of them take little memory and two reports can be compared
 * line by line; a newline at its end. It holds every credential, and no secret.
 */
export function renderRotationJson(overview: Overview): string {
  const head: Omit<RotationReportJson, "credentials"> = {
    schemaVersion: rotationReportVersion,
    at: overview.at,
    summary: {
      credentials: overview.rows.length,
      open: overview.rows.filter(({ reminder }) => reminder.open).length,
      states: countStates(overview),
    },
  };
  const lines = overview.rows.map((row) => jsonText(credentialOf(row), 0));
  const fields = Object.entries(head).map(([name, value]) => `  ${jsonText(name, 0)}: ${jsonText(value, 0)},`);
  const list = lines.length === 0 ? "[]" : `[\n    ${lines.join(",\n    ")}\n  ]`;
  return ["{", ...fields, `  "credentials": ${list}`, "}", ""].join("\n");
}
