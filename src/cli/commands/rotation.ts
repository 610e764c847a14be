// `keywarden rotation`: what is due, and who is told of it; the commands that people feed it with are beside this file.

import { Command } from "commander";
import { addSettingFlags } from "../../config/flags.ts";
import { settings } from "../../config/settings.ts";
import { UsageError } from "../../errors.ts";
import type { ReminderChannel, StatusFormat } from "../rotation-command.ts";
import type { SetExitCode } from "../program.ts";
import { defineAdopt, defineAttest, defineInit, defineWatch } from "./rotation-people.ts";

const channels: readonly ReminderChannel[] = ["terminal", "markdown", "ics", "json", "github"];
const formats: readonly StatusFormat[] = ["terminal", "json", "markdown", "ics"];

/** Nothing is scanned, so that little else has a meaning. */
const meant: readonly string[] = ["rules", "exit-code", "color"];
const meaningless = settings.map(({ key }) => key).filter((key) => !meant.includes(key));

const exitHelp = `Exit codes: 0 nothing is late, 1 something is overdue or leaked, 2 wrong usage or a file that cannot be used,
3 nothing is late but a channel could not be told.`;

const statusHelp = `
Examples:
  keywarden rotation status                        everything, the most urgent first
  keywarden rotation status --format json          for programs; schemas/rotation-report.schema.json
  keywarden rotation status --format markdown      a page with checklists

Writes nothing. ${exitHelp}
See docs/rotation.md.`;

const remindHelp = `
Examples:
  keywarden rotation remind                        the terminal, and .keywarden/rotation.md
  keywarden rotation remind --to ics               .keywarden/rotation.ics, for any calendar program
  keywarden rotation remind --to github            an issue for each credential; GITHUB_TOKEN or GH_TOKEN holds the token
  keywarden rotation remind --dry-run              who would be told of what; writes and sends nothing

Running it twice changes nothing: channels are told of changes only. --to json writes .keywarden/rotation-report.json.
${exitHelp}
See docs/rotation.md and docs/rotation-github.md.`;

const rotationHelp = `
Start here:
  keywarden rotation init                          writes .keywarden/rotation.yml, to declare credentials in
  keywarden audit --verify --ledger                what leaked enters the ledger, with the providers' word on it
  keywarden rotation status                        what is due, and what to do

A credential that leaked is followed until it is proven dead: see docs/rotation.md.`;

function chosen<Name extends string>(flag: string, names: readonly Name[]): (value: string) => Name {
  return (value) => {
    const name = names.find((one) => one === value);
    if (name === undefined) throw new UsageError(`${flag}: expected one of ${names.join(", ")}`);
    return name;
  };
}

interface Flags {
  readonly format?: StatusFormat;
  readonly to?: readonly ReminderChannel[];
  readonly dryRun?: true;
  readonly repository?: string;
  readonly githubLogin?: string;
  readonly config?: string;
  readonly verbose?: true;
}

function common(command: Command): Command {
  return command
    .option("--config <file>", "read settings from here instead of .keywarden/config.yml")
    .option("-v, --verbose", "show every credential and every place");
}

function defineStatus(setExitCode: SetExitCode): Command {
  const command = common(
    new Command("status")
      .description("show what is due, leaked or unknown, and what to do about it")
      .option("--format <name>", `how: ${formats.join(", ")} (default: terminal)`, chosen("--format", formats)),
  );
  const typed = addSettingFlags(command, meaningless);
  return command.addHelpText("after", statusHelp).action(async () => {
    const { format = "terminal", config, verbose } = command.opts<Flags>();
    const { statusCommand } = await import("../rotation-command.ts");
    setExitCode(await statusCommand({ typed: typed(), config, verbose: verbose === true, format }));
  });
}

function defineRemind(setExitCode: SetExitCode): Command {
  const take = chosen("--to", channels);
  const command = common(
    new Command("remind")
      .description("bring the ledger up to date and tell people what they have to do")
      .option(
        "--to <channel>",
        `tell this channel: ${channels.join(", ")}; may repeat (default: terminal and markdown)`,
        (value: string, before: readonly ReminderChannel[] = []) => [...before, take(value)],
      )
      .option("--repository <owner/name>", "where issues are filed (default: GITHUB_REPOSITORY, or the remote origin)")
      .option("--github-login <name>", "the account that the token acts as, where GitHub does not tell")
      .option("--dry-run", "show who would be told of what; write and send nothing"),
  );
  const typed = addSettingFlags(command, meaningless);
  return command.addHelpText("after", remindHelp).action(async () => {
    const flags = command.opts<Flags>();
    const { remindCommand } = await import("../rotation-command.ts");
    const code = await remindCommand({
      typed: typed(),
      config: flags.config,
      verbose: flags.verbose === true,
      to: flags.to ?? ["terminal", "markdown"],
      repository: flags.repository,
      githubLogin: flags.githubLogin,
      dryRun: flags.dryRun === true,
    });
    setExitCode(code);
  });
}

/** Defines the command and its subcommands; `setExitCode` is told how they went. */
export function defineRotation(setExitCode: SetExitCode): Command {
  return new Command("rotation")
    .description("follow credentials until they are replaced or proven dead")
    .addHelpText("after", rotationHelp)
    .addCommand(defineStatus(setExitCode))
    .addCommand(defineRemind(setExitCode))
    .addCommand(defineWatch())
    .addCommand(defineAttest())
    .addCommand(defineAdopt(setExitCode))
    .addCommand(defineInit());
}
