// What is known of a credential, its policy and the time in, where it stands and when it is due out.

import { addDays, dayMs, dayOfInstant, daysBetween, later, startOf } from "../base/days.ts";
import type {
  Age,
  Exemption,
  Instant,
  KnownFingerprint,
  LedgerCredential,
  RotationPolicy,
  RotationState,
} from "../model/rotation.ts";
import { maxExemptionDays } from "../model/rotation.ts";
import type { Knowledge } from "./observe.ts";
import { endOf, leaksOf, replacedOf } from "./values.ts";

/** How long a leak may stay: proven to work, and while nobody can say. */
const leakDays = { live: 1, unproven: 7 } as const;

/** How long the old value may live after a new one was seen. */
const rotatingDays = 7;

/** How long a proven rotation is shown as one. */
const rotatedDays = 7;

/** What a state is told from. */
export interface StateInput {
  readonly declared: boolean;
  /** Another credential took over all that was known. */
  readonly moved: boolean;
  readonly knowledge: Knowledge;
  readonly age: Age;
  readonly policy: RotationPolicy;
  readonly exemption: Exemption | undefined;
  /** Since when it is where it was, as the ledger says; absent for a new one and where something began anew. */
  readonly before: Pick<LedgerCredential, "state" | "since"> | undefined;
  readonly now: Instant;
}

/** Where a credential stands. */
export interface Standing {
  readonly state: RotationState;
  /** Absent where nothing will be due, or nobody knows. */
  readonly due?: Instant;
  /** From when on it counts as late: `due` and the policy's grace. */
  readonly lateFrom?: Instant;
  /** The values that it is about: leaked, or replaced and not dead. */
  readonly values: readonly KnownFingerprint[];
  readonly exemption?: Exemption;
}

/** Does an exemption cover this moment? One that ends further ahead than is allowed covers nothing. */
function isExempt(exemption: Exemption, now: Instant): boolean {
  const left = daysBetween(dayOfInstant(now), exemption.until);
  return left >= 0 && left <= maxExemptionDays;
}

function leaked(leaks: readonly KnownFingerprint[]): Standing {
  const dues = leaks.map(({ leakedAt = "", state }) =>
    later(leakedAt, (state === "live" ? leakDays.live : leakDays.unproven) * dayMs),
  );
  const due = dues.reduce((a, b) => (a < b ? a : b));
  return { state: "leaked", due, lateFrom: due, values: leaks };
}

/** A credential that nobody declares is over when none of its values lives. */
function hasEnded({ declared, moved, knowledge }: StateInput): boolean {
  if (declared || moved) return moved;
  const { values, attestation } = knowledge;
  if (values.size === 0) return attestation !== undefined;
  return [...values.values()].every(({ state }) => state === "dead");
}

function scheduled({ knowledge, age, policy, now }: StateInput): Standing {
  if (age.since === undefined) return { state: "unknown-age", values: [] };
  const due = startOf(addDays(age.since, policy.everyDays));
  const lateFrom = later(due, policy.graceDays * dayMs);
  const first = later(due, -(policy.notifyDays[0] ?? 0) * dayMs);
  const ends = [endOf(knowledge.values)?.evidence.at, knowledge.rotatedAt].filter((at) => at !== undefined);
  const stand = (state: RotationState): Standing => ({ state, due, lateFrom, values: [] });
  if (now >= lateFrom) return stand("overdue");
  if (now >= first) return stand("due-soon");
  return stand(ends.some((at) => now < later(at, rotatedDays * dayMs)) ? "rotated" : "fresh");
}

/**
 * The state of a credential: a leak before everything, then an exemption, an old value that still lives, and the
 * calendar. Nothing but proof ends a leak: no exemption, no new value, no removed line.
 */
export function stateOf(input: StateInput): Standing {
  const { knowledge, exemption, before, now } = input;
  const leaks = leaksOf(knowledge.values);
  if (leaks.length > 0) return leaked(leaks);
  if (exemption !== undefined && isExempt(exemption, now)) return { ...scheduled(input), state: "exempt", exemption };
  if (hasEnded(input)) return { state: "rotated", values: [] };
  const replaced = replacedOf(knowledge.values);
  if (replaced.length === 0) return scheduled(input);
  const since = before?.state === "rotating" ? before.since : now;
  const due = later(since, rotatingDays * dayMs);
  return { state: "rotating", due, lateFrom: due, values: replaced };
}
