// Turns an audit's verdicts into the table that opens its terminal report, and what it did not see into a list.

import { escapeText } from "../base/escape.ts";
import { hang } from "../base/layout.ts";
import { renderTable } from "../base/text-table.ts";
import type { TableRow } from "../base/text-table.ts";
import type { Report, Verdict } from "../model/finding.ts";
import { examplesText, unseenText, unseenTodo } from "./coverage-words.ts";
import { ageText, exposureText } from "./history-words.ts";
import { paintSeverity } from "./terminal-finding.ts";
import type { SummaryStyle } from "./terminal-summary.ts";
import { verifiedCell } from "./verification-words.ts";

function rowOf({ finding, verification }: Verdict, { options, colors }: SummaryStyle): TableRow {
  const proof = verification === undefined ? [] : [verifiedCell(verification)];
  return {
    cells: [finding.secret.masked, finding.rule, ageText(finding, options.scannedAt), ...proof].map(escapeText),
    last: escapeText(exposureText(finding)),
    paint: (text) => colors.bold(paintSeverity(finding.severity, text, colors)),
  };
}

/**
 * One row for each secret: its mask, rule and age, what its provider said where somebody was asked, and where it can be
 * met today. Empty without secrets.
 */
export function renderSecretTable(verdicts: readonly Verdict[], style: SummaryStyle): readonly string[] {
  const { options, colors } = style;
  const wasAsked = verdicts.some(({ verification }) => verification !== undefined);
  return renderTable({
    titles: ["secret", "rule", "age", ...(wasAsked ? ["verified"] : []), "found"],
    rows: verdicts.map((verdict) => rowOf(verdict, style)),
    width: options.width,
    paintTitles: colors.dim,
  });
}

/** What the audit did not see, each with what to do. Empty where it saw everything, or is no audit. */
export function renderUnseen(report: Report, style: SummaryStyle): readonly string[] {
  const { unseen = [] } = report.coverage;
  const { options, colors } = style;
  if (unseen.length === 0) return [];
  const lines = unseen.flatMap((some) => {
    const examples = options.verbose || some.incomplete ? examplesText(some) : "";
    const todo = unseenTodo(some);
    const mark = some.incomplete ? colors.yellow("!") : colors.dim("-");
    return [
      ...hang(`  ${mark} `, escapeText(unseenText(some)), options.width),
      ...(examples === "" ? [] : hang("    ", escapeText(examples), options.width).map((line) => colors.dim(line))),
      ...(todo === undefined ? [] : hang("    hint: ", escapeText(todo), options.width)),
    ];
  });
  return [colors.bold("Not seen"), ...lines];
}
