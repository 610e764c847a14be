// An entry of the ledger and what it was decided from in, the reminder that every channel must show out.

import { compareText } from "../base/compare-text.ts";
import { dayMs, later } from "../base/days.ts";
import { defined } from "../base/defined.ts";
import type {
  DeclaredCredential,
  Evidence,
  Instant,
  Inventory,
  KnownFingerprint,
  LeakPlace,
  LedgerCredential,
  Proof,
  Reminder,
  RotationPolicy,
} from "../model/rotation.ts";
import type { Severity } from "../model/rule.ts";
import { playbookOf } from "./playbook.ts";
import type { RotationRule } from "./rules.ts";
import type { Standing } from "./state.ts";
import { escalation, isOpen, lateDaysOf } from "./steps.ts";
import { comparePlaces, endOf } from "./values.ts";

/** What was decided of one credential. */
export interface Decided {
  readonly entry: LedgerCredential;
  /** The newest step, whether or not the channels have it. */
  readonly step: string;
  readonly standing: Standing;
  readonly declared: DeclaredCredential | undefined;
  readonly policy: RotationPolicy;
  readonly rule: RotationRule | undefined;
  readonly severity: Severity;
}

/** An end may be heard of a little before the new value that began the cycle. */
const heardBeforeMs = dayMs;

function proofOf({ entry, standing }: Decided, values: ReadonlyMap<string, KnownFingerprint>): Proof {
  const { movedTo, attestation, rotatedAt, age, due } = entry;
  if (movedTo !== undefined) return { kind: "moved", to: movedTo };
  if (standing.exemption !== undefined) {
    const { reason, until } = standing.exemption;
    return { kind: "exemption", reason, until };
  }
  const from = later(entry.begun, -heardBeforeMs);
  const end = endOf(values);
  const isOver = standing.due === undefined;
  if (end !== undefined && (isOver || end.evidence.at >= from || (end.value.leakedAt ?? "") >= from))
    return end.evidence;
  if (attestation !== undefined && (isOver || (rotatedAt ?? "") >= from))
    return { kind: "attestation", ...attestation };
  return { kind: "not-due", age, ...(due === undefined ? {} : { due }) };
}

function newestEvidence(values: readonly KnownFingerprint[]): Evidence | undefined {
  const all = values.map(({ evidence }) => evidence).filter((evidence) => evidence !== undefined);
  return all.sort((a, b) => compareText(a.at, b.at)).at(-1);
}

function placesOf(values: readonly KnownFingerprint[]): readonly LeakPlace[] {
  return values.flatMap(({ places = [] }) => places).sort(comparePlaces);
}

/** What it is about: the leaks, or what a leak left; the values that were replaced; else the value in use. */
function subjectsOf({ entry, standing }: Decided): readonly KnownFingerprint[] {
  if (standing.values.length > 0) return standing.values;
  if (!isOpen(entry.state)) return entry.fingerprints;
  return entry.fingerprints.filter(({ fingerprint }) => fingerprint === entry.current);
}

/** The moment up to which people's closes have been heard, or are about something that is over. */
function heardUntil({ begun, closedAt = "" }: LedgerCredential): Instant {
  return closedAt > begun ? closedAt : begun;
}

/** Renders a decision; `now` is the run's. */
export function remind(decided: Decided, owners: Inventory["owners"], now: Instant): Reminder {
  const { entry, step, standing, declared, policy, rule, severity } = decided;
  const { id, provider, state, cycle, due, age, closedEarly = 0, snoozedUntil, issue } = entry;
  const open = isOpen(state);
  const subjects = subjectsOf(decided);
  const leaks = state === "leaked" || !open ? subjects.filter(({ leakedAt }) => leakedAt !== undefined) : [];
  const values = new Map(entry.fingerprints.map((value) => [value.fingerprint, value]));
  return defined({
    credential: id,
    provider,
    providerName: rule?.providerName ?? provider,
    state,
    cycle,
    step,
    open,
    proof: open ? undefined : proofOf(decided, values),
    due,
    policy,
    age,
    leak: leaks.length > 0,
    places: placesOf(leaks),
    owner: declared?.owner,
    author: leaks.find(({ author }) => author !== undefined)?.author,
    escalateTo: open ? escalation(lateDaysOf(standing, now), closedEarly, owners) : undefined,
    severity,
    evidence: newestEvidence(subjects),
    snoozedUntil: open && snoozedUntil !== undefined && now < snoozedUntil ? snoozedUntil : undefined,
    closesHeardUntil: heardUntil(entry),
    closedEarly,
    issue,
    playbook: playbookOf(rule),
  });
}
