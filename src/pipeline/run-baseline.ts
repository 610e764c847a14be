// A scan's findings in, a baseline file out: made new, brought up to date, or taken over from another scanner's list.

import { existsSync } from "node:fs";
import { matchesGlob } from "../base/glob.ts";
import type { Settings } from "../config/settings.ts";
import { UsageError } from "../errors.ts";
import { namesOf } from "../findings/fingerprint.ts";
import type { Finding, Report } from "../model/finding.ts";
import { settleEntries, updateBaseline } from "../policy/baseline.ts";
import type { EntryDefaults } from "../policy/baseline.ts";
import type { ForeignKind } from "../policy/foreign.ts";
import { importBaseline } from "../policy/import.ts";
import { baselinePath, openBaseline, saveBaseline } from "./baseline-file.ts";
import { runScan } from "./run-scan.ts";
import type { ScanRequest } from "./run-scan.ts";

/** What to scan for a baseline; `settings.baseline` names the file that is written. */
export type BaselineRequest = Omit<ScanRequest, "keepValues">;

/** What became of a baseline. */
export interface BaselineOutcome {
  readonly file: string;
  readonly added: number;
  readonly kept: number;
  readonly gone: number;
  /** The scan that it was made from. */
  readonly report: Report;
  /** Lines of an imported list that named no finding. */
  readonly unmatched: number;
}

/** Another scanner's list, and what its entries get in the baseline. */
export interface ForeignList extends Pick<EntryDefaults, "owner" | "until"> {
  readonly kind: ForeignKind;
  readonly text: string;
  readonly file: string;
}

/** The findings that nothing but the baseline itself allows. */
async function scanForBaseline(
  request: BaselineRequest,
  honour: Settings["honour"],
  keepValues: boolean,
): Promise<{ readonly report: Report; readonly findings: readonly Finding[] }> {
  const settings = { ...request.settings, baseline: false as const, honour };
  const { report } = await runScan({ ...request, settings, keepValues });
  const open = report.verdicts.filter((verdict) => verdict.decision !== "allow");
  return { report, findings: open.map((verdict) => verdict.finding) };
}

/**
 * Writes `.keywarden/baseline.json` (or the setting's file). `create` refuses to replace one; `update` keeps what people
 * wrote in existing entries and drops those that nothing was found for only with `prune`.
 */
export async function writeBaseline(
  request: BaselineRequest,
  how: { readonly create: boolean; readonly prune: boolean; readonly defaults: EntryDefaults },
): Promise<BaselineOutcome> {
  const { root, settings, env } = request;
  const place = baselinePath(root, settings.baseline);
  if (how.create && existsSync(place.native)) {
    throw new UsageError(`${place.shown} is there already`, {
      hint: "Bring it up to date with: keywarden baseline update",
    });
  }
  const file = openBaseline(root, settings.baseline, env);
  const { report, findings } = await scanForBaseline(request, settings.honour, false);
  const { baseline, ...counts } = updateBaseline({
    ...(file.before === undefined ? {} : { baseline: file.before }),
    findings,
    key: file.key,
    defaults: how.defaults,
    prune: how.prune,
  });
  await saveBaseline(file, baseline);
  return { file: file.shown, ...counts, report, unmatched: 0 };
}

/** Adds the findings that another scanner's list names to the baseline. */
export async function importList(request: BaselineRequest, list: ForeignList): Promise<BaselineOutcome> {
  const file = openBaseline(request.root, request.settings.baseline, request.env);
  const before = file.before?.entries ?? [];
  const { report, findings } = await scanForBaseline(request, [], true);
  const imported = importBaseline({ ...list, findings, tools: { matchesGlob, namesOf } });
  const known = new Set(before.map((entry) => entry.fingerprint));
  const added = imported.entries.filter((entry) => !known.has(entry.fingerprint));
  await saveBaseline(file, { version: 1, key: file.key, entries: settleEntries([...before, ...added]) });
  return {
    file: file.shown,
    added: added.length,
    kept: known.size,
    gone: 0,
    report,
    unmatched: imported.unmatched.length,
  };
}
