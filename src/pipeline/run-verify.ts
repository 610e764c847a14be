// One credential, or the findings of a saved report, in; a report of whether they still work out.

import { readFileSync, statSync } from "node:fs";
import { ConfigError, UsageError } from "../errors.ts";
import type { Part } from "../model/blob.ts";
import type { ReportedPlace } from "../sources/reported.ts";
import { reportedSource } from "../sources/reported.ts";
import { stdinSource } from "../sources/stdin.ts";
import { runScan } from "./run-scan.ts";
import type { ScanOutcome, ScanRequest } from "./run-scan.ts";

/** What to verify. */
export type VerifyTarget =
  | { readonly kind: "stdin"; readonly stream: AsyncIterable<Uint8Array | string> }
  /** A report of `--format json`; its places are read again, since it holds no secret. */
  | { readonly kind: "report"; readonly file: string };

const parts: readonly Part[] = ["file", "message", "tag", "author", "name"];
const maxReportBytes = 256 * 1024 * 1024;

interface SavedReport {
  readonly fingerprints: ReadonlySet<string>;
  readonly places: readonly ReportedPlace[];
}

function textOf(file: string): string {
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
function readSavedReport(file: string): SavedReport {
  const wrong = (): ConfigError =>
    new ConfigError(
      "not a JSON report of keywarden",
      { file },
      { hint: "Make one with: keywarden scan . --format json" },
    );
  let findings: unknown;
  try {
    ({ findings } = Object(JSON.parse(textOf(file))) as { findings?: unknown });
  } catch (error) {
    throw error instanceof SyntaxError ? wrong() : error;
  }
  if (!Array.isArray(findings)) throw wrong();
  const rows = findings.map((finding) => Object(finding) as { fingerprint?: unknown; occurrences?: unknown });
  const fingerprints = rows.flatMap(({ fingerprint }) => (typeof fingerprint === "string" ? [fingerprint] : []));
  const places = rows.flatMap(({ occurrences }) => (Array.isArray(occurrences) ? occurrences.flatMap(placeOf) : []));
  return { fingerprints: new Set(fingerprints), places };
}

/**
 * Verifies. Nothing that suppresses findings counts here: whoever asks about a credential wants to know. Throws
 * UsageError where there is no credential to ask about.
 */
export async function runVerify(
  target: VerifyTarget,
  request: Omit<ScanRequest, "sources" | "only"> & Required<Pick<ScanRequest, "verification">>,
): Promise<ScanOutcome> {
  const saved = target.kind === "report" ? readSavedReport(target.file) : undefined;
  const source =
    target.kind === "stdin"
      ? stdinSource(target.stream, "standard input")
      : reportedSource(saved?.places ?? [], request.root);
  const settings = {
    ...request.settings,
    baseline: false as const,
    honour: [],
    allow: [],
    minConfidence: "low" as const,
  };
  const only = saved?.fingerprints;
  const outcome = await runScan({ ...request, settings, sources: [source], ...(only === undefined ? {} : { only }) });
  if (outcome.report.summary.findings === 0) {
    throw new UsageError(
      target.kind === "stdin"
        ? "no credential was recognised in the input"
        : "none of the report's secrets is there any more",
      {
        hint:
          target.kind === "stdin"
            ? "Give it with the name it is assigned to, and its other half in the next line: printf 'ACME_KEY=…' | keywarden verify"
            : "Run it in the folder that was scanned, with the same KEYWARDEN_KEY.",
      },
    );
  }
  return outcome;
}
