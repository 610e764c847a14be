// A repository and a person who answers yes or no in, the files that were agreed to out.

import { existsSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { runGit } from "../base/git/run.ts";
import { UsageError } from "../errors.ts";
import type { Report } from "../model/finding.ts";
import { applyEdits } from "../pipeline/hook/edit.ts";
import { findHookPlace } from "../pipeline/hook/place.ts";
import { adopt, planInit, writeStep } from "../pipeline/run-init.ts";
import type { InitPart, InitRequest, InitStep } from "../pipeline/run-init.ts";
import { openTarget } from "../pipeline/scan-target.ts";
import { exitCodes } from "../pipeline/exit-code.ts";
import { ownFiles, ownNotes, showEdits, showRest } from "./hook-command.ts";
import { settingsAt } from "./scan-command.ts";
import { say } from "./say.ts";

/** What was typed after `keywarden init`. */
export interface InitCommand {
  readonly parts: readonly InitPart[];
  readonly yes: boolean;
  readonly dryRun: boolean;
}

type Ask = (question: string) => Promise<boolean>;

/** So many findings are listed before they go into a baseline. */
const findingsShown = 20;

async function gitWords(cwd: string, args: readonly string[]): Promise<string> {
  return (await runGit({ cwd, repository: "discover" }, args)).toString("utf8").trim();
}

/** The remote's default branch where it is known, else the one that is checked out. */
async function branchOf(top: string): Promise<string> {
  const refs = ["refs/remotes/origin/HEAD", "HEAD"];
  for (const ref of refs) {
    const branch = await gitWords(top, ["symbolic-ref", "--quiet", "--short", ref]).catch(() => "");
    if (branch !== "") return branch.replace(/^origin\//, "");
  }
  return "main";
}

async function isOnGithub(top: string): Promise<boolean> {
  if (existsSync(path.join(top, ".github"))) return true;
  return /\bgithub\b/i.test(
    await gitWords(top, ["config", "--get-regexp", String.raw`^remote\..*\.url$`]).catch(() => ""),
  );
}

function showFindings({ verdicts, problems }: Report): void {
  const open = verdicts.filter(({ decision }) => decision !== "allow");
  for (const { finding } of open.slice(0, findingsShown)) {
    const [place] = finding.occurrences;
    say(`    | ${finding.rule}  ${finding.secret.masked}  ${place === undefined ? "" : `${place.path}:${place.line}`}`);
  }
  if (open.length > findingsShown) say(`    | and ${open.length - findingsShown} more: keywarden scan`);
  for (const { message } of problems) say(`    not read: ${message}`);
}

function show(step: InitStep, top: string): string {
  if (step.kind === "there") return `${step.file} is there already and stays as it is.`;
  if (step.kind === "hook") {
    say("The hook, which looks at every commit:");
    showEdits(step.plan, top, true);
    return "";
  }
  if (step.kind === "file") {
    say(`${step.file}:`);
    for (const line of step.text.replace(/\n$/, "").split("\n")) say(`    | ${line}`);
    return "";
  }
  const { blocking, warnings } = step.report.summary;
  if (blocking + warnings === 0) return "Nothing is found today, so no baseline is needed.";
  say(`${step.file}, so that what is there today does not fail builds (it still counts as leaked: rotate it):`);
  showFindings(step.report);
  return "";
}

async function write(step: InitStep, request: InitRequest): Promise<boolean> {
  if (step.kind === "file") writeStep(request.root, step);
  if (step.kind === "hook") {
    applyEdits(step.plan.edits);
    showRest({ ...step.plan, notes: [...step.plan.notes, ...ownNotes(request.place)] });
  }
  if (step.kind !== "baseline") return true;
  const { file, added, report } = await adopt(request);
  say(`${file}: ${added} accepted. Commit it with .keywarden/salt.`);
  return report.coverage.complete;
}

async function requestFor(): Promise<InitRequest> {
  const place = await findHookPlace(process.cwd());
  const root = place.top;
  const settings = await settingsAt(root, {}, undefined);
  const source = await openTarget({ kind: "paths", paths: [root] }, { cwd: root, root }, settings);
  const branch = await branchOf(root);
  return { root, sources: [source], settings, env: process.env, now: Date.now(), place, own: ownFiles(), branch };
}

/** Asks on the terminal; an answer is yes unless it begins with n. The end of the input means no to all that is left. */
function terminal(): { readonly ask: Ask; close(): void } {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  // Keeps what is typed before it is asked for.
  const answers = lines[Symbol.asyncIterator]();
  return {
    async ask(question) {
      process.stdout.write(`${question} [Y/n] `);
      const answer = await answers.next();
      return answer.done !== true && !/^\s*n/i.test(answer.value);
    },
    close: () => lines.close(),
  };
}

/** Shows every part and writes those that are agreed to. 3 where the scan for a baseline was incomplete. */
export async function initCommand({ parts, yes, dryRun }: InitCommand): Promise<number> {
  if (!yes && !dryRun && process.stdin.isTTY !== true) {
    throw new UsageError("init asks before it writes, and there is no terminal to answer on", {
      hint: "Give --yes to write everything, or --dry-run to see it first.",
    });
  }
  const github = await isOnGithub((await findHookPlace(process.cwd())).top);
  const person = yes || dryRun ? undefined : terminal();
  let complete = true;
  try {
    for (const part of parts.filter((one) => one !== "workflow" || github)) {
      // Asked for anew each time: what was just written counts.
      const request = await requestFor();
      const step = await planInit(part, request);
      const done = show(step, request.root);
      if (done !== "") say(done);
      else if (!dryRun && (person === undefined || (await person.ask(`Write ${part}?`)))) {
        complete = (await write(step, await requestFor())) && complete;
        say(`Written: ${part}.`);
      }
      say("");
    }
  } finally {
    person?.close();
  }
  if (!github && parts.includes("workflow"))
    say("For GitLab CI, Azure Pipelines, Jenkins and others: docs/ci.md of keywarden.");
  return complete ? exitCodes.clean : exitCodes.incomplete;
}
