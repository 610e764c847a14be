// Days as people write them: are they in the calendar, and are they over?

/** True for YYYY-MM-DD that is in the calendar (no 30 February). */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  // Some engines roll 31 February over into March instead of refusing it.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The day of a moment, UTC, as YYYY-MM-DD. */
export function dayOf(now: Date): string {
  return now.toISOString().slice(0, 10);
}

/** Is the end of the day `until`, UTC, before `now`? Without `until`: never. */
export function isOver(until: string | undefined, now: Date): boolean {
  return until !== undefined && until < dayOf(now);
}
