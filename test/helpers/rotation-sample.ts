// Reminders of every state in, an overview that shows all that channels can show out; its names and days are made up.

import { overviewOf } from "../../src/channels/overview.ts";
import type { Overview } from "../../src/channels/overview.ts";
import type { Ledger, LedgerCredential, Reminder } from "../../src/model/rotation.ts";

/** The day on which samples are looked at. */
export const sampleNow = "2026-11-28T09:30:00Z";

/** A reminder of a healthy credential, with whatever a test changes. */
export function sampleReminder(changes: Partial<Reminder> = {}): Reminder {
  return {
    credential: "billing-key",
    provider: "acme",
    providerName: "Acme Pay",
    state: "fresh",
    cycle: 1,
    step: "fresh",
    open: false,
    due: "2027-01-10T00:00:00Z",
    policy: {
      name: "default",
      everyDays: 90,
      notifyDays: [14, 7, 1, 0],
      graceDays: 0,
      reason: "The provider's own page says so.",
      saidBy: "provider",
    },
    age: { source: "declared", confidence: "exact", since: "2026-10-12" },
    leak: false,
    places: [],
    owner: "@acme/payments",
    severity: "high",
    closesHeardUntil: "2026-10-12T00:00:00Z",
    closedEarly: 0,
    playbook: { where: "https://acme.example/keys", steps: ["create a new key", "deploy it", "delete the old key"] },
    ...changes,
  };
}

/** An overview of these reminders; each state began on the day before. */
export function sampleOverview(reminders: readonly Reminder[], since = "2026-11-27T08:00:00Z"): Overview {
  const credentials = reminders.map(({ credential, provider, state, cycle, age }): LedgerCredential => ({
    id: credential,
    provider,
    declared: true,
    state,
    since,
    cycle,
    begun: since,
    age,
    fingerprints: [],
  }));
  const ledger: Ledger = { version: 1, key: "0a1b2c3d", seenAt: sampleNow, credentials };
  return overviewOf(ledger, reminders, sampleNow);
}

function without<Key extends keyof Reminder>(reminder: Reminder, key: Key): Omit<Reminder, Key> {
  const { [key]: _, ...rest } = reminder;
  return rest;
}

/** One credential in each state, most of what a reminder can hold, and texts that mean harm. */
export function richReminders(): readonly Reminder[] {
  return [
    sampleReminder(),
    without(
      sampleReminder({
        credential: "ogarni-ai-x7k2m4p9",
        provider: "ogarni-ai",
        providerName: "Ogarni.AI",
        state: "leaked",
        step: "leaked-active",
        open: true,
        due: "2026-11-29T09:30:00Z",
        age: { source: "history", confidence: "at-least", since: "2026-08-20" },
        leak: true,
        severity: "critical",
        places: [
          { path: "config/prod.env", line: 3, commit: "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d" },
          { path: "docs/a|b`c](x).md", line: 12 },
        ],
        author: "Ann Author <ann@example.com>",
        evidence: { kind: "verification", status: "active", row: "ok", at: "2026-11-28T09:00:00Z" },
      }),
      "owner",
    ) as Reminder,
    sampleReminder({
      credential: "search-key",
      state: "overdue",
      step: "overdue-14",
      open: true,
      due: "2026-11-14T00:00:00Z",
      escalateTo: "@acme/platform",
      age: { source: "provider", confidence: "exact", since: "2026-08-16" },
      snoozedUntil: "2026-12-01T00:00:00Z",
      policy: {
        name: "production",
        everyDays: 60,
        notifyDays: [14, 7, 1, 0],
        graceDays: 7,
        reason: "our handbook, section 4",
        saidBy: "inventory",
      },
    }),
    sampleReminder({
      credential: "mail-key",
      state: "due-soon",
      step: "due-7",
      open: true,
      due: "2026-12-05T00:00:00Z",
    }),
    sampleReminder({
      credential: "map-key",
      state: "rotating",
      step: "rotating",
      cycle: 3,
      open: true,
      due: "2026-12-03T10:00:00Z",
      evidence: {
        kind: "attestation",
        by: "Bo <bo@example.com>",
        reason: "deleted @everyone <img>",
        at: "2026-11-20T10:00:00Z",
      },
    }),
    without(
      sampleReminder({
        credential: "old-key",
        state: "unknown-age",
        step: "unknown-age",
        open: true,
        age: { source: "none", confidence: "unknown" },
      }),
      "due",
    ) as Reminder,
    without(
      sampleReminder({
        credential: "gone-key",
        state: "rotated",
        step: "closed",
        cycle: 2,
        proof: { kind: "verification", status: "inactive", row: "invalid", at: "2026-11-27T08:00:00Z" },
      }),
      "due",
    ) as Reminder,
    sampleReminder({
      credential: "kiosk-key",
      state: "exempt",
      step: "exempt",
      proof: { kind: "exemption", reason: "read-only demo", until: "2027-02-01" },
    }),
  ];
}
