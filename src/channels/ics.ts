// An overview in, a calendar of what is due out (RFC 5545): one all-day event for each credential, the same bytes each time.

import {
  ICalAlarmType,
  ICalCalendar,
  ICalCalendarMethod,
  ICalEvent,
  ICalEventStatus,
  ICalEventTransparency,
} from "ical-generator";
import type { ICalEventData } from "ical-generator";
import { compareText } from "../base/compare-text.ts";
import { dayOfInstant, startOf } from "../base/days.ts";
import { escapeText } from "../base/escape.ts";
import type { Reminder } from "../model/rotation.ts";
import { isEnded } from "./overview.ts";
import type { Overview, OverviewRow } from "./overview.ts";
import { policyText, stepsOf } from "./words.ts";

/** Days before the due day on which calendar programs ring. */
const alarmDays = [14, 1] as const;
const daySeconds = 86_400;

/** Bytes of a line, without the blank that a folded one begins with. */
const lineBytes = 74;
const frameEnd = "END:VCALENDAR";

/** Of no host: it only makes the ids of events unique in the world. */
const domain = "rotation.keywarden.invalid";

/** What the event says. Calendars are shared, so that nothing tells a leak from a credential whose time has come. */
function descriptionOf(reminder: Reminder): string {
  const { owner, playbook } = reminder;
  const lines = [
    `Rotate it: ${policyText(reminder)}.`,
    ...(owner === undefined ? [] : [`Owner: ${owner}`]),
    ...stepsOf(reminder).map((step, index) => `${index + 1}. ${step}`),
    ...(playbook.where === undefined ? [] : [playbook.where]),
    "More: keywarden rotation status",
  ];
  return lines.map(escapeText).join("\n");
}

function statusOf(row: OverviewRow): ICalEventStatus {
  if (isEnded(row)) return ICalEventStatus.CANCELLED;
  return row.reminder.state === "exempt" ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED;
}

function eventOf(row: OverviewRow, day: string): ICalEventData {
  const { reminder, since } = row;
  const { credential, providerName, cycle } = reminder;
  const status = statusOf(row);
  const summary = escapeText(`Rotate ${credential} (${providerName})`);
  const rings = status === ICalEventStatus.CONFIRMED ? alarmDays : [];
  return {
    id: `${credential}@${domain}`,
    // Within a cycle a credential only ever ends once; whatever comes after that is a new cycle.
    sequence: cycle * 2 + (status === ICalEventStatus.CANCELLED ? 1 : 0),
    stamp: new Date(since),
    start: new Date(startOf(day)),
    timezone: "UTC",
    allDay: true,
    summary,
    description: descriptionOf(reminder),
    status,
    transparency: ICalEventTransparency.TRANSPARENT,
    alarms: rings.map((days) => ({
      type: ICalAlarmType.display,
      triggerBefore: days * daySeconds,
      description: summary,
    })),
  };
}

/** Credentials without a due day have no event, except for those that ended: whoever imported theirs sees it cancelled. */
function eventsOf({ rows }: Overview): readonly ICalEventData[] {
  return rows
    .toSorted((a, b) => compareText(a.reminder.credential, b.reminder.credential))
    .flatMap((row) => {
      const at = row.reminder.due ?? (isEnded(row) ? row.since : undefined);
      return at === undefined ? [] : [eventOf(row, dayOfInstant(at))];
    });
}

/** How many bytes a character takes in UTF-8. */
function bytesOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

/** A line as several that begin with a blank, as the ical-generator package folds: it takes a second for 1,000 events. */
function fold(line: string): string {
  if (line.length * 3 <= lineBytes) return line;
  let folded = "";
  let start = 0;
  let at = 0;
  let bytes = 0;
  for (const character of line) {
    const more = bytesOf(character);
    if (bytes + more > lineBytes) {
      folded += `${line.slice(start, at)}\r\n `;
      start = at;
      bytes = 0;
    }
    bytes += more;
    at += character.length;
  }
  return folded + line.slice(start);
}

/**
 * The calendar: `METHOD:PUBLISH`, lines of at most 75 octets that end in CRLF, events sorted by id. Ids stay through
 * every rotation and the sequence grows with each, so that importing it again moves events and adds none. It holds no
 * place, no author, no verdict and no secret.
 */
export function renderCalendar(overview: Overview): string {
  const calendar = new ICalCalendar({
    name: "Credentials to rotate",
    prodId: { company: "keywarden", product: "rotation", language: "EN" },
    method: ICalCalendarMethod.PUBLISH,
  });
  const frame = calendar.toString();
  const events = eventsOf(overview).map((event) => {
    return new ICalEvent(event, calendar).toString().split("\r\n").map(fold).join("\r\n");
  });
  return `${frame.slice(0, -frameEnd.length)}${events.join("")}${frameEnd}\r\n`;
}
