// `keywarden init`: sets a repository up, one shown file at a time.

import { Command } from "commander";
import type { SetExitCode } from "../program.ts";

interface Flags {
  readonly yes?: true;
  readonly dryRun?: true;
  readonly config: boolean;
  readonly baseline: boolean;
  readonly workflow: boolean;
  readonly hook: boolean;
}

const help = `
Examples:
  keywarden init                 shows each file, and asks before it is written
  keywarden init --yes           writes without asking: for scripts
  keywarden init --dry-run       shows everything, writes nothing
  keywarden init --no-workflow   everything but the GitHub workflow

It writes .keywarden/config.yml, .keywarden/baseline.json (what is there today, with the reason "present at adoption"),
.github/workflows/keywarden.yml where the repository is on GitHub, and the pre-commit hook. Nothing is overwritten.`;

/** Defines the command; `setExitCode` is told how it went. */
export function defineInit(setExitCode: SetExitCode): Command {
  const command = new Command("init")
    .description("set a repository up: settings, a baseline of what is there today, a workflow, the hook")
    .option("-y, --yes", "write everything without asking")
    .option("--dry-run", "show everything, write nothing")
    .option("--no-config", "leave out the settings file")
    .option("--no-baseline", "leave out the baseline")
    .option("--no-workflow", "leave out the GitHub workflow")
    .option("--no-hook", "leave out the hook");
  return command.addHelpText("after", help).action(async () => {
    const { initCommand } = await import("../init-command.ts");
    const flags = command.opts<Flags>();
    const parts = (["config", "baseline", "workflow", "hook"] as const).filter((part) => flags[part]);
    setExitCode(await initCommand({ parts, yes: flags.yes === true, dryRun: flags.dryRun === true }));
  });
}
