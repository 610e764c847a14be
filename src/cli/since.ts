// A date as git takes it in, milliseconds since 1970 out.

import { isDay } from "../base/dates.ts";
import { UsageError } from "../errors.ts";

const forms = "2026-01-31, 2026-01-31T18:30:00Z or 2026-01-31 18:30:00 +0100";
const pattern = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?: ?(Z|[+-]\d{2}:?\d{2}))?)?$/;

/** Reads YYYY-MM-DD (its first moment) or ISO 8601 with a time; without an offset it is UTC. Throws UsageError. */
export function parseSince(text: string): number {
  const [, day = "", hours = "00", minutes = "00", seconds = "00", offset = "Z"] = pattern.exec(text.trim()) ?? [];
  const zone = offset === "Z" ? offset : `${offset.slice(0, 3)}:${offset.slice(-2)}`;
  const time = isDay(day) ? Date.parse(`${day}T${hours}:${minutes}:${seconds}${zone}`) : Number.NaN;
  if (Number.isNaN(time)) throw new UsageError("--since needs a date", { hint: `Write it as ${forms}.` });
  return time;
}
