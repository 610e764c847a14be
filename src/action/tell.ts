// What came of a run in; everything that a workflow gets to see of it out: log, annotations, files, outputs, comment.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "../model/finding.ts";
import { isActive } from "../model/verification.ts";
import type { Followed } from "../pipeline/action/follow-rotation.ts";
import type { Occasion } from "../pipeline/action/occasion.ts";
import { pageOf, publishComment, publishSarif, remarkCommand } from "../pipeline/action/publish.ts";
import type { PublishPlace } from "../pipeline/action/publish.ts";
import { exitCodeOf, requiredExitCodeOf } from "../pipeline/exit-code.ts";
import { render, writeReport } from "../pipeline/render.ts";
import type { ActionOutcome } from "../pipeline/run-action.ts";
import type { Inputs } from "./inputs.ts";
import { exitCodeWith } from "./rotation.ts";
import type { Runner } from "./runner.ts";

/** What telling depends on. */
export interface Telling {
  readonly env: NodeJS.ProcessEnv;
  readonly inputs: Inputs;
  readonly occasion: Occasion;
  readonly runner: Runner;
  /** Sentences that were printed already, for the summary. */
  readonly notes: readonly string[];
}

const logOptions = { color: false, width: 120, verbose: false, showSecrets: false };

/** The step's exit code: as the command line's. */
function exitCodeOfRun({ report, settings }: ActionOutcome, { verify }: Inputs, followed?: Followed): number {
  const code = (verify === "require" ? requiredExitCodeOf : exitCodeOf)(report, settings.exitCode);
  return exitCodeWith(followed, code, settings.exitCode);
}

/** Writes the reports beside the checkout, where later steps find them. */
async function writeFiles(report: Report, { env, inputs }: Telling): Promise<{ report: string; sarif?: string }> {
  const folder = mkdtempSync(join(env["RUNNER_TEMP"] ?? tmpdir(), "keywarden-report-"));
  const json = join(folder, "keywarden.json");
  await writeReport(render(report, "json", logOptions), { kind: "file", file: json });
  if (inputs.sarif === "false") return { report: json };
  const sarif = join(folder, "keywarden.sarif");
  await writeReport(render(report, "sarif", logOptions), { kind: "file", file: sarif });
  return { report: json, sarif };
}

function placeOf({ env, inputs }: Telling): PublishPlace {
  const [owner = "", repo = ""] = (env["GITHUB_REPOSITORY"] ?? "").split("/");
  return { baseUrl: env["GITHUB_API_URL"] ?? "", token: inputs.token, owner, repo };
}

/** What a log is about. A run on `pull_request_target` stands on the base, whose alerts are not the pull request's. */
function scannedOf({ env, occasion: { commit, pull } }: Telling): { readonly commit: string; readonly ref: string } {
  const ref = env["GITHUB_REF"] ?? "";
  if (pull === undefined || ref.startsWith("refs/pull/")) return { commit, ref };
  return { commit: pull.head, ref: `refs/pull/${pull.number}/head` };
}

/** Sends what is to be sent; the reasons why something was not. */
async function publish(outcome: ActionOutcome, telling: Telling): Promise<readonly string[]> {
  const { inputs, occasion } = telling;
  const place = placeOf(telling);
  const skipped: string[] = [];
  if (inputs.comment && occasion.pull !== undefined) {
    const why = await publishComment(outcome, occasion.pull, place);
    if (why !== undefined) skipped.push(`no comment on the pull request: ${why}`);
  }
  if (inputs.sarif === "upload") {
    const at = { ...scannedOf(telling), pull: occasion.pull };
    const why = await publishSarif(render(outcome.report, "sarif", logOptions), at, place);
    if (why !== undefined) skipped.push(`nothing was sent to code scanning: ${why}`);
  }
  return skipped;
}

function tellAdditions({ additions }: ActionOutcome, runner: Runner): void {
  for (const { path, change } of additions.files)
    runner.print(remarkCommand("warning", `${path} is ${change} by this change: it did not count for this run`));
  for (const { path, line, by, rule } of additions.comments)
    runner.print(
      remarkCommand("warning", `${path}:${line}: ${by} for ${rule} is added by this change: it did not count`),
    );
}

/** Follows credentials, which takes as long as GitHub does, and says in the log what came of it. */
async function followAndTell({ follow, report }: ActionOutcome, runner: Runner): Promise<Followed | undefined> {
  const followed = await follow?.(report);
  if (followed === undefined) return undefined;
  for (const line of followed.lines) runner.print(`rotation: ${line}\n`);
  for (const { message, hint } of followed.problems)
    runner.print(remarkCommand("warning", `rotation: ${message}${hint === undefined ? "" : `. ${hint}`}`));
  return followed;
}

/** The page of what is due stands below the run's own, as far as the runner takes both. */
function tellSummary(page: string, followed: Followed | undefined, runner: Runner): void {
  if (followed !== undefined && runner.addSummary(`${page}\n${followed.page}`)) return;
  const isTold = runner.addSummary(page);
  if (isTold && followed === undefined) return;
  const what = isTold ? "what is due is not in the job summary" : "no job summary";
  runner.print(remarkCommand("notice", `${what}: there is no place for it, or it would be too large`));
}

/**
 * Tells it all, the log and annotations first, what rotation came to, then files, outputs, comment, code scanning, and
 * the summary last; gives the exit code.
 */
export async function tell(outcome: ActionOutcome, telling: Telling): Promise<number> {
  const { report } = outcome;
  const { runner, inputs, notes } = telling;
  runner.print(render(report, "terminal", logOptions));
  runner.print(render(report, "github", logOptions));
  tellAdditions(outcome, runner);
  const files = await writeFiles(report, telling);
  const followed = await followAndTell(outcome, runner);
  const { blocking, warnings } = report.summary;
  runner.setOutputs({
    findings: String(blocking + warnings),
    blocking: String(blocking),
    active: String(report.verdicts.filter(({ verification }) => isActive(verification)).length),
    complete: String(report.coverage.complete && followed?.isUntold !== true),
    report: files.report,
    sarif: files.sarif ?? "",
  });
  const skipped = await publish(outcome, telling);
  for (const words of skipped) runner.print(remarkCommand("notice", words));
  if (inputs.summary) tellSummary(pageOf(outcome, [...notes, ...skipped]), followed, runner);
  return exitCodeOfRun(outcome, inputs, followed);
}
