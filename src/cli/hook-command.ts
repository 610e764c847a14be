// `hook install` and `hook uninstall`: what is to change shown, and done.

import { realpathSync } from "node:fs";
import path from "node:path";
import type { HookManager, HookStage } from "../model/hook.ts";
import { conceal } from "../pipeline/conceal.ts";
import { applyEdits } from "../pipeline/hook/edit.ts";
import type { Edit, HookPlan } from "../pipeline/hook/edit.ts";
import { planInstall, planUninstall } from "../pipeline/hook/install.ts";
import { findHookPlace } from "../pipeline/hook/place.ts";
import type { HookPlace } from "../pipeline/hook/place.ts";
import { say } from "./say.ts";

/** What was typed after `keywarden hook install`. */
export interface HookInstallCommand {
  readonly stages: readonly HookStage[];
  readonly manager: HookManager | undefined;
  readonly words: string | undefined;
  readonly shared: boolean;
  readonly dryRun: boolean;
}

function shownFrom(top: string, file: string): string {
  const way = path.relative(top, file);
  return way.startsWith("..") ? file : way.replaceAll(path.sep, "/");
}

/** One change in words, as people read it before and after it is made. */
function editWords(edit: Edit, top: string): string {
  const file = shownFrom(top, edit.file);
  if (edit.kind === "move") return `${file} is kept as ${shownFrom(top, edit.to)}`;
  return edit.kind === "remove" ? `${file} is removed` : `${file} is written`;
}

/** Shows a plan's edits; with `whole`, what the files will hold. */
export function showEdits(plan: HookPlan, top: string, whole: boolean): void {
  for (const edit of plan.edits) {
    say(`  ${editWords(edit, top)}`);
    if (!whole || edit.kind !== "write") continue;
    // Others' hooks are among them, and package.json.
    for (const line of conceal(edit.text.replace(/\n$/, "")).split("\n")) say(`    | ${line}`);
  }
}

/** Says what people have to do and know besides. */
export function showRest(plan: HookPlan): void {
  for (const note of plan.notes) say(`Note: ${note}`);
  for (const command of plan.next) say(`Now run: ${command}`);
}

/** This process's Node and script, as hooks may call them later. */
export function ownFiles(): { readonly node: string; readonly script: string } {
  return { node: process.execPath, script: realpathSync(process.argv[1] ?? "") };
}

/** npx keeps what it fetched for as long as it likes. */
export function ownNotes(place: HookPlace): readonly string[] {
  if (place.manager !== "git" || !ownFiles().script.includes(`${path.sep}_npx${path.sep}`)) return [];
  return ["keywarden runs out of npx's cache, which may be emptied. Install it: npm install --save-dev keywarden"];
}

/** Installs, or shows what installing would change. Throws KeywardenError. */
export async function hookInstallCommand(given: HookInstallCommand): Promise<void> {
  const place = await findHookPlace(process.cwd(), given.manager);
  const { stages, shared, words } = given;
  const plan = planInstall({ place, stages, shared, own: ownFiles(), ...(words === undefined ? {} : { words }) });
  if (plan.edits.length === 0) {
    say(`The hook is installed already (${place.manager}).`);
    showRest({ ...plan, notes: [] });
    return;
  }
  say(`${given.dryRun ? "To install" : "Installed"} for ${place.manager}, ${stages.join(", ")}:`);
  if (!given.dryRun) applyEdits(plan.edits);
  showEdits(plan, place.top, given.dryRun);
  showRest({ ...plan, notes: [...plan.notes, ...ownNotes(place)] });
  if (!given.dryRun) say("See that it fires: keywarden hook doctor");
}

/** Takes the hook out, or shows what that would change. Throws KeywardenError. */
export async function hookUninstallCommand(given: Omit<HookInstallCommand, "stages" | "words">): Promise<void> {
  const place = await findHookPlace(process.cwd(), given.manager);
  const plan = planUninstall(place, given.shared);
  if (plan.edits.length === 0) {
    say("No hook of keywarden's is installed in this repository.");
    showRest(plan);
    return;
  }
  say(given.dryRun ? "To take out:" : "Taken out:");
  if (!given.dryRun) applyEdits(plan.edits);
  showEdits(plan, place.top, given.dryRun);
  showRest(plan);
}
