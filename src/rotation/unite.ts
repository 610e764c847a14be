// Entries of a ledger in any order, some of them twice as a merge of branches leaves them, in; each once, sorted, out.

import { compareText } from "../base/compare-text.ts";
import { defined } from "../base/defined.ts";
import type { Instant, KnownFingerprint, LedgerCredential } from "../model/rotation.ts";
import { uniteValues } from "./sight.ts";
import { sortValues } from "./values.ts";

function latest(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}

/** Runs of two branches: the later cycle is where it stands, and then the later state. The next run decides anew. */
function compareProgress(a: LedgerCredential, b: LedgerCredential): number {
  return (
    a.cycle - b.cycle ||
    compareText(a.begun, b.begun) ||
    compareText(a.since, b.since) ||
    compareText(JSON.stringify(a), JSON.stringify(b))
  );
}

function uniteFingerprints(values: readonly KnownFingerprint[]): readonly KnownFingerprint[] {
  const united = new Map<string, KnownFingerprint>();
  for (const value of values) {
    const known = united.get(value.fingerprint);
    united.set(value.fingerprint, known === undefined ? value : uniteValues(known, value));
  }
  return sortValues(united);
}

function unite(older: LedgerCredential, newer: LedgerCredential): LedgerCredential {
  const sameCycle = older.cycle === newer.cycle;
  const words = [older.attestation, newer.attestation].filter((word) => word !== undefined);
  const closedEarly = Math.max(newer.closedEarly ?? 0, sameCycle ? (older.closedEarly ?? 0) : 0);
  return {
    ...newer,
    declared: older.declared || newer.declared,
    fingerprints: uniteFingerprints([...older.fingerprints, ...newer.fingerprints]),
    ...defined({
      rule: newer.rule ?? older.rule,
      severity: newer.severity ?? older.severity,
      step: newer.step ?? older.step,
      issue: newer.issue ?? older.issue,
      closedAt: sameCycle ? latest(older.closedAt, newer.closedAt) : newer.closedAt,
      snoozedUntil: sameCycle ? latest(older.snoozedUntil, newer.snoozedUntil) : newer.snoozedUntil,
      closedEarly: closedEarly === 0 ? undefined : closedEarly,
      attestation: words.toSorted((a, b) => compareText(a.at, b.at)).at(-1),
      rotatedAt: latest(older.rotatedAt, newer.rotatedAt),
      storedAt: latest(older.storedAt, newer.storedAt),
      movedTo: newer.movedTo ?? older.movedTo,
    }),
  };
}

function isSettled({ fingerprints }: LedgerCredential): boolean {
  if (new Set(fingerprints.map(({ fingerprint }) => fingerprint)).size < fingerprints.length) return false;
  return fingerprints.every((value, index) => {
    const before = fingerprints[index - 1];
    if (before === undefined) return true;
    const order = compareText(before.firstSeen, value.firstSeen) || compareText(before.fingerprint, value.fingerprint);
    return order < 0;
  });
}

/**
 * Sorts entries by id and their fingerprints by first sight, and unites those of one id: nothing that either branch
 * learnt of a value is lost. The order that they come in does not matter.
 */
export function settleCredentials(entries: readonly LedgerCredential[]): readonly LedgerCredential[] {
  const byId = new Map<string, LedgerCredential[]>();
  for (const entry of entries) {
    const known = byId.get(entry.id);
    if (known === undefined) byId.set(entry.id, [entry]);
    else known.push(entry);
  }
  const settled = [...byId.values()].map((same) => {
    const [first, ...others] = same.toSorted(compareProgress);
    const one = others.reduce(unite, first as LedgerCredential);
    return isSettled(one) ? one : { ...one, fingerprints: uniteFingerprints(one.fingerprints) };
  });
  return settled.sort((a, b) => compareText(a.id, b.id));
}
