// Turns a report into text for people at a terminal: for an audit a table, a block for each secret, then the summary.

import { colorsFor } from "../base/colors.ts";
import type { Report, Verdict } from "../model/finding.ts";
import type { RenderOptions } from "./options.ts";
import { renderSecretTable, renderUnseen } from "./terminal-audit.ts";
import { renderFinding } from "./terminal-finding.ts";
import type { TerminalContext } from "./terminal-finding.ts";
import { renderClean, renderProblems, renderSummary } from "./terminal-summary.ts";
import { glossaryOf } from "./words.ts";

function shown(report: Report, options: RenderOptions): readonly Verdict[] {
  return options.verbose ? report.verdicts : report.verdicts.filter((verdict) => verdict.decision !== "allow");
}

/**
 * The report for people. Blocking findings come first, each secret once with its places; allowed ones
 * only with `verbose`. Everything that comes from the repository is escaped; colour only with
 * `options.color`.
 */
export function renderTerminal(report: Report, options: RenderOptions): string {
  const colors = colorsFor(options);
  const context: TerminalContext = { glossary: glossaryOf(report), options, colors, explained: new Set() };
  const style = { options, colors };
  const verdicts = shown(report, options);
  const clean = report.summary.blocking + report.summary.warnings === 0;
  const blocks = [
    report.coverage.objects === undefined ? [] : renderSecretTable(verdicts, style),
    ...verdicts.map((verdict) => renderFinding(verdict, context)),
    renderProblems(report, style),
    renderUnseen(report, style),
    clean ? renderClean(report, style) : renderSummary(report, style),
  ].filter((block) => block.length > 0);
  return `${blocks.map((block) => block.join("\n")).join("\n\n")}\n`;
}
