// Findings of an audit in, entries of the inventory and of the ledger out.

import { instantOf } from "../../base/days.ts";
import { ConfigError } from "../../errors.ts";
import type { Report } from "../../model/finding.ts";
import type { Observation } from "../../model/rotation.ts";
import { openRotation, record } from "../run-rotation.ts";
import type { RotationRequest } from "../run-rotation.ts";
import { keyOf } from "../side-files.ts";
import { adoptInto } from "./inventory-file.ts";
import { observeFindings, observeReport } from "./observe-findings.ts";
import { readSavedFindings } from "./saved-findings.ts";

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
