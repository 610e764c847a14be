// Repositories in, rows of measured claims about `keywarden audit` out: whole processes in turns, and their peak memory.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { spawnSync } from "node:child_process";
import { contest, peakMemory } from "./measure.ts";
import type { Contestant } from "./measure.ts";

/** One claim with its measure. */
export interface AuditRow {
  readonly claim: string;
  readonly asked: string;
  readonly measured: string;
}

interface Repository {
  readonly folder: string;
  readonly name: string;
  readonly objects: number;
  readonly packedBytes: number;
}

function look(folder: string): Repository {
  const { stdout } = spawnSync("git", ["-C", folder, "count-objects", "-v"], { encoding: "utf8" });
  const number = (name: string) => Number(new RegExp(`^${name}: (\\d+)$`, "m").exec(stdout)?.[1] ?? 0);
  const origin =
    path.basename(path.resolve(folder)) === "repo" ? path.basename(path.dirname(path.resolve(folder))) : "";
  const name = (origin === "" ? path.basename(path.resolve(folder)) : origin).replace(/^.*\+/, "");
  return { folder, name, objects: number("count") + number("in-pack"), packedBytes: number("size-pack") * 1024 };
}

function silent(name: string, command: readonly string[]): Contestant {
  return { name, command };
}

/** Measures one repository: against git that prints every object, against itself with a cache, and in memory. */
async function measureOne(repository: Repository, bin: string, runs: number): Promise<AuditRow[]> {
  const { folder, name, objects, packedBytes } = repository;
  const scratch = mkdtempSync(path.join(tmpdir(), "keywarden-bench-cache-"));
  try {
    const node = process.execPath;
    const audit = [node, bin, "audit", folder, "--format", "json"];
    const first = silent("audit", [...audit, "--no-cache"]);
    const everything = ["cat-file", "--batch-all-objects", "--batch", "--buffer", "--unordered"];
    const git = silent("cat-file", ["git", "-C", folder, ...everything]);
    const [ours = 0, theirs = 0] = contest([first, git], runs);
    const again = silent("again", ["env", `XDG_CACHE_HOME=${scratch}`, ...audit]);
    const [second = 0, fresh = 0] = contest([again, first], Math.max(1, runs - 1));
    const patches = (await peakMemory(silent("log -p", ["git", "-C", folder, "log", "-p", "--all"]))).ms;
    const peak = await peakMemory(first);
    const size = `${name}: ${objects.toLocaleString("en")} objects, ${(packedBytes / 1e6).toFixed(0)} MB of packs`;
    const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
    return [
      {
        claim: `${size}: \`audit\` : \`git cat-file --batch-all-objects --batch\``,
        asked: "≤ 0.6, better 0.35",
        measured: `${(ours / theirs).toFixed(2)} (${seconds(ours)} : ${seconds(theirs)})`,
      },
      {
        claim: `${name}: again, with nothing new : the first time`,
        asked: "≤ 0.1",
        measured: `${(second / fresh).toFixed(2)} (${seconds(second)} : ${seconds(fresh)})`,
      },
      { claim: `${name}: \`git log -p --all\``, asked: "none", measured: seconds(patches) },
      {
        claim: `${name}: resident memory of an audit`,
        asked: packedBytes < 100e6 ? "≤ 250 MB" : "≤ 600 MB",
        measured: peak.mebibytes === undefined ? "not measurable here" : `${(peak.mebibytes * 1.048576).toFixed(0)} MB`,
      },
    ];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Rows for each repository. */
export async function auditRows(folders: readonly string[], bin: string, runs: number): Promise<AuditRow[]> {
  const rows: AuditRow[] = [];
  for (const folder of folders) rows.push(...(await measureOne(look(folder), bin, runs)));
  return rows;
}
