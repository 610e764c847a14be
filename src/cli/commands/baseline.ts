// `keywarden baseline`: create, update, and import from other scanners' lists.

import { readFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { addSettingFlags } from "../../config/flags.ts";
import { auditSettings } from "../../config/settings.ts";
import type { PartialSettings } from "../../config/settings.ts";
import { UsageError } from "../../errors.ts";
import type { BaselineOutcome, BaselineRequest } from "../../pipeline/run-baseline.ts";
import { exitCodes } from "../../pipeline/exit-code.ts";
import type { SetExitCode } from "../program.ts";

/** A baseline is one file: nothing is reported, judged or shown. */
const meaningless = ["format", "show-secrets", "fail-on", "exit-code", "color", "timings", ...auditSettings] as const;

interface EntryFlags {
  readonly reason?: string;
  readonly owner?: string;
  readonly until?: string;
  readonly config?: string;
  readonly prune?: true;
}

async function requestFor(
  paths: readonly string[],
  typed: PartialSettings,
  flags: EntryFlags,
): Promise<BaselineRequest> {
  const [{ settingsAt }, { openTarget }, { rootOf }] = await Promise.all([
    import("../scan-command.ts"),
    import("../../pipeline/scan-target.ts"),
    import("../../pipeline/side-files.ts"),
  ]);
  const cwd = process.cwd();
  const wanted = paths.length === 0 ? ["."] : paths;
  const root = rootOf(cwd, wanted);
  const settings = await settingsAt(root, typed, flags.config);
  const source = await openTarget({ kind: "paths", paths: wanted }, { cwd, root }, settings);
  return { root, sources: [source], settings, env: process.env, now: Date.now() };
}

function checkUntil(until: string | undefined): void {
  if (until === undefined) return;
  const day = new Date(`${until}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(until) || Number.isNaN(day.getTime()) || !day.toISOString().startsWith(until)) {
    throw new UsageError("--until needs a date", { hint: "Write it as YYYY-MM-DD." });
  }
}

function tell(outcome: BaselineOutcome, setExitCode: SetExitCode): void {
  const { file, added, kept, gone, unmatched, report } = outcome;
  process.stdout.write(`${file}: ${added} added, ${kept} kept, ${gone} gone.\n`);
  if (unmatched > 0) process.stdout.write(`${unmatched} entries of the list named nothing that was found.\n`);
  for (const problem of report.problems) process.stdout.write(`not read: ${problem.message}\n`);
  if (!report.coverage.complete) setExitCode(exitCodes.incomplete);
}

function entryFlags(command: Command): Command {
  return command
    .argument("[path...]", "files and folders to scan (default: the working folder)")
    .option("--owner <who>", "who answers for the new entries")
    .option("--until <date>", "the day (YYYY-MM-DD) after which new entries no longer count")
    .option("--config <file>", "read settings from here instead of .keywarden/config.yml");
}

function defaultsOf(flags: EntryFlags, reason: string): { reason: string; owner?: string; until?: string } {
  checkUntil(flags.until);
  return {
    reason: flags.reason ?? reason,
    ...(flags.owner === undefined ? {} : { owner: flags.owner }),
    ...(flags.until === undefined ? {} : { until: flags.until }),
  };
}

function defineWriter(name: "create" | "update", setExitCode: SetExitCode): Command {
  const command = entryFlags(new Command(name))
    .description(
      name === "create" ? "accept everything that is found today" : "add what is new, keep what people wrote",
    )
    .option("--reason <text>", "why the new entries are accepted", "present at adoption");
  if (name === "update") command.option("--prune", "drop entries that nothing was found for");
  const typed = addSettingFlags(command, meaningless);
  return command.action(async (paths: string[]) => {
    const flags = command.opts<EntryFlags>();
    const defaults = defaultsOf(flags, "present at adoption");
    const request = await requestFor(paths, typed(), flags);
    const { writeBaseline } = await import("../../pipeline/run-baseline.ts");
    const how = { create: name === "create", prune: flags.prune === true, defaults };
    tell(await writeBaseline(request, how), setExitCode);
  });
}

function readList(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
    throw new UsageError(`${file} cannot be read (${code})`, { hint: "Name the list to import." });
  }
}

function defineImport(setExitCode: SetExitCode): Command {
  const command = new Command("import")
    .description(
      "take over a list of another scanner: .gitleaksignore, a gitleaks JSON report, .secrets.baseline, .gitguardian.yaml",
    )
    .argument("<list>", "the file to import");
  entryFlags(command);
  const typed = addSettingFlags(command, meaningless);
  return command.action(async (list: string, paths: string[]) => {
    const flags = command.opts<EntryFlags>();
    const { owner, until } = defaultsOf(flags, "");
    const text = readList(list);
    const { foreignKindOf } = await import("../../pipeline/foreign-kind.ts");
    const kind = foreignKindOf(path.basename(list), text);
    const request = await requestFor(paths, typed(), flags);
    const { importList } = await import("../../pipeline/run-baseline.ts");
    const given = {
      kind,
      text,
      file: path.basename(list),
      ...(owner === undefined ? {} : { owner }),
      ...(until === undefined ? {} : { until }),
    };
    tell(await importList(request, given), setExitCode);
  });
}

/** Defines the command and its subcommands; `setExitCode` is told how they went. */
export function defineBaseline(setExitCode: SetExitCode): Command {
  return new Command("baseline")
    .description("accept findings that are known, in a file that cannot hide new ones")
    .addCommand(defineWriter("create", setExitCode))
    .addCommand(defineWriter("update", setExitCode))
    .addCommand(defineImport(setExitCode));
}
