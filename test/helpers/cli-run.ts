// A command line in, what the real executable answered out; nothing of this machine's environment gets through.

import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { ReportJson } from "../../src/report/schema.ts";
import { gitTestEnv } from "./git-repo.ts";

/** The built command line. */
export const executable = join(import.meta.dirname, "../../dist/bin.js");

/** What one run answered. `code` is null where a signal ended it. */
export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

export interface CliOptions {
  readonly cwd: string;
  /** On top of the tests' own environment; undefined takes a variable away. */
  readonly env?: NodeJS.ProcessEnv;
  /** Standard input; default: nothing. `open` leaves it open. */
  readonly input?: string | Uint8Array | "open";
  /** Numeric user to run as; only root may ask for it. */
  readonly uid?: number;
  /** Makes the run the leader of a process group, as a shell does. */
  readonly group?: boolean;
}

/** Variables that change what keywarden does. */
const cleared = ["CI", "NO_COLOR", "FORCE_COLOR", "KEYWARDEN_KEY", "COLUMNS", "NODE_OPTIONS", "VITEST"];

/** The environment that runs get before what a test adds. */
export function cliEnv(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const own = Object.entries(gitTestEnv).filter(([name]) => !cleared.includes(name));
  return { ...Object.fromEntries(own), ...extra };
}

/** A run under way. */
export interface CliRun {
  readonly child: ChildProcess;
  readonly result: Promise<CliResult>;
}

/** Starts keywarden. A run that is not over after a minute is killed, which gives it the code null. */
export function start(args: readonly string[], options: CliOptions): CliRun {
  const started = performance.now();
  const child = spawn(process.execPath, [executable, ...args], {
    cwd: options.cwd,
    env: cliEnv(options.env),
    stdio: ["pipe", "pipe", "pipe"],
    timeout: 60_000,
    killSignal: "SIGKILL",
    detached: options.group === true,
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  const { stdin, stdout, stderr } = child;
  // A run that ends before it has read its input closes the pipe, which is nothing to report.
  stdin.on("error", () => undefined);
  if (options.input !== "open") stdin.end(options.input ?? "");
  const texts = { stdout: "", stderr: "" };
  stdout.setEncoding("utf8").on("data", (text: string) => (texts.stdout += text));
  stderr.setEncoding("utf8").on("data", (text: string) => (texts.stderr += text));
  const result = new Promise<CliResult>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve({ code, signal, ...texts, milliseconds: performance.now() - started });
    });
  });
  return { child, result };
}

/** Waits until a run has read several megabytes, and so is in the middle of its scan (elsewhere than on Linux: a while). */
export async function underWay({ child }: CliRun): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    await new Promise((next) => setTimeout(next, 10));
    const read = /^rchar: (\d+)/m.exec(counters(child.pid))?.[1];
    if (read === undefined ? tries > 150 : Number(read) > 12_000_000) return;
  }
}

/** What Linux has counted of a process's input and output; empty where there is no such file. */
function counters(pid: number | undefined): string {
  const file = `/proc/${pid}/io`;
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** Runs keywarden to its end. */
export function keywarden(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return start(args, options).result;
}

/** The report of a run with `--format json`. */
export function jsonOf(result: CliResult): ReportJson {
  try {
    return JSON.parse(result.stdout) as ReportJson;
  } catch (error) {
    throw new Error(`no JSON, exit code ${result.code}: ${result.stderr || result.stdout.slice(0, 500)}`, {
      cause: error,
    });
  }
}

/** Runs `scan` with `--format json` and gives the exit code and the report. */
export async function scanJson(
  args: readonly string[],
  options: CliOptions,
): Promise<{ code: number | null; report: ReportJson; stderr: string }> {
  const result = await keywarden(["scan", "--format", "json", ...args], options);
  return { code: result.code, report: jsonOf(result), stderr: result.stderr };
}

/** `rule path:line:column` of every place of every finding, sorted. */
export function placesOf(report: ReportJson): string[] {
  return report.findings
    .flatMap(({ rule, occurrences }) =>
      occurrences.map(({ path, line, column }) => `${rule} ${path}:${line}:${column}`),
    )
    .sort();
}
