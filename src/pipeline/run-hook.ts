// What git hands to a hook in, a report of what the commit or push would add out, in words that fit the moment.

import { resolve } from "node:path";
import type { PartialSettings, Settings } from "../config/settings.ts";
import { mergeSettings } from "../config/merge.ts";
import { keptMessage } from "../hooks/kept-message.ts";
import { parsePushLines } from "../hooks/push-lines.ts";
import type { Report } from "../model/finding.ts";
import type { HookStage } from "../model/hook.ts";
import { renderHook } from "../report/format-hook.ts";
import type { RenderOptions } from "../report/options.ts";
import { readSideFile } from "./side-files.ts";
import { runScan } from "./run-scan.ts";
import { openTarget } from "./scan-target.ts";
import type { ScanTarget } from "./scan-target.ts";
import { UsageError } from "../errors.ts";

/** A hook's call: the stage, and what git gave along with it. */
export interface HookRequest {
  readonly stage: HookStage;
  /** git's own arguments: the message's file; the remote's name and URL. */
  readonly args: readonly string[];
  /** What git wrote to standard input. */
  readonly input: string;
  readonly cwd: string;
  readonly root: string;
  readonly settings: Settings;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds since 1970 that count as today. */
  readonly now: number;
  readonly signal?: AbortSignal;
}

/** How sure a rule must be to stop a commit, where nobody said otherwise. */
const usualLevel = "high";

/**
 * The settings of a hook. It stops what is of high confidence where neither the file nor the flags say more; providers
 * are not asked before a commit, so `active` means nothing here and counts as not said.
 */
export function hookSettings(file: PartialSettings, typed: PartialSettings): Settings {
  const said = typed.failOn ?? file.failOn ?? usualLevel;
  return { ...mergeSettings(file, typed), failOn: said === "active" ? usualLevel : said };
}

function targetOf({ stage, args, input, env, cwd }: HookRequest): ScanTarget {
  const [first] = args;
  if (stage === "commit-msg") {
    if (first === undefined)
      throw new UsageError("commit-msg needs the file with the message", { hint: "git gives it." });
    const text = readSideFile(resolve(cwd, first), first);
    if (text === undefined) throw new UsageError(`no such file: ${first}`, { hint: "git gives the message's file." });
    return { kind: "message", text: keptMessage(text) };
  }
  // The pre-commit framework has read standard input itself, and says what it found there by these.
  const { PRE_COMMIT_FROM_REF: from, PRE_COMMIT_TO_REF: to } = env;
  if (from !== undefined && to !== undefined) return { kind: "range", range: `${from}..${to}` };
  // It names no range for a push that begins with a first commit.
  const {
    PRE_COMMIT_LOCAL_BRANCH: localRef,
    PRE_COMMIT_REMOTE_BRANCH: remoteRef,
    PRE_COMMIT_REMOTE_NAME: remote,
  } = env;
  if (localRef !== undefined && remoteRef !== undefined && remote !== undefined)
    return { kind: "push", refs: [{ localRef, localId: localRef, remoteRef, remoteId: "0" }], remote };
  if (stage === "pre-commit") return { kind: "staged" };
  if (first === undefined) throw new UsageError("pre-push needs the name of the remote", { hint: "git gives it." });
  return { kind: "push", refs: parsePushLines(input), remote: first };
}

/** Scans what the commit or push would add. Throws KeywardenError for wrong settings, input or repositories. */
export async function runHook(request: HookRequest): Promise<Report> {
  const { cwd, root, settings, env, now, signal } = request;
  const source = await openTarget(targetOf(request), { cwd, root }, settings);
  const { report } = await runScan({ root, sources: [source], settings, env, now, signal });
  return report;
}

/** The words for it; empty where there is nothing to say. */
export function hookWords(report: Report, stage: HookStage, options: RenderOptions): string {
  return renderHook(report, stage, options);
}
