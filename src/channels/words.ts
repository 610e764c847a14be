// Reminders in, words out that every channel shares: states, due days, ages, policies, proof and what to do for it.

import { counted, grouped } from "../base/counted.ts";
import { dayMs, dayOfInstant, daysBetween, hourMs } from "../base/days.ts";
import type {
  Age,
  AgeSource,
  Evidence,
  Instant,
  LeakPlace,
  Proof,
  Reminder,
  RotationState,
} from "../model/rotation.ts";

/** Each state as people read it. */
export const stateWords: Readonly<Record<RotationState, string>> = {
  fresh: "fresh",
  "due-soon": "due soon",
  overdue: "OVERDUE",
  leaked: "LEAKED",
  rotating: "rotating",
  rotated: "rotated",
  exempt: "exempt",
  "unknown-age": "age unknown",
};

const sourceWords: Readonly<Record<Exclude<AgeSource, "none">, string>> = {
  provider: "the provider says so",
  token: "the token itself says so",
  declared: "declared in the inventory",
  watch: "its value was first seen then",
  store: "its store was written then",
  history: "the first commit that holds it",
  proof: "the value before it was proven dead then",
};

/** `2026-12-20`, and the time of day where it is not the day's beginning. */
function momentText(at: Instant): string {
  const time = at.slice(11, 16);
  return time === "00:00" ? dayOfInstant(at) : `${dayOfInstant(at)} ${time} UTC`;
}

/** What tells when it is due; a due day that is over while the state is still `due-soon` is in its policy's grace. */
type Due = Pick<Reminder, "due"> & Partial<Pick<Reminder, "state">>;

/** `in 22 days`, `today`, `3 days late`; in hours within two days of a moment that is no whole day. */
function distanceText(due: Instant, now: Instant, state: Due["state"]): string {
  const ms = Date.parse(due) - Date.parse(now);
  const hours = Math.floor(Math.abs(ms) / hourMs);
  if (!due.endsWith("T00:00:00Z") && Math.abs(ms) < 2 * dayMs) {
    return ms > 0 ? `in ${counted(hours, "hour")}` : `${counted(hours, "hour")} late`;
  }
  const days = daysBetween(dayOfInstant(now), dayOfInstant(due));
  if (days === 0) return "today";
  if (days > 0) return `in ${counted(days, "day")}`;
  return state === "due-soon" ? `${counted(-days, "day")} ago, in its grace` : `${counted(-days, "day")} late`;
}

/** When it is due, and how far that is from `now`; without `now`, only when. */
export function dueText({ due, state }: Due, now?: Instant): string {
  if (due === undefined) return "no due day";
  return now === undefined ? momentText(due) : `${momentText(due)}, ${distanceText(due, now, state)}`;
}

/** The same, short enough for a table: the day, and how far that is. */
export function dueCell({ due, state }: Due, now: Instant): string {
  return due === undefined ? "" : `${dayOfInstant(due)}, ${distanceText(due, now, state)}`;
}

/** Its age in days for a table: `100`, `100 or more`, `unknown`. */
export function ageCell({ since, confidence }: Age, now: Instant): string {
  if (since === undefined) return "unknown";
  const days = Math.max(0, daysBetween(since, dayOfInstant(now)));
  return `${grouped(days)}${confidence === "at-least" ? " or more" : ""}`;
}

/** Since when it exists and who says so. */
export function ageSourceText({ source, since, confidence }: Age): string {
  if (source === "none" || since === undefined) return "nobody knows how old it is";
  return `since ${since}${confidence === "at-least" ? " or earlier" : ""} (${sourceWords[source]})`;
}

/** The interval and who says it; never a standard. */
export function policyText({ policy }: Reminder): string {
  const { name, everyDays, saidBy, reason } = policy;
  const isNamed = name !== "default";
  const by = { provider: "the provider asks for it", inventory: "the inventory says so", default: "our default" }[
    saidBy
  ];
  return `${isNamed ? `${name}, ` : ""}every ${counted(everyDays, "day")} (${by}${isNamed ? `: ${reason}` : ""})`;
}

/** Who said what of its life, and when. */
export function evidenceText(evidence: Evidence): string {
  const day = dayOfInstant(evidence.at);
  if (evidence.kind === "attestation") return `${evidence.by} attested on ${day}: ${evidence.reason}`;
  const row = evidence.row === undefined ? "" : ` (row ${evidence.row} of its table)`;
  return `verified ${evidence.status} on ${day}${row}`;
}

/** Why it is closed. */
export function proofText(proof: Proof): string {
  switch (proof.kind) {
    case "exemption":
      return `exempt until ${proof.until}: ${proof.reason}`;
    case "not-due":
      return `not due any more: ${ageSourceText(proof.age)}`;
    case "moved":
      return `goes on as ${proof.to}`;
    default:
      return evidenceText(proof);
  }
}

/** `path:line`, and the first digits of the commit. */
export function placeText({ path, line, commit }: LeakPlace): string {
  return `${path}:${line}${commit === undefined ? "" : ` in ${commit.slice(0, 12)}`}`;
}

/** Whom it is about: its owner, else who brought it in, and whom to tell besides. */
export function peopleText({ owner, author, escalateTo }: Reminder): string {
  const first = owner ?? (author === undefined ? "nobody owns it" : `nobody owns it; ${author} brought it in`);
  return escalateTo === undefined || escalateTo === owner ? first : `${first}; late, so tell ${escalateTo} too`;
}

/** What to do, in order. Whoever does not know how old it is has nothing to rotate yet. */
export function stepsOf({ state, playbook }: Reminder): readonly string[] {
  if (state !== "unknown-age") return playbook.steps;
  return ["find out when it was made: its provider may tell", "write that day into .keywarden/rotation.yml"];
}

/** What to run, or to write, so that keywarden can close it, one way a line; empty while there is nothing to do. */
export function closingWays({ open, state, credential, leak }: Reminder): readonly string[] {
  if (!open) return [];
  if (leak || state === "leaked" || state === "rotating") {
    return [
      "keywarden audit --verify --ledger asks whether the old value is dead",
      `keywarden rotation attest ${credential} --reason TEXT where nobody can be asked`,
    ];
  }
  if (state === "unknown-age") return ["write created: YYYY-MM-DD for it in .keywarden/rotation.yml"];
  return [
    "keywarden rotation watch --env NAME sees the new value",
    "write rotated: YYYY-MM-DD for it in .keywarden/rotation.yml",
    `keywarden rotation attest ${credential} --reason TEXT says that it was rotated, or is gone`,
  ];
}

/** The same in one sentence. */
export function closingText(reminder: Reminder): string {
  return closingWays(reminder).join("; or ");
}
