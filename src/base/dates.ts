// Days as people write them: are they in the calendar, and are they over?

const shape = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/** True for YYYY-MM-DD that is in the calendar (no 30 February). */
export function isDay(text: string): boolean {
  if (!shape.test(text)) return false;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))];
  if (day <= 28) return true;
  if (month === 2) return day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= 30 || ![4, 6, 9, 11].includes(month);
}

/** The day of a moment, UTC, as YYYY-MM-DD. */
export function dayOf(now: Date): string {
  return now.toISOString().slice(0, 10);
}

/** Is the end of the day `until`, UTC, before `now`? Without `until`: never. */
export function isOver(until: string | undefined, now: Date): boolean {
  return until !== undefined && until < dayOf(now);
}
