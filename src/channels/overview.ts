// A ledger and the reminders that were decided from it in, the rows that every channel shows out, the most urgent first.

import { compareText } from "../base/compare-text.ts";
import type { Instant, Ledger, Proof, Reminder, RotationState } from "../model/rotation.ts";
import { rotationStates } from "../model/rotation.ts";

/** One credential as channels show it. */
export interface OverviewRow {
  readonly reminder: Reminder;
  /** When its state began. */
  readonly since: Instant;
}

/** All credentials at one moment. */
export interface Overview {
  readonly at: Instant;
  readonly rows: readonly OverviewRow[];
}

/** The order of states in lists: what cannot wait first. */
export const statesByUrgency: readonly RotationState[] = [
  "leaked",
  "overdue",
  "rotating",
  "due-soon",
  "unknown-age",
  "fresh",
  "rotated",
  "exempt",
];
const urgency = new Map(statesByUrgency.map((state, index) => [state, index]));

/** Later than every moment that is due. */
const never = "9999-12-31T23:59:59Z";

function compareRows({ reminder: a }: OverviewRow, { reminder: b }: OverviewRow): number {
  return (
    Number(b.open) - Number(a.open) ||
    (urgency.get(a.state) ?? 0) - (urgency.get(b.state) ?? 0) ||
    compareText(a.due ?? never, b.due ?? never) ||
    compareText(a.credential, b.credential)
  );
}

/** Joins reminders with what the ledger knows besides. Sorted: open ones, then by urgency, due day and id. */
export function overviewOf(ledger: Ledger, reminders: readonly Reminder[], at: Instant): Overview {
  const entries = new Map(ledger.credentials.map((entry) => [entry.id, entry]));
  const rows = reminders.map((reminder) => ({ reminder, since: entries.get(reminder.credential)?.since ?? at }));
  return { at, rows: rows.toSorted(compareRows) };
}

/** How many credentials are in each state. */
export function countStates({ rows }: Overview): Readonly<Record<RotationState, number>> {
  const counts = Object.fromEntries(rotationStates.map((state) => [state, 0])) as Record<RotationState, number>;
  for (const { reminder } of rows) counts[reminder.state]++;
  return counts;
}

/**
 * Why a credential needs nobody: the proof of what was closed, an exemption, a proven end. Absent while it is open, and
 * where nothing was ever due of it.
 */
export function closingProof({ open, proof, step }: Reminder): Proof | undefined {
  return open || (proof?.kind === "not-due" && step !== "closed") ? undefined : proof;
}

/** Over for good: nothing is due of it any more, and nothing will be. */
export function isEnded({ reminder }: OverviewRow): boolean {
  return reminder.proof?.kind === "moved" || (reminder.state === "rotated" && reminder.due === undefined);
}

/** Somebody is late, or a leak is open: what a run fails for. A due day whose grace is not over is not late. */
export function isPressing({ rows, at }: Overview): boolean {
  return rows.some(({ reminder: { open, state, due } }) => {
    if (!open || state === "due-soon") return false;
    return state === "leaked" || state === "overdue" || (due !== undefined && due <= at);
  });
}
