// A folder and a number in, so many credentials in the ledger of that folder out: found and declared, of every age.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addDays, dayOfInstant, startOf } from "../../src/base/days.ts";
import { chooseKey } from "../../src/findings/key.ts";
import type { KnownFingerprint, Ledger, LedgerCredential } from "../../src/model/rotation.ts";
import { serialiseLedger } from "../../src/rotation/ledger.ts";

const salt = "5a".repeat(32);
const letters = "abcdefghijklmnopqrstuvwxyz234567";

/** A fingerprint of nothing, another one for each number. */
function fingerprintOf(number: number): string {
  let text = "";
  for (let rest = number, index = 0; index < 26; index++, rest = Math.floor(rest / 32)) text += letters[rest % 32];
  return `kf1:${text}`;
}

/** Every other one is dead; the rest have leaked. */
function credentialOf(number: number, today: string): LedgerCredential {
  const since = startOf(addDays(today, -(number % 400)));
  const isDead = number % 2 === 0;
  const known: KnownFingerprint = {
    fingerprint: fingerprintOf(number),
    firstSeen: since,
    lastSeen: since,
    leakedAt: since,
    places: [{ path: `services/${number % 97}/config/${number}.env`, line: 1 + (number % 60) }],
    author: "Ann Author <ann@example.com>",
    firstCommitAt: since,
    mayBeOlder: false,
    ...(isDead
      ? { state: "dead", evidence: { kind: "verification", status: "inactive", row: "invalid", at: since } }
      : { state: "unproven" }),
  };
  return {
    id: `ogarni-ai-${number.toString(36).padStart(8, "0")}`,
    provider: "ogarni-ai",
    rule: "ogarni-ai.api-token",
    severity: "high",
    declared: false,
    state: isDead ? "rotated" : "leaked",
    since,
    cycle: 1,
    begun: since,
    age: { source: "history", confidence: "at-least", since: dayOfInstant(since) },
    fingerprints: [known],
    step: isDead ? "closed" : "leaked",
  };
}

/** Writes a salt and a ledger of `count` found credentials below `root`. */
export function writeManyCredentials(root: string, count: number, now: Date): void {
  const today = now.toISOString().slice(0, 10);
  const ledger: Ledger = {
    version: 1,
    key: chooseKey({ salt }).id,
    seenAt: startOf(addDays(today, -1)),
    credentials: Array.from({ length: count }, (_, number) => credentialOf(number, today)),
  };
  mkdirSync(join(root, ".keywarden"), { recursive: true });
  writeFileSync(join(root, ".keywarden/salt"), `${salt}\n`);
  writeFileSync(join(root, ".keywarden/ledger.json"), serialiseLedger(ledger));
}
