// An overview in, a short line for each credential that needs somebody, and one that counts them, out: for logs.

import { counted, grouped } from "../base/counted.ts";
import { escapeText } from "../base/escape.ts";
import type { Overview, OverviewRow } from "./overview.ts";
import { dueText, peopleText, stateWords } from "./words.ts";

const maxLines = 50;

function lineOf({ reminder }: OverviewRow, at: string): string {
  const { credential, providerName, state } = reminder;
  return `${credential} (${providerName}): ${stateWords[state]}; ${dueText(reminder, at)}; ${peopleText(reminder)}`;
}

/** The lines, the most urgent first, escaped. Where a leak stands is not in them. */
export function renderLines({ rows, at }: Overview): readonly string[] {
  const open = rows.filter(({ reminder }) => reminder.open);
  const rest = open.length - maxLines;
  return [
    ...open.slice(0, maxLines).map((row) => escapeText(lineOf(row, at))),
    ...(rest > 0 ? [`and ${grouped(rest)} more like these`] : []),
    `${counted(rows.length, "credential")} known, ${grouped(open.length)} to do something about`,
  ];
}
