// `hook doctor`: each way of committing tried, told in a line each, and the exit code.

import { loadConfig } from "../config/load.ts";
import type { HookManager } from "../model/hook.ts";
import { conceal } from "../pipeline/conceal.ts";
import { examine } from "../pipeline/hook/doctor.ts";
import type { Examination, Trial } from "../pipeline/hook/doctor.ts";
import { findHookPlace } from "../pipeline/hook/place.ts";
import { hookSettings } from "../pipeline/run-hook.ts";
import { exitCodes } from "../pipeline/exit-code.ts";
import { onInterrupt } from "./interrupt.ts";
import { say } from "./say.ts";

const resultWords: Readonly<Record<Trial["result"], string>> = {
  fires: "fires  ",
  misses: "MISSES ",
  unclear: "UNCLEAR",
};

function tell({ says, result, detail, note }: Trial): void {
  say(`  ${resultWords[result]}  ${says}`);
  if (detail !== undefined)
    // Other hooks say what they like.
    say(`           ${result === "unclear" ? "git stopped, but not by keywarden: " : ""}${conceal(detail)}`);
  if (note !== undefined) say(`           note: ${note}`);
}

function sum({ trials, diagnoses, absent, bareSubmodules }: Examination): boolean {
  const fired = trials.filter(({ result }) => result === "fires").length;
  const isSound = fired === trials.length;
  say(isSound ? `The hook fires in all ${fired} ways.` : `The hook fires in ${fired} of ${trials.length} ways.`);
  for (const { what, mend } of diagnoses) {
    say(`  Why: ${what}`);
    say(`       ${mend}`);
  }
  if (absent.length > 0) say(`  Not installed, so not tried: ${absent.join(", ")} (keywarden hook install --stage …)`);
  for (const name of bareSubmodules)
    say(`  The submodule ${conceal(name)} has hooks of its own, without keywarden: run keywarden hook install in it`);
  return isSound;
}

/** Examines the repository around the working folder; 1 where any way lets a marker through. */
export async function hookDoctorCommand(manager: HookManager | undefined): Promise<number> {
  const place = await findHookPlace(process.cwd(), manager);
  const { settings } = await loadConfig(place.top);
  say(
    `Hooks of ${place.top}: ${place.manager}, in ${place.folder}${place.hooksPath === undefined ? "" : ` (core.hooksPath ${place.hooksPath})`}`,
  );
  say("A made-up credential is planted in a temporary clone with the same hooks and settings:");
  const interrupt = onInterrupt();
  try {
    const { signal } = interrupt;
    const request = { place, settings: hookSettings(settings, {}), env: process.env, onTrial: tell, signal };
    const isSound = sum(await examine(request));
    if (signal.aborted) return exitCodes.incomplete;
    return isSound ? exitCodes.clean : exitCodes.findings;
  } finally {
    interrupt.release();
  }
}
