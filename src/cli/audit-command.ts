// A parsed `audit` command line in, reports written where they belong out.

import type { PartialSettings, Settings } from "../config/settings.ts";
import type { Report } from "../model/finding.ts";
import type { AuditScope } from "../pipeline/audit-request.ts";
import { openAuditTarget } from "../pipeline/audit-target.ts";
import { showProgress } from "../pipeline/progress.ts";
import { runAudit } from "../pipeline/run-audit.ts";
import { onInterrupt } from "./interrupt.ts";
import { beginLedger } from "./ledger-flag.ts";
import { checkFailOn, settingsAt, tellRun, verificationOf } from "./scan-command.ts";
import type { VerifyFlags } from "./verify-flags.ts";
import { visible } from "./visible.ts";

/** What was typed after `keywarden audit`. */
export interface AuditCommand {
  /** A path or a URL. */
  readonly repository: string;
  readonly scope: AuditScope;
  readonly cache: boolean;
  readonly typed: PartialSettings;
  readonly config: string | undefined;
  readonly verbose: boolean;
  /** Absent: nobody is asked. */
  readonly verify: VerifyFlags | undefined;
  /** What is found enters the ledger. */
  readonly ledger: boolean;
}

/** Takes a URL with credentials off the list of processes, as far as the system lets us. */
function hideArguments(repository: string): void {
  if (/:.*@/s.test(repository)) process.title = "keywarden audit";
}

/** A closed terminal ends the process; what a clone left on the disk goes with it. */
function onHangup(): () => void {
  const end = () => process.exit(129);
  process.on("SIGHUP", end);
  return () => process.off("SIGHUP", end);
}

/** Runs the audit and writes every report that the settings ask for. */
export async function auditCommand(given: AuditCommand): Promise<{ report: Report; settings: Settings }> {
  hideArguments(given.repository);
  const progress = showProgress(process.stderr, Date.now);
  const interrupt = onInterrupt();
  const release = onHangup();
  const now = Date.now();
  try {
    const target = await openAuditTarget(given.repository, {
      cwd: process.cwd(),
      now,
      signal: interrupt.signal,
      onClone: (shown) => progress.say(`cloning ${visible(shown)}`),
    });
    try {
      const settings = await settingsAt(target.root, given.typed, given.config);
      checkFailOn(settings, given.verify);
      const { root, bare, shown } = target;
      const place = { root, settings, env: process.env, now };
      if (given.ledger) await beginLedger(place, bare);
      const { signal } = interrupt;
      const verification = await verificationOf(given.verify, { root, settings, signal, quiet: progress.done });
      const { report, times } = await runAudit({
        root,
        bare,
        shown,
        settings,
        scope: given.scope,
        env: process.env,
        now,
        cache: given.cache,
        ...(settings.maxMemory === undefined ? {} : { maxMemoryBytes: settings.maxMemory }),
        signal,
        verification,
        onProgress: progress.update,
      });
      progress.done();
      await tellRun({ report, times }, given, place);
      return { report, settings };
    } finally {
      target.release();
    }
  } finally {
    progress.done();
    interrupt.release();
    release();
  }
}
