// Reminders and the repositories at hand → who is told where: in public, no word of a leak.

import type { Reminder } from "../model/rotation.ts";
import type { Desk } from "./desk.ts";

/** The repository that reminders are about, and the private one that leaks go to where it is public. */
export interface Desks {
  readonly home: Desk;
  readonly leaks?: Desk | undefined;
}

/** Where a reminder is shown, and where one that was shown earlier is to be closed. */
export interface Route {
  /** Absent where it is told nowhere. */
  readonly to?: { readonly desk: Desk; readonly reminder: Reminder };
  readonly closings: readonly { readonly desk: Desk; readonly reminder: Reminder }[];
  readonly isWithheld: boolean;
}

/** Is it about a leak, by anything that it says? */
export function isAboutLeak({ leak, state, places }: Reminder): boolean {
  return leak || state === "leaked" || places.length > 0;
}

/** What a closing says where the reminder itself goes on elsewhere. */
function movedTo(reminder: Reminder, name: string): Reminder {
  return { ...reminder, open: false, step: "moved", proof: { kind: "moved", to: name }, places: [] };
}

/** Finds the place. A closed reminder closes whatever it left open, wherever that is. */
export function routeOf(reminder: Reminder, { home, leaks }: Desks): Route {
  const desks = [home, ...(leaks === undefined ? [] : [leaks])];
  if (!reminder.open) {
    return { closings: desks.map((desk) => ({ desk, reminder: { ...reminder, places: [] } })), isWithheld: false };
  }
  const isLeak = isAboutLeak(reminder);
  const desk = isLeak ? desks.find(({ repository }) => repository.isPrivate) : home;
  if (desk === undefined) return { closings: [], isWithheld: true };
  // In public, an issue that is not about the leak stays as it is: closing it would tell something.
  const others = isLeak ? [] : desks.filter((one) => one !== desk);
  const closings = others.map((one) => ({ desk: one, reminder: movedTo(reminder, desk.name) }));
  return { to: { desk, reminder }, closings, isWithheld: false };
}

const urgency: readonly Reminder["state"][] = ["leaked", "rotating", "overdue", "due-soon", "unknown-age"];

/** The most urgent first: only so many are filed in a run. Closings come before all. */
export function byUrgency(a: Reminder, b: Reminder): number {
  const rank = ({ open, state }: Reminder): number => {
    const at = urgency.indexOf(state);
    return !open ? -1 : at === -1 ? urgency.length : at;
  };
  const byDue = (a.due ?? "9999").localeCompare(b.due ?? "9999", "en");
  return rank(a) - rank(b) || byDue || (a.credential < b.credential ? -1 : 1);
}
