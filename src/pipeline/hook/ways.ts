// A temporary clone in, one commit (or message, or push) with a marker in it attempted in each way that git has, out.

import { existsSync, renameSync } from "node:fs";
import path from "node:path";
import type { LiveOutcome } from "../../base/git/live.ts";
import type { HookStage } from "../../model/hook.ts";
import type { Bench } from "./bench.ts";
import type { Marker } from "./marker.ts";

/** What a way gets: the clone, marked lines, and the folder in which files are looked at (empty, or with a slash at its end). */
export interface WayBench extends Bench {
  readonly folder: string;
  readonly marker: (seed: string) => Marker;
  /** `core.hooksPath` as the clone has it; undefined where it is not set. */
  readonly hooksPath: string | undefined;
}

/** An attempt, and what is worth knowing of it whatever came of it. */
export interface Attempt {
  readonly outcome: LiveOutcome;
  readonly note?: string;
}

/** One way of making a commit. */
export interface Way {
  readonly stage: HookStage;
  /** As it follows "fires:". */
  readonly says: string;
  /** Prepares without hooks, then commits with them. The marker is in what would be committed. */
  readonly attempt: (bench: WayBench) => Promise<Attempt>;
}

const prose = Array.from({ length: 12 }, (_, line) => `Line ${line + 1} of a file that says nothing.\n`).join("");

function nameIn({ folder }: WayBench, name: string): string {
  return `${folder}keywarden-doctor-${name}.txt`;
}

/** A file with nothing in it, committed without hooks. */
async function commitPlain(bench: WayBench, name: string): Promise<string> {
  const file = nameIn(bench, name);
  bench.write(file, prose);
  await bench.git(["add", "--force", "--", file]);
  await bench.git(["commit", "--quiet", "--no-verify", "--message", "a file"]);
  return file;
}

async function commit(bench: WayBench, ...more: readonly string[]): Promise<Attempt> {
  return { outcome: await bench.live(["commit", "--message", "a marker of keywarden hook doctor", ...more]) };
}

async function newFile(bench: WayBench): Promise<Attempt> {
  const file = nameIn(bench, "new");
  bench.write(file, bench.marker("new").line);
  await bench.git(["add", "--force", "--", file]);
  return commit(bench);
}

async function renameWithEdit(bench: WayBench): Promise<Attempt> {
  const file = await commitPlain(bench, "before");
  const to = nameIn(bench, "after");
  await bench.git(["mv", file, to]);
  bench.write(to, prose + bench.marker("rename").line);
  await bench.git(["add", "--force", "--", to]);
  return commit(bench);
}

async function commitAll(bench: WayBench): Promise<Attempt> {
  bench.write(await commitPlain(bench, "all"), prose + bench.marker("all").line);
  return commit(bench, "--all");
}

async function commitPath(bench: WayBench): Promise<Attempt> {
  const file = await commitPlain(bench, "path");
  bench.write(file, prose + bench.marker("path").line);
  return commit(bench, "--", file);
}

async function partialStaging(bench: WayBench): Promise<Attempt> {
  const file = nameIn(bench, "partial");
  bench.write(file, prose + bench.marker("partial").line);
  await bench.git(["add", "--force", "--", file]);
  bench.write(file, prose);
  return commit(bench);
}

async function amend(bench: WayBench): Promise<Attempt> {
  const file = await commitPlain(bench, "amend");
  bench.write(file, prose + bench.marker("amend").line);
  await bench.git(["add", "--force", "--", file]);
  return commit(bench, "--amend");
}

async function mergeCommit(bench: WayBench): Promise<Attempt> {
  await commitPlain(bench, "base");
  await bench.git(["checkout", "--quiet", "-b", "side"]);
  await commitPlain(bench, "side");
  await bench.git(["checkout", "--quiet", "main"]);
  await commitPlain(bench, "main");
  await bench.git(["merge", "--quiet", "--no-commit", "--no-ff", "side"]);
  const file = nameIn(bench, "merge");
  bench.write(file, bench.marker("merge").line);
  await bench.git(["add", "--force", "--", file]);
  const attempt = await commit(bench);
  await bench.reset();
  await bench.git(["branch", "--quiet", "-D", "side"]);
  return attempt;
}

async function submodule(bench: WayBench): Promise<Attempt> {
  const inner = path.join(bench.top, "keywarden-doctor-module");
  bench.write("keywarden-doctor-module/readme.txt", prose);
  await bench.git(["init", "--quiet", "--template="], inner);
  await bench.git(["add", "--all"], inner);
  await bench.git(["commit", "--quiet", "--message", "a module"], inner);
  await bench.git(["-c", "advice.addEmbeddedRepo=false", "add", "--force", "--", "keywarden-doctor-module"]);
  const file = nameIn(bench, "module");
  bench.write(file, bench.marker("module").line);
  await bench.git(["add", "--force", "--", file]);
  return commit(bench);
}

