// A finding's history and its rule's period → when it was exposed, in days, and when it is due for rotation, in words.

import type { Finding } from "../model/finding.ts";
import type { Origin } from "../model/history.ts";
import type { Rotation } from "../model/rule.ts";
import { dateOf, dayOf, dayText } from "./history-words.ts";
import type { PageExposure, PageSpan } from "./html-data.ts";
import { counted } from "../base/counted.ts";

/** The last day that a JavaScript date can name (ECMA-262, section 21.4.1.1). */
const lastNameableDay = 100_000_000;

function spanOf(from: string | undefined, until: readonly (string | undefined)[]): readonly PageSpan[] {
  const start = dayOf(from ?? "");
  if (Number.isNaN(start)) return [];
  // It went away when the last line of history let go of it.
  const ends = until.map((date) => dayOf(date ?? "")).filter((day) => !Number.isNaN(day));
  return [ends.length === 0 ? { from: start } : { from: start, to: Math.max(start, ...ends) }];
}

/**
 * Stretches in the tree. What took a secret out on one line of history did not on the others: where a branch still has
 * it at its tip, the last stretch has no end.
 */
function spansOf({ presence, exposure }: Pick<Origin, "presence" | "exposure">): readonly PageSpan[] {
  const spans = presence.flatMap(({ from, until }) => {
    return spanOf(
      from.date,
      until.map((point) => point.date),
    );
  });
  if (exposure !== "tip" || spans.some(({ to }) => to === undefined)) return spans;
  return spans.map(({ from, ...rest }, index) => (index === spans.length - 1 ? { from } : { from, ...rest }));
}

/**
 * When a secret was exposed: first commit, stretches in the tree, and the day by which it should have been replaced
 * (first commit plus the rule's period). Undefined where its first commit has no date.
 */
export function exposureOf(finding: Finding, rotate: Rotation | undefined): PageExposure | undefined {
  const date = dateOf(finding);
  if (date === undefined) return undefined;
  const since = dayOf(date);
  return {
    since,
    spans: finding.origin === undefined ? [] : spansOf(finding.origin),
    ...(rotate === undefined ? {} : { due: Math.min(since + rotate.everyDays, lastNameableDay) }),
  };
}

/** `rotation was due 2024-05-30, 522 days ago`, `rotate by 2025-11-10, in 7 days`; without a today, only the day. */
export function deadlineText(due: number | undefined, today: number | undefined): string {
  if (due === undefined) return "";
  const day = dayText(due);
  if (today === undefined) return `rotate by ${day}`;
  if (due === today) return `rotate by ${day}, today`;
  const days = counted(Math.abs(due - today), "day");
  return due < today ? `rotation was due ${day}, ${days} ago` : `rotate by ${day}, in ${days}`;
}

/** `Every 90 days, as the provider advises`; empty where no period is set. */
export function periodText(rotate: Rotation | undefined): string {
  if (rotate === undefined) return "";
  const source = rotate.source === "provider" ? "as the provider advises" : "keywarden's own advice";
  return `Every ${counted(rotate.everyDays, "day")}, ${source}`;
}

/** The first and last day of a timeline over these; both 0 where there is none. `today` is the last, where known. */
export function daysShown(
  exposures: readonly PageExposure[],
  today: number | undefined,
): { readonly firstDay: number; readonly lastDay: number } {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { since, spans } of exposures) {
    first = Math.min(first, since);
    for (const { from, to = from } of spans) last = Math.max(last, since, to);
    last = Math.max(last, since);
  }
  if (exposures.length === 0) return { firstDay: 0, lastDay: today ?? 0 };
  const lastDay = today ?? last;
  return { firstDay: Math.min(first, lastDay), lastDay };
}
