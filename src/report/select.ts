// Picks from a report what a format for other programs passes on.

import type { Report, Verdict } from "../model/finding.ts";
import type { RenderOptions } from "./options.ts";

/** What asks for action: blocking findings and warnings. */
export function acting(report: Report): readonly Verdict[] {
  return report.verdicts.filter((verdict) => verdict.decision !== "allow");
}

/**
 * What asks for action, and what was suppressed, so that a dashboard can close it. Findings of too
 * low a confidence only with `verbose`: elsewhere they would open alerts.
 */
export function actingOrSuppressed(report: Report, options: RenderOptions): readonly Verdict[] {
  if (options.verbose) return report.verdicts;
  return report.verdicts.filter((verdict) => verdict.decision !== "allow" || verdict.suppressed !== undefined);
}