async function worktree(bench: WayBench): Promise<Attempt> {
  const where = path.join(path.dirname(bench.top), "worktree");
  await bench.git(["worktree", "add", "--quiet", "--detach", where]);
  try {
    const { hooksPath } = bench;
    const isBare = hooksPath !== undefined && !existsSync(path.resolve(where, hooksPath));
    bench.furnish(where);
    const file = nameIn(bench, "worktree");
    bench.write(file, bench.marker("worktree").line, where);
    await bench.git(["add", "--force", "--", file], where);
    const outcome = await bench.live(["commit", "--message", "a marker of keywarden hook doctor"], where);
    if (!isBare) return { outcome };
    return { outcome, note: `a new work tree has no ${hooksPath} until the project is installed in it (npm install)` };
  } finally {
    await bench.git(["worktree", "remove", "--force", where]);
  }
}

/** The same hooks, from a folder that git is told by an absolute path. */
async function hooksPathSet(bench: WayBench): Promise<Attempt> {
  const folder = path.resolve(bench.top, bench.hooksPath ?? ".git/keywarden-doctor-hooks");
  const own = path.join(bench.top, ".git/hooks");
  if (bench.hooksPath === undefined && existsSync(own)) renameSync(own, folder);
  await bench.git(["config", "core.hooksPath", folder]);
  try {
    const file = nameIn(bench, "path-set");
    bench.write(file, bench.marker("path-set").line);
    await bench.git(["add", "--force", "--", file]);
    return await commit(bench);
  } finally {
    if (bench.hooksPath === undefined) {
      await bench.git(["config", "--unset", "core.hooksPath"]);
      if (existsSync(folder)) renameSync(folder, own);
    } else await bench.git(["config", "core.hooksPath", bench.hooksPath]);
  }
}

/** git runs hooks at the top, wherever the commit is made. */
async function subfolder(bench: WayBench): Promise<Attempt> {
  const file = nameIn(bench, "below");
  bench.write(file, bench.marker("below").line);
  await bench.git(["add", "--force", "--", file]);
  bench.write("keywarden-doctor-below/here.txt", prose);
  const outcome = await bench.live(
    ["commit", "--message", "a marker of keywarden hook doctor"],
    path.join(bench.top, "keywarden-doctor-below"),
  );
  return { outcome };
}

async function message(bench: WayBench): Promise<Attempt> {
  const text = `a message\n\n${bench.marker("message").line}`;
  return { outcome: await bench.live(["commit", "--allow-empty", "--message", text]) };
}

async function push(bench: WayBench): Promise<Attempt> {
  const remote = path.join(path.dirname(bench.top), "remote.git");
  await bench.git(["init", "--quiet", "--bare", "--template=", remote]);
  // A branch that is there already: some programs count what a push changes in the end, and that is nothing here.
  await bench.git(["config", "push.default", "upstream"]);
  await bench.git(["remote", "add", "keywarden-doctor", remote]);
  await bench.live(["push", "--quiet", "--no-verify", "--set-upstream", "keywarden-doctor", "main:kept"]);
  const file = nameIn(bench, "push");
  bench.write(file, bench.marker("push").line);
  await bench.git(["add", "--force", "--", file]);
  await bench.git(["commit", "--quiet", "--no-verify", "--message", "a marker"]);
  await bench.git(["rm", "--quiet", "--", file]);
  await bench.git(["commit", "--quiet", "--no-verify", "--message", "the marker taken out again"]);
  return { outcome: await bench.live(["push", "--quiet"]) };
}

/** Every way, in the order in which they are reported. */
export const ways: readonly Way[] = [
  { stage: "pre-commit", says: "a new file", attempt: newFile },
  { stage: "pre-commit", says: "a renamed file with an edit", attempt: renameWithEdit },
  { stage: "pre-commit", says: "git commit --all", attempt: commitAll },
  { stage: "pre-commit", says: "git commit of one path", attempt: commitPath },
  { stage: "pre-commit", says: "git commit --amend", attempt: amend },
  { stage: "pre-commit", says: "partial staging: staged, then cleaned in the working copy", attempt: partialStaging },
  { stage: "pre-commit", says: "a merge commit", attempt: mergeCommit },
  { stage: "pre-commit", says: "a commit that moves a submodule", attempt: submodule },
  { stage: "pre-commit", says: "a commit from a subfolder", attempt: subfolder },
  { stage: "pre-commit", says: "a linked worktree", attempt: worktree },
  { stage: "pre-commit", says: "core.hooksPath set", attempt: hooksPathSet },
  { stage: "commit-msg", says: "a commit message", attempt: message },
  { stage: "pre-push", says: "a push of a commit that a later one reverts", attempt: push },
];
