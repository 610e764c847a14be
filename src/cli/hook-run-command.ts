// A hook's call in, a few lines on standard error and git's answer out.

import { loadConfig } from "../config/load.ts";
import type { PartialSettings, Settings } from "../config/settings.ts";
import type { HookStage } from "../model/hook.ts";
import { hookSettings, hookWords, runHook } from "../pipeline/run-hook.ts";
import { rootOf } from "../pipeline/side-files.ts";
import { exitCodeOf, exitCodes } from "../pipeline/exit-code.ts";
import { wantsColor } from "./screen.ts";
import { stdinText } from "./stdin-text.ts";

/** What was typed after `keywarden hook run`, or was put there by git. */
export interface HookRunCommand {
  readonly stage: HookStage;
  readonly args: readonly string[];
  readonly typed: PartialSettings;
  readonly config: string | undefined;
}

/** Only git's pre-push says something there; another stage's standard input may be a terminal that never ends. */
async function inputOf(stage: HookStage): Promise<string> {
  return stage !== "pre-push" || process.stdin.isTTY === true ? "" : stdinText();
}

function optionsOf(settings: Settings): Parameters<typeof hookWords>[2] {
  return {
    color: wantsColor(settings.color, process.stderr.isTTY === true),
    width: Math.max(40, Math.min(process.stderr.columns ?? 100, 120)),
    verbose: false,
    showSecrets: false,
  };
}

/** Runs the hook; the exit code is what git goes by: 0 goes on, everything else stops. */
export async function hookRunCommand({ stage, args, typed, config }: HookRunCommand): Promise<number> {
  const cwd = process.cwd();
  const root = rootOf(cwd, []);
  const loaded = await loadConfig(root, config);
  const settings = hookSettings(loaded.settings, typed);
  const input = await inputOf(stage);
  const report = await runHook({ stage, args, input, cwd, root, settings, env: process.env, now: Date.now() });
  process.stderr.write(hookWords(report, stage, optionsOf(settings)));
  return exitCodeOf(report, exitCodes.findings);
}
