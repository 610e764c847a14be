// A report in, the exit code out: the same for every command, never changed by an output option.

import type { Report, Verdict } from "../model/finding.ts";
import { isUnavailable } from "../model/verification.ts";

/** What each exit code means. */
export const exitCodes = { clean: 0, findings: 1, usage: 2, incomplete: 3, verificationUnavailable: 4 } as const;

/** Blocks for want of an answer that should have come. */
function isUnanswered({ verification }: Verdict): boolean {
  return verification !== undefined && isUnavailable(verification);
}

/**
 * As `exitCodeOf`, where answers were required: 4 when one that should have come did not, unless something blocks
 * whatever the answer would have been.
 */
export function requiredExitCodeOf(report: Report, findingsCode: number): number {
  const blocking = report.verdicts.filter((verdict) => verdict.decision === "block");
  if (blocking.some((verdict) => !isUnanswered(verdict)) || !report.verdicts.some(isUnanswered)) {
    return exitCodeOf(report, findingsCode);
  }
  return exitCodes.verificationUnavailable;
}

/** Findings win over trouble: 1 (or `findingsCode`) when something blocks, 3 when not everything was read, else 0. */
export function exitCodeOf(report: Report, findingsCode: number): number {
  if (report.summary.blocking > 0) return findingsCode;
  return report.coverage.complete ? exitCodes.clean : exitCodes.incomplete;
}
