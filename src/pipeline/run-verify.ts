// One credential, or the findings of a saved report, in; a report of whether they still work out.

import { UsageError } from "../errors.ts";
import { reportedSource } from "../sources/reported.ts";
import { stdinSource } from "../sources/stdin.ts";
import { runScan } from "./run-scan.ts";
import type { ScanOutcome, ScanRequest } from "./run-scan.ts";
import { readSavedReport } from "./saved-report.ts";

/** What to verify. */
export type VerifyTarget =
  | { readonly kind: "stdin"; readonly stream: AsyncIterable<Uint8Array | string> }
  /** A report of `--format json`; its places are read again, since it holds no secret. */
  | { readonly kind: "report"; readonly file: string };

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
