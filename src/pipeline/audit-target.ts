// What was typed after `audit` in, the repository to read out: the one that a folder belongs to, or a clone of a URL.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../errors.ts";
import { findRepository } from "../sources/repository.ts";
import { hasScheme, isRepositoryUrl, parseRepositoryUrl, withoutCredentials } from "../sources/repository-url.ts";
import { workTreeOf } from "./side-files.ts";

/** A repository that is at hand. */
export interface AuditTarget {
  /** The root of the working tree, or the git folder where there is none; absolute. */
  readonly root: string;
  readonly bare: boolean;
  /** How to name it: the path as typed, or the URL without user and password. */
  readonly shown: string;
  /** Removes what was made for it; harmless where nothing was. */
  release(): void;
}

/** How a target is opened. */
export interface OpenOptions {
  /** Absolute; relative paths start here. */
  readonly cwd: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Ends a clone early. */
  readonly signal?: AbortSignal | undefined;
  /** Told before a clone begins, with the URL as it may be shown. */
  readonly onClone?: ((shown: string) => void) | undefined;
}

/** Whether `repository` names one elsewhere, which has to be cloned. */
function isElsewhere(repository: string, cwd: string): boolean {
  return hasScheme(repository) || (isRepositoryUrl(repository) && !existsSync(resolve(cwd, repository)));
}

/**
 * Finds or clones a repository.
 * @throws {UsageError | SourceError} for what is neither, or cannot be had. Messages hold no credentials.
 */
export async function openAuditTarget(repository: string, options: OpenOptions): Promise<AuditTarget> {
  if (repository === "" || repository.startsWith("-")) {
    throw new UsageError("the repository is a folder or a URL", { hint: "For a folder whose name starts so: ./-name" });
  }
  if (isElsewhere(repository, options.cwd)) {
    const from = parseRepositoryUrl(repository);
    const { cloneRepository } = await import("../sources/clone.ts");
    options.onClone?.(from.shown);
    const { gitDir, release } = await cloneRepository(from, options);
    return { root: gitDir, bare: true, shown: from.shown, release };
  }
  const folder = resolve(options.cwd, repository);
  const shown = existsSync(folder) ? repository : withoutCredentials(repository);
  const { gitDir, bare } = await findRepository(folder, shown);
  // By the file system and not by git: a repository's own configuration could name any folder as its working tree.
  const tree = bare ? undefined : workTreeOf(folder);
  return { root: tree ?? gitDir, bare: tree === undefined, shown, release: () => undefined };
}
