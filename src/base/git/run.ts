// The one place that starts git: arguments in, byte streams and a result out, nothing of the repository's config run.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Readable, Writable } from "node:stream";

import { findGit, safeEnvironment, safeSettings, type GitPlace } from "./environment.ts";
import { GitError, gitFailure } from "./git-error.ts";

const maxStderrBytes = 8192;

/** What a finished git process printed, and how it ended. */
export interface GitResult {
  /** Absent when git ended well, or was stopped by us. */
  readonly error?: GitError;
  /** Warnings, at most 8 KiB. */
  readonly stderr: string;
}

/** A running git. Both streams hold back the child when nobody reads or writes. */
export interface GitProcess {
  readonly stdin: Writable;
  /** To be read once; ends early, without an error, when the process is stopped. */
  readonly stdout: AsyncIterable<Buffer>;
  /** Never rejects. */
  readonly result: Promise<GitResult>;
  /** Ends it at once; harmless when it has ended. */
  stop(): void;
}

/** Where git runs, and within which bounds. */
export interface GitRunOptions {
  /** Stops the process. */
  readonly signal?: AbortSignal | undefined;
  /** Keep standard input open for writing; otherwise it is empty. */
  readonly input?: boolean;
  /** Further settings, given with `-c` after the safe ones; they stand in the process's arguments. */
  readonly settings?: readonly string[];
  /** Give it a session of its own: no terminal to ask questions on, and all that it starts is stopped with it. */
  readonly ownSession?: boolean;
  /** On top of the safe environment; only for what must reach the network. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** The arguments in front of every command. */
function safeArguments(args: readonly string[], more: readonly string[] = []): string[] {
  return ["--no-pager", ...[...safeSettings, ...more].flatMap((setting) => ["-c", setting]), ...args];
}

/**
 * Starts `git <args>` at `place`.
 * @throws {GitError} kind `no-git` or `no-folder`, when it cannot be started at all.
 */
export function openGit(place: GitPlace, args: readonly string[], options: GitRunOptions = {}): GitProcess {
  const env = { ...safeEnvironment(place), ...options.variables };
  const binary = findGit(env);
  if (binary === undefined) throw new GitError("no-git", "git was not found on the PATH");
  if (!existsSync(place.cwd)) throw new GitError("no-folder", `no such folder: ${place.cwd}`);
  const argv = safeArguments(args, options.settings);
  const detached = options.ownSession === true && process.platform !== "win32";
  const child = spawn(binary, argv, { cwd: place.cwd, env, stdio: "pipe", windowsHide: true, detached });
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    if (detached) endSession(child.pid);
    else child.kill();
    child.stdout.destroy();
    // A helper that git started may hold it open for as long as a server keeps it waiting.
    child.stderr.destroy();
  };
  const result = new Promise<GitResult>((settle) => {
    let stderr = "";
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (text: string) => {
      if (stderr.length < maxStderrBytes) stderr = (stderr + text).slice(0, maxStderrBytes);
    });
    child.on("error", (error) => settle({ error: new GitError("failed", error.message), stderr }));
    child.on("close", (code, killedBy) => {
      options.signal?.removeEventListener("abort", stop);
      const good = code === 0 || stopped;
      const status = code === null ? `signal ${killedBy}` : `exit code ${code}`;
      settle(good ? { stderr } : { error: gitFailure(args[0] ?? "", status, stderr), stderr });
    });
  });
  // Without a listener Node throws away what a child printed before it ended.
  child.stdout.on("readable", () => undefined);
  // A child that ends before it has read its input is reported by its exit code, not by the broken pipe.
  child.stdin.on("error", () => child.stdin.destroy());
  if (options.input !== true) child.stdin.end();
  if (options.signal?.aborted === true) stop();
  options.signal?.addEventListener("abort", stop, { once: true });
  return { stdin: child.stdin, stdout: untilStopped(child.stdout), result, stop };
}

function endSession(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, "SIGTERM");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function* untilStopped(stdout: Readable): AsyncGenerator<Buffer> {
  try {
    yield* stdout as AsyncIterable<Buffer>;
  } catch (error) {
    // This is how a destroyed stream ends; only stop() destroys it.
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}

/**
 * Runs `git <args>` and gives all that it prints; for small answers.
 * @throws {GitError}
 */
export async function runGit(place: GitPlace, args: readonly string[], options: GitRunOptions = {}): Promise<Buffer> {
  const git = openGit(place, args, options);
  const chunks: Buffer[] = [];
  for await (const chunk of git.stdout) chunks.push(chunk);
  const { error } = await git.result;
  if (error !== undefined) throw error;
  return Buffer.concat(chunks);
}
