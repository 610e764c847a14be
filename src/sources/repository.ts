// A folder in, the git folder that it belongs to out, and whether that repository has a working tree.

import { statSync } from "node:fs";
import { GitError } from "../base/git/git-error.ts";
import { runGit } from "../base/git/run.ts";
import { SourceError } from "../errors.ts";
import { sourceError } from "./problems.ts";

/** A repository on this machine. */
export interface Repository {
  /** Absolute. */
  readonly gitDir: string;
  readonly bare: boolean;
}

/**
 * Asks git which repository a folder belongs to. `shown` is how messages name it.
 * @throws {SourceError} when there is no such folder, or it belongs to none.
 */
export async function findRepository(folder: string, shown: string): Promise<Repository> {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new SourceError(`no such folder: ${shown}`, {
      hint: "Give the folder of a repository, or a URL: https://host/path, user@host:path, file:///path.",
    });
  }
  if (!found.isDirectory()) {
    throw new SourceError(`not a folder: ${shown}`, { hint: "keywarden scan looks at single files." });
  }
  try {
    const place = { cwd: folder, repository: "discover" as const };
    const answer = await runGit(place, ["rev-parse", "--is-bare-repository", "--absolute-git-dir"]);
    const text = answer.toString("utf8").replace(/\r?\n$/, "");
    const end = text.indexOf("\n");
    return { bare: text.slice(0, end).trim() === "true", gitDir: text.slice(end + 1) };
  } catch (error) {
    if (error instanceof GitError && error.kind === "not-a-repository") {
      throw new SourceError(`not a git repository: ${shown}`, {
        hint: `An audit reads git's history; keywarden scan ${shown} looks at folders.`,
        cause: error,
      });
    }
    throw sourceError(error, shown);
  }
}
