// A commit and a private folder in, the settings that the commit holds out, with the files they name laid out there.

import { existsSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { GitPlace } from "../../base/git/environment.ts";
import { configPath } from "../../config/load.ts";
import { mergeSettings } from "../../config/merge.ts";
import type { PartialSettings, Settings } from "../../config/settings.ts";
import { ConfigError, UsageError } from "../../errors.ts";
import { saltFile } from "../../findings/key.ts";
import { baselineFile } from "../../policy/baseline.ts";
import { foreignLists } from "../../policy/foreign.ts";
import { writeCommitFiles } from "../../sources/commit-files.ts";

/** Where settings are read from, and what comes on top of them. */
export interface SettingsPlace {
  readonly place: GitPlace;
  /** The commit whose word counts; absent: none is there yet. */
  readonly commit?: string | undefined;
  /** Absolute, empty, private. */
  readonly folder: string;
  /** Instead of the usual file; from the top of the tree. */
  readonly config?: string | undefined;
  readonly typed: PartialSettings;
}

/** Settings, and the files at that commit which decide on findings. */
export interface BaseSettings {
  readonly settings: Settings;
  /** From the top of the tree, with forward slashes; folders mean all below them. */
  readonly deciding: readonly string[];
}

const maxConfigBytes = 1024 * 1024;

async function readConfig({ commit, folder, config = configPath }: SettingsPlace): Promise<PartialSettings> {
  const file = join(folder, config);
  if (!existsSync(file)) {
    if (config === configPath) return {};
    throw new UsageError(`there is no configuration file ${config} in commit ${commit?.slice(0, 12) ?? "(none)"}`, {
      hint: "Settings are read from the base of a change. Put the file there first, or leave the input config out.",
    });
  }
  if (!statSync(file).isFile()) throw new ConfigError("is a folder, and not a settings file", { file: config });
  const text = readFileSync(file);
  if (text.length > maxConfigBytes) throw new ConfigError(`larger than ${maxConfigBytes} bytes`, { file: config });
  const { parseConfig } = await import("../../config/parse.ts");
  try {
    return parseConfig(new TextDecoder("utf-8", { fatal: true }).decode(text), config, folder);
  } catch (error) {
    if (error instanceof TypeError) throw new ConfigError("not valid UTF-8", { file: config }, { cause: error });
    throw error;
  }
}

/** A path inside the folder as the tree names it; a path that leads out of it has no place in a repository's settings. */
function inTree(folder: string, file: string): string {
  const path = relative(folder, file).split(sep).join("/");
  if (path.startsWith("../") || path === ".." || path === "" || join(folder, path) !== file) {
    throw new UsageError("the settings name a file outside of the repository", {
      hint: "In a workflow only files of the repository count: rules and baseline stand in it.",
    });
  }
  return path;
}

/** Reads them. Throws KeywardenError for mistakes; the working tree has no say. */
export async function readBaseSettings(given: SettingsPlace): Promise<BaseSettings> {
  const { place, commit, folder, typed } = given;
  const lay = async (paths: readonly string[]): Promise<void> => {
    if (commit !== undefined) await writeCommitFiles(place, commit, paths, folder);
  };
  const usual = [given.config ?? configPath, saltFile, baselineFile, ...Object.keys(foreignLists)];
  await lay(usual);
  const settings = mergeSettings(await readConfig(given), typed);
  const { baseline } = settings;
  const named = [
    ...settings.rules.map((file) => inTree(folder, file)),
    ...(typeof baseline === "string" ? [inTree(folder, resolve(folder, baseline))] : []),
  ];
  await lay(named);
  return { settings, deciding: [...usual, ...named] };
}
