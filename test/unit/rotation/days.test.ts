import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, daysBetween, instantOf, later, msOf, startOf } from "../../../src/base/days.ts";

test.each([
  ["2028-02-28", 1, "2028-02-29"], // a leap year
  ["2028-02-29", 1, "2028-03-01"],
  ["2028-02-29", 366, "2029-03-01"],
  ["2027-02-28", 1, "2027-03-01"],
  ["2100-02-28", 1, "2100-03-01"], // none, in spite of its four
  ["2000-02-28", 1, "2000-02-29"],
  ["2026-12-31", 1, "2027-01-01"],
  ["2027-01-01", -1, "2026-12-31"],
  ["2026-03-28", 90, "2026-06-26"], // clocks change in Europe in between
  ["2026-11-28", 90, "2027-02-26"],
  ["2028-01-01", 0, "2028-01-01"],
])("%s and %i days: %s", (from, count, to) => {
  expect(addDays(from, count)).toBe(to);
  expect(daysBetween(from, to)).toBe(count);
});

test("days add up, whatever the days", () => {
  const day = fc.integer({ min: 0, max: 60_000 }).map((count) => addDays("1970-01-01", count));
  fc.assert(
    fc.property(day, day, (a, b) => {
      expect(addDays(a, daysBetween(a, b))).toBe(b);
      expect(daysBetween(a, b)).toBe(0 - daysBetween(b, a) + 0);
    }),
  );
});

describe("moments", () => {
  test.each([
    ["2026-11-28T09:30:00Z", "2026-11-28T09:30:00Z"],
    ["2026-11-28T09:30:00.999Z", "2026-11-28T09:30:00Z"],
    ["2026-11-28T23:30:00-05:00", "2026-11-29T04:30:00Z"],
    ["2026-11-28T00:30:00+14:00", "2026-11-27T10:30:00Z"],
    ["2026-11-28", "2026-11-28T00:00:00Z"],
    ["yesterday", undefined],
    ["", undefined],
    ["1969-12-31T23:59:59Z", undefined],
    ["+275760-09-13T00:00:00.000Z", undefined],
    ["2026-02-30T00:00:00+25:00", undefined],
  ])("%s is %s", (text, instant) => {
    const ms = msOf(text);
    expect(ms === undefined ? undefined : instantOf(ms)).toBe(instant);
  });

  test("stay where years have four digits", () => {
    expect(instantOf(-1)).toBe("1970-01-01T00:00:00Z");
    expect(instantOf(Date.UTC(12_000, 0, 1))).toBe("9999-12-31T23:59:59Z");
  });

  test("move on", () => {
    expect(later("2028-02-28T23:59:59Z", 1000)).toBe("2028-02-29T00:00:00Z");
    expect(startOf("2028-02-29")).toBe("2028-02-29T00:00:00Z");
  });
});
