// Builds real git repositories in temporary folders, cut off from this machine's configuration and clock.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const made: string[] = [];

/** The environment of every git in tests; also what sources under test should be given. */
export const gitTestEnv: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"))),
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Ann Author",
  GIT_AUTHOR_EMAIL: "ann@example.com",
  GIT_AUTHOR_DATE: "2026-01-02T03:04:05+0130",
  GIT_COMMITTER_NAME: "Carl Committer",
  GIT_COMMITTER_EMAIL: "carl@example.com",
  GIT_COMMITTER_DATE: "2026-01-02T03:04:05+0130",
  GIT_ALLOW_PROTOCOL: "file",
};

/** An empty temporary folder (real path), removed by `removeTemporary`. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "keywarden-test-")));
  made.push(folder);
  return folder;
}

/** For afterAll. */
export function removeTemporary(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A work tree and the few things that tests do to it. */
export class GitRepo {
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;

  constructor(dir: string, env: NodeJS.ProcessEnv = gitTestEnv) {
    this.dir = dir;
    this.env = env;
  }

  /** A new repository on branch `main`. */
  static create(...initOptions: string[]): GitRepo {
    const repo = new GitRepo(temporaryFolder());
    repo.git("init", "-q", "-b", "main", ...initOptions);
    return repo;
  }

  /** Runs git and gives what it printed, without the last line break. */
  git(...args: string[]): string {
    return this.run(args);
  }

  run(args: readonly string[], options: { input?: string | Buffer; env?: NodeJS.ProcessEnv } = {}): string {
    return execFileSync("git", args, {
      cwd: this.dir,
      env: { ...this.env, ...options.env },
      input: options.input ?? "",
      encoding: "utf8",
      stdio: ["pipe", "pipe", "pipe"],
    }).replace(/\n$/, "");
  }

  write(path: string, content: string | Buffer): void {
    mkdirSync(dirname(join(this.dir, path)), { recursive: true });
    writeFileSync(join(this.dir, path), content);
  }

  /** Writes files, adds everything and commits; gives the commit's id. */
  commit(message: string, files: Readonly<Record<string, string>> = {}): string {
    for (const [path, content] of Object.entries(files)) this.write(path, content);
    this.git("add", "-A");
    this.git("commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", message);
    return this.git("rev-parse", "HEAD");
  }
}
