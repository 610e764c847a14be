// A scratch folder in, rows of measured claims about `keywarden rotation` over 10,000 credentials out.

import { mkdirSync } from "node:fs";
import { writeManyCredentials } from "../test/helpers/rotation-many.ts";
import { median, peakMemory, processorTime } from "./measure.ts";
import type { Contestant } from "./measure.ts";

const commands: readonly (readonly string[])[] = [
  ["status"],
  ["status", "--format", "json"],
  ["remind", "--dry-run"],
  ["status", "--format", "ics"],
];

/** Those that must be quick. */
const asked: ReadonlySet<string> = new Set(["rotation status", "rotation remind --dry-run"]);

interface Row {
  readonly claim: string;
  readonly asked: string;
  readonly measured: string;
}

async function rowOf(contestant: Contestant, runs: number): Promise<Row> {
  const times = Array.from({ length: runs }, () => processorTime(contestant)).filter((ms) => ms !== undefined);
  const { mebibytes } = await peakMemory(contestant);
  const time = times.length === 0 ? "not measurable here" : `${(median(times) / 1000).toFixed(2)} s`;
  const memory = mebibytes === undefined ? "memory not measurable here" : `${(mebibytes * 1.048576).toFixed(0)} MB`;
  return {
    claim: `\`${contestant.name}\`, 10,000 credentials, processor time and resident memory`,
    asked: asked.has(contestant.name) ? "< 1 s, < 200 MB" : "none",
    measured: `${time}, ${memory}`,
  };
}

/** Measures every command that looks at all credentials. */
export async function rotationRows(folder: string, bin: string, runs: number): Promise<readonly Row[]> {
  mkdirSync(folder, { recursive: true });
  writeManyCredentials(folder, 10_000, new Date());
  const rows: Row[] = [];
  for (const command of commands) {
    const args = ["rotation", ...command];
    rows.push(await rowOf({ name: args.join(" "), command: [process.execPath, bin, ...args], cwd: folder }, runs));
  }
  return rows;
}
