// An overview in, a calendar of what is due out (RFC 5545): one all-day event for each credential, the same bytes each time.

import {
  ICalAlarmType,
  ICalCalendar,
  ICalCalendarMethod,
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
    events: [...eventsOf(overview)],
  });
  return `${calendar.toString()}\r\n`;
}
