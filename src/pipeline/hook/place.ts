// A folder of a repository in, where git looks for its hooks and who keeps them there out.

import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import type { GitPlace } from "../../base/git/environment.ts";
import { GitError } from "../../base/git/git-error.ts";
import { runGit } from "../../base/git/run.ts";
import { SourceError } from "../../errors.ts";
import type { HookManager } from "../../model/hook.ts";

/** Where the hooks of a repository are. Paths are absolute and real. */
export interface HookPlace {
  /** The top of the work tree. */
  readonly top: string;
  /** The repository itself, which all of its work trees share. */
  readonly commonDir: string;
  /** `core.hooksPath` as it is configured; absent where it is not. */
  readonly hooksPath?: string;
  /** The folder in which git looks for hooks from this work tree. */
  readonly folder: string;
  /** Whose files hold what the hooks do. */
  readonly manager: HookManager;
  /** Husky only: the folder with the hooks that people write. */
  readonly huskyFolder?: string;
  /** The file that the manager reads, as people name it; for git and husky absent. */
  readonly managerFile?: string;
}

const lefthookNames = ["lefthook", ".lefthook", ".config/lefthook"].flatMap((stem) =>
  ["yml", "yaml", "toml", "json", "jsonc"].map((end) => `${stem}.${end}`),
);
const simpleGitHooksNames = [".simple-git-hooks", "simple-git-hooks"].flatMap((stem) =>
  ["cjs", "js", "mjs", "json"].map((end) => `${stem}.${end}`),
);

/** Files at the top of the work tree that say which hooks there are. */
export const managerFiles: readonly string[] = [
  ...lefthookNames,
  "lefthook-local.yml",
  ...simpleGitHooksNames,
  "package.json",
  ".pre-commit-config.yaml",
];

/** What a package.json says, as far as hooks need it; undefined where there is none that can be read. */
function packageAt(top: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path.join(top, "package.json"), "utf8"));
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    // Whatever is wrong with it: it is npm's file, and then it names no hooks.
    return undefined;
  }
}

/** Whether package.json asks for a package, at run time or for development. */
export function dependsOn(top: string, name: string): boolean {
  const manifest = packageAt(top) ?? {};
  return ["dependencies", "devDependencies"].some((kind) => {
    const listed = manifest[kind];
    return typeof listed === "object" && listed !== null && Object.hasOwn(listed, name);
  });
}

/** Where a folder is, links followed; as it was given where there is none. */
export function realFolder(folder: string): string {
  return existsSync(folder) ? realpathSync(folder) : folder;
}

/** The last value that is not the one we give to every git ourselves. */
async function configuredHooksPath(place: GitPlace): Promise<string | undefined> {
  const values = await runGit(place, ["config", "--null", "--type=path", "--get-all", "core.hooksPath"]);
  return values.toString("utf8").split("\0").slice(0, -1).at(-2);
}

interface Managed {
  readonly manager: HookManager;
  readonly huskyFolder?: string;
  readonly managerFile?: string;
}

function huskyAt(top: string, hooksPath: string | undefined): string | undefined {
  if (hooksPath === undefined) return undefined;
  const folder = path.resolve(top, hooksPath);
  if (path.basename(folder) === "_" && !path.relative(top, folder).startsWith("..")) return path.dirname(folder);
  return path.basename(folder) === ".husky" ? folder : undefined;
}

function managedBy(top: string, hooksPath: string | undefined): Managed {
  const husky = huskyAt(top, hooksPath);
  if (husky !== undefined) return { manager: "husky", huskyFolder: husky };
  if (hooksPath !== undefined) return { manager: "git" };
  const found = (names: readonly string[]) => names.find((name) => existsSync(path.join(top, name)));
  const lefthook = found(lefthookNames);
  if (lefthook !== undefined) return { manager: "lefthook", managerFile: lefthook };
  const simple = found(simpleGitHooksNames);
  if (simple !== undefined) return { manager: "simple-git-hooks", managerFile: simple };
  if (packageAt(top)?.["simple-git-hooks"] !== undefined)
    return { manager: "simple-git-hooks", managerFile: "package.json" };
  const folder = path.join(top, ".husky");
  const isThere = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  return isThere && dependsOn(top, "husky") ? { manager: "husky", huskyFolder: folder } : { manager: "git" };
}

/**
 * Finds out where hooks go. `wanted` names the manager instead of looking for it.
 * Throws SourceError where there is no work tree.
 */
export async function findHookPlace(cwd: string, wanted?: HookManager): Promise<HookPlace> {
  const place: GitPlace = { cwd, repository: "discover" };
  try {
    const told = await runGit(place, ["rev-parse", "--show-toplevel", "--git-common-dir"]);
    const [shown = "", common = ""] = told.toString("utf8").split(/\r?\n/);
    const top = realFolder(path.resolve(cwd, shown));
    const commonDir = realFolder(path.resolve(cwd, common));
    const hooksPath = await configuredHooksPath(place);
    const folder = hooksPath === undefined ? path.join(commonDir, "hooks") : path.resolve(top, hooksPath);
    // Some programs spell the usual folder out.
    const isUsual = realFolder(folder) === path.join(commonDir, "hooks");
    const managed = managedBy(top, isUsual ? undefined : hooksPath);
    const chosen = wanted === undefined || wanted === managed.manager ? managed : namedManager(wanted, top);
    return { top, commonDir, folder: realFolder(folder), ...(hooksPath === undefined ? {} : { hooksPath }), ...chosen };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new SourceError(`hooks belong to a work tree, and ${cwd} is in none (${error.message})`, {
      hint: "Run this inside of a repository; make one with: git init",
      cause: error,
    });
  }
}

function namedManager(manager: HookManager, top: string): Managed {
  if (manager === "husky") return { manager, huskyFolder: path.join(top, ".husky") };
  if (manager === "lefthook") return { manager, managerFile: "lefthook.yml" };
  return manager === "simple-git-hooks" ? { manager, managerFile: "package.json" } : { manager };
}

/** Whether a path lies in a folder (or is it). */
export function isWithin(folder: string, file: string): boolean {
  const way = path.relative(folder, file);
  return way === "" || (way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way));
}
