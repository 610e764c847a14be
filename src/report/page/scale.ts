// The days of a page's data → positions on its timeline, in percent, and the marks of its axis.

import type { PageData } from "../html-data.ts";

const msPerDay = 86_400_000;
/** Months between two marks. */
const steps = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200] as const;
const maxMarks = 6;

/** A mark of the axis: where, in percent, and what it says. */
export interface Mark {
  readonly at: number;
  readonly text: string;
}

/** The timeline: from the first day that anything is known of until today, and some way on where deadlines lie ahead. */
export interface Scale {
  /** 0 to 100; days outside stand at the edge. */
  readonly at: (day: number) => number;
  readonly today: number;
  readonly marks: readonly Mark[];
  readonly shows: (day: number) => boolean;
}

function monthText(year: number, month: number, step: number): string {
  return step >= 12 ? String(year) : `${year}-${String(month + 1).padStart(2, "0")}`;
}

/** First days of months, as few of them as can be read. */
function marksOf(first: number, last: number, at: (day: number) => number): readonly Mark[] {
  const from = new Date(first * msPerDay);
  const months = ((last - first) / 365.25) * 12;
  const step = steps.find((some) => months / some <= maxMarks) ?? 1200;
  const marks: Mark[] = [];
  const start = from.getUTCFullYear() * 12 + from.getUTCMonth();
  for (let month = Math.ceil(start / step) * step; marks.length <= maxMarks; month += step) {
    const day = Date.UTC(Math.floor(month / 12), month % 12, 1) / msPerDay;
    if (Number.isNaN(day) || day > last) break;
    if (day >= first) marks.push({ at: at(day), text: monthText(Math.floor(month / 12), month % 12, step) });
  }
  return marks;
}

/** The scale of a page; undefined where no finding has a date. */
export function scaleOf({ findings, firstDay, lastDay }: PageData): Scale | undefined {
  if (!findings.some(({ exposure }) => exposure !== undefined)) return undefined;
  const known = Math.max(1, lastDay - firstDay);
  const farthest = lastDay + Math.max(14, Math.round(known / 4));
  let end = Math.max(lastDay, firstDay + 1);
  for (const { deadline, exposure } of findings) {
    if (deadline !== "") end = Math.max(end, Math.min(farthest, exposure?.due ?? end));
  }
  const at = (day: number): number => Math.min(100, Math.max(0, ((day - firstDay) / (end - firstDay)) * 100));
  const shows = (day: number): boolean => day >= firstDay && day <= end;
  return { at, today: lastDay, marks: marksOf(firstDay, end, at), shows };
}
