import { expect, test } from "vitest";
import { resetTime } from "../../../src/verify/reset-time.ts";

const now = Date.UTC(2026, 10, 28, 12, 0, 0);

test.each<[string, Record<string, string>, number | undefined]>([
  ["seconds", { "retry-after": "120" }, now + 120_000],
  ["a date", { "retry-after": "Sat, 28 Nov 2026 12:05:00 GMT" }, now + 300_000],
  ["Unix seconds", { "x-ratelimit-reset": String(now / 1000 + 60) }, now + 60_000],
  ["Unix milliseconds", { "x-ratelimit-reset": String(now + 60_000) }, now + 60_000],
  ["a span", { "x-ratelimit-reset": "30" }, now + 30_000],
  ["a span with a part of a second", { "x-ratelimit-reset-after": "1.5" }, now + 1500],
  ["the draft's name", { "ratelimit-reset": "10" }, now + 10_000],
  ["a variant of the name", { "x-rate-limit-reset": "10" }, now + 10_000],
  ["the structured header, old", { ratelimit: "limit=100, remaining=0, reset=50" }, now + 50_000],
  ["the structured header, new", { ratelimit: '"default";r=0;t=40' }, now + 40_000],
  ["the latest of several", { "retry-after": "5", "x-ratelimit-reset": "90" }, now + 90_000],
  ["at most a day", { "retry-after": "9999999" }, now + 86_400_000],
  ["in the past", { "retry-after": "Sat, 28 Nov 2020 12:05:00 GMT" }, undefined],
  ["now", { "retry-after": "0" }, undefined],
  ["a word", { "retry-after": "soon" }, undefined],
  ["a negative number", { "retry-after": "-5" }, undefined],
  ["too long a number", { "retry-after": "9".repeat(40) }, undefined],
  ["nothing", {}, undefined],
])("%s", (_, headers, want) => expect(resetTime(headers, now)).toBe(want));
