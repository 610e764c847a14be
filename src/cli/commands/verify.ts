// `keywarden verify`: one credential from standard input, or the findings of a saved report, and whether they still work.

import { Command } from "commander";
import { addSettingFlags } from "../../config/flags.ts";
import { exitCodeOf, exitCodes, requiredExitCodeOf } from "../../pipeline/exit-code.ts";
import type { SetExitCode } from "../program.ts";
import { addVerifyFlags } from "../verify-flags.ts";

interface Flags {
  readonly report?: string;
  readonly config?: string;
  readonly verbose?: true;
}

/** Nothing is left out of an answer to "does this one still work". */
const meaningless = ["include", "exclude", "gitignore", "min-confidence", "baseline", "honour", "allow"] as const;

const help = `
The credential is read from standard input, never from the command line, where other programs could see it:
  printf 'STRIPE_KEY=%s' "$KEY" | keywarden verify
  keywarden verify < .env
  keywarden verify --report report.json     what an earlier scan found; the files are read again

Exit codes: 0 it no longer works, 1 it works or nobody could say (see --fail-on), 4 with --require-verify: no answer.
What is sent to whom: docs/verification.md.`;

/** Defines the command; `setExitCode` is told how it went. */
export function defineVerify(setExitCode: SetExitCode): Command {
  const command = new Command("verify")
    .description("ask the provider whether a credential still works")
    .option("--report <file>", "verify the findings of a JSON report instead of standard input")
    .option("--config <file>", "read settings from here instead of .keywarden/config.yml")
    .option("-v, --verbose", "show every place");
  const typedSettings = addSettingFlags(command, meaningless);
  const typedVerify = addVerifyFlags(command, true);
  command.addHelpText("after", help).action(async () => {
    const flags = command.opts<Flags>();
    const verify = typedVerify();
    const { verifyCommand } = await import("../verify-command.ts");
    const { report, settings } = await verifyCommand({
      target:
        flags.report === undefined ? { kind: "stdin", stream: process.stdin } : { kind: "report", file: flags.report },
      typed: typedSettings(),
      config: flags.config,
      verbose: flags.verbose === true,
      verify,
    });
    if (verify?.planOnly === true) setExitCode(exitCodes.clean);
    else setExitCode((verify?.required === true ? requiredExitCodeOf : exitCodeOf)(report, settings.exitCode));
  });
  return command;
}
