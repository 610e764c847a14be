// A root in, its ledger out; and a change of it back into the file, one run at a time.

import { readRootedFile, updateRootedFile } from "../../base/locked-file.ts";
import type { RootedFile } from "../../base/locked-file.ts";
import type { FingerprintKey } from "../../findings/key.ts";
import type { Ledger } from "../../model/rotation.ts";
import { emptyLedger, ledgerFile, parseLedger, serialiseLedger } from "../../rotation/ledger.ts";
import { ownKey } from "../own-key.ts";
import { keyOf } from "../side-files.ts";

/** What a change of the ledger gives. */
export interface LedgerChange<Result> {
  readonly ledger: Ledger;
  readonly result: Result;
}

function place(root: string): RootedFile {
  return { root, file: ledgerFile };
}

/**
 * The key that a run must make its fingerprints with if they are to go into the ledger: the repository's salt is made here
 * where there is neither salt nor KEYWARDEN_KEY, so ask before anything is scanned.
 */
export function ledgerKey(root: string, env: NodeJS.ProcessEnv): FingerprintKey {
  return ownKey(root, env);
}

/** The ledger as it stands, or an empty one. Writes nothing and waits for nobody. Throws ConfigError for a damaged one. */
export function readLedger(root: string, env: NodeJS.ProcessEnv): Ledger {
  const key = keyOf(root, env).id;
  const text = readRootedFile(place(root));
  return text === undefined ? emptyLedger(key) : parseLedger(text, { key });
}

/** Has a run of this root written a ledger? Channels may then show what nobody knows any more. */
export function hasLedger(root: string): boolean {
  return readRootedFile(place(root)) !== undefined;
}

/**
 * Gives `change` the ledger as it stands, or an empty one, while no other run can change it, and writes what comes back;
 * the file is not touched where that is the same. Throws ConfigError for a ledger that is damaged, newer than this program
 * or made with another key, UsageError where it cannot be locked or written: the old file stands as it was.
 */
export async function updateLedger<Result>(
  root: string,
  env: NodeJS.ProcessEnv,
  change: (ledger: Ledger) => LedgerChange<Result> | Promise<LedgerChange<Result>>,
): Promise<Result> {
  const key = ownKey(root, env).id;
  return await updateRootedFile(place(root), async (before) => {
    const { ledger, result } = await change(before === undefined ? emptyLedger(key) : parseLedger(before, { key }));
    const isNothing = before === undefined && ledger.credentials.length === 0;
    return { result, ...(isNothing ? {} : { text: serialiseLedger(ledger) }) };
  });
}
