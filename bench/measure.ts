// Commands in, medians out: whole processes timed in turns, with the peak memory that the kernel accounts to them.

import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** One command line of a contest. */
export interface Contestant {
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd?: string;
}

/** The middle value; 0 for none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function once(contestant: Contestant): number {
  const [file = "", ...args] = contestant.command;
  const started = process.hrtime.bigint();
  const ended = spawnSync(file, args, { cwd: contestant.cwd, stdio: ["ignore", "ignore", "ignore"] });
  if (ended.error !== undefined) throw ended.error;
  return Number(process.hrtime.bigint() - started) / 1e6;
}

/** Runs the contestants in turns, one round uncounted; median milliseconds of each, in their order. */
export function contest(contestants: readonly Contestant[], runs: number): number[] {
  const times = contestants.map((): number[] => []);
  for (let round = 0; round <= runs; round++) {
    contestants.forEach((contestant, index) => {
      const ms = once(contestant);
      if (round > 0) times[index]?.push(ms);
    });
  }
  return times.map(median);
}

/** Largest resident size in MiB that a command reached (`VmHWM` of /proc, read until it ends); undefined elsewhere. */
export async function peakMemory(contestant: Contestant): Promise<{ mebibytes: number | undefined; ms: number }> {
  const [file = "", ...args] = contestant.command;
  const started = Date.now();
  const child = spawn(file, args, { cwd: contestant.cwd, stdio: ["ignore", "ignore", "ignore"] });
  let peak: number | undefined;
  const look = () => {
    try {
      const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"));
      if (line !== null) peak = Math.max(peak ?? 0, Number(line[1]) / 1024);
    } catch {
      // The process has ended, or there is no /proc here: the last reading stands.
    }
  };
  const timer = setInterval(look, 50);
  await new Promise((resolve) => child.on("exit", resolve));
  clearInterval(timer);
  return { mebibytes: peak, ms: Date.now() - started };
}

/** Milliseconds of processor time, user and system, that a command took; undefined where there is no shell to ask. */
export function processorTime({ command, cwd }: Contestant): number | undefined {
  const done = spawnSync("sh", ["-c", '"$@" > /dev/null 2>&1; times', "sh", ...command], { cwd, encoding: "utf8" });
  const [, ofChildren = ""] = (done.stdout ?? "").trim().split("\n");
  const parts = [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)];
  return parts.length === 2
    ? parts.reduce((sum, [, m, s]) => sum + Number(m) * 60_000 + Number(s) * 1000, 0)
    : undefined;
}
