// The calendar, read back by an independent library: events, alarms, folding, and what happens when it is imported again.

import fc from "fast-check";
import ICAL from "ical.js";
import { describe, expect, it } from "vitest";
import { renderCalendar } from "../../../src/channels/ics.ts";
import type { Overview } from "../../../src/channels/overview.ts";
import type { Reminder } from "../../../src/model/rotation.ts";
import { richReminders, sampleOverview, sampleReminder } from "../../helpers/rotation-sample.ts";

interface SeenEvent {
  readonly uid: string;
  readonly sequence: number;
  readonly stamp: string;
  readonly start: string;
  readonly isDate: boolean;
  readonly summary: string;
  readonly description: string;
  readonly status: string;
  readonly alarms: readonly string[];
}

function textOf(component: ICAL.Component, name: string): string {
  return String(component.getFirstPropertyValue(name));
}

/** What a calendar program sees. */
function read(text: string): readonly SeenEvent[] {
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
  expect(textOf(calendar, "method")).toBe("PUBLISH");
  return calendar.getAllSubcomponents("vevent").map((event) => ({
    uid: textOf(event, "uid"),
    sequence: Number(event.getFirstPropertyValue("sequence")),
    stamp: textOf(event, "dtstamp"),
    start: textOf(event, "dtstart"),
    isDate: (event.getFirstPropertyValue("dtstart") as ICAL.Time).isDate,
    summary: textOf(event, "summary"),
    description: textOf(event, "description"),
    status: textOf(event, "status"),
    alarms: event.getAllSubcomponents("valarm").map((alarm) => textOf(alarm, "trigger")),
  }));
}

/** A calendar program that keeps events by id and takes a new revision only if it is no older (RFC 5546, 2.1.4). */
class CalendarProgram {
  readonly events = new Map<string, SeenEvent>();

  import(text: string): void {
    for (const event of read(text)) {
      const before = this.events.get(event.uid);
      const isOlder =
        before !== undefined &&
        (event.sequence < before.sequence || (event.sequence === before.sequence && event.stamp < before.stamp));
      if (!isOlder) this.events.set(event.uid, event);
    }
  }

  get shown(): readonly string[] {
    return [...this.events.values()]
      .filter(({ status }) => status !== "CANCELLED")
      .map(({ uid, start }) => `${uid} ${start}`);
  }
}

const eventOf = (reminder: Reminder, since?: string): SeenEvent | undefined =>
  read(renderCalendar(sampleOverview([reminder], since)))[0];

