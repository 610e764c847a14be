// What people, schedules and audits say of credentials in, the inventory and the ledger brought up to date out.

import { instantOf } from "../base/days.ts";
import { nearest } from "../base/nearest.ts";
import { ConfigError, UsageError } from "../errors.ts";
import type { Report } from "../model/finding.ts";
import type { Observation } from "../model/rotation.ts";
import type { Decision } from "../rotation/decide.ts";
import { looksPasted } from "../rotation/pasted.ts";
import { userOf } from "./rotation/git-config.ts";
import { adoptInto, initInventory } from "./rotation/inventory-file.ts";
import { ledgerKey, readLedger } from "./rotation/ledger-file.ts";
import { observeFindings, observeReport } from "./rotation/observe-findings.ts";
import { readSavedFindings } from "./rotation/saved-findings.ts";
import { watchVariables } from "./rotation/watch-env.ts";
import { openRotation, record } from "./run-rotation.ts";
import type { Rotation, RotationRequest } from "./run-rotation.ts";
import { keyOf } from "./side-files.ts";

/** What `watch` names. */
export interface Watched {
  /** Environment variables. */
  readonly names: readonly string[];
  readonly environment?: string | undefined;
}

/** Notes the fingerprints of variables' values. Throws UsageError for one that is not set, or that nothing is kept in. */
export async function runWatch(rotation: Rotation, watched: Watched): Promise<Decision> {
  const { inventory, request } = rotation;
  const { settings, env, now, root } = request;
  const key = ledgerKey(root, env);
  const at = instantOf(now);
  const observations = await watchVariables({ ...watched, env, inventory, settings, key, now, at });
  return record(rotation, observations);
}

/** What a person says of a credential. */
export interface Attestation {
  readonly id: string;
  /** Who says so; absent: the user that git knows. */
  readonly by?: string | undefined;
  readonly reason: string;
}

/** Ids of commits are welcome in a reason. */
const commitId = /\b[0-9a-f]{40}\b/g;

/** A reason goes into the ledger and to every channel. Throws UsageError where a secret was pasted into it. */
function checkWords({ id, by = "", reason }: Attestation): void {
  const ends = new Set([id.slice(id.lastIndexOf("-") + 1)]);
  const wrong = [reason, by].some((words) => looksPasted(words.replaceAll(commitId, ""), ends));
  if (!wrong) return;
  throw new UsageError("a secret seems to stand in the reason or the name", {
    hint: "Others will read them. Say how you know that it is dead, without the value.",
  });
}

/** Notes a person's word and gives the name with it. Throws UsageError for a credential or a person that nobody knows. */
export async function runAttest(rotation: Rotation, attestation: Attestation): Promise<Decision & { by: string }> {
  const { id, reason } = attestation;
  checkWords(attestation);
  const { inventory, request } = rotation;
  const ledger = readLedger(request.root, request.env);
  const known = new Set([...inventory.credentials, ...ledger.credentials].map((one) => one.id));
  if (!known.has(id)) {
    const meant = nearest(id, known);
    throw new UsageError(`no credential is called ${id}`, {
      hint: meant === undefined ? "keywarden rotation status lists them." : `Did you mean ${meant}?`,
    });
  }
  const by = attestation.by ?? (await userOf(request.root));
  if (by === undefined) {
    throw new UsageError("nobody's name is known", { hint: "Give it with --by NAME, or set user.name in git." });
  }
  const at = instantOf(request.now);
  return { by, ...(await record(rotation, [{ kind: "attestation", credential: id, by, reason, at }])) };
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

/** What was adopted. */
export interface Adopted {
  /** Ids of the new entries. */
  readonly added: readonly string[];
  /** Findings that were listed already. */
  readonly known: number;
}

/** Findings to adopt: a report that was just made, or the text of a saved one. */
export type Adoptable =
  | { readonly kind: "report"; readonly report: Report }
  | { readonly kind: "saved"; readonly text: string; readonly file: string };

/** Throws where a saved report cannot have been made with the key of this repository's ledger. */
function observe(given: Adoptable, { root, env, now }: RotationRequest): readonly Observation[] {
  if (given.kind === "report") return observeReport(given.report, instantOf(now));
  const findings = readSavedFindings(given.text, given.file);
  if (keyOf(root, env).id === "default") {
    throw new ConfigError(
      "its fingerprints were made before this repository had a key of its own",
      { file: given.file },
      { hint: "Run keywarden rotation init, audit again, and adopt that report." },
    );
  }
  return observeFindings(findings, instantOf(now));
}

/** Adds an entry to the inventory for each finding that it does not list, and puts them all into the ledger. */
export async function runAdopt(request: RotationRequest, given: Adoptable): Promise<Adopted> {
  const { context } = await openRotation(request);
  const observations = observe(given, request);
  const findings = observations.filter((one) => one.kind === "finding");
  const added = await adoptInto(request.root, findings, context);
  // The inventory is another one now.
  await record(await openRotation(request), observations);
  return { added, known: findings.length - added.length };
}

/** Writes the first inventory and makes the key; `written` is false where an inventory is there already. */
export async function runInit({ root, env }: Pick<RotationRequest, "root" | "env">): Promise<{ written: boolean }> {
  ledgerKey(root, env);
  return { written: await initInventory(root) };
}
