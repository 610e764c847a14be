// `keywarden hook`: run for git, install, uninstall, and prove that it fires.

import { Argument, Command, Option } from "commander";
import { addSettingFlags } from "../../config/flags.ts";
import { auditSettings } from "../../config/settings.ts";
import { hookManagers, hookStages } from "../../model/hook.ts";
import type { HookManager, HookStage } from "../../model/hook.ts";
import type { SetExitCode } from "../program.ts";

/** A hook says the same few lines to everybody, and its exit code is git's. */
const meaningless = ["format", "show-secrets", "exit-code", "timings", "gitignore", ...auditSettings] as const;

interface PlaceFlags {
  readonly manager?: HookManager;
  readonly stage?: readonly HookStage[];
  readonly command?: string;
  readonly shared?: true;
  readonly dryRun?: true;
}

const help = `
Examples:
  keywarden hook install                              stop commits that would add a credential
  keywarden hook install --stage pre-commit pre-push  pushes, too
  keywarden hook install --dry-run                    show what would change
  keywarden hook doctor                               prove that it fires, in a temporary clone
  keywarden hook uninstall                            as it was before, byte for byte

Plain git, husky, lefthook and simple-git-hooks are recognised; existing hooks are kept and called afterwards. For the
pre-commit framework there is .pre-commit-hooks.yaml. All of it: docs/hooks.md.`;

const runHelp = `
Examples:
  keywarden hook run pre-commit                       what is staged
  keywarden hook run commit-msg .git/COMMIT_EDITMSG   the message
  keywarden hook run pre-push origin URL < refs       what a push adds, by git's lines on standard input
  keywarden hook run pre-commit --fail-on medium      stop for less certain findings, too

Stops (exit 1) for findings of high confidence, unless fail-on says otherwise. Prints nothing when clean.`;

function managerOption(): Option {
  return new Option("--manager <name>", "who runs the hooks, instead of finding out").choices(hookManagers);
}

function defineRun(setExitCode: SetExitCode): Command {
  const command = new Command("run")
    .description("what an installed hook calls: looks at what a commit, its message or a push would add")
    .addArgument(new Argument("<stage>", "which hook this is").choices(hookStages))
    .argument("[args...]", "what git gives the hook")
    .option("--config <file>", "read settings from here instead of .keywarden/config.yml");
  const typed = addSettingFlags(command, meaningless);
  return command.addHelpText("after", runHelp).action(async (stage: HookStage, args: string[]) => {
    const { hookRunCommand } = await import("../hook-run-command.ts");
    const { config } = command.opts<{ config?: string }>();
    setExitCode(await hookRunCommand({ stage, args, typed: typed(), config }));
  });
}

function defineInstall(): Command {
  const command = new Command("install")
    .description("have git ask keywarden before a commit")
    .addOption(
      new Option("--stage <stage...>", "when to look").choices(hookStages).default(["pre-commit"], "pre-commit"),
    )
    .addOption(managerOption())
    .option("--command <words>", "how hooks call keywarden, for instance: yarn keywarden")
    .option("--shared", "also where core.hooksPath leads outside of this repository")
    .option("--dry-run", "show what would change, and change nothing");
  return command.action(async () => {
    const { hookInstallCommand } = await import("../hook-command.ts");
    const { stage = [], manager, command: words, shared, dryRun } = command.opts<PlaceFlags>();
    await hookInstallCommand({ stages: stage, manager, words, shared: shared === true, dryRun: dryRun === true });
  });
}

function defineUninstall(): Command {
  const command = new Command("uninstall")
    .description("take keywarden's lines out of the hooks again")
    .addOption(managerOption())
    .option("--shared", "also where core.hooksPath leads outside of this repository")
    .option("--dry-run", "show what would change, and change nothing");
  return command.action(async () => {
    const { hookUninstallCommand } = await import("../hook-command.ts");
    const { manager, shared, dryRun } = command.opts<PlaceFlags>();
    await hookUninstallCommand({ manager, shared: shared === true, dryRun: dryRun === true });
  });
}

function defineDoctor(setExitCode: SetExitCode): Command {
  const command = new Command("doctor")
    .description(
      "plant a harmless marker in a temporary clone, in every way a commit is made, and see that each is stopped",
    )
    .addOption(managerOption());
  return command.action(async () => {
    const { hookDoctorCommand } = await import("../hook-doctor-command.ts");
    setExitCode(await hookDoctorCommand(command.opts<PlaceFlags>().manager));
  });
}

/** Defines the command and its subcommands; `setExitCode` is told how they went. */
export function defineHook(setExitCode: SetExitCode): Command {
  return new Command("hook")
    .description("stop the next credential before it is committed or pushed")
    .addCommand(defineRun(setExitCode))
    .addCommand(defineInstall())
    .addCommand(defineUninstall())
    .addCommand(defineDoctor(setExitCode))
    .addHelpText("after", help);
}
