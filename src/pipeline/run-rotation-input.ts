// What schedules and audits see of credentials in, the ledger brought up to date out; and the first files of a root.

import { instantOf } from "../base/days.ts";
import type { Report } from "../model/finding.ts";
import type { Decision } from "../rotation/decide.ts";
import { withEveryRule } from "./choose-rules.ts";
import { initInventory } from "./rotation/inventory-file.ts";
import { ledgerKey, readLedger } from "./rotation/ledger-file.ts";
import { observeReport } from "./rotation/observe-findings.ts";
import { watchVariables } from "./rotation/watch-env.ts";
import { openRotation, record } from "./run-rotation.ts";
import type { Rotation, RotationRequest } from "./run-rotation.ts";

/** What `watch` names. */
export interface Watched {
  /** Environment variables. */
  readonly names: readonly string[];
  readonly environment?: string | undefined;
}

/** Notes the fingerprints of variables' values. Throws UsageError for one that is not set, or that nothing is kept in. */
export async function runWatch(rotation: Rotation, watched: Watched): Promise<Decision> {
  const { inventory, request } = rotation;
  const { env, now, root } = request;
  const settings = withEveryRule(request.settings);
  const key = ledgerKey(root, env);
  const at = instantOf(now);
  const observations = await watchVariables({ ...watched, env, inventory, settings, key, now, at });
  return record(rotation, observations);
}

/**
 * Makes the key that fingerprints need to go into the ledger, where there is none, and reads what they will go into: who
 * waits for an audit wants to hear of a damaged file before it. Throws as reading them does.
 */
export async function prepareLedger(request: RotationRequest): Promise<void> {
  const { root, env } = request;
  await openRotation(request);
  ledgerKey(root, env);
  readLedger(root, env);
}

/** Puts the findings of a report that was just made into the ledger. */
export async function recordReport(request: RotationRequest, report: Report): Promise<Decision> {
  const rotation = await openRotation(request);
  return record(rotation, observeReport(report, instantOf(request.now)));
}

/** Writes the first inventory and makes the key; `written` is false where an inventory is there already. */
export async function runInit({ root, env }: Pick<RotationRequest, "root" | "env">): Promise<{ written: boolean }> {
  ledgerKey(root, env);
  return { written: await initInventory(root) };
}
