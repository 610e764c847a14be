// The corridor of a workflow's run: what started it in, a report out. Rooms are called in the order of the walk.

import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { GitPlace } from "../base/git/environment.ts";
import type { PartialSettings, Settings } from "../config/settings.ts";
import type { Additions } from "../model/additions.ts";
import type { Report } from "../model/finding.ts";
import type { Secret } from "../model/secret.ts";
import { filtered } from "../sources/filtered.ts";
import { rangeSource } from "../sources/git-range.ts";
import { findRepository } from "../sources/repository.ts";
import { readBaseSettings } from "./action/base-settings.ts";
import type { Follow } from "./action/follow-rotation.ts";
import { nothingAdded, withoutSecrets } from "./action/additions.ts";
import { ChangeGuard } from "./action/guard.ts";
import type { Occasion } from "./action/occasion.ts";
import { settleChange, settleFull } from "./action/settle-change.ts";
import type { HistoryPlace, Settled } from "./action/settle-change.ts";
import type { Guard } from "./conclude.ts";
import type { Watch } from "./gather.ts";
import type { VerificationUse } from "./verify-findings.ts";

/** One run. */
export interface ActionRequest extends Watch, Omit<HistoryPlace, "place" | "signal"> {
  /** The root of the checkout; absolute. */
  readonly workspace: string;
  readonly occasion: Occasion;
  readonly typed: PartialSettings;
  /** A settings file instead of the usual one, from the top of the tree. */
  readonly config?: string | undefined;
  /** A folder for what is forgotten afterwards; absolute. */
  readonly temporary: string;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly verificationFor: (settings: Settings) => Promise<VerificationUse | undefined>;
  /** Reads what rotation follows; `settingsRoot` is where the scan takes its key from. */
  readonly followFor: (settings: Settings, settingsRoot: string) => Promise<Follow | undefined>;
  readonly onValues: (secrets: readonly Secret[]) => void;
}

/** What came of it. */
export interface ActionOutcome {
  readonly report: Report;
  readonly settings: Settings;
  readonly additions: Additions;
  /** Brings rotation up to date with the report; absent where there is nothing to follow. */
  readonly follow: Follow | undefined;
}

interface Prepared {
  readonly request: ActionRequest;
  readonly settings: Settings;
  readonly guard: Guard;
  readonly settled: Settled | undefined;
}

/** The commits of a change, or every object of the repository. */
async function reportOf({ request, settings, guard, settled }: Prepared): Promise<Report> {
  const { workspace, occasion, env, now, signal } = request;
  const verification = await request.verificationFor(settings);
  const common = { ...guard, settings, env, now, signal, verification, root: workspace };
  if (occasion.scope === "full" || settled === undefined) {
    const { runAudit } = await import("./run-audit.ts");
    const scope = { refs: [], paths: [], worktree: false };
    return (await runAudit({ ...common, bare: false, shown: ".", scope, cache: false })).report;
  }
  const { base, head } = settled;
  const range = base === undefined ? head : `${base}..${head}`;
  const source = filtered(rangeSource({ cwd: workspace, range, env }), settings.include, settings.exclude);
  const { runScan } = await import("./run-scan.ts");
  return (await runScan({ ...common, sources: [source] })).report;
}

/** Runs it. Throws KeywardenError for wrong settings, and for commits that cannot be had. */
export async function runAction(request: ActionRequest): Promise<ActionOutcome> {
  const { workspace, occasion, typed, config, now, env, signal } = request;
  await findRepository(workspace, "the checkout");
  const place: GitPlace = { cwd: workspace, repository: "discover", env };
  const history: HistoryPlace = { place, remote: request.remote, signal, onNote: request.onNote };
  const settled = occasion.change === undefined ? undefined : await settleChange(occasion.change, history);
  if (occasion.scope === "full") await settleFull(occasion, history);
  const commit = occasion.isProposal ? settled?.base : (settled?.head ?? occasion.commit);
  const folder = realpathSync(mkdtempSync(join(request.temporary, "keywarden-")));
  try {
    const { settings, deciding } = await readBaseSettings({ place, commit, folder, config, typed });
    const watched = { place, base: settled?.base, head: settled?.head ?? "", settings, deciding, now, signal };
    const guarding = occasion.isProposal ? await ChangeGuard.open(watched) : undefined;
    const inlineOf = guarding?.inlineOf.bind(guarding);
    const guard = { settingsRoot: folder, inlineOf, onValues: request.onValues };
    const follow = await request.followFor(settings, folder);
    const report = await reportOf({ request, settings, guard, settled });
    return { report, settings, additions: withoutSecrets(guarding?.additions ?? nothingAdded), follow };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
