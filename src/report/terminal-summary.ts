// Turns a report's counts, coverage and problems into the lines that end the terminal report.

import type { Colors } from "../base/colors.ts";
import { counted, grouped } from "../base/counted.ts";
import { escapeText } from "../base/escape.ts";
import { hang } from "../base/layout.ts";
import type { Problem } from "../model/blob.ts";
import type { Report, SuppressionCount } from "../model/finding.ts";
import { severities } from "../model/rule.ts";
import { verificationStatuses } from "../model/verification.ts";
import { isEmpty, otherwiseText, readText } from "./coverage-words.ts";
import type { RenderOptions } from "./options.ts";
import { paintSeverity } from "./terminal-finding.ts";
import { problemWords, skipWords } from "./words.ts";

/** How the summary is drawn. */
export interface SummaryStyle {
  readonly options: RenderOptions;
  readonly colors: Colors;
}

function skippedText(report: Report, verbose: boolean): string {
  const parts = report.coverage.skipped.map(({ reason, count, examples }) => {
    const paths =
      verbose && examples.length > 0 ? ` (${examples.join(", ")}${count > examples.length ? ", ..." : ""})` : "";
    return `${grouped(count)} ${skipWords[reason]}${paths}`;
  });
  return parts.join(", ");
}

function suppressedText(counts: readonly SuppressionCount[]): string {
  return counts.map(({ count, by }) => `${grouped(count)} by ${by}`).join(", ");
}

/** Findings that are neither shown nor suppressed: their confidence is below what is asked for. */
function hiddenCount(report: Report): number {
  const { findings, blocking, warnings, suppressed } = report.summary;
  return findings - blocking - warnings - suppressed;
}

function hiddenText(hidden: number, verbose: boolean): string {
  return `${grouped(hidden)} of low confidence${verbose ? "" : " not shown (--verbose shows them)"}`;
}

function renderProblem(problem: Problem, style: SummaryStyle): readonly string[] {
  const { options, colors } = style;
  const where = problem.path === undefined ? "" : ` ${problem.path}`;
  const head = `${problemWords[problem.kind]}:${where}`;
  return [
    `  ${colors.yellow("!")} ${escapeText(problem.path === undefined ? problemWords[problem.kind] : head)}`,
    ...hang("    ", escapeText(problem.message), options.width),
    ...(problem.hint === undefined ? [] : hang("    hint: ", escapeText(problem.hint), options.width)),
  ];
}

/** The problems, each with its hint, under a line that says what they mean. Empty when there are none. */
export function renderProblems(report: Report, style: SummaryStyle): readonly string[] {
  const { problems, coverage } = report;
  if (problems.length === 0 && coverage.complete) return [];
  const count = problems.length === 0 ? "" : `: ${counted(problems.length, "problem")}`;
  const head = coverage.complete
    ? `Complete, with trouble${count}`
    : `Incomplete${count}. What was not read was not checked.`;
  return [
    ...hang("", head, style.options.width).map((line) => style.colors.bold(style.colors.yellow(line))),
    ...problems.flatMap((problem) => renderProblem(problem, style)),
  ];
}

function renderSeverities(report: Report, colors: Colors): string {
  return [...severities]
    .reverse()
    .filter((severity) => report.summary.bySeverity[severity] > 0)
    .map((severity) => paintSeverity(severity, `${report.summary.bySeverity[severity]} ${severity}`, colors))
    .join(", ");
}

/** `1 active, 3 inactive, 2 unknown`: empty where nobody was to be asked. */
function verifiedText(report: Report): string {
  const asked = report.verdicts.flatMap(({ verification }) => verification ?? []);
  const counts = verificationStatuses.map((status) => [status, asked.filter((one) => one.status === status).length]);
  return counts
    .filter(([, count]) => count !== 0)
    .map(([status, count]) => `${grouped(Number(count))} ${status}`)
    .join(", ");
}

/** The counts after findings: how many and how bad, what was read, left out and suppressed. */
export function renderSummary(report: Report, style: SummaryStyle): readonly string[] {
  const { options, colors } = style;
  const { blocking, warnings, suppressed, suppressions } = report.summary;
  const hidden = hiddenCount(report);
  const row = (lead: string, text: string): readonly string[] =>
    text === "" ? [] : hang(lead, escapeText(text), options.width);
  const counts = [
    blocking > 0 ? colors.bold(colors.red(counted(blocking, "secret blocks", "secrets block"))) : "",
    warnings > 0 ? colors.yellow(counted(warnings, "warning")) : "",
    suppressed > 0 ? `${grouped(suppressed)} suppressed` : "",
    hidden > 0 ? hiddenText(hidden, options.verbose) : "",
  ];
  const found = renderSeverities(report, colors);
  return [
    ...hang("", counts.filter((count) => count !== "").join(", "), options.width),
    ...(found === "" ? [] : hang("  severity    ", found, options.width)),
    ...row("  verified    ", verifiedText(report)),
    ...row("  read        ", readText(report.coverage)),
    ...row("  of these    ", report.coverage.objects === undefined ? "" : otherwiseText(report.coverage.objects)),
    ...row("  left out    ", skippedText(report, options.verbose)),
    ...row("  suppressed  ", suppressedText(suppressions)),
  ];
}

/** One line for a clean run, and a second one where something was left out or suppressed. */
export function renderClean(report: Report, style: SummaryStyle): readonly string[] {
  const { options, colors } = style;
  const hidden = hiddenCount(report);
  const left = skippedText(report, options.verbose);
  const suppressed = suppressedText(report.summary.suppressions);
  const { objects } = report.coverage;
  const notes = [
    objects === undefined ? "" : otherwiseText(objects),
    hidden > 0 ? hiddenText(hidden, options.verbose) : "",
    suppressed === "" ? "" : `suppressed: ${suppressed}`,
    left === "" ? "" : `left out: ${left}`,
  ].filter((note) => note !== "");
  const verb = isEmpty(report.coverage) ? "Nothing to scan" : "No secrets found";
  return [
    ...hang("", escapeText(`${verb}: ${readText(report.coverage)}`), options.width).map((line) => colors.green(line)),
    ...(notes.length === 0 ? [] : hang("", escapeText(`${notes.join("; ")}.`), options.width)),
  ];
}
