// An overview in, the due days of the next 120 days as lines of text out: a scale, and a bar for each credential.

import { grouped } from "../base/counted.ts";
import { addDays, dayOfInstant, daysBetween } from "../base/days.ts";
import { escapeText } from "../base/escape.ts";
import { displayWidth, hang } from "../base/layout.ts";
import { padded } from "../base/text-table.ts";
import { isEnded } from "./overview.ts";
import type { Overview, OverviewRow } from "./overview.ts";
import { dueText } from "./words.ts";

/** How far it looks ahead, in days. */
const span = 120;
/** How many credentials have a bar of their own. */
const maxBars = 20;
const maxName = 28;
const minBar = 24;

interface Bar {
  readonly name: string;
  /** Days from today: 0 for whatever is late. */
  readonly offset: number;
  readonly words: string;
}

function barOf({ reminder }: OverviewRow, at: string): Bar {
  const offset = Math.max(0, daysBetween(dayOfInstant(at), dayOfInstant(reminder.due ?? at)));
  return { name: escapeText(reminder.credential), offset, words: dueText(reminder, at) };
}

/** A name that is too long for its column loses its middle, since ids are told apart by their ends. */
function shortened(name: string): string {
  return name.length <= maxName ? name : `${name.slice(0, maxName - 11)}...${name.slice(-8)}`;
}

function columnOf(offset: number, columns: number): number {
  return Math.min(columns - 1, Math.floor((offset * columns) / (span + 1)));
}

/** The days under which the bars stand, as many as fit. */
function scaleOf(at: string, columns: number): string {
  const every = columns >= 60 ? 30 : 60;
  let line = "";
  for (let day = 0; day < span; day += every) {
    line = `${line.padEnd(columnOf(day, columns))}|${addDays(dayOfInstant(at), day).slice(5)}`;
  }
  return line;
}

function drawn({ offset }: Bar, columns: number): string {
  const column = columnOf(offset, columns);
  return `${"-".repeat(column)}*${".".repeat(columns - 1 - column)}`;
}

/**
 * The timeline, at most `width` columns wide: `*` stands at the due day, and the words after a bar say the same, for
 * those who do not see it. Where there is no room for bars, only the words. Empty where nothing is due.
 */
export function renderTimeline({ rows, at }: Overview, width: number): readonly string[] {
  const bars = rows
    .filter((row) => row.reminder.due !== undefined && row.reminder.state !== "exempt" && !isEnded(row))
    .map((row) => barOf(row, at))
    .filter(({ offset }) => offset <= span)
    .toSorted((a, b) => a.offset - b.offset);
  if (bars.length === 0) return [];
  const shown = bars.slice(0, maxBars).map((bar) => ({ ...bar, name: shortened(bar.name) }));
  const nameWidth = Math.max(...shown.map(({ name }) => displayWidth(name)));
  const wordWidth = Math.max(...shown.map(({ words }) => words.length));
  const columns = width - nameWidth - wordWidth - 6;
  const rest = bars.length - shown.length;
  const lines = shown.flatMap((bar) => {
    if (columns < minBar) return hang(`  ${bar.name}: `, bar.words, width);
    return [`  ${padded(bar.name, nameWidth)}  ${drawn(bar, columns)}  ${bar.words}`];
  });
  return [
    ...(columns < minBar ? [] : [`${" ".repeat(nameWidth + 4)}${scaleOf(at, columns)}`]),
    ...lines,
    ...(rest === 0 ? [] : [`  and ${grouped(rest)} more`]),
  ];
}
