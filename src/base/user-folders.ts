// The environment of a user in, the folders for a program's own settings and for what it may forget out.

import path from "node:path";

/** What the folders depend on. */
export interface UserPlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

/** Absolute; neither needs to be there. */
export interface UserFolders {
  readonly config: string;
  readonly cache: string;
}

/** A variable's value where it names an absolute folder: others are ignored, as the XDG specification says. */
function absolute(value: string | undefined, platform: NodeJS.Platform): string | undefined {
  const isAbsolute = platform === "win32" ? path.win32.isAbsolute : path.posix.isAbsolute;
  return value !== undefined && value !== "" && isAbsolute(value) ? value : undefined;
}

/**
 * `$XDG_CONFIG_HOME/NAME` and `$XDG_CACHE_HOME/NAME` where they are set, else the platform's own: `~/.config` and
 * `~/.cache`, on macOS `~/Library/Caches`, on Windows `%APPDATA%` and `%LOCALAPPDATA%`.
 */
export function userFolders(name: string, { env, home, platform }: UserPlace): UserFolders {
  const { join } = platform === "win32" ? path.win32 : path.posix;
  const usual: UserFolders =
    platform === "win32"
      ? {
          config: absolute(env["APPDATA"], platform) ?? join(home, "AppData", "Roaming"),
          cache: absolute(env["LOCALAPPDATA"], platform) ?? join(home, "AppData", "Local"),
        }
      : {
          config: join(home, ".config"),
          cache: platform === "darwin" ? join(home, "Library", "Caches") : join(home, ".cache"),
        };
  return {
    config: join(absolute(env["XDG_CONFIG_HOME"], platform) ?? usual.config, name),
    cache: join(absolute(env["XDG_CACHE_HOME"], platform) ?? usual.cache, name),
  };
}
