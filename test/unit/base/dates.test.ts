import { describe, expect, test } from "vitest";
import { dayOf, isDay, isOver } from "../../../src/base/dates.ts";

describe("isDay", () => {
  test.each(["2024-02-29", "2030-12-31", "0001-01-01"])("takes %s", (text) => {
    expect(isDay(text)).toBe(true);
  });

  test.each([
    "",
    "2023-02-29",
    "2024-02-30",
    "2024-13-01",
    "2024-00-10",
    "2024-1-1",
    "24-01-01",
    "2024-01-01T00:00",
    " 2024-01-01",
  ])("refuses %j", (text) => {
    expect(isDay(text)).toBe(false);
  });
});

describe("isOver", () => {
  test.each([
    { until: "2026-01-01", now: "2025-12-31T23:59:59Z", want: false },
    { until: "2026-01-01", now: "2026-01-01T00:00:00Z", want: false },
    { until: "2026-01-01", now: "2026-01-01T23:59:59.999Z", want: false },
    { until: "2026-01-01", now: "2026-01-02T00:00:00Z", want: true },
    { until: "2026-01-01", now: "2026-01-01T23:30:00-01:00", want: true },
    { until: undefined, now: "2999-01-01T00:00:00Z", want: false },
  ])("$until at $now: $want", ({ until, now, want }) => {
    expect(isOver(until, new Date(now))).toBe(want);
  });
});

test("a day is a day of UTC", () => {
  expect(dayOf(new Date("2026-01-01T23:30:00-01:00"))).toBe("2026-01-02");
});
