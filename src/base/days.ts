// Days and moments in UTC, as text, in; other days and moments out. A day has 24 hours: UTC knows no summer time.

/** Milliseconds of an hour. */
export const hourMs = 3_600_000;

/** Milliseconds of a day. */
export const dayMs = 86_400_000;

/** The last moment that four digits of a year can write. */
const latestMs = Date.UTC(9999, 11, 31, 23, 59, 59);

/**
 * Milliseconds since 1970 of an ISO 8601 moment or day, cut to whole seconds; undefined for what is none, or lies
 * outside the years 1970 to 9999 (dates of commits are anybody's).
 */
export function msOf(text: string): number | undefined {
  const ms = Date.parse(text);
  return ms >= 0 && ms <= latestMs ? ms - (ms % 1000) : undefined;
}

/** Milliseconds since 1970 as `2026-11-28T09:30:00Z`; what lies outside the years 1970 to 9999 becomes their end. */
export function instantOf(ms: number): string {
  const time = new Date(Math.min(Math.max(ms, 0), latestMs));
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** The day of a moment as `instantOf` writes it. */
export function dayOfInstant(instant: string): string {
  return instant.slice(0, 10);
}

/** The moment at which a day begins. */
export function startOf(day: string): string {
  return `${day}T00:00:00Z`;
}

/** The moment so many milliseconds after another. */
export function later(instant: string, ms: number): string {
  return instantOf(Date.parse(instant) + ms);
}

/** The day so many days after another; `count` may be negative. */
export function addDays(day: string, count: number): string {
  return dayOfInstant(instantOf(Date.parse(startOf(day)) + count * dayMs));
}

/** Whole days from one day to another; negative if that one is earlier. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(startOf(to)) - Date.parse(startOf(from))) / dayMs;
}
