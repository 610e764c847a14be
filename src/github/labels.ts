// A reminder in, the labels of its issue out; which labels of an issue are ours, and which are people's.

import type { Reminder, RotationState } from "../model/rotation.ts";

/** On every issue of ours. */
const ownLabel = "secret-rotation";

/** While a person's early close is respected. */
const snoozedLabel = "rotation-snoozed";

/** GitHub takes no longer ones. */
const maxLength = 50;

const told: readonly RotationState[] = ["due-soon", "overdue", "leaked"];

/** Labels of a reminder, sorted. */
export function labelsOf({ state, provider, open }: Reminder, isSnoozed: boolean): string[] {
  const labels = [ownLabel, `provider:${provider}`.slice(0, maxLength)];
  if (open && told.includes(state)) labels.push(`rotation:${state}`);
  if (isSnoozed) labels.push(snoozedLabel);
  return labels.sort();
}

/** Labels of the dashboard. */
export const dashboardLabels = [ownLabel];

/** The labels an issue shall have: those that people gave it, and `wanted` in place of ours, which `asked` were. */
export function mergeLabels(
  present: readonly string[],
  wanted: readonly string[],
  asked: readonly string[] = [],
): string[] {
  const ours = new Set([...asked, ownLabel, snoozedLabel, ...told.map((state) => `rotation:${state}`)]);
  const isOurs = (label: string): boolean => ours.has(label);
  return [...new Set([...present.filter((label) => !isOurs(label)), ...wanted])].sort();
}
