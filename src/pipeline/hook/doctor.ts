// A repository's hooks in, what became of a marker in each way that a commit is made out.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Settings } from "../../config/settings.ts";
import { hookStages } from "../../model/hook.ts";
import type { HookStage } from "../../model/hook.ts";
import { openBench } from "./bench.ts";
import { diagnose, isMeant } from "./diagnose.ts";
import type { Diagnosis } from "./diagnose.ts";
import { markedFolder, markerMaker } from "./marker.ts";
import { findHookPlace } from "./place.ts";
import type { HookPlace } from "./place.ts";
import { ways } from "./ways.ts";
import type { Attempt, Way, WayBench } from "./ways.ts";

/** What became of one way. `misses`: the marker went in. `unclear`: something else stopped git before keywarden said a word. */
export interface Trial {
  readonly says: string;
  readonly stage: HookStage;
  readonly result: "fires" | "misses" | "unclear";
  /** What git or the hooks said, where it did not fire; one line. */
  readonly detail?: string;
  readonly note?: string;
}

/** Everything that the doctor found. */
export interface Examination {
  readonly place: HookPlace;
  readonly trials: readonly Trial[];
  /** Why it does not fire, where that can be seen. */
  readonly diagnoses: readonly Diagnosis[];
  /** Stages that nobody asked to have installed. */
  readonly absent: readonly HookStage[];
  /** Submodules, which have hooks of their own and no keywarden among them. */
  readonly bareSubmodules: readonly string[];
}

/** Who is asked, and how he is told of each way. */
export interface DoctorRequest {
  readonly place: HookPlace;
  readonly settings: Settings;
  readonly env: NodeJS.ProcessEnv;
  readonly onTrial: (trial: Trial) => void;
  /** Ends it after the way that is being tried; the clone is removed all the same. */
  readonly signal: AbortSignal;
}

function judge(way: Way, rule: string, { outcome, note }: Attempt): Trial {
  const { code, output } = outcome;
  const base = { says: way.says, stage: way.stage, ...(note === undefined ? {} : { note }) };
  const isNamed = output.includes(rule);
  if (code !== 0 && isNamed) return { ...base, result: "fires" };
  const said = output.split(/\r?\n/).find((line) => line.trim() !== "") ?? "";
  if (code === 0) return { ...base, result: "misses", ...(isNamed ? { detail: "it was found, and git went on" } : {}) };
  const how = code === undefined ? "it took more than a minute" : said;
  return { ...base, result: "unclear", detail: how };
}

async function tryWay(way: Way, bench: WayBench, rule: string): Promise<Trial> {
  await bench.reset();
  return judge(way, rule, await way.attempt(bench));
}

/** Submodules that are checked out, by path, without keywarden in their own hooks. */
async function bareSubmodulesOf(top: string): Promise<readonly string[]> {
  const file = path.join(top, ".gitmodules");
  if (!existsSync(file)) return [];
  const paths = [...readFileSync(file, "utf8").matchAll(/^\s*path\s*=\s*(.+?)\s*$/gm)].map((match) => match[1] ?? "");
  const bare: string[] = [];
  for (const name of paths.filter((one) => existsSync(path.join(top, one, ".git")))) {
    const place = await findHookPlace(path.join(top, name));
    if (!isMeant(place, "pre-commit")) bare.push(name);
  }
  return bare;
}

/** Tries every way of the stages that are installed; `pre-commit` always. Throws KeywardenError. */
export async function examine({ place, settings, env, onTrial, signal }: DoctorRequest): Promise<Examination> {
  const marker = await markerMaker(settings);
  const stages = hookStages.filter((stage) => stage === "pre-commit" || isMeant(place, stage));
  const bench = await openBench(place, env);
  const trials: Trial[] = [];
  try {
    const { rule } = marker("name");
    const hooksPath = await bench.git(["config", "--default", "", "--get", "--local", "core.hooksPath"]);
    const wayBench: WayBench = {
      ...bench,
      marker,
      folder: markedFolder(settings),
      hooksPath: place.hooksPath === undefined ? undefined : hooksPath,
    };
    for (const way of ways.filter(({ stage }) => stages.includes(stage))) {
      if (signal.aborted) break;
      const trial = await tryWay(way, wayBench, rule);
      trials.push(trial);
      onTrial(trial);
    }
  } finally {
    bench.remove();
  }
  const failed = trials.some(({ result }) => result !== "fires");
  return {
    place,
    trials,
    diagnoses: failed ? diagnose(place, settings.failOn) : [],
    absent: hookStages.filter((stage) => !stages.includes(stage)),
    bareSubmodules: await bareSubmodulesOf(place.top),
  };
}
