// An answer's headers in, the time until which its host asks to be left alone out.

const dayMs = 86_400_000;

/** A number of seconds from now, or a Unix time in seconds or milliseconds: whichever the size says. */
function timeOf(text: string, now: number): number | undefined {
  if (!/^\d{1,13}(?:\.\d{1,6})?$/.test(text)) return undefined;
  const number = Number(text);
  if (number < 1e9) return now + number * 1000;
  return number < 1e11 ? number * 1000 : number;
}

function durationOf(text: string, now: number): number | undefined {
  return timeOf(text, now) ?? (Number.isNaN(Date.parse(text)) ? undefined : Date.parse(text));
}

/** The `r` or `reset` parameter of the structured `RateLimit` header. */
function structured(text: string): string {
  return /(?:^|[;,\s])(?:reset|t)=(\d+)/.exec(text)?.[1] ?? "";
}

/**
 * The latest time that `Retry-After` (seconds or a date), `RateLimit-Reset`, `X-RateLimit-Reset`,
 * `X-RateLimit-Reset-After` or `RateLimit` name, at most a day from now; undefined where none does.
 */
export function resetTime(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const named = [
    headers["retry-after"],
    headers["ratelimit-reset"],
    headers["x-ratelimit-reset"],
    headers["x-rate-limit-reset"],
    headers["x-ratelimit-reset-after"],
    structured(headers["ratelimit"] ?? ""),
  ];
  const times = named.flatMap((text) => (text === undefined ? [] : (durationOf(text.trim(), now) ?? [])));
  const latest = Math.max(...times);
  return latest > now ? Math.min(latest, now + dayMs) : undefined;
}
