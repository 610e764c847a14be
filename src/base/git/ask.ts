// Answers small questions about a repository through simple-git, loaded on first use.

import { findGit, safeEnvironment, safeSettings, type GitPlace } from "./environment.ts";
import { GitError } from "./git-error.ts";

/** What explains why something is not there. */
export interface RepositoryFacts {
  /** History was cut off when it was fetched. */
  readonly shallow: boolean;
  /** Objects may have been left at a promisor remote (`git clone --filter`). */
  readonly partial: boolean;
}

/**
 * Asks about the repository at `place`. simple-git takes 25 ms to load, so this serves explanations only.
 * @throws {GitError} kind `no-git`; simple-git's own error when there is no repository.
 */
export async function repositoryFacts(place: GitPlace): Promise<RepositoryFacts> {
  const env = safeEnvironment(place);
  const binary = findGit(env);
  if (binary === undefined) throw new GitError("no-git", "git was not found on the PATH");
  const { simpleGit } = await import("simple-git");
  const git = simpleGit({
    baseDir: place.cwd,
    binary,
    allowEnvironment: Object.keys(env),
    config: [...safeSettings],
    // These let our own harmless values pass simple-git's guards; nothing here comes from outside.
    unsafe: {
      allowUnsafeConfigPaths: true,
      allowUnsafeCustomBinary: true,
      allowUnsafeExec: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeHooksPath: true,
      allowUnsafePager: true,
      allowUnsafeProtocolOverride: true,
    },
  }).env(env);
  const shallow = await git.revparse(["--is-shallow-repository"]);
  const settings = await git.raw(["config", "--null", "--list", "--name-only"]);
  return {
    shallow: shallow === "true",
    partial: /(^|\0)(remote\..*\.promisor|extensions\.partialclone)\0/i.test(settings),
  };
}
