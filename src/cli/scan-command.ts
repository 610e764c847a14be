// A parsed `scan` command line in, reports written where they belong out.

import path from "node:path";
import { loadConfig } from "../config/load.ts";
import { mergeSettings } from "../config/merge.ts";
import type { PartialSettings, Settings } from "../config/settings.ts";
import { UsageError } from "../errors.ts";
import type { Report } from "../model/finding.ts";
import { showProgress } from "../pipeline/progress.ts";
import { loadAndRender, writeReport } from "../pipeline/render.ts";
import { runScan } from "../pipeline/run-scan.ts";
import type { ScanOutcome } from "../pipeline/run-scan.ts";
import type { RotationRequest } from "../pipeline/run-rotation.ts";
import { openTarget } from "../pipeline/scan-target.ts";
import type { ScanTarget } from "../pipeline/scan-target.ts";
import { rootOf } from "../pipeline/side-files.ts";
import type { VerificationUse } from "../pipeline/verify-findings.ts";
import { onInterrupt } from "./interrupt.ts";
import { beginLedger, endLedger } from "./ledger-flag.ts";
import { screenWidth, wantsColor } from "./screen.ts";
import type { VerifyFlags } from "./verify-flags.ts";
import { visible } from "./visible.ts";

/** What was typed after `keywarden scan`. */
export interface ScanCommand {
  readonly target: ScanTarget;
  readonly typed: PartialSettings;
  readonly config: string | undefined;
  readonly verbose: boolean;
  /** Absent: nobody is asked. */
  readonly verify?: VerifyFlags | undefined;
  /** What is found enters the ledger. */
  readonly ledger: boolean;
}

/** Reads the settings of a root and puts the typed ones on top. Throws for wrong ones. */
export async function settingsAt(root: string, typed: PartialSettings, config: string | undefined): Promise<Settings> {
  const loaded = await loadConfig(root, config);
  const settings = mergeSettings(loaded.settings, typed);
  if (settings.showSecrets && (process.env["CI"] ?? "") !== "") {
    throw new UsageError("--show-secrets is refused where CI is set", {
      hint: "A build log is no place for a secret. Run it on your own machine.",
    });
  }
  return settings;
}

/** Throws UsageError where a run could only ever succeed. */
export function checkFailOn({ failOn }: Settings, verify: VerifyFlags | undefined): void {
  if (failOn !== "active" || verify !== undefined) return;
  throw new UsageError("--fail-on active needs --verify", { hint: "Without it nothing is proven to work." });
}

/** Writes every report that the settings ask for, to standard output or to its file. */
export async function writeReports(report: Report, settings: Settings, verbose: boolean): Promise<void> {
  for (const { format, output } of settings.format) {
    const toScreen = output === undefined;
    const text = await loadAndRender(report, format, {
      color: toScreen && wantsColor(settings.color, process.stdout.isTTY === true),
      width: toScreen ? screenWidth() : 100,
      verbose,
      showSecrets: settings.showSecrets,
      scannedAt: new Date().toISOString().slice(0, 19),
    });
    await writeReport(
      text,
      output === undefined ? { kind: "stream", stream: process.stdout } : { kind: "file", file: path.resolve(output) },
    );
  }
}

/** Says on standard error how long each rule took, the slowest first. */
function writeTimes(times: ReadonlyMap<string, number>): void {
  const rows = [...times].toSorted((a, b) => b[1] - a[1]).filter(([, ms]) => ms >= 0.1);
  for (const [rule, ms] of rows) process.stderr.write(`${ms.toFixed(1).padStart(9)} ms  ${rule}\n`);
}

/** How the run verifies, by what was typed; the plan goes to standard output where it is all that was asked for. */
export async function verificationOf(
  flags: VerifyFlags | undefined,
  at: { readonly root: string; readonly settings: Settings; readonly signal: AbortSignal; readonly quiet: () => void },
): Promise<VerificationUse | undefined> {
  if (flags === undefined) return undefined;
  const say = (words: string, stream: NodeJS.WriteStream): void => {
    at.quiet();
    stream.write(visible(words));
  };
  const { openVerification } = await import("../pipeline/open-verification.ts");
  return openVerification(flags, {
    root: at.root,
    rules: at.settings.rules,
    env: process.env,
    signal: at.signal,
    onNote: (words) => say(`keywarden: ${words}`, process.stderr),
    onPlan: (words) => say(words, flags.planOnly === true ? process.stdout : process.stderr),
  });
}

/** Tells what came of a run: its reports, the ledger and the times of rules, as far as they were asked for. */
export async function tellRun(
  { report, times }: ScanOutcome,
  given: Pick<ScanCommand, "verify" | "verbose" | "ledger">,
  place: RotationRequest,
): Promise<void> {
  const planOnly = given.verify?.planOnly === true;
  if (!planOnly) await writeReports(report, place.settings, given.verbose);
  if (given.ledger && !planOnly) await endLedger(place, report);
  if (place.settings.timings) writeTimes(times);
}

/** Runs the scan and writes every report that the settings ask for. */
export async function scanCommand(given: ScanCommand): Promise<{ report: Report; settings: Settings }> {
  const cwd = process.cwd();
  const root = rootOf(cwd, given.target.kind === "paths" ? given.target.paths : []);
  const settings = await settingsAt(root, given.typed, given.config);
  checkFailOn(settings, given.verify);
  const source = await openTarget(given.target, { cwd, root }, settings);
  const progress = showProgress(process.stderr, Date.now);
  const interrupt = onInterrupt();
  const now = Date.now();
  const place = { root, settings, env: process.env, now };
  try {
    if (given.ledger) await beginLedger(place, false);
    const { report, times } = await runScan({
      root,
      sources: [source],
      settings,
      env: process.env,
      now,
      signal: interrupt.signal,
      verification: await verificationOf(given.verify, {
        root,
        settings,
        signal: interrupt.signal,
        quiet: progress.done,
      }),
      onProgress: progress.update,
    });
    progress.done();
    await tellRun({ report, times }, given, place);
    return { report, settings };
  } finally {
    progress.done();
    interrupt.release();
  }
}
