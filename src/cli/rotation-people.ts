// Parsed `rotation watch`, `attest`, `adopt` and `init` in, the ledger and the inventory brought up to date out.

import type { Settings } from "../config/settings.ts";
import { openAuditTarget } from "../pipeline/audit-target.ts";
import { runAudit } from "../pipeline/run-audit.ts";
import { openRotation } from "../pipeline/run-rotation.ts";
import type { RotationRequest } from "../pipeline/run-rotation.ts";
import { runAdopt } from "../pipeline/rotation/adopt-findings.ts";
import type { Adoptable } from "../pipeline/rotation/adopt-findings.ts";
import { runAttest } from "../pipeline/rotation/attest.ts";
import { prepareLedger, runInit, runWatch } from "../pipeline/run-rotation-input.ts";
import { readReportText } from "../pipeline/saved-report.ts";
import { rootOf } from "../pipeline/side-files.ts";
import { onInterrupt } from "./interrupt.ts";
import { say } from "./say.ts";
import { settingsAt } from "./scan-command.ts";
import { stdinText } from "./stdin-text.ts";

interface Common {
  readonly config: string | undefined;
}

async function requestHere({ config }: Common): Promise<RotationRequest> {
  const root = rootOf(process.cwd(), []);
  return { root, settings: await settingsAt(root, {}, config), env: process.env, now: Date.now() };
}

/** Notes the values of variables, by their fingerprints. */
export async function watchCommand(
  given: Common & { readonly names: readonly string[]; readonly environment: string | undefined },
): Promise<void> {
  const rotation = await openRotation(await requestHere(given));
  const { overview } = await runWatch(rotation, { names: given.names, environment: given.environment });
  const kept = new Map(rotation.inventory.credentials.map(({ id, keptIn }) => [id, keptIn.env ?? ""]));
  for (const { credential, state } of overview) {
    const name = kept.get(credential) ?? "";
    if (given.names.includes(name)) say(`${name}: ${credential} is ${state}`);
  }
}

/** Notes a person's word on a credential; the name comes from git where it is not given. */
export async function attestCommand(
  given: Common & { readonly id: string; readonly reason: string; readonly by: string | undefined },
): Promise<void> {
  const { id, reason } = given;
  const { by, overview } = await runAttest(await openRotation(await requestHere(given)), { id, reason, by: given.by });
  const now = overview.find(({ credential }) => credential === id);
  say(`${id}: attested by ${by}; it is ${now?.state ?? "gone"} now.`);
}

/** What an audit of the whole repository finds now. */
async function auditNow({ settings, env, now }: RotationRequest): Promise<Adoptable & { readonly kind: "report" }> {
  const interrupt = onInterrupt();
  const { signal } = interrupt;
  try {
    const target = await openAuditTarget(".", { cwd: process.cwd(), now, signal });
    const scope = { refs: [], paths: [], worktree: true };
    const { report } = await runAudit({
      ...target,
      settings: { ...settings } satisfies Settings,
      scope,
      env,
      now,
      cache: true,
      signal,
    });
    return { kind: "report", report };
  } finally {
    interrupt.release();
  }
}

async function adoptableOf(report: string | undefined, request: RotationRequest): Promise<Adoptable> {
  if (report === undefined) {
    await prepareLedger(request);
    return auditNow(request);
  }
  if (report === "-") return { kind: "saved", text: await stdinText(), file: "standard input" };
  return { kind: "saved", text: readReportText(report), file: report };
}

/** Adopts the findings of a saved report, or of an audit now; `complete` is false where that could not see everything. */
export async function adoptCommand(
  given: Common & { readonly report: string | undefined },
): Promise<{ readonly complete: boolean }> {
  const request = await requestHere(given);
  const adoptable = await adoptableOf(given.report, request);
  const { added, known } = await runAdopt(request, adoptable);
  for (const id of added) say(`added: ${id}`);
  say(`.keywarden/rotation.yml: ${added.length} added, ${known} listed already. Name their owners there.`);
  return { complete: adoptable.kind === "saved" || adoptable.report.coverage.complete };
}

/** Writes the first inventory. */
export async function initCommand(): Promise<void> {
  const { written } = await runInit({ root: rootOf(process.cwd(), []), env: process.env });
  say(
    written
      ? "written: .keywarden/rotation.yml. Declare what you keep there, or run: keywarden audit --verify --ledger"
      : ".keywarden/rotation.yml is there already, and stays as it is.",
  );
}
