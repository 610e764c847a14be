// Turns an audit's verdicts into the table that opens its terminal report, and what it did not see into a list.

import type { Report, Verdict } from "../model/finding.ts";
import { examplesText, unseenText, unseenTodo } from "./coverage-words.ts";
import { escapeText } from "./escape.ts";
import { ageText, exposureText } from "./history-words.ts";
import { displayWidth, hang, wrap } from "./layout.ts";
import { paintSeverity } from "./terminal-finding.ts";
import type { SummaryStyle } from "./terminal-summary.ts";
import { verifiedCell } from "./verification-words.ts";

/** Narrowest last column of a table; where less is left, each row takes two lines. */
const minLastColumn = 22;
const gap = "  ";

interface Row {
  readonly cells: readonly string[];
  readonly last: string;
  readonly paint: (text: string) => string;
}

function rowOf({ finding, verification }: Verdict, { options, colors }: SummaryStyle): Row {
  const proof = verification === undefined ? [] : [verifiedCell(verification)];
  return {
    cells: [finding.secret.masked, finding.rule, ageText(finding, options.scannedAt), ...proof].map(escapeText),
    last: escapeText(exposureText(finding)),
    paint: (text) => colors.bold(paintSeverity(finding.severity, text, colors)),
  };
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

/** Cells side by side; the last one is wrapped in the room that is left. */
function renderRow(row: Row, widths: readonly number[], room: number): readonly string[] {
  const [first = "", ...others] = row.cells.map((cell, index) => pad(cell, widths[index] ?? 0));
  const indent = " ".repeat(widths.reduce((sum, width) => sum + width + gap.length, gap.length));
  return wrap(row.last, room).map((line, index) => {
    return (index === 0 ? `${gap}${[row.paint(first), ...others, line].join(gap)}` : indent + line).trimEnd();
  });
}

function renderStacked(
  { cells: [secret = "", rule = "", ...cells], last, paint }: Row,
  width: number,
): readonly string[] {
  const head = `${gap}${paint(secret)}${gap}${rule}`;
  return [head, ...hang("      ", [...cells, last].filter((cell) => cell !== "").join(", "), width)];
}

/**
 * One row for each secret: its mask, rule and age, what its provider said where somebody was asked, and where it can be
 * met today. Empty without secrets.
 */
export function renderSecretTable(verdicts: readonly Verdict[], style: SummaryStyle): readonly string[] {
  if (verdicts.length === 0) return [];
  const { options, colors } = style;
  const rows = verdicts.map((verdict) => rowOf(verdict, style));
  const wasAsked = verdicts.some(({ verification }) => verification !== undefined);
  const titles = ["secret", "rule", "age", ...(wasAsked ? ["verified"] : [])];
  const widths = titles.map((title, column) => {
    return Math.max(title.length, ...rows.map(({ cells }) => displayWidth(cells[column] ?? "")));
  });
  const room = options.width - widths.reduce((sum, width) => sum + width + gap.length, gap.length);
  if (room < minLastColumn) return rows.flatMap((row) => renderStacked(row, options.width));
  const head = `${gap}${[...titles.map((title, column) => pad(title, widths[column] ?? 0)), "found"].join(gap)}`;
  return [colors.dim(head), ...rows.flatMap((row) => renderRow(row, widths, room))];
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
