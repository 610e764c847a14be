// `keywarden rotation watch`, `attest`, `adopt`, `init`: what people and schedules tell the ledger and the inventory.

import { Command } from "commander";
import { UsageError } from "../../errors.ts";
import { exitCodes } from "../../pipeline/exit-code.ts";
import type { SetExitCode } from "../program.ts";

const watchHelp = `
Example, in a scheduled workflow that is given the secret as a variable:
  keywarden rotation watch --env STRIPE_KEY --env SENTRY_TOKEN

Keeps a keyed fingerprint of each value and never the value. A fingerprint that changed since the last run is a rotation:
the old value stays open until it is proven dead. .keywarden/rotation.yml says which credential is kept in which variable.`;

const attestHelp = `
Example:
  keywarden rotation attest billing-key --reason "deleted on the provider's page, ticket OPS-214"

For what no provider can be asked about. Your name and the reason are kept in the ledger as the proof. Where the provider
can be asked, keywarden audit --verify --ledger is the better one: a value that still works reopens the reminder.`;

const adoptHelp = `
Examples:
  keywarden rotation adopt                         audits this repository now
  keywarden rotation adopt audit.json              the findings of: keywarden audit --format json --output audit.json
  keywarden rotation adopt - < audit.json

Adds an entry to .keywarden/rotation.yml for each credential that is not in it yet; what people wrote stays as it is.
Name the owners there. They enter the ledger as leaked, since that is where they were found.`;

const initHelp = `
Writes .keywarden/rotation.yml with explanations, unless it is there, and the salt of this repository's fingerprints,
unless KEYWARDEN_KEY is set. Commit both, and .keywarden/ledger.json; in a public repository see docs/rotation.md first.`;

function filled(flag: string): (value: string) => string {
  return (value) => {
    if (value.trim() === "") throw new UsageError(`${flag} needs a value`);
    return value.trim();
  };
}

function withConfig(command: Command): Command {
  return command.option("--config <file>", "read settings from here instead of .keywarden/config.yml");
}

/** Defines `watch`. */
export function defineWatch(): Command {
  const take = filled("--env");
  const command = withConfig(
    new Command("watch")
      .description("note when the value of an environment variable changes")
      .option("--env <name>", "the variable that holds the secret; may repeat", (value: string, before?: string[]) => [
        ...(before ?? []),
        take(value),
      ])
      .option("--environment <name>", "which of several credentials in that variable this is", filled("--environment")),
  );
  return command.addHelpText("after", watchHelp).action(async () => {
    const { env = [], environment, config } = command.opts<{ env?: string[]; environment?: string; config?: string }>();
    if (env.length === 0) {
      throw new UsageError("nothing to watch", { hint: "Name a variable: keywarden rotation watch --env NAME" });
    }
    const { watchCommand } = await import("../rotation-people.ts");
    await watchCommand({ names: env, environment, config });
  });
}

/** Defines `attest`. */
export function defineAttest(): Command {
  const command = withConfig(
    new Command("attest")
      .description("say with your name that a credential's old value is dead")
      .argument("<id>", "the credential, as keywarden rotation status names it")
      .requiredOption("--reason <text>", "how you know", filled("--reason"))
      .option("--by <name>", "who says so (default: user.name and user.email of git)", filled("--by")),
  );
  return command.addHelpText("after", attestHelp).action(async (id: string) => {
    const { reason, by, config } = command.opts<{ reason: string; by?: string; config?: string }>();
    const { attestCommand } = await import("../rotation-people.ts");
    await attestCommand({ id, reason, by, config });
  });
}

/** Defines `adopt`. */
export function defineAdopt(setExitCode: SetExitCode): Command {
  const command = withConfig(
    new Command("adopt")
      .description("turn the findings of an audit into entries of the inventory")
      .argument("[report]", "a JSON report of keywarden audit, - for standard input (default: audit now)"),
  );
  return command.addHelpText("after", adoptHelp).action(async (report: string | undefined) => {
    const { config } = command.opts<{ config?: string }>();
    const { adoptCommand } = await import("../rotation-people.ts");
    const { complete } = await adoptCommand({ report, config });
    if (!complete) setExitCode(exitCodes.incomplete);
  });
}

/** Defines `init`. */
export function defineInit(): Command {
  const command = new Command("init").description("write an inventory to declare credentials in");
  return command.addHelpText("after", initHelp).action(async () => {
    const { initCommand } = await import("../rotation-people.ts");
    await initCommand();
  });
}
