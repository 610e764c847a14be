// `keywarden scan`: arguments and flags in, reports written, exit code out.

import { Command } from "commander";
import { addSettingFlags } from "../../config/flags.ts";
import { auditSettings } from "../../config/settings.ts";
import { UsageError } from "../../errors.ts";
import type { ScanTarget } from "../../pipeline/scan-target.ts";
import { exitCodeOf, exitCodes, requiredExitCodeOf } from "../../pipeline/exit-code.ts";
import type { SetExitCode } from "../program.ts";
import { addVerifyFlags } from "../verify-flags.ts";

interface Flags {
  readonly staged?: true;
  readonly range?: string;
  readonly stdinName?: string;
  readonly config?: string;
  readonly verbose?: true;
  readonly ledger?: true;
}

const help = `
Examples:
  keywarden scan .                                    this folder
  keywarden scan --staged                             what the next commit would add
  keywarden scan --range origin/main..HEAD            what these commits introduce, their messages too
  git log -p | keywarden scan -                       standard input
  keywarden scan . --verify --plan                    who would be asked whether what is found still works
  keywarden scan . --format sarif --output out.sarif --format terminal

Settings may also stand in .keywarden/config.yml at the root; see docs/configuration.md.`;

function targetOf(paths: readonly string[], flags: Flags): ScanTarget {
  const chosen = [
    flags.staged === true ? "--staged" : undefined,
    flags.range === undefined ? undefined : "--range",
    paths.length > 0 ? (paths.includes("-") ? "-" : "paths") : undefined,
  ].filter((name) => name !== undefined);
  if (chosen.length > 1) {
    throw new UsageError(`${chosen.join(" and ")} cannot be combined`, { hint: "Run one scan for each." });
  }
  if (paths.includes("-") && paths.length > 1) {
    throw new UsageError("- (standard input) cannot be combined with paths", { hint: "Run one scan for each." });
  }
  if (flags.stdinName !== undefined && paths[0] !== "-") {
    throw new UsageError("--stdin-name needs - (standard input) as the path", {
      hint: "keywarden scan - --stdin-name app.log",
    });
  }
  if (flags.staged === true) return { kind: "staged" };
  if (flags.range !== undefined) return { kind: "range", range: flags.range };
  if (paths[0] === "-") return { kind: "stdin", stream: process.stdin, name: flags.stdinName ?? "stdin" };
  return { kind: "paths", paths: paths.length === 0 ? ["."] : paths };
}

/** Defines the command; `setExitCode` is told how it went. */
export function defineScan(setExitCode: SetExitCode): Command {
  const command = new Command("scan")
    .description("find credentials in files, standard input, the staged index or a commit range")
    .argument("[path...]", "files, folders or globs; - for standard input (default: the working folder)")
    .option("--staged", "scan what is staged: the index, never the working copy")
    .option("--range <base..head>", "scan every content and message that the commits of a range introduce")
    .option("--stdin-name <name>", "show standard input under this name")
    .option("--ledger", "put what is found into .keywarden/ledger.json: keywarden rotation follows it")
    .option("--config <file>", "read settings from here instead of .keywarden/config.yml")
    .option("-v, --verbose", "show every place, and what is allowed");
  const typedSettings = addSettingFlags(command, auditSettings);
  const typedVerify = addVerifyFlags(command);
  command.addHelpText("after", help).action(async (paths: string[]) => {
    const flags = command.opts<Flags>();
    const target = targetOf(paths, flags);
    const verify = typedVerify();
    if (verify !== undefined && target.kind === "staged") {
      throw new UsageError("--verify and --staged cannot be combined", {
        hint: "What is staged is looked at before every commit; verify a scan of the folder or of commits instead.",
      });
    }
    if (flags.ledger === true && (target.kind === "staged" || target.kind === "stdin")) {
      throw new UsageError(`--ledger and ${target.kind === "staged" ? "--staged" : "-"} cannot be combined`, {
        hint: "Only what stands in files or commits has leaked; put a scan of those into the ledger.",
      });
    }
    const { scanCommand } = await import("../scan-command.ts");
    const { report, settings } = await scanCommand({
      verify,
      target,
      typed: typedSettings(),
      config: flags.config,
      verbose: flags.verbose === true,
      ledger: flags.ledger === true,
    });
    if (verify?.planOnly === true) setExitCode(exitCodes.clean);
    else setExitCode((verify?.required === true ? requiredExitCodeOf : exitCodeOf)(report, settings.exitCode));
  });
  return command;
}
