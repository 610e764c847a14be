// The input `rotation`, and what the run is about, in; how the corridor follows credentials out.

import { UsageError } from "../errors.ts";
import type { Occasion } from "../pipeline/action/occasion.ts";
import type { ActionRequest } from "../pipeline/run-action.ts";
import { exitCodes } from "../pipeline/exit-code.ts";
import type { Followed } from "../pipeline/action/follow-rotation.ts";
import { isPrivate, whyUnsettled } from "./event.ts";
import type { Inputs } from "./inputs.ts";

/** One step, as far as rotation depends on it. */
export interface FollowedStep {
  readonly env: NodeJS.ProcessEnv;
  readonly inputs: Inputs;
  readonly occasion: Occasion;
  /** The event that started the workflow. */
  readonly payload: unknown;
}

/** The run itself: where its files are, when it is, how it ends early, and how it says something. */
export type FollowedRun = Pick<ActionRequest, "workspace" | "now" | "signal" | "onNote">;

/** How the step follows credentials. Throws UsageError where there is no token to remind with. */
export function followOf(step: FollowedStep, run: FollowedRun): ActionRequest["followFor"] {
  const { env, inputs, occasion, payload } = step;
  const { rotation, token } = inputs;
  if (rotation === "off") return async () => undefined;
  const why = whyUnsettled(env, payload);
  if (why !== undefined) {
    return async () => void run.onNote(`rotation: ${why}; it is for schedule and push, where reminders belong`);
  }
  if (rotation === "remind" && token === "") {
    throw new UsageError("input rotation: remind needs a token to file issues with", {
      hint: "Leave the input github-token at its usual value, and permit it: permissions: { issues: write }.",
    });
  }
  return async (settings, settingsRoot) => {
    const { openFollow } = await import("../pipeline/action/follow-rotation.ts");
    const { workspace: root, now, signal } = run;
    const follow = await openFollow(
      // The channel takes its token from there, as the command line does.
      { root, settings, env: { ...env, GITHUB_TOKEN: token }, now },
      {
        remind: rotation === "remind",
        enters: occasion.scope === "full",
        settingsRoot,
        isPublic: !isPrivate(payload),
        signal,
      },
    );
    if (follow === undefined)
      run.onNote("rotation: neither .keywarden/rotation.yml nor .keywarden/ledger.json is there: nothing to follow");
    return follow;
  };
}

/** The step's exit code, where a scan alone would give `code`: what is late counts as findings do. */
export function exitCodeWith(followed: Followed | undefined, code: number, findingsCode: number): number {
  if (followed?.isPressing === true) return findingsCode;
  return followed?.isUntold === true && code === exitCodes.clean ? exitCodes.incomplete : code;
}
