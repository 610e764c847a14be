// The rules that hold for allow entries and formats wherever they are written: in the file or in a flag.

import { isDay } from "../base/dates.ts";
import type { AllowEntry } from "../model/finding.ts";
import type { FormatUse } from "./kinds.ts";

/** The keys of an allow entry that hold lists. */
export const allowLists = ["paths", "rules", "fingerprints"] as const;
/** The keys of an allow entry that hold one text each. */
export const allowTexts = ["reason", "owner", "until"] as const;

/** What is wrong with an entry as a whole, or undefined; `key` is the part to point at. */
export function allowMistake(entry: Partial<AllowEntry>): { key?: keyof AllowEntry; message: string } | undefined {
  if (entry.reason === undefined || entry.reason.trim() === "") {
    return { ...(entry.reason === undefined ? {} : { key: "reason" }), message: "an allow entry needs a reason" };
  }
  if (allowLists.every((key) => (entry[key] ?? []).length === 0)) {
    return { message: "an allow entry needs paths, rules or fingerprints" };
  }
  if (entry.until !== undefined && !isDay(entry.until)) {
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
