// A parsed `verify` command line in, the report of what providers said out.

import type { PartialSettings, Settings } from "../config/settings.ts";
import type { Report } from "../model/finding.ts";
import { runVerify } from "../pipeline/run-verify.ts";
import type { VerifyTarget } from "../pipeline/run-verify.ts";
import { rootOf } from "../pipeline/side-files.ts";
import { onInterrupt } from "./interrupt.ts";
import { settingsAt, verificationOf, writeReports } from "./scan-command.ts";
import type { VerifyFlags } from "./verify-flags.ts";

/** What was typed after `keywarden verify`. */
export interface VerifyCommand {
  readonly target: VerifyTarget;
  readonly typed: PartialSettings;
  readonly config: string | undefined;
  readonly verbose: boolean;
  readonly verify: VerifyFlags | undefined;
}

/** Verifies and writes every report that the settings ask for. Unless told otherwise, what is not proven dead fails. */
export async function verifyCommand(given: VerifyCommand): Promise<{ report: Report; settings: Settings }> {
  const root = rootOf(process.cwd(), []);
  const settings = await settingsAt(root, { failOn: "unknown", ...given.typed }, given.config);
  if (given.target.kind === "stdin" && process.stdin.isTTY === true) {
    process.stderr.write(
      "Paste the credential with the name it is assigned to, then press Ctrl-D on a line of its own.\n",
    );
  }
  const interrupt = onInterrupt();
  try {
    const verification = await verificationOf(given.verify, {
      root,
      settings,
      signal: interrupt.signal,
      quiet: () => undefined,
    });
    const { report } = await runVerify(given.target, {
      root,
      settings,
      env: process.env,
      now: Date.now(),
      signal: interrupt.signal,
      verification,
    });
    if (given.verify?.planOnly !== true) await writeReports(report, settings, given.verbose);
    return { report, settings };
  } finally {
    interrupt.release();
  }
}
