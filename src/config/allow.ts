// The rules that hold for allow entries and formats wherever they are written: in the file or in a flag.

import type { AllowEntry } from "../model/finding.ts";
import type { FormatUse } from "./kinds.ts";

/** The keys of an allow entry that hold lists. */
export const allowLists = ["paths", "rules", "fingerprints"] as const;
/** The keys of an allow entry that hold one text each. */
export const allowTexts = ["reason", "owner", "until"] as const;

/** True for YYYY-MM-DD that is in the calendar (no 30 February). */
export function isCalendarDate(text: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (parts === null) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const lastDay = new Date(Date.UTC(year < 100 ? year + 400 : year, month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && day >= 1 && day <= lastDay;
}

/** What is wrong with an entry as a whole, or undefined; `key` is the part to point at. */
export function allowMistake(entry: Partial<AllowEntry>): { key?: keyof AllowEntry; message: string } | undefined {
  if (entry.reason === undefined || entry.reason.trim() === "") {
    return { ...(entry.reason === undefined ? {} : { key: "reason" }), message: "an allow entry needs a reason" };
  }
  if (allowLists.every((key) => (entry[key] ?? []).length === 0)) {
    return { message: "an allow entry needs paths, rules or fingerprints" };
  }
  if (entry.until !== undefined && !isCalendarDate(entry.until)) {
    return { key: "until", message: "until must be a date of the calendar: YYYY-MM-DD" };
  }
  return undefined;
}

/** The first entry of a list of reports that clashes with an earlier one, or undefined. */
export function formatMistake(uses: readonly FormatUse[]): { index: number; message: string } | undefined {
  const seen = new Set<string | undefined>();
  for (const [index, use] of uses.entries()) {
    if (seen.has(use.output)) {
      const clash = use.output === undefined ? "two formats without an output" : "two formats with the same output";
      return { index, message: `${clash}: give each a file of its own` };
    }
    seen.add(use.output);
  }
  return undefined;
}
