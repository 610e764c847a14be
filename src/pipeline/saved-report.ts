// A JSON report that was saved in, the fingerprints and places that it names out; it holds no secret.

import { readFileSync, statSync } from "node:fs";
import { ConfigError, UsageError } from "../errors.ts";
import type { Part } from "../model/blob.ts";
import type { ReportedPlace } from "../sources/reported.ts";

const parts: readonly Part[] = ["file", "message", "tag", "author", "name"];
const maxReportBytes = 256 * 1024 * 1024;

/** The secrets that a report names, and where they stood. */
export interface SavedReport {
  readonly fingerprints: ReadonlySet<string>;
  readonly places: readonly ReportedPlace[];
}

/** The text of a report's file. Throws UsageError where there is none, ConfigError for what cannot be one. */
export function readReportText(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`no such report: ${file}`);
  if (!found.isFile() || found.size > maxReportBytes) throw new ConfigError("not a report", { file });
  return readFileSync(file, "utf8");
}

function placeOf(value: unknown): readonly ReportedPlace[] {
  const { path, part, commit, object } = Object(value) as Partial<ReportedPlace>;
  if (typeof path !== "string") return [];
  return [
    {
      path,
      part: parts.find((one) => one === part) ?? "file",
      ...(typeof commit === "string" ? { commit } : {}),
      ...(typeof object === "string" ? { object } : {}),
    },
  ];
}

/** Reads what matters of a saved report. Throws UsageError or ConfigError for anything that is none. */
export function readSavedReport(file: string): SavedReport {
  const wrong = (): ConfigError =>
    new ConfigError(
      "not a JSON report of keywarden",
      { file },
      { hint: "Make one with: keywarden scan . --format json" },
    );
  let findings: unknown;
  try {
    ({ findings } = Object(JSON.parse(readReportText(file))) as { findings?: unknown });
  } catch (error) {
    throw error instanceof SyntaxError ? wrong() : error;
  }
  if (!Array.isArray(findings)) throw wrong();
  const rows = findings.map((finding) => Object(finding) as { fingerprint?: unknown; occurrences?: unknown });
  const fingerprints = rows.flatMap(({ fingerprint }) => (typeof fingerprint === "string" ? [fingerprint] : []));
  const places = rows.flatMap(({ occurrences }) => (Array.isArray(occurrences) ? occurrences.flatMap(placeOf) : []));
  return { fingerprints: new Set(fingerprints), places };
}
