// A step of a workflow in (inputs, event, checkout); annotations, summary, outputs, comment and an exit code out.

import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { ownVersion } from "../base/version.ts";
import { KeywardenError } from "../errors.ts";
import { maskCommands, remarkCommand } from "../pipeline/action/publish.ts";
import { conceal } from "../pipeline/conceal.ts";
import { openVerification } from "../pipeline/open-verification.ts";
import { runAction } from "../pipeline/run-action.ts";
import type { ActionOutcome, ActionRequest } from "../pipeline/run-action.ts";
import { occasionOf } from "./event.ts";
import { checkFailOn, readInputs } from "./inputs.ts";
import type { Inputs } from "./inputs.ts";
import { followOf } from "./rotation.ts";
import type { FollowedStep } from "./rotation.ts";
import { Runner } from "./runner.ts";
import { tell } from "./tell.ts";

/** The folder of the checkout. */
function workspaceOf(env: NodeJS.ProcessEnv): string {
  return resolve(env["GITHUB_WORKSPACE"] ?? ".");
}

/** The repository at the server; undefined where the runner does not say which it is. */
function remoteOf(env: NodeJS.ProcessEnv, { token }: Inputs): ActionRequest["remote"] {
  const { GITHUB_SERVER_URL: server = "", GITHUB_REPOSITORY: repository = "" } = env;
  if (server === "" || !/^[\w.-]+\/[\w.-]+$/.test(repository)) return undefined;
  return { url: `${server.replace(/\/+$/, "")}/${repository}.git`, token };
}

/** Prints a sentence as a notice, and keeps it for the summary. */
type Note = (words: string) => void;

function requestOf(step: FollowedStep, runner: Runner, note: Note): ActionRequest {
  const { env, inputs, occasion } = step;
  const workspace = workspaceOf(env);
  const now = Date.now();
  const ending = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => ending.abort());
  return {
    workspace,
    occasion,
    typed: inputs.typed,
    config: inputs.config,
    remote: remoteOf(env, inputs),
    temporary: env["RUNNER_TEMP"] ?? tmpdir(),
    env,
    now,
    signal: ending.signal,
    onNote: note,
    followFor: followOf(step, { workspace, now, signal: ending.signal, onNote: note }),
    verificationFor: async (settings) => {
      checkFailOn(inputs, settings);
      if (inputs.verify === "false") return undefined;
      const onPlan = (words: string): void => {
        for (const line of words.split("\n")) if (line.trim() !== "") runner.print(remarkCommand("notice", line));
      };
      const place = {
        root: workspace,
        rules: settings.rules,
        env,
        onPlan,
        onNote: (words: string) => note(words.trim()),
      };
      return openVerification({}, { ...place, signal: ending.signal });
    },
    onValues: (secrets) => {
      if (runner.takesCommands) runner.print(maskCommands(secrets));
    },
  };
}

async function runStep(env: NodeJS.ProcessEnv, runner: Runner): Promise<number> {
  const inputs = readInputs(env, ownVersion());
  const payload = runner.event();
  const occasion = occasionOf(env, payload, inputs.scope);
  if (occasion.scope === "nothing") {
    runner.print(remarkCommand("notice", occasion.why ?? ""));
    runner.setOutputs({ findings: "0", blocking: "0", active: "0", complete: "true" });
    return 0;
  }
  const notes: string[] = [];
  const note = (words: string): void => {
    notes.push(words);
    runner.print(remarkCommand("notice", words));
  };
  const outcome: ActionOutcome = await runAction(requestOf({ env, inputs, occasion, payload }, runner, note));
  return tell(outcome, { env, inputs, occasion, runner, notes });
}

/** Runs the step to its end. A mistake of the user's becomes one error, never a stack trace. */
export async function run(): Promise<void> {
  const { env } = process;
  const runner = new Runner(env);
  try {
    process.exitCode = await runStep(env, runner);
  } catch (error) {
    const known = error instanceof KeywardenError;
    const message = known ? error.message : `internal error: ${error instanceof Error ? error.message : String(error)}`;
    const hint = known ? error.hint : "This is a defect in keywarden. Please report it with this message.";
    runner.print(remarkCommand("error", conceal(hint === undefined ? message : `${message}. ${hint}`)));
    process.exitCode = known ? error.exitCode : 2;
    try {
      runner.setOutputs({ complete: "false" });
    } catch {
      // What is told already may be that very trouble; either way the step fails.
    }
  }
}
