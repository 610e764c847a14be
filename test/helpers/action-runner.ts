// A checkout, an event and inputs in, what the runner of GitHub Actions makes of one step out: it runs what action.yml
// names, as the runner does, and takes commands, masks, outputs and summary out (actions/runner: ActionCommand.cs,
// ActionCommandManager.cs, FileCommandManager.cs).

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { cliEnv } from "./cli-run.ts";
import { temporaryFolder } from "./git-repo.ts";

const root = join(import.meta.dirname, "../..");

/** action.yml, as far as a runner reads it. */
export interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
}

/** Reads it. */
export function actionFile(): ActionFile {
  return parse(readFileSync(join(root, "action.yml"), "utf8")) as ActionFile;
}

/** A workflow command that the step printed. */
export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** What a step is given. */
export interface Step {
  readonly workspace: string;
  readonly event: string;
  readonly payload: unknown;
  readonly inputs?: Readonly<Record<string, string>>;
  /** GITHUB_SHA, GITHUB_REF and so on. */
  readonly github?: NodeJS.ProcessEnv;
  readonly token?: string;
}

/** What became of it. */
export interface StepResult {
  readonly code: number | null;
  /** Everything as it was printed: nobody but the runner sees it. */
  readonly printed: string;
  /** What people see: without commands, with masks in place of values. */
  readonly log: string;
  readonly commands: readonly Command[];
  readonly masks: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly milliseconds: number;
}

/** Commands that the runner obeys; whoever can print one of these has the job. */
const registered = new Set([
  "add-mask",
  "add-matcher",
  "add-path",
  "debug",
  "echo",
  "endgroup",
  "error",
  "group",
  "internal-set-repo-path",
  "notice",
  "remove-matcher",
  "save-state",
  "set-env",
  "set-output",
  "stop-commands",
  "warning",
]);

function unescaped(text: string, pairs: readonly (readonly [string, string])[]): string {
  return pairs.reduce((so, [escape, character]) => so.replaceAll(escape, character), text);
}

const dataEscapes = [
  ["%0D", "\r"],
  ["%0A", "\n"],
  ["%25", "%"],
] as const;
const propertyEscapes = [...dataEscapes.slice(0, 2), ["%3A", ":"], ["%2C", ","], ["%25", "%"]] as const;

function propertiesOf(text: string, separator: string): Record<string, string> {
  const pairs = text.split(separator).map((part) => {
    const at = part.indexOf("=");
    return [part.slice(0, Math.max(0, at)).trim(), unescaped(part.slice(at + 1), propertyEscapes)] as const;
  });
  return Object.fromEntries(pairs.filter(([name]) => name !== ""));
}

/** One line as the runner reads it: `::name a=b::data` where the line starts so, `##[name a=b;]data` anywhere in it. */
function commandIn(line: string): Command | undefined {
  const modern = /^::(.*?)::(.*)$/s.exec(line.trimStart());
  const old = /##\[([^\]]*)\](.*)$/s.exec(line);
  for (const [found, separator] of [
    [modern, ","],
    [old, ";"],
  ] as const) {
    const info = found?.[1] ?? "";
    const space = info.indexOf(" ");
    const name = space < 0 ? info : info.slice(0, space);
    if (found === null || !registered.has(name)) continue;
    const properties = space < 0 ? {} : propertiesOf(info.slice(space + 1), separator);
    return { name, properties, data: unescaped(found[2] ?? "", dataEscapes) };
  }
  return undefined;
}

/** `name=value` and `name<<END … END` entries of the file that outputs are set by. */
function outputsIn(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const [, name, end] = /^([^=<]+)<<(.+)$/.exec(line) ?? [];
    if (name !== undefined && end !== undefined) {
      const until = lines.indexOf(end, at + 1);
      outputs[name] = lines.slice(at + 1, until).join("\n");
      at = until;
    } else if (line.includes("=")) outputs[line.slice(0, line.indexOf("="))] = line.slice(line.indexOf("=") + 1);
  }
  return outputs;
}

function inputsOf({ inputs = {}, token = "" }: Step): NodeJS.ProcessEnv {
  const declared = actionFile().inputs;
  const given = Object.fromEntries(Object.entries(declared).map(([name, { default: usual = "" }]) => [name, usual]));
  Object.assign(given, inputs);
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const text = value.replaceAll(/\$\{\{\s*github\.token\s*\}\}/g, token);
      return [`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`, text];
    }),
  );
}

function readLines(text: string): Pick<StepResult, "commands" | "log" | "masks"> {
  const commands: Command[] = [];
  const masks: string[] = [];
  const shown: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const command = commandIn(line);
    if (command?.name === "add-mask") masks.push(command.data);
    else if (command !== undefined) commands.push(command);
    const told = command === undefined ? line : command.name === "add-mask" ? undefined : command.data;
    if (told !== undefined) shown.push(masks.reduce((so, mask) => so.replaceAll(mask, "***"), told));
  }
  return { commands, masks, log: shown.join("\n") };
}

/** The variables and files that a step finds; `files` are those that it tells the runner by. */
export function environmentOf(step: Step): {
  readonly env: NodeJS.ProcessEnv;
  readonly files: Readonly<Record<string, string>>;
} {
  const temporary = temporaryFolder();
  const names = ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE"];
  const files = Object.fromEntries(names.map((name) => [name, join(temporary, name)]));
  for (const file of Object.values(files)) writeFileSync(file, "");
  const event = join(temporary, "event.json");
  writeFileSync(event, JSON.stringify(step.payload));
  for (const name of ["home", "temp"]) mkdirSync(join(temporary, name));
  const outer = Object.keys(process.env).filter((name) => /^(?:GITHUB|RUNNER|INPUT)_/.test(name));
  const env = cliEnv({
    ...Object.fromEntries(outer.map((name) => [name, undefined])),
    ...inputsOf(step),
    ...files,
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_WORKSPACE: step.workspace,
    GITHUB_EVENT_NAME: step.event,
    GITHUB_EVENT_PATH: event,
    RUNNER_TEMP: join(temporary, "temp"),
    HOME: join(temporary, "home"),
    ...step.github,
  });
  return { env, files };
}

/** Runs one step. One that is not over after a minute is killed, which gives it the code null. */
export async function runStep(step: Step): Promise<StepResult> {
  const { env, files } = environmentOf(step);
  const started = performance.now();
  const child = spawn(process.execPath, [join(root, actionFile().runs.main)], {
    cwd: step.workspace,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
    killSignal: "SIGKILL",
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const code = await new Promise<number | null>((done) => child.on("close", done));
  const read = (name: string): string => readFileSync(files[name] ?? "", "utf8");
  return {
    code,
    printed,
    ...readLines(printed),
    outputs: outputsIn(read("GITHUB_OUTPUT")),
    summary: read("GITHUB_STEP_SUMMARY"),
    milliseconds: performance.now() - started,
  };
}
