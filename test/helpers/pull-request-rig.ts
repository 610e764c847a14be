// Commits in, a server with a pull request on it and a checkout as actions/checkout makes it out, with real git.

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { runStep } from "./action-runner.ts";
import type { Step, StepResult } from "./action-runner.ts";
import { GitRepo, gitTestEnv, temporaryFolder } from "./git-repo.ts";

const repository = "octo/demo";

/** How the checkout was made, and who opened the pull request. */
export interface PullRequestOptions {
  /** actions/checkout's fetch-depth; 0: everything. */
  readonly depth?: number;
  readonly from?: "fork" | "dependabot";
  readonly inputs?: Readonly<Record<string, string>>;
  /** The git server's address; absent: history cannot be fetched. */
  readonly server?: string;
  readonly api?: string;
  readonly token?: string;
  readonly event?: string;
  readonly github?: NodeJS.ProcessEnv;
}

/** A repository at a server, and somebody's clone of it to commit in. */
export class PullRequestRig {
  /** The folder of all repositories of the server. */
  readonly root = temporaryFolder();
  readonly author = GitRepo.create();
  readonly bare: string;
  /** The tip of main. */
  base = "";

  constructor() {
    this.bare = join(this.root, `${repository}.git`);
    mkdirSync(this.bare, { recursive: true });
    this.#bare("init", "-q", "--bare", "-b", "main");
    this.#bare("config", "uploadpack.allowAnySHA1InWant", "true");
    this.author.git("remote", "add", "origin", this.bare);
  }

  #bare(...args: string[]): string {
    return execFileSync("git", args, { cwd: this.bare, env: gitTestEnv, encoding: "utf8" }).trim();
  }

  /** Pushes main as it stands, and goes on with the pull request's branch. */
  open(): void {
    this.base = this.author.git("rev-parse", "HEAD");
    this.author.git("push", "-q", "origin", "HEAD:refs/heads/main");
    this.author.git("checkout", "-q", "-b", "feature");
  }

  /** Pushes a ref; gives its commit. */
  push(ref: string, what = "HEAD"): string {
    this.author.git("push", "-q", "--force", "origin", `${what}:${ref}`);
    return this.author.git("rev-parse", `${what}^{commit}`);
  }

  /** A work tree as actions/checkout leaves it. */
  checkout(ref: string, depth: number): string {
    const folder = temporaryFolder();
    const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, env: gitTestEnv, stdio: "pipe" });
    git("init", "-q", "-b", "main");
    git("remote", "add", "origin", `file://${this.bare}`);
    const all = ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"];
    git(
      "fetch",
      "-q",
      "--no-tags",
      ...(depth === 0 ? [] : [`--depth=${depth}`]),
      "origin",
      `+${ref}:refs/remotes/it`,
      ...(depth === 0 ? all : []),
    );
    git("checkout", "-q", "--force", "--detach", "refs/remotes/it");
    return folder;
  }

  /** Merges the branch into main for trying, as the service does. */
  tryMerge(): string {
    const head = this.author.git("rev-parse", "HEAD");
    this.author.git("checkout", "-q", "--detach", this.base);
    this.author.git("merge", "-q", "--no-ff", "-m", "Merge for trying", head);
    const merge = this.push("refs/pull/7/merge");
    this.author.git("checkout", "-q", "feature");
    this.push("refs/pull/7/head");
    return merge;
  }

  /** The step of a workflow on `pull_request`, for what is committed on the branch now. */
  step(options: PullRequestOptions = {}): Step {
    const merge = this.tryMerge();
    const head = this.author.git("rev-parse", "HEAD");
    const repo = { full_name: repository };
    const payload = {
      number: 7,
      pull_request: {
        number: 7,
        base: { sha: this.base, ref: "main", repo },
        head: { sha: head, ref: "feature", repo: options.from === "fork" ? { full_name: "stranger/demo" } : repo },
      },
      repository: { ...repo, default_branch: "main" },
    };
    return {
      workspace: this.checkout("refs/pull/7/merge", options.depth ?? 0),
      event: options.event ?? "pull_request",
      payload,
      inputs: options.inputs ?? {},
      token: options.token ?? "",
      github: {
        GITHUB_SHA: merge,
        GITHUB_REF: "refs/pull/7/merge",
        GITHUB_REPOSITORY: repository,
        GITHUB_ACTOR: options.from === "dependabot" ? "dependabot[bot]" : "ann",
        ...(options.server === undefined ? {} : { GITHUB_SERVER_URL: options.server }),
        ...(options.api === undefined ? {} : { GITHUB_API_URL: options.api }),
        ...options.github,
      },
    };
  }

  /** Runs it. */
  run(options: PullRequestOptions = {}): Promise<StepResult> {
    return runStep(this.step(options));
  }
}
