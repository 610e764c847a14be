// Where a baseline stands in, what is in it and the salt beside it out; and entries back into the file.

import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Settings } from "../config/settings.ts";
import { baselineFile, parseBaseline, serialiseBaseline } from "../policy/baseline.ts";
import type { Baseline } from "../policy/baseline.ts";
import { writeReport } from "../report/write.ts";
import { ownKey } from "./own-key.ts";
import { readSideFile } from "./side-files.ts";

/** A baseline's place, and what stands there. */
export interface BaselineFile {
  /** As people name it. */
  readonly shown: string;
  /** Absolute. */
  readonly native: string;
  /** The id of the key that its fingerprints are made with. */
  readonly key: string;
  /** Absent where there is no file yet. */
  readonly before?: Baseline;
}

/** The place of the baseline that the settings name; with the baseline switched off, the usual one. */
export function baselinePath(
  root: string,
  setting: Settings["baseline"],
): { readonly shown: string; readonly native: string } {
  const shown = setting === false ? baselineFile : (setting ?? baselineFile);
  return { shown, native: path.resolve(root, shown) };
}

/**
 * Reads the baseline that is to be written anew, and makes the salt where one is needed. Throws ConfigError for a file
 * that is no baseline, or one that was made with another key, and UsageError where a link leads elsewhere.
 */
export function openBaseline(root: string, setting: Settings["baseline"], env: NodeJS.ProcessEnv): BaselineFile {
  const { shown, native } = baselinePath(root, setting);
  const key = ownKey(root, env).id;
  const text = readSideFile(native, shown);
  return { shown, native, key, ...(text === undefined ? {} : { before: parseBaseline(text, { file: shown, key }) }) };
}

/** Writes a baseline in one step; its folder is made if it is not there. */
export async function saveBaseline(file: BaselineFile, baseline: Baseline): Promise<void> {
  mkdirSync(path.dirname(file.native), { recursive: true });
  await writeReport(serialiseBaseline(baseline), { kind: "file", file: file.native });
}
