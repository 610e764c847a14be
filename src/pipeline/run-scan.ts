// The corridor of a scan: settings and sources in, a report out. Rooms are called in the order of the walk.

import type { Settings } from "../config/settings.ts";
import type { Source } from "../model/blob.ts";
import { collectFindings } from "./collect-findings.ts";
import { conclude, openSides } from "./conclude.ts";
import type { Guard, ScanOutcome } from "./conclude.ts";
import type { Watch } from "./gather.ts";
import { readSubjects } from "./read-subjects.ts";
import type { VerificationUse } from "./verify-findings.ts";

export type { ScanOutcome } from "./conclude.ts";

/** One run: what is scanned, by which settings, and on which day. */
export interface ScanRequest extends Watch, Guard {
  /** Absolute; paths are shown from here, and settings files stand here. */
  readonly root: string;
  readonly sources: readonly Source[];
  readonly settings: Settings;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds since 1970 that count as today. */
  readonly now: number;
  /** Fingerprints of the findings that matter; absent: all. */
  readonly only?: ReadonlySet<string> | undefined;
  /** How providers are asked; absent: not at all. */
  readonly verification?: VerificationUse | undefined;
  /** Keep secrets' values in the report although nobody is shown them, for a list that is imported by hash. */
  readonly keepValues?: boolean;
}

/** Scans and judges. Throws KeywardenError for wrong settings or sources that cannot be opened. */
export async function runScan(request: ScanRequest): Promise<ScanOutcome> {
  const sides = await openSides(request);
  const { key, keepValues } = sides;
  const rereadable = request.verification !== undefined || request.onValues !== undefined;
  const collected = await collectFindings({ ...request, key, keepValues, rereadable });
  const { gathered, setup } = collected;
  const report = await conclude(request, sides, {
    ...collected,
    ...gathered,
    read: (wanted) => readSubjects(gathered.blobs, wanted, { setup, signal: request.signal }),
  });
  return { report, times: collected.times };
}