describe("the calendar", () => {
  it("has one all-day event for each credential with a due day, and for each that ended", () => {
    const events = read(renderCalendar(sampleOverview(richReminders())));
    expect(events.map(({ uid, start, status }) => [uid.split("@")[0], start, status])).toEqual([
      ["billing-key", "2027-01-10", "CONFIRMED"],
      ["gone-key", "2026-11-27", "CANCELLED"],
      ["kiosk-key", "2027-01-10", "TENTATIVE"],
      ["mail-key", "2026-12-05", "CONFIRMED"],
      ["map-key", "2026-12-03", "CONFIRMED"],
      ["ogarni-ai-x7k2m4p9", "2026-11-29", "CONFIRMED"],
      ["search-key", "2026-11-14", "CONFIRMED"],
    ]);
    expect(events.every(({ isDate }) => isDate)).toBe(true);
  });

  it("rings 14 days and a day before, and not for what is exempt or over", () => {
    const alarms = read(renderCalendar(sampleOverview(richReminders()))).map(
      (event) => `${event.status} ${event.alarms.join(" ")}`,
    );
    expect(new Set(alarms)).toEqual(new Set(["CONFIRMED -P14D -P1D", "CANCELLED ", "TENTATIVE "]));
  });

  it("says no more of a leak than of a key whose time has come", () => {
    const leak = richReminders().find((one) => one.leak);
    const text = renderCalendar(sampleOverview([leak as Reminder]));
    expect(text).not.toMatch(/leak|active|prod\.env|ann@example|docs\/a|verified/i);
  });

  it("is the same, byte for byte, in any time zone and at any time of the run", () => {
    const zone = process.env["TZ"];
    const texts = ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"].map((name) => {
      process.env["TZ"] = name;
      return renderCalendar(sampleOverview(richReminders()));
    });
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
    expect(new Set(texts).size).toBe(1);
    const later: Overview = { ...sampleOverview(richReminders()), at: "2027-05-01T00:00:00Z" };
    expect(renderCalendar(later)).toBe(texts[0]);
  });

  it("keeps to lines of 75 octets that end in CRLF, without cutting a character", () => {
    const owner = `${"ü".repeat(40)} ${"🔑".repeat(40)} ${"漢".repeat(60)}`;
    const text = renderCalendar(sampleOverview([sampleReminder({ owner })]));
    const lines = text.split("\r\n");
    expect(lines.at(-1)).toBe("");
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
    expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(lines.every((line) => !line.includes("\ufffd"))).toBe(true);
    expect(read(text)[0]?.description).toContain(owner);
  });

  it("gives texts back that mean something in its grammar, and no control character", () => {
    const owner = "a;b,c\\d:e\"f' BEGIN:VEVENT";
    const hostile = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil\u0007";
    const event = eventOf(sampleReminder({ owner, playbook: { steps: [hostile] } }));
    expect(event?.description).toContain(owner);
    expect(read(renderCalendar(sampleOverview([sampleReminder({ playbook: { steps: [hostile] } })]))).length).toBe(1);
    expect(event?.description).toContain("x\\r\\nEND:VEVENT");
    expect(event?.description).not.toContain("\u0007");
  });

  it("whatever the texts: one event, and the texts are in it", () => {
    const text = fc.string({ unit: "binary", maxLength: 120 });
    fc.assert(
      fc.property(text, text, (owner, step) => {
        const rendered = renderCalendar(sampleOverview([sampleReminder({ owner, playbook: { steps: [step] } })]));
        expect(read(rendered).map(({ uid }) => uid)).toEqual(["billing-key@rotation.keywarden.invalid"]);
      }),
    );
  });
});

describe("a calendar program", () => {
  it("that imports it twice has the same events", () => {
    const program = new CalendarProgram();
    const text = renderCalendar(sampleOverview(richReminders()));
    program.import(text);
    const first = program.shown;
    program.import(text);
    expect(program.shown).toEqual(first);
    expect(first).toHaveLength(6);
  });

  const steps: readonly (readonly [string, Partial<Reminder>, string, string])[] = [
    ["due", {}, "2026-10-12T00:00:00Z", "2027-01-10"],
    ["due-soon", { state: "due-soon", open: true }, "2026-12-27T00:00:00Z", "2027-01-10"],
    ["a new policy", { due: "2027-01-20T00:00:00Z" }, "2026-12-28T00:00:00Z", "2027-01-20"],
    ["rotated", { cycle: 2, due: "2027-04-01T00:00:00Z" }, "2027-01-01T00:00:00Z", "2027-04-01"],
    ["exempt", { cycle: 2, state: "exempt", due: "2027-04-01T00:00:00Z" }, "2027-02-01T00:00:00Z", "2027-04-01"],
    ["no longer exempt", { cycle: 2, due: "2027-04-01T00:00:00Z" }, "2027-03-01T00:00:00Z", "2027-04-01"],
    [
      "leaked",
      { cycle: 3, state: "leaked", leak: true, due: "2027-03-05T09:00:00Z" },
      "2027-03-04T09:00:00Z",
      "2027-03-05",
    ],
  ];

  it("that imports every state of a credential in turn moves its one event, and drops it at the end", () => {
    const program = new CalendarProgram();
    for (const [name, changes, since, day] of steps) {
      program.import(renderCalendar(sampleOverview([sampleReminder(changes)], since)));
      expect([name, program.shown]).toEqual([name, [`billing-key@rotation.keywarden.invalid ${day}`]]);
    }
    const { due: _, ...ended } = sampleReminder({ cycle: 3, state: "rotated", step: "closed" });
    const end = renderCalendar(sampleOverview([ended], "2027-03-04T09:00:00Z"));
    program.import(end);
    expect(program.shown).toEqual([]);
    program.import(
      renderCalendar(sampleOverview([sampleReminder({ cycle: 4, state: "leaked" })], "2027-05-01T00:00:00Z")),
    );
    expect(program.shown).toHaveLength(1);
    program.import(end);
    expect(program.shown).toHaveLength(1);
  });
});
