// Turns the caller's environment into one under which git runs nothing but itself, and finds git on the PATH.

import { accessSync, constants, statSync } from "node:fs";
import { devNull } from "node:os";
import { delimiter, isAbsolute, join, resolve } from "node:path";

/** Says where the repository is; git sets these for hooks, and they must reach every git we start. */
const repositoryVariables = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_COMMON_DIR",
  "GIT_OBJECT_DIRECTORY",
] as const;

/** Kept as they are. Every other GIT_* variable is dropped: tracing, pagers, diff drivers, config, ssh. */
const keptVariables = new Set<string>([
  "GIT_CEILING_DIRECTORIES",
  "GIT_CONFIG_GLOBAL",
  "GIT_CONFIG_NOSYSTEM",
  "GIT_CONFIG_SYSTEM",
  "GIT_DISCOVERY_ACROSS_FILESYSTEM",
  "GIT_EXEC_PATH",
]);

/** Dropped too: they name commands, or tell git where it is installed. */
const droppedVariables = new Set(["EDITOR", "PAGER", "PREFIX", "SSH_ASKPASS", "VISUAL"]);

/** Set for every git. An empty list of protocols is what keeps old versions from fetching lazily. */
const fixedVariables: Readonly<Record<string, string>> = {
  GIT_ALLOW_PROTOCOL: "none",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_GRAFT_FILE: devNull,
  GIT_NO_LAZY_FETCH: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_TERMINAL_PROMPT: "0",
  LANGUAGE: "C",
  LC_ALL: "C",
};

/** Given with `-c` to every git: the settings by which a repository can name a command to run. */
export const safeSettings: readonly string[] = [
  "core.alternateRefsCommand=true",
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "core.pager=cat",
];

/** A folder, and whether the caller's GIT_DIR, GIT_INDEX_FILE and so on say which repository it means. */
export interface GitPlace {
  /** Absolute. */
  readonly cwd: string;
  /** `environment` honours GIT_DIR and its kin (hooks); `discover` looks upwards from `cwd` only. */
  readonly repository: "environment" | "discover";
  /** Instead of `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
}

/** The environment for git at `place`. Relative paths in GIT_* are made absolute against this process. */
export function safeEnvironment(place: GitPlace): Record<string, string> {
  const safe: Record<string, string> = {};
  for (const [name, value] of Object.entries(place.env ?? process.env)) {
    if (value !== undefined && isKept(name.toUpperCase())) safe[name] = value;
  }
  if (place.repository === "environment") {
    const given = place.env ?? process.env;
    for (const name of repositoryVariables) {
      const value = given[name];
      if (value !== undefined && value !== "") safe[name] = resolve(value);
    }
    const alternates = given["GIT_ALTERNATE_OBJECT_DIRECTORIES"];
    if (alternates !== undefined) safe["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = alternates;
  }
  return { ...safe, ...fixedVariables };
}

/** What the caller's environment says about how to reach other machines: his own programs, keys and certificates. */
const networkNames: readonly string[] = [
  "GIT_SSH",
  "GIT_SSH_COMMAND",
  "GIT_SSH_VARIANT",
  "GIT_SSL_CAINFO",
  "GIT_SSL_CAPATH",
  "GIT_SSL_CERT",
  "GIT_SSL_KEY",
  "GIT_HTTP_PROXY_AUTHMETHOD",
  "GIT_PROXY_SSL_CAINFO",
];

/** Those variables of `env` (default: `process.env`) that only a git which talks to a server needs. */
export function networkVariables(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const given = networkNames.map((name) => [name, env[name]] as const);
  return Object.fromEntries(given.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
}

function isKept(name: string): boolean {
  return name.startsWith("GIT_") ? keptVariables.has(name) : !droppedVariables.has(name);
}

/**
 * Absolute path of the git on the PATH, or undefined. Relative PATH entries and, on Windows, the
 * current folder are never searched: a scanned repository may hold a `git.exe`.
 */
export function findGit(env: NodeJS.ProcessEnv): string | undefined {
  const windows = process.platform === "win32";
  const path = Object.entries(env).find(([name]) => (windows ? name.toUpperCase() : name) === "PATH")?.[1] ?? "";
  const name = windows ? "git.exe" : "git";
  return path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name))
    .find((file) => isExecutable(file));
}

function isExecutable(file: string): boolean {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
