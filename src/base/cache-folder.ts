// Platform, environment and home folder in, the folder for what a program may forget of this user out.

import { posix, win32 } from "node:path";

/** What decides where caches are kept. */
export interface CachePlace {
  /** As `process.platform` says it. */
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  /** The user's home folder; empty where there is none. */
  readonly home: string;
}

/**
 * Absolute path of the cache folder of the program `name`, which need not exist: in XDG_CACHE_HOME or ~/.cache (XDG
 * Base Directory Specification), ~/Library/Caches on macOS, %LOCALAPPDATA% on Windows. Undefined where neither the
 * environment nor the home folder gives an absolute path.
 */
export function cacheFolder(name: string, place: CachePlace): string | undefined {
  const { join, isAbsolute } = place.platform === "win32" ? win32 : posix;
  const parent = [given(place), usual(place)].find((folder) => folder !== undefined && isAbsolute(folder));
  return parent === undefined ? undefined : join(parent, name);
}

function given({ platform, env }: CachePlace): string | undefined {
  if (platform === "darwin") return undefined;
  if (platform !== "win32") return env["XDG_CACHE_HOME"];
  return Object.entries(env).find(([name]) => name.toUpperCase() === "LOCALAPPDATA")?.[1];
}

function usual({ platform, home }: CachePlace): string | undefined {
  if (home === "") return undefined;
  if (platform === "win32") return win32.join(home, "AppData", "Local");
  return platform === "darwin" ? posix.join(home, "Library", "Caches") : posix.join(home, ".cache");
}
