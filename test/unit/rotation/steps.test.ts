import { describe, expect, test } from "vitest";
import { addDays, dayMs, later, startOf } from "../../../src/base/days.ts";
import type { RotationPolicy, RotationState } from "../../../src/model/rotation.ts";
import { foundId } from "../../../src/rotation/found-id.ts";
import { name } from "../../../src/rotation/shapes.ts";
import type { Standing } from "../../../src/rotation/state.ts";
import { escalation, lateDaysOf, stepOf } from "../../../src/rotation/steps.ts";
import { fp } from "../../helpers/rotation-rig.ts";

const policy: RotationPolicy = {
  name: "default",
  everyDays: 90,
  notifyDays: [14, 7, 1, 0],
  graceDays: 0,
  reason: "r",
  saidBy: "default",
};
const due = startOf("2028-02-29");

function step(state: RotationState, now: string, extra: { closedEarly?: number; live?: boolean } = {}): string {
  const value = {
    fingerprint: fp("x"),
    firstSeen: due,
    lastSeen: due,
    state: extra.live === true ? "live" : "unproven",
  } as const;
  const standing: Standing = { state, due, lateFrom: due, values: state === "leaked" ? [value] : [] };
  return stepOf(standing, { policy, closedEarly: extra.closedEarly ?? 0, now });
}

test.each([
  [-14, "due-14"],
  [-8, "due-14"],
  [-7, "due-7"],
  [-2, "due-7"],
  [-1, "due-1"],
])("%i days from a leap day: %s", (days, want) => {
  const day = addDays("2028-02-29", days);
  expect(step("due-soon", startOf(day))).toBe(want);
  expect(step("due-soon", `${day}T23:59:59Z`)).toBe(want);
});

test.each([
  [0, 0],
  [6, 0],
  [7, 7],
  [13, 7],
  [14, 14],
  [28, 28],
  [29, 28],
  [30, 30],
  [34, 30],
  [35, 35],
  [700, 700],
  [704, 700],
])("late by %i days: step %i", (days, want) => {
  const now = later(due, days * dayMs);
  expect(step("overdue", now)).toBe(`overdue-${want}`);
  expect(step("leaked", now)).toBe(`leaked-overdue-${want}`);
  expect(step("leaked", now, { live: true })).toBe(`leaked-active-overdue-${want}`);
  expect(step("rotating", now)).toBe(`rotating-overdue-${want}`);
});

test.each<[RotationState, string]>([
  ["leaked", "leaked"],
  ["rotating", "rotating"],
  ["unknown-age", "unknown-age"],
  ["exempt", "exempt"],
  ["fresh", "closed"],
  ["rotated", "closed"],
])("%s, before it is due: %s", (state, want) => expect(step(state, later(due, -1000))).toBe(want));

test("a close without proof is in the name of what follows, and not of a closing", () => {
  expect(step("overdue", due, { closedEarly: 2 })).toBe("overdue-0-again2");
  expect(step("rotated", due, { closedEarly: 2 })).toBe("closed");
});

describe("who else is told", () => {
  const both = { fallback: "fallback", security: "security" };
  test.each([
    [undefined, 0, both, undefined],
    [13, 0, both, undefined],
    [14, 0, both, "fallback"],
    [29, 0, both, "fallback"],
    [30, 0, both, "security"],
    [undefined, 1, both, undefined],
    [undefined, 2, both, "fallback"],
    [undefined, 3, both, "security"],
    [30, 2, both, "security"],
    [30, 0, { fallback: "fallback" }, "fallback"],
    [14, 0, { security: "security" }, "security"],
    [99, 9, {}, undefined],
  ])("late by %s days, closed early %i times, of %j: %s", (late, closed, owners, want) => {
    expect(escalation(late, closed, owners)).toBe(want);
  });

  test("nothing is late before its time", () => {
    const standing: Standing = { state: "overdue", due, lateFrom: due, values: [] };
    expect([later(due, -1000), due, later(due, dayMs)].map((now) => lateDaysOf(standing, now))).toEqual([
      undefined,
      0,
      1,
    ]);
  });
});

describe("names of what was found", () => {
  const print = "kf1:abcdefghijklmnopqrstuvwxyz";
  test.each([
    [[], "bolt-abcdefgh"],
    [["bolt-abcdefgh"], "bolt-abcdefghijkl"],
    [["bolt-abcdefgh", "bolt-abcdefghijkl"], "bolt-abcdefghijklmnop"],
  ])("with %j taken: %s", (taken, want) => expect(foundId("bolt", print, new Set(taken))).toBe(want));

  test("never run out", () => {
    const taken = new Set<string>();
    for (let count = 0; count < 12; count++) taken.add(foundId("bolt", print, taken));
    expect(taken.size).toBe(12);
  });

  test("are names that both files take, however long the provider's is and whatever is taken", () => {
    const taken = new Set<string>();
    for (let count = 0; count < 20; count++) taken.add(foundId("a-long-name".repeat(20), print, taken));
    expect([...taken].filter((id) => !name.safeParse(id).success)).toEqual([]);
  });
});
