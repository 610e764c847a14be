// `keywarden audit`: a repository and flags in, reports written, exit code out.

import { Command } from "commander";
import { addSettingFlags } from "../../config/flags.ts";
import { UsageError } from "../../errors.ts";
import type { AuditScope } from "../../pipeline/audit-request.ts";
import { exitCodeOf, exitCodes, requiredExitCodeOf } from "../../pipeline/exit-code.ts";
import type { SetExitCode } from "../program.ts";
import { parseSince } from "../since.ts";
import { addVerifyFlags } from "../verify-flags.ts";

interface Flags {
  readonly ref?: readonly string[];
  readonly since?: string;
  readonly path?: readonly string[];
  readonly worktree: boolean;
  readonly cache: boolean;
  readonly config?: string;
  readonly verbose?: true;
  readonly ledger?: true;
}

const help = `
Examples:
  keywarden audit                                     the repository around the working folder
  keywarden audit ../service --no-worktree            what git holds, without the files beside it
  keywarden audit https://host/team/service.git       a clone of it, which is removed afterwards
  keywarden audit --ref main --since 2026-01-01       what main has had since then
  keywarden audit --verify                            which of them still open a door: asks the providers
  keywarden audit --verify --ledger                   the same, and follow each until it is dead: keywarden rotation
  keywarden audit --format json --output audit.json --format terminal

Reads every object: all branches, tags, notes, stashes, reflogs, what nothing refers to any more, messages, names and
authors. Settings may also stand in .keywarden/config.yml at the root; see docs/audit.md.`;

function collector(flag: string): (value: string, before?: readonly string[]) => readonly string[] {
  return (value, before = []) => {
    if (value.trim() === "") throw new UsageError(`${flag} needs a value`);
    return [...before, value];
  };
}

function scopeOf({ ref = [], since, path = [], worktree }: Flags): AuditScope {
  if (ref.some((name) => name.startsWith("-")))
    throw new UsageError("--ref needs the name of a branch, a tag or another ref");
  return { refs: ref, paths: path, worktree, ...(since === undefined ? {} : { since: parseSince(since) }) };
}

/** Defines the command; `setExitCode` is told how it went. */
export function defineAudit(setExitCode: SetExitCode): Command {
  const command = new Command("audit")
    .description("find every credential that a repository has ever held, with its history")
    .argument("[repository]", "a folder in it, or a URL to clone: https, ssh, user@host:path, file", ".")
    .option("--ref <name>", "only what this branch, tag or ref reaches; may repeat", collector("--ref"))
    .option("--since <date>", "only what commits since then brought in: YYYY-MM-DD (UTC) or ISO 8601")
    .option("--path <glob>", "only files at these paths; may repeat", collector("--path"))
    .option("--no-worktree", "leave out the files of the working tree")
    .option("--no-cache", "read every object and ask every question anew, and keep nothing for the next run")
    .option("--ledger", "put what is found into .keywarden/ledger.json: keywarden rotation follows it")
    .option("--config <file>", "read settings from here instead of .keywarden/config.yml")
    .option("-v, --verbose", "show every place, and what is allowed");
  const typedSettings = addSettingFlags(command);
  const typedVerify = addVerifyFlags(command);
  command.addHelpText("after", help).action(async (repository: string) => {
    const flags = command.opts<Flags>();
    const scope = scopeOf(flags);
    const verify = typedVerify();
    const { auditCommand } = await import("../audit-command.ts");
    const { report, settings } = await auditCommand({
      repository,
      scope,
      cache: flags.cache,
      typed: typedSettings(),
      config: flags.config,
      verbose: flags.verbose === true,
      verify,
      ledger: flags.ledger === true,
    });
    if (verify?.planOnly === true) setExitCode(exitCodes.clean);
    else setExitCode((verify?.required === true ? requiredExitCodeOf : exitCodeOf)(report, settings.exitCode));
  });
  return command;
}
