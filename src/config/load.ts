// A repository's root → the settings of its .keywarden/config.yml. The only file of this room that reads files.

import { readFile, stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { realPlace } from "../base/real-place.ts";
import { ConfigError, UsageError } from "../errors.ts";
import type { PartialSettings } from "./settings.ts";

/** Where the settings stand, relative to the root. */
export const configPath = ".keywarden/config.yml";

const maxBytes = 1024 * 1024;

/** What a settings file said. */
export interface LoadedConfig {
  readonly settings: PartialSettings;
  /** The file that was read, as messages name it; absent where there is none. */
  readonly file?: string;
}

/**
 * Reads `.keywarden/config.yml` below `root` (absolute or relative to the working directory), or
 * `explicitPath` (relative to the working directory) in its stead. Relative paths in the file start
 * from `root` either way. Without an explicit path a missing file is fine and names no settings.
 * Throws ConfigError with line and column for mistakes in the file, UsageError for an explicit path
 * that is not there.
 */
export async function loadConfig(root: string, explicitPath?: string): Promise<LoadedConfig> {
  const absoluteRoot = resolve(root);
  const shown = explicitPath ?? configPath;
  const path = explicitPath === undefined ? join(absoluteRoot, configPath) : resolve(explicitPath);
  const text = await readConfig(path, shown);
  if (text === undefined) {
    if (explicitPath === undefined) return { settings: {} };
    throw new UsageError(`no such configuration file: ${shown}`);
  }
  // zod and yaml cost start-up time, which a hook pays on every commit: only those who have a file pay.
  const { parseConfig } = await import("./parse.ts");
  const settings = parseConfig(text, shown, absoluteRoot);
  for (const file of writtenFiles(settings)) {
    // The parser keeps written paths inside the root by name; a link on the way could still lead out.
    if (realPlace(absoluteRoot, file) === undefined) {
      throw new ConfigError(`${relative(absoluteRoot, file)} leads outside the root through a link`, { file: shown });
    }
  }
  return { settings, file: shown };
}

async function readConfig(path: string, shown: string): Promise<string | undefined> {
  try {
    // Never open what is not a file: opening a pipe waits for ever.
    const found = await stat(path);
    if (!found.isFile()) throw new ConfigError("not a file", { file: shown });
    if (found.size > maxBytes) throw new ConfigError(`larger than ${maxBytes} bytes`, { file: shown });
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (cause instanceof TypeError) throw new ConfigError("not valid UTF-8", { file: shown }, { cause });
    throw new ConfigError(`cannot be read (${code ?? "unknown reason"})`, { file: shown }, { cause });
  }
}

function writtenFiles(settings: PartialSettings): string[] {
  const files = (settings.format ?? []).map((use) => use.output);
  return [...files, settings.baseline].filter((file) => typeof file === "string");
}
