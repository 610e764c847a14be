// What people see at a terminal: width, colour, escapes, long lists, the timeline, and words for all that is drawn.

import { describe, expect, it } from "vitest";
import { addDays, startOf } from "../../../src/base/days.ts";
import { displayWidth } from "../../../src/base/layout.ts";
import { renderRotationTerminal } from "../../../src/channels/terminal.ts";
import { renderTimeline } from "../../../src/channels/timeline.ts";
import type { Reminder } from "../../../src/model/rotation.ts";
import { richReminders, sampleNow, sampleOverview, sampleReminder } from "../../helpers/rotation-sample.ts";

const show = (
  reminders: readonly Reminder[],
  options: { color?: boolean; width?: number; verbose?: boolean } = {},
): string =>
  renderRotationTerminal(sampleOverview(reminders), { color: false, width: 100, verbose: false, ...options });

const many = (count: number, changes: Partial<Reminder> = {}): readonly Reminder[] =>
  Array.from({ length: count }, (_, index) =>
    sampleReminder({ credential: `key-${String(index).padStart(5, "0")}`, ...changes }),
  );

describe("the text", () => {
  it.each([40, 60, 80, 100, 160])("keeps to %i columns, but for what is copied whole", (width) => {
    const lines = show(richReminders(), { width }).split("\n");
    const tooWide = lines.filter((line) => displayWidth(line) > width && line.trim().split(" ").length > 6);
    expect(tooWide).toEqual([]);
  });

  it("has colour only where it is asked for, and says the same without", () => {
    const colored = show(richReminders(), { color: true });
    // oxlint-disable-next-line no-control-regex
    expect(colored.replaceAll(/\u001b\[\d+m/g, "")).toBe(show(richReminders()));
    expect(colored).toContain("\u001b[31m");
    expect(show(richReminders())).not.toContain("\u001b");
  });

  it("shows what steers a terminal as escapes, wherever it comes from", () => {
    const evil = "\u001b]0;x\u0007\u202e\r\n::error::";
    const reminder = sampleReminder({
      open: true,
      owner: evil,
      author: evil,
      providerName: evil,
      escalateTo: `b${evil}`,
      places: [{ path: evil, line: 1 }],
      playbook: { where: evil, steps: [evil] },
      evidence: { kind: "attestation", by: evil, reason: evil, at: sampleNow },
    });
    const text = show([reminder, { ...reminder, credential: "b", open: false, proof: { kind: "moved", to: evil } }]);
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]|^\s*::error/m);
  });

  it("tells ten in full and fifty in the table, and counts the rest; verbose tells all", () => {
    const reminders = many(120, { open: true, state: "overdue", due: "2026-11-01T00:00:00Z" });
    const text = show(reminders);
    expect(text.match(/^OVERDUE {2}key-/gm)).toHaveLength(10);
    expect(text).toContain("and 110 more like these, in the table");
    expect(text.match(/^ {2}key-\d+ +OVERDUE/gm)).toHaveLength(50);
    expect(text).toContain("and 70 more: --verbose lists them");
    const verbose = show(reminders, { verbose: true });
    expect(verbose.match(/^OVERDUE {2}key-/gm)).toHaveLength(120);
    expect(verbose.match(/^ {2}key-\d+ +OVERDUE/gm)).toHaveLength(120);
  });

  it.each([
    ["nobody has to do anything now", many(3)],
    ["1 needs somebody now", [...many(2), sampleReminder({ open: true, state: "due-soon" })]],
    ["keywarden rotation init", []],
  ])("says %s", (words, reminders) => {
    expect(show(reminders)).toContain(words);
  });

  it("names the owner of what was never due, and the proof of what was closed", () => {
    const { age } = sampleReminder();
    const rowOf = (step: string): string =>
      show([sampleReminder({ step, proof: { kind: "not-due", age } })], { width: 160 });
    expect(rowOf("fresh")).toContain("@acme/payments");
    expect(rowOf("closed")).toContain("not due any more: since 2026-10-12");
  });

  it.each<[string, Partial<Reminder>, string]>([
    ["leaked", { leak: true }, "closes on proof: keywarden audit --verify --ledger asks"],
    ["rotating", {}, "\n  or: keywarden rotation attest billing-key --reason TEXT"],
    ["overdue", {}, "write rotated: YYYY-MM-DD"],
    ["overdue", {}, "\n  or: keywarden rotation attest billing-key --reason TEXT says that it was rotated, or is gone"],
    ["unknown-age", {}, "write created: YYYY-MM-DD"],
  ])("says what proves the end of one that is %s", (state, changes, words) => {
    const text = show([sampleReminder({ state: state as Reminder["state"], open: true, ...changes })], { width: 160 });
    expect(text).toContain(words);
  });
});

describe("the timeline", () => {
  const dueIn = (days: number, credential = "key"): Reminder =>
    sampleReminder({ credential, due: startOf(addDays("2026-11-28", days)) });
  const barOf = (days: number, width = 100): string =>
    renderTimeline(sampleOverview([dueIn(days)]), width).find((line) => line.includes("*")) ?? "";

  it("puts the star at the day, between today and 120 days ahead", () => {
    const columns = [0, 1, 30, 60, 119, 120].map((days) => barOf(days).indexOf("*"));
    expect(columns).toEqual(columns.toSorted((a, b) => a - b));
    expect(barOf(0)).toMatch(/^ {2}key {2}\*/);
    expect(barOf(120)).toMatch(/-\*  2027-03-28, in 120 days$/);
    expect(barOf(121)).toBe("");
  });

  it.each([
    [-3, "2026-11-25, 3 days late"],
    [0, "2026-11-28, today"],
    [1, "2026-11-29, in 1 day"],
    [93, "2027-03-01, in 93 days"],
  ])("says the day in words, too: %i days ahead", (days, words) => {
    expect(barOf(days).endsWith(words)).toBe(true);
  });

  it("draws nothing where there is no room, and still says it", () => {
    const lines = renderTimeline(sampleOverview([dueIn(5)]), 40);
    expect(lines).toEqual(["  key: 2026-12-03, in 5 days"]);
  });

  it("shows twenty, the nearest first, and counts the rest", () => {
    const reminders = Array.from({ length: 50 }, (_, index) => dueIn(100 - index, `in-${100 - index}`));
    const lines = renderTimeline(sampleOverview(reminders), 100);
    expect([lines.length, lines[1]?.trim().split(" ")[0], lines.at(-1)]).toEqual([22, "in-51", "  and 30 more"]);
  });

  it("leaves out what is exempt, over, or has no day", () => {
    const shown = renderTimeline(sampleOverview(richReminders()), 100).map((line) => line.trim().split(" ")[0]);
    expect(shown).not.toContain("kiosk-key");
    expect(shown).not.toContain("gone-key");
    expect(shown).not.toContain("old-key");
  });

  it("tells long names apart by their ends", () => {
    const ids = ["a", "b"].map((end) => `${"very-long-name-".repeat(6)}${end}`);
    const lines = renderTimeline(sampleOverview(ids.map((credential) => sampleReminder({ credential }))), 100);
    expect(new Set(lines.slice(1).map((line) => line.trim().split(" ")[0])).size).toBe(2);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});
