// Where a credential stands and the time in, the newest step of its reminder and whom to tell besides out.

import { dayMs } from "../base/days.ts";
import type { Instant, Inventory, RotationPolicy, RotationState } from "../model/rotation.ts";
import type { Standing } from "./state.ts";

/** Days late after which the fallback owner, then the security team, is told. */
const fallbackAfterDays = 14;
const securityAfterDays = 30;

const openStates: readonly RotationState[] = ["due-soon", "overdue", "leaked", "rotating", "unknown-age"];

/** Has somebody something to do? */
export function isOpen(state: RotationState): boolean {
  return openStates.includes(state);
}

const closingSteps: readonly string[] = ["closed", "exempt"];

/** Does a step end a reminder? */
export function isClosing(step: string): boolean {
  return closingSteps.includes(step);
}

/** Whole days from one moment to another, rounded down; negative if that one is earlier. */
function wholeDays(from: Instant, to: Instant): number {
  return Math.floor((Date.parse(to) - Date.parse(from)) / dayMs);
}

/** Days late, undefined where nothing is. */
export function lateDaysOf({ lateFrom }: Standing, now: Instant): number | undefined {
  return lateFrom === undefined || now < lateFrom ? undefined : wholeDays(lateFrom, now);
}

/** Weekly, and on the day on which the security team is told. */
function lateStep(lateDays: number): number {
  const week = lateDays - (lateDays % 7);
  return lateDays >= securityAfterDays && week < securityAfterDays ? securityAfterDays : week;
}

/** The newest step at or before which `left` days are left: a run that was skipped is made up for by the next. */
function dueStep(left: number, { notifyDays }: RotationPolicy): number {
  const passed = notifyDays.filter((day) => left <= day);
  return passed.at(-1) ?? 0;
}

function openStep(standing: Standing, policy: RotationPolicy, now: Instant): string {
  const { state, due = now, values } = standing;
  const late = lateDaysOf(standing, now);
  if (state === "unknown-age") return state;
  if (state === "due-soon") return `due-${dueStep(-wholeDays(due, now), policy)}`;
  if (state === "overdue") return `overdue-${lateStep(late ?? 0)}`;
  const isActive = state === "leaked" && values.some((value) => value.state === "live");
  const name = isActive ? "leaked-active" : state;
  return late === undefined ? name : `${name}-overdue-${lateStep(late)}`;
}

/** The step that a reminder has reached (`Reminder.step`); `closedEarly` counts the closes that people made without proof. */
export function stepOf(
  standing: Standing,
  {
    policy,
    closedEarly,
    now,
  }: { readonly policy: RotationPolicy; readonly closedEarly: number; readonly now: Instant },
): string {
  const { state } = standing;
  if (state === "exempt") return "exempt";
  if (!isOpen(state)) return "closed";
  const step = openStep(standing, policy, now);
  return closedEarly === 0 ? step : `${step}-again${closedEarly}`;
}

/**
 * Whom to tell besides the owner: the fallback owner from 14 days late, or when people closed the reminder a second
 * time without proof; the security team from 30 days late, or the third time. Where one is not named, the other.
 */
export function escalation(
  lateDays: number | undefined,
  closedEarly: number,
  { fallback, security }: Inventory["owners"],
): string | undefined {
  const late = lateDays ?? -1;
  if (late >= securityAfterDays || closedEarly >= 3) return security ?? fallback;
  if (late >= fallbackAfterDays || closedEarly >= 2) return fallback ?? security;
  return undefined;
}
