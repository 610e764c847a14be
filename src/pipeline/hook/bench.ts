// Where a repository's hooks are in, a temporary clone with the same hooks and settings out, in which commits can be tried.

import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runLiveGit } from "../../base/git/live.ts";
import type { LiveOutcome } from "../../base/git/live.ts";
import { runGit } from "../../base/git/run.ts";
import { foreignLists } from "../../policy/foreign.ts";
import { isWithin, managerFiles } from "./place.ts";
import type { HookPlace } from "./place.ts";

/** A commit that hangs is no commit that is stopped. */
const timeoutMs = 60_000;
/** What decides on what hooks see; which hooks run, `core.hooksPath` says. */
const settingsKept = ["core.autocrlf", "core.ignorecase", "core.filemode"];
const filesKept = [".keywarden", ".husky", ".lefthook", ".gitattributes", ".gitignore", ...managerFiles];

/** A temporary clone. */
export interface Bench {
  /** Its work tree; real and absolute. */
  readonly top: string;
  /** A git that runs no hooks. */
  git(args: readonly string[], cwd?: string): Promise<string>;
  /** A git that does all that the user's own would. */
  live(args: readonly string[], cwd?: string): Promise<LiveOutcome>;
  write(file: string, text: string, cwd?: string): void;
  /** Back to the first commit, with nothing else lying about. */
  reset(): Promise<void>;
  /** Puts what npm would install beside a new work tree. */
  furnish(top: string): void;
  remove(): void;
}

function copy(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(path.dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}

/** Installed packages are lent, not copied. */
function lendPackages(from: string, to: string): void {
  const packages = path.join(from, "node_modules");
  if (existsSync(packages) && !existsSync(path.join(to, "node_modules")))
    symlinkSync(realpathSync(packages), path.join(to, "node_modules"), "junction");
}

/** The same `core.hooksPath` as seen from the clone: inside the work tree it is the clone's own copy. */
function clonedHooksPath(place: HookPlace, top: string): string | undefined {
  const { hooksPath } = place;
  if (hooksPath === undefined || !path.isAbsolute(hooksPath)) return hooksPath;
  if (isWithin(place.commonDir, place.folder))
    return path.join(top, ".git", path.relative(place.commonDir, place.folder));
  return isWithin(place.top, place.folder) ? path.join(top, path.relative(place.top, place.folder)) : hooksPath;
}

function copyFiles(place: HookPlace, top: string): void {
  const inTree = isWithin(place.top, place.folder) && !isWithin(place.commonDir, place.folder);
  const folders = inTree ? [path.relative(place.top, place.folder)] : [];
  for (const name of new Set([...filesKept, ...Object.keys(foreignLists), ...folders])) {
    if (name !== "") copy(path.join(place.top, name), path.join(top, name));
  }
  const hooks = path.join(top, ".git/hooks");
  rmSync(hooks, { recursive: true, force: true });
  copy(path.join(place.commonDir, "hooks"), hooks);
  if (!inTree && isWithin(place.commonDir, place.folder))
    copy(place.folder, path.join(top, ".git", path.relative(place.commonDir, place.folder)));
}

async function configure(place: HookPlace, top: string, git: Bench["git"]): Promise<void> {
  for (const name of settingsKept) {
    const told = await runGit({ cwd: place.top, repository: "discover" }, [
      "config",
      "--null",
      "--default",
      "",
      "--get",
      name,
    ]);
    const value = told.toString("utf8").replace(/\0$/, "");
    if (value !== "") await git(["config", name, value]);
  }
  const hooksPath = clonedHooksPath(place, top);
  if (hooksPath !== undefined) await git(["config", "core.hooksPath", hooksPath]);
}

/** Makes the clone: one commit with all that decides on hooks. The caller removes it. */
export async function openBench(place: HookPlace, env: NodeJS.ProcessEnv): Promise<Bench> {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "keywarden-doctor-")));
  const top = path.join(folder, "clone");
  mkdirSync(top);
  const who = ["-c", "user.name=keywarden hook doctor", "-c", "user.email=doctor@keywarden.invalid"];
  const git: Bench["git"] = async (args, cwd = top) =>
    (await runGit({ cwd, repository: "discover" }, [...who, "-c", "commit.gpgSign=false", ...args]))
      .toString("utf8")
      .trim();
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    await git(["init", "--quiet", "--template=", "--initial-branch=main"]);
    mkdirSync(path.join(top, ".git/info"), { recursive: true });
    writeFileSync(path.join(top, ".git/info/exclude"), "/node_modules\n");
    copyFiles(place, top);
    lendPackages(place.top, top);
    await configure(place, top, git);
    await git(["add", "--all"]);
    await git(["commit", "--quiet", "--allow-empty", "--no-verify", "--message", "the settings of the repository"]);
  } catch (error) {
    remove();
    throw error;
  }
  const first = await git(["rev-parse", "HEAD"]);
  return {
    top,
    git,
    live: (args, cwd = top) => runLiveGit({ cwd, env, timeoutMs }, args),
    write(file, text, cwd = top) {
      mkdirSync(path.dirname(path.join(cwd, file)), { recursive: true });
      writeFileSync(path.join(cwd, file), text);
    },
    async reset() {
      if (existsSync(path.join(top, ".git/MERGE_HEAD"))) await git(["merge", "--abort"]);
      await git(["checkout", "--quiet", "--force", "-B", "main", first]);
      await git(["clean", "--quiet", "-ffd"]);
    },
    furnish(where) {
      lendPackages(place.top, where);
      for (const name of readdirSync(top)) {
        const isHooks = name === ".husky" || path.join(top, name) === path.join(top, place.hooksPath ?? ".husky");
        if (isHooks) copy(path.join(top, name), path.join(where, name));
      }
    },
    remove,
  };
}
