// Runs git as its user would, with his settings and his hooks: for trying out hooks, never for reading a repository.

import { spawn } from "node:child_process";
import { findGit } from "./environment.ts";
import { GitError } from "./git-error.ts";

/** Where a git command is tried. */
export interface LivePlace {
  /** Absolute. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The command and all that it started are ended after so long. */
  readonly timeoutMs: number;
}

/** What came of it. */
export interface LiveOutcome {
  /** Undefined where it was ended by a signal or took too long. */
  readonly code: number | undefined;
  /** Both streams, in the order of arrival, at most 64 KiB. */
  readonly output: string;
}

const maxOutputBytes = 64 * 1024;

/** Which repository it is, git finds by itself; nothing asks questions, and nothing is signed. */
function liveEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.entries(env).filter(
    ([name]) =>
      !/^GIT_(?:DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|PREFIX|ALTERNATE_OBJECT_DIRECTORIES|CONFIG_(?:COUNT|KEY_|VALUE_|PARAMETERS))/.test(
        name,
      ),
  );
  const who = { NAME: "keywarden hook doctor", EMAIL: "doctor@keywarden.invalid" };
  return {
    ...Object.fromEntries(own),
    GIT_TERMINAL_PROMPT: "0",
    GIT_EDITOR: "true",
    GIT_AUTHOR_NAME: who.NAME,
    GIT_AUTHOR_EMAIL: who.EMAIL,
    GIT_COMMITTER_NAME: who.NAME,
    GIT_COMMITTER_EMAIL: who.EMAIL,
  };
}

const quiet = ["commit.gpgSign=false", "gc.auto=0", "maintenance.auto=false", "advice.addEmbeddedRepo=false"];

/**
 * Runs `git <args>` with the user's own configuration and hooks.
 * @throws {GitError} kind `no-git`.
 */
export async function runLiveGit(place: LivePlace, args: readonly string[]): Promise<LiveOutcome> {
  const env = liveEnvironment(place.env);
  const binary = findGit(env);
  if (binary === undefined) throw new GitError("no-git", "git was not found on the PATH");
  const argv = ["--no-pager", ...quiet.flatMap((setting) => ["-c", setting]), ...args];
  const ownGroup = process.platform !== "win32";
  const child = spawn(binary, argv, {
    cwd: place.cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: ownGroup,
    windowsHide: true,
  });
  let output = "";
  const take = (text: string): void => {
    if (output.length < maxOutputBytes) output += text;
  };
  child.stdout.setEncoding("utf8").on("data", take);
  child.stderr.setEncoding("utf8").on("data", take);
  return new Promise((settle) => {
    const timer = setTimeout(() => end(child.pid, ownGroup), place.timeoutMs);
    const done = (code: number | null): void => {
      clearTimeout(timer);
      settle({ code: code ?? undefined, output: output.slice(0, maxOutputBytes) });
    };
    child.on("error", (error) => {
      take(error.message);
      done(null);
    });
    child.on("close", done);
  });
}

function end(pid: number | undefined, ownGroup: boolean): void {
  if (pid === undefined) return;
  try {
    process.kill(ownGroup ? -pid : pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
