// Nothing in, the command line's definition out: every command with its arguments, flags and help.

import { Command } from "commander";
import { ownVersion } from "../base/version.ts";
import { defineAudit } from "./commands/audit.ts";
import { defineBaseline } from "./commands/baseline.ts";
import { defineRotation } from "./commands/rotation.ts";
import { defineHook } from "./commands/hook.ts";
import { defineInit } from "./commands/init.ts";
import { defineRules } from "./commands/rules.ts";
import { defineScan } from "./commands/scan.ts";
import { defineVerify } from "./commands/verify.ts";
import { visible } from "./visible.ts";

const help = `
Exit codes: 0 nothing to act on, 1 findings at or above --fail-on, 2 wrong usage or configuration,
3 no findings but something could not be read, 4 verification was required and got no answer.

Start here:
  keywarden scan .             the files of this folder, without what git ignores
  keywarden scan --staged      what the next commit would add
  keywarden audit              every object of this repository, all of its history
  keywarden rules list         what it looks for
  keywarden init               set this repository up: settings, baseline, workflow, hook
`;

/** Receives a command's exit code. */
export type SetExitCode = (code: number) => void;

/** The whole command line. Parsing errors are thrown as CommanderError, after `say` has got what Commander says of them. */
export function makeProgram(setExitCode: SetExitCode, say: (text: string) => void): Command {
  const program = new Command("keywarden")
    .description(
      "Finds leaked credentials in files, standard input, the staged index, commit ranges and whole repositories.",
    )
    .version(ownVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .addHelpText("after", help)
    .showHelpAfterError("(run with --help to see what there is)")
    .configureOutput({ writeErr: say, outputError: (text) => say(visible(text)) })
    .exitOverride();
  program.addCommand(inherit(defineScan(setExitCode), program));
  program.addCommand(inherit(defineAudit(setExitCode), program));
  program.addCommand(inherit(defineVerify(setExitCode), program));
  program.addCommand(inherit(defineRotation(setExitCode), program));
  program.addCommand(inherit(defineRules(setExitCode), program));
  program.addCommand(inherit(defineBaseline(setExitCode), program));
  program.addCommand(inherit(defineHook(setExitCode), program));
  program.addCommand(inherit(defineInit(setExitCode), program));
  return program;
}

function inherit(command: Command, program: Command): Command {
  command.copyInheritedSettings(program);
  for (const sub of command.commands) inherit(sub, program);
  return command;
}
