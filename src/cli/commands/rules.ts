// `keywarden rules`: list, check, explain, new and trust.

import { Command } from "commander";
import { UsageError } from "../../errors.ts";
import { exitCodes } from "../../pipeline/exit-code.ts";
import type { SetExitCode } from "../program.ts";

interface RulesFlag {
  readonly rules: readonly string[];
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function withRules(command: Command): Command {
  return command.option("--rules <path>", "take rules of your own into account; may repeat", collect, []);
}

async function list(flags: RulesFlag & { json?: true }): Promise<void> {
  const { allRules, ruleLine } = await import("../../pipeline/run-rules.ts");
  const { rules } = allRules(flags.rules);
  if (flags.json === true) {
    const rows = rules.map(({ id, provider, name, what, severity, confidence, role, keywords, longest, reach }) => {
      return { id, provider, name, what, severity, confidence, role, keywords, longest, reach };
    });
    process.stdout.write(`${JSON.stringify(rows, undefined, 2)}\n`);
    return;
  }
  const providers = new Set(rules.map((rule) => rule.provider)).size;
  process.stdout.write(`${rules.map(ruleLine).join("\n")}\n\n${rules.length} rules of ${providers} providers.\n`);
}

async function check(paths: readonly string[], setExitCode: SetExitCode): Promise<void> {
  const { allRules, checkRules, rulesOf } = await import("../../pipeline/run-rules.ts");
  const own = paths.length === 0 ? undefined : new Set(rulesOf(paths).rules.map((rule) => rule.id));
  const ruleSet = allRules(paths);
  const faults = checkRules(ruleSet, own);
  const count = own?.size ?? ruleSet.rules.length;
  for (const fault of faults) process.stdout.write(`${fault.file}: ${fault.rule}: ${fault.message}\n`);
  const counted = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;
  process.stdout.write(`${counted(count, "rule")} checked, ${counted(faults.length, "fault")}.\n`);
  if (faults.length > 0) setExitCode(exitCodes.usage);
}

async function explain(id: string, flags: RulesFlag): Promise<void> {
  const { allRules, explainRule, hintFor } = await import("../../pipeline/run-rules.ts");
  const { rules } = allRules(flags.rules);
  const rule = rules.find((known) => known.id === id);
  if (rule === undefined) {
    throw new UsageError(`no rule is called ${id}`, {
      hint: hintFor(
        id,
        rules.map((known) => known.id),
      ),
    });
  }
  process.stdout.write(explainRule(rule));
}

/** Defines the command and its subcommands; `setExitCode` is told how they went. */
export function defineRules(setExitCode: SetExitCode): Command {
  const command = new Command("rules").description("list, check, explain, write and trust rules");
  command.addCommand(
    withRules(new Command("list")).description("one line for each rule").option("--json", "as JSON").action(list),
  );
  command.addCommand(
    new Command("check")
      .description("run every law and every example of rule files (default: the built-in rules)")
      .argument("[path...]", "rule files or folders")
      .action((paths: string[]) => check(paths, setExitCode)),
  );
  command.addCommand(
    withRules(new Command("explain"))
      .description("what a rule looks for, why it matters and what to do")
      .argument("<id>", "the rule's id")
      .action(explain),
  );
  command.addCommand(
    new Command("new")
      .description("print a rule file to fill in: keywarden rules new acme > acme.yml")
      .argument("<provider>", "in kebab-case")
      .action(async (provider: string) => {
        const { newRuleFile } = await import("../../pipeline/run-rules.ts");
        process.stdout.write(newRuleFile(provider));
      }),
  );
  command.addCommand(
    new Command("trust")
      .description("let the recipes of a rule file of your own ask providers; shows what they would send where")
      .argument("<file>", "one rule file, outside of what is scanned")
      .option("--yes", "do not ask")
      .option("--remove", "trust it no longer")
      .action(async (file: string, flags: { yes?: true; remove?: true }) => {
        const { trustCommand } = await import("../trust-command.ts");
        await trustCommand(file, flags);
      }),
  );
  return command;
}
