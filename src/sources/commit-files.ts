// A commit and paths in, the files that it holds there, written into a folder, out: read from git, never from a work tree.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { ObjectReader } from "../base/git/cat-file.ts";
import type { GitPlace } from "../base/git/environment.ts";
import { runGit } from "../base/git/run.ts";
import { ConfigError } from "../errors.ts";
import { sourceError } from "./problems.ts";

interface TreeFile {
  readonly id: string;
  readonly path: string;
}

/** Only what any system can name, and what stays below the folder. */
function isPlainPath(path: string): boolean {
  if (path === "" || path !== posix.normalize(path) || posix.isAbsolute(path)) return false;
  // oxlint-disable-next-line no-control-regex
  return !/[\0-\x1f\\:*?"<>|\ufffd]/.test(path) && path.split("/").every((part) => part !== ".." && part !== ".git");
}

/** `mode type id<tab>path` records of `git ls-tree`; links, submodules and what cannot be written stay out. */
function treeFiles(listing: string): readonly TreeFile[] {
  return listing.split("\0").flatMap((record) => {
    const [, id = "", path = ""] = /^100[0-7]{3} blob ([0-9a-f]{40,64})\t(.*)$/s.exec(record) ?? [];
    return isPlainPath(path) ? [{ id, path }] : [];
  });
}

/**
 * Writes the files at `paths` (forward slashes, from the top of the tree; folders with all below them) into `folder`.
 * What the commit does not hold is left out. Gives the paths that were written.
 * @throws {SourceError} for a repository or commit that cannot be read, {ConfigError} for a file above 64 MiB.
 */
export async function writeCommitFiles(
  place: GitPlace,
  commit: string,
  paths: readonly string[],
  folder: string,
): Promise<readonly string[]> {
  const wanted = paths.filter(isPlainPath);
  if (wanted.length === 0) return [];
  try {
    const args = ["ls-tree", "-r", "-z", "--full-tree", commit, "--", ...wanted];
    const files = treeFiles((await runGit(place, args)).toString("utf8"));
    const reader = new ObjectReader(place);
    try {
      let next = 0;
      for await (const answer of reader.read(files.map(({ id }) => id))) {
        const { path = "" } = files[next++] ?? {};
        if (answer.kind !== "object") throw new ConfigError("cannot be read from git", { file: path });
        if (answer.bytes === undefined) throw new ConfigError("larger than 64 MiB", { file: path });
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), answer.bytes);
      }
    } finally {
      reader.close();
    }
    return files.map(({ path }) => path);
  } catch (error) {
    throw sourceError(error, place.cwd);
  }
}
