// A report in, the exit code out: the same for every command, never changed by an output option.

import type { Report } from "../model/finding.ts";

/** What each exit code means. */
export const exitCodes = { clean: 0, findings: 1, usage: 2, incomplete: 3, verificationUnavailable: 4 } as const;

/** Findings win over trouble: 1 (or `findingsCode`) when something blocks, 3 when not everything was read, else 0. */
export function exitCodeOf(report: Report, findingsCode: number): number {
  if (report.summary.blocking > 0) return findingsCode;
  return report.coverage.complete ? exitCodes.clean : exitCodes.incomplete;
}
