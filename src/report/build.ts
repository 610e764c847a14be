// Turns verdicts, coverage and problems into the report that every format is made from.

import { compareText } from "../base/compare-text.ts";
import type { Problem } from "../model/blob.ts";
import { unseenKinds } from "../model/finding.ts";
import type { Coverage, Decision, Report, Summary, SuppressionCount, Unseen, Verdict } from "../model/finding.ts";
import { severities } from "../model/rule.ts";
import type { Rule, Severity } from "../model/rule.ts";
import { isActive, isDead } from "../model/verification.ts";
import { maskCoverage, maskFinding, maskProblem, nameMask } from "./mask-names.ts";
import type { HiddenName } from "./mask-names.ts";

/** What a run gives. Nothing needs to be sorted. */
export interface ReportInput {
  readonly verdicts: readonly Verdict[];
  readonly coverage: Coverage;
  readonly problems: readonly Problem[];
  /** All rules that ran. */
  readonly rules: readonly Rule[];
  /** What suppressed how many places; several entries of one kind and origin are added up. */
  readonly suppressionCounts: readonly SuppressionCount[];
  readonly tool: Report["tool"];
  /** Names that hold a secret: nowhere in the report do they stand as they are. */
  readonly hiddenNames?: readonly HiddenName[];
}

const decisionOrder: Readonly<Record<Decision, number>> = { block: 0, warn: 1, allow: 2 };

function compareVerdicts(a: Verdict, b: Verdict): number {
  const first = a.finding.occurrences[0];
  const second = b.finding.occurrences[0];
  return (
    Number(isActive(b.verification)) - Number(isActive(a.verification)) ||
    decisionOrder[a.decision] - decisionOrder[b.decision] ||
    Number(isDead(a.verification)) - Number(isDead(b.verification)) ||
    severities.indexOf(b.finding.severity) - severities.indexOf(a.finding.severity) ||
    compareText(first?.path ?? "", second?.path ?? "") ||
    (first?.line ?? 0) - (second?.line ?? 0) ||
    (first?.column ?? 0) - (second?.column ?? 0) ||
    compareText(a.finding.fingerprint, b.finding.fingerprint)
  );
}

function compareProblems(a: Problem, b: Problem): number {
  return compareText(a.path ?? "", b.path ?? "") || compareText(a.kind, b.kind) || compareText(a.message, b.message);
}

function addUp(counts: readonly SuppressionCount[]): readonly SuppressionCount[] {
  const sums = new Map<string, SuppressionCount>();
  for (const count of counts) {
    const key = `${count.kind} ${count.by}`;
    sums.set(key, { by: count.by, kind: count.kind, count: (sums.get(key)?.count ?? 0) + count.count });
  }
  return [...sums.values()].sort((a, b) => compareText(a.kind, b.kind) || compareText(a.by, b.by));
}

function countBySeverity(verdicts: readonly Verdict[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { finding } of verdicts) counts[finding.severity]++;
  return counts;
}

/**
 * The counts of a report. `findings` and `occurrences` are all of them, suppressed ones included,
 * so `findings` is the length of the list; `bySeverity` leaves suppressed ones out.
 */
function summarize(verdicts: readonly Verdict[], counts: readonly SuppressionCount[]): Summary {
  const open = verdicts.filter((verdict) => verdict.suppressed === undefined);
  return {
    findings: verdicts.length,
    blocking: verdicts.filter((verdict) => verdict.decision === "block").length,
    warnings: verdicts.filter((verdict) => verdict.decision === "warn").length,
    suppressed: verdicts.length - open.length,
    occurrences: verdicts.reduce((sum, { finding }) => sum + finding.occurrences.length, 0),
    bySeverity: countBySeverity(open),
    suppressions: addUp(counts),
  };
}

function sortUnseen(unseen: readonly Unseen[]): readonly Unseen[] {
  return unseen
    .map((some) => ({ ...some, examples: [...some.examples].sort(compareText) }))
    .sort((a, b) => unseenKinds.indexOf(a.kind) - unseenKinds.indexOf(b.kind));
}

function withoutNames(input: ReportInput): ReportInput {
  const { hiddenNames = [], verdicts, coverage, problems } = input;
  if (hiddenNames.length === 0) return input;
  const mask = nameMask(hiddenNames);
  return {
    ...input,
    verdicts: verdicts.map((verdict) => ({ ...verdict, finding: maskFinding(verdict.finding, mask) })),
    coverage: maskCoverage(coverage, mask),
    problems: problems.map((problem) => maskProblem(problem, mask)),
  };
}

/**
 * The report: verdicts by what was proven (active first, dead last), then by decision (block, warn, allow), severity
 * (critical first), then first path, line, column and fingerprint; rules by id; problems by path; skips by reason; what
 * was not seen by kind. Pure: the same
 * input, in any order, gives the same report.
 */
export function buildReport(given: ReportInput): Report {
  const input = withoutNames(given);
  const { unseen } = input.coverage;
  const skipped = input.coverage.skipped.map((skip) => ({ ...skip, examples: [...skip.examples].sort(compareText) }));
  return {
    tool: input.tool,
    summary: summarize(input.verdicts, input.suppressionCounts),
    verdicts: [...input.verdicts].sort(compareVerdicts),
    coverage: {
      ...input.coverage,
      skipped: skipped.sort((a, b) => compareText(a.reason, b.reason)),
      ...(unseen === undefined ? {} : { unseen: sortUnseen(unseen) }),
    },
    problems: [...input.problems].sort(compareProblems),
    rules: [...input.rules].sort((a, b) => compareText(a.id, b.id)),
  };
}
