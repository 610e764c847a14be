// The corridor of a scan: settings and sources in, a report out. Rooms are called in the order of the walk.

import type { Settings } from "../config/settings.ts";
import type { Source } from "../model/blob.ts";
import { collectFindings } from "./collect-findings.ts";
import { conclude, openSides } from "./conclude.ts";
import type { ScanOutcome } from "./conclude.ts";
import type { Watch } from "./gather.ts";

export type { ScanOutcome } from "./conclude.ts";

/** One run: what is scanned, by which settings, and on which day. */
export interface ScanRequest extends Watch {
  /** Absolute; paths are shown from here, and settings files stand here. */
  readonly root: string;
  readonly sources: readonly Source[];
  readonly settings: Settings;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds since 1970 that count as today. */
  readonly now: number;
  /** Keep secrets' values in the report although nobody is shown them, for a list that is imported by hash. */
  readonly keepValues?: boolean;
}

/** Scans and judges. Throws KeywardenError for wrong settings or sources that cannot be opened. */
export async function runScan(request: ScanRequest): Promise<ScanOutcome> {
  const sides = await openSides(request);
  const collected = await collectFindings({ ...request, key: sides.key, keepValues: sides.keepValues });
  const report = conclude(request, sides, { ...collected, ...collected.gathered });
  return { report, times: collected.times };
}
