// A repository in, the files that it would be given out: settings, baseline, workflow and hook, each shown before it is written.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { starterConfig } from "../adoption/starter-config.ts";
import { workflowFile, workflowText } from "../adoption/workflow.ts";
import { configPath } from "../config/load.ts";
import { UsageError } from "../errors.ts";
import type { Report } from "../model/finding.ts";
import { baselinePath } from "./baseline-file.ts";
import type { HookPlan } from "./hook/edit.ts";
import { planInstall } from "./hook/install.ts";
import type { HookPlace } from "./hook/place.ts";
import { writeBaseline } from "./run-baseline.ts";
import type { BaselineOutcome, BaselineRequest } from "./run-baseline.ts";
import { runScan } from "./run-scan.ts";

/** What `init` can write. */
export const initParts = ["config", "baseline", "workflow", "hook"] as const;
export type InitPart = (typeof initParts)[number];

/** The name under which the Action is used; whose account it stands under, people fill in. */
const actionName = "OWNER/keywarden@v1 # OWNER: the account that keywarden stands under";
/** Why everything that is found on the first day is in the baseline. */
const adoptionReason = "present at adoption";

/** One part: what stands there already, or what would be written. */
export type InitStep =
  | { readonly kind: "there"; readonly part: InitPart; readonly file: string }
  | { readonly kind: "file"; readonly part: InitPart; readonly file: string; readonly text: string }
  | { readonly kind: "baseline"; readonly part: "baseline"; readonly file: string; readonly report: Report }
  | { readonly kind: "hook"; readonly part: "hook"; readonly plan: HookPlan };

/** A repository that is to be set up. */
export interface InitRequest extends BaselineRequest {
  readonly place: HookPlace;
  readonly own: { readonly node: string; readonly script: string };
  /** The branch that pushes are looked at on. */
  readonly branch: string;
}

function fileStep(root: string, part: InitPart, file: string, text: string): InitStep {
  return existsSync(path.join(root, file)) ? { kind: "there", part, file } : { kind: "file", part, file, text };
}

/** What one part would write. A baseline is planned by a scan, with all that is in force today. */
export async function planInit(part: InitPart, request: InitRequest): Promise<InitStep> {
  const { root, settings, place, own, branch } = request;
  if (part === "config") return fileStep(root, part, configPath, starterConfig);
  if (part === "workflow") return fileStep(root, part, workflowFile, workflowText(branch, actionName));
  if (part === "hook") {
    const plan = planInstall({ place, own, stages: ["pre-commit"], shared: false });
    return plan.edits.length === 0
      ? { kind: "there", part, file: `${place.manager} hook` }
      : { kind: "hook", part, plan };
  }
  const { shown, native } = baselinePath(root, settings.baseline);
  if (existsSync(native)) return { kind: "there", part, file: shown };
  const { report } = await runScan({ ...request, settings: { ...settings, baseline: false } });
  return { kind: "baseline", part, file: shown, report };
}

/** Writes a new file. Throws UsageError where one came into its place meanwhile: nothing is ever overwritten. */
export function writeStep(root: string, { file, text }: Extract<InitStep, { kind: "file" }>): void {
  const native = path.join(root, file);
  try {
    mkdirSync(path.dirname(native), { recursive: true });
    writeFileSync(native, text, { flag: "wx" });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
    throw new UsageError(`${file} cannot be written (${code})`, { hint: "Nothing was overwritten.", cause: error });
  }
}

/** Accepts what is there today. */
export function adopt(request: InitRequest): Promise<BaselineOutcome> {
  return writeBaseline(request, { create: true, prune: false, defaults: { reason: adoptionReason } });
}
