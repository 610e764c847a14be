// A short text about credentials → inventories, observations and runs of `decide`, each checked for what always holds.

import { expect } from "vitest";
import type {
  DeclaredCredential,
  Inventory,
  LeakPlace,
  Ledger,
  LedgerCredential,
  Observation,
  Reminder,
  RotationAction,
} from "../../src/model/rotation.ts";
import { decide, type Decision } from "../../src/rotation/decide.ts";
import type { RotationRule } from "../../src/rotation/rules.ts";

/** Two providers: one whose own page says 60 days, one that says nothing. */
export const rotationRules: readonly RotationRule[] = [
  {
    id: "acme.key",
    provider: "acme",
    providerName: "Acme Pay",
    severity: "critical",
    rotate: { everyDays: 60, source: "provider", where: "https://acme.example/keys", steps: ["make one", "kill one"] },
  },
  { id: "bolt.key", provider: "bolt", providerName: "Bolt", severity: "high" },
];

/** A made-up fingerprint that can be read: lower case letters and digits 2 to 7. */
export function fp(name: string): string {
  return `kf1:${name.padEnd(26, "a")}`;
}

export const emptyInventory: Inventory = {
  credentials: [],
  policies: [],
  exemptions: [],
  owners: { fallback: "team-fallback", security: "team-security" },
  github: { dashboard: false },
};

export const emptyLedger: Ledger = { version: 1, key: "0badc0de", credentials: [] };

/** A declared credential of Bolt, kept in the variable that its id names. */
export function declare(id: string, extra: Partial<DeclaredCredential> = {}): DeclaredCredential {
  return { id, provider: "bolt", keptIn: { env: id.toUpperCase() }, fingerprints: [], ...extra };
}

/** `2026-03-01` or `2026-03-01T12:00` → a moment. */
function moment(text: string): string {
  const [day, time = "00:00"] = text.split("T") as [string, string?];
  return `${day}T${time.length === 5 ? `${time}:00` : time}Z`;
}

type Of<Kind extends Observation["kind"]> = Extract<Observation, { kind: Kind }>;

export function finding(name: string, at: string, extra: Partial<Of<"finding">> = {}): Observation {
  const places: readonly LeakPlace[] = [{ path: "src/pay.ts", line: 3, commit: "c0ffee" }];
  const rest = { provider: "bolt", rule: "bolt.key", severity: "high", places, mayBeOlder: false } as const;
  return { kind: "finding", fingerprint: fp(name), ...rest, at: moment(at), ...extra };
}

export function verification(name: string, status: Of<"verification">["status"], at: string): Of<"verification"> {
  return { kind: "verification", fingerprint: fp(name), status, row: "row", at: moment(at) };
}

export function watch(env: string, name: string, at: string): Observation {
  return { kind: "watch", env, fingerprint: fp(name), at: moment(at) };
}

export function attestation(credential: string, at: string): Observation {
  return { kind: "attestation", credential, by: "Ada", reason: "deleted in the dashboard", at: moment(at) };
}

export function closedByPerson(credential: string, at: string): Observation {
  return { kind: "closed-by-person", credential, at: moment(at) };
}

function checked(input: Parameters<typeof decide>[0]): Decision {
  const decision = decide(input);
  const again = decide({ ...input, ledger: decision.ledger });
  expect(again.ledger, "a second run changes nothing").toEqual(decision.ledger);
  expect(again.actions.filter(({ transition }) => transition)).toEqual([]);
  expect(again.actions.map(({ reminder }) => reminder)).toEqual(decision.actions.map(({ reminder }) => reminder));
  const reversed = decide({ ...input, observations: [...input.observations].reverse() });
  expect(reversed, "the order of observations does not matter").toEqual(decision);
  return decision;
}

/** Runs one after the other on one ledger. Each is done twice, and with its observations turned around. */
export class Keeper {
  ledger: Ledger = emptyLedger;
  inventory: Inventory;
  decision: Decision = { ledger: emptyLedger, actions: [], overview: [] };

  constructor(inventory: Partial<Inventory> = {}) {
    this.inventory = { ...emptyInventory, ...inventory };
  }

  run(at: string, ...observations: readonly Observation[]): Decision {
    const { inventory, ledger } = this;
    this.decision = checked({ inventory, ledger, observations, rules: rotationRules, now: new Date(moment(at)) });
    this.ledger = this.decision.ledger;
    return this.decision;
  }

  /** What the ledger has of a credential after the last run. */
  entry(id: string): LedgerCredential {
    const entry = this.ledger.credentials.find((one) => one.id === id);
    if (entry === undefined) throw new Error(`no ${id} among ${this.ledger.credentials.map((one) => one.id).join()}`);
    return entry;
  }

  action(id: string): RotationAction | undefined {
    return this.decision.actions.find(({ reminder }) => reminder.credential === id);
  }

  reminder(id: string): Reminder {
    const reminder = this.decision.overview.find(({ credential }) => credential === id);
    if (reminder === undefined) throw new Error(`no reminder of ${id}`);
    return reminder;
  }

  /** `overdue-7 open new`: the step, open or closed, and whether it is a transition; `none` without an action. */
  said(id: string): string {
    const action = this.action(id);
    if (action === undefined) return "none";
    const { step, open, snoozedUntil } = action.reminder;
    const words = [step, open ? "open" : "closed", snoozedUntil === undefined ? "" : "snoozed"];
    return [...words, action.transition ? "new" : ""].filter((word) => word !== "").join(" ");
  }
}
