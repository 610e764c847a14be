// `--ledger` on a scan or an audit: a key before it, what was found put into the ledger after it.

import { UsageError } from "../errors.ts";
import type { Report } from "../model/finding.ts";
import type { RotationRequest } from "../pipeline/run-rotation.ts";
import { visible } from "./visible.ts";

/** Before the walk. Throws UsageError where there is no work tree to keep a ledger in, and for files that are wrong. */
export async function beginLedger(request: RotationRequest, bare: boolean): Promise<void> {
  if (bare) {
    throw new UsageError("--ledger needs a repository with a working tree on this machine", {
      hint: "The ledger is a file of it, .keywarden/ledger.json. Clone it and audit that.",
    });
  }
  const { prepareLedger } = await import("../pipeline/run-rotation-input.ts");
  await prepareLedger(request);
}

/** After it: puts a report's findings into the ledger and says on standard error what that came to. */
export async function endLedger(request: RotationRequest, report: Report): Promise<void> {
  const { recordReport } = await import("../pipeline/run-rotation-input.ts");
  const { overview } = await recordReport(request, report);
  const open = overview.filter((reminder) => reminder.open).length;
  process.stderr.write(
    visible(`ledger: ${overview.length} known, ${open} to do something about: keywarden rotation status\n`),
  );
}
