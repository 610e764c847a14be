// Turns the reflogs of every work tree into the ids that they remember.
// Format: git-reflog(1); a line is `old new Name <mail> seconds zone TAB message`.

import { closeSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";

import type { GitPlace } from "./environment.ts";
import type { RepositoryPlaces } from "./object-folders.ts";
import { isMissing, lookAt, openRegularFile, reasonOf } from "./regular-file.ts";
import { openGit } from "./run.ts";
import { answerOf, type Worktree } from "./worktrees.ts";

const chunkBytes = 256 * 1024;

/** What one reflog remembers. */
export interface Reflog {
  /** `HEAD`, `refs/heads/main`, `refs/stash`; empty where only git knows to which ref its ids belong. */
  readonly ref: string;
  /** Name of the linked work tree it belongs to. */
  readonly worktree?: string;
  /** Hex ids that were ever old or new, each once, oldest first. The objects may be gone. */
  readonly ids: readonly string[];
}

/** Reflogs, and in plain words what could not be read. */
export interface ReflogList {
  readonly reflogs: readonly Reflog[];
  readonly troubles: readonly string[];
}

/**
 * The reflogs of all refs and work trees, deleted branches not included (git removes theirs).
 * @throws {GitError} when git is needed (refs kept in tables) and cannot be started at all.
 */
export async function listReflogs(
  place: GitPlace,
  places: RepositoryPlaces,
  worktrees: readonly Worktree[],
): Promise<ReflogList> {
  const reflogs: Reflog[] = [];
  const troubles: string[] = [];
  for (const worktree of worktrees) {
    const own = worktree.name === undefined ? {} : { worktree: worktree.name };
    for (const { ref, file } of logFiles(join(worktree.gitDir, "logs"), troubles)) {
      const ids = idsOf(file, places.idBytes, troubles);
      if (ids.length > 0) reflogs.push({ ref, ...own, ids });
    }
  }
  if (lookAt(join(places.commonDir, "reftable")) !== undefined) {
    const asked = await askForReflogs(place);
    reflogs.push(...asked.reflogs);
    troubles.push(...asked.troubles);
  }
  return { reflogs, troubles };
}

/**
 * What git says that reflogs remember, for refs that are not kept in files: commits only, and to which ref they belong
 * is known for the stash alone.
 * @throws {GitError} when git cannot be started at all.
 */
export async function askForReflogs(place: GitPlace): Promise<ReflogList> {
  const questions = [
    ["refs/stash", ["log", "--walk-reflogs", "--no-show-signature", "--format=%H", "refs/stash", "--"]],
    ["", ["rev-list", "--no-walk=unsorted", "--reflog", "--ignore-missing"]],
  ] as const;
  const reflogs: Reflog[] = [];
  const troubles: string[] = [];
  for (const [ref, args] of questions) {
    const { text, troubles: said, good } = await answerOf(openGit(place, args));
    const ids = [...new Set(text.match(/^[0-9a-f]{40,64}$/gm))].toReversed();
    if (ids.length > 0) reflogs.push({ ref, ids });
    // Without a stash the first question is about nothing; without reflogs git takes the second for a mistake.
    if (!good && ref === "" && said[0]?.startsWith("usage:") !== true) troubles.push(`reflogs: ${said[0]}`);
  }
  return { reflogs, troubles };
}

function logFiles(logs: string, troubles: string[]): { ref: string; file: string }[] {
  const found: { ref: string; file: string }[] = [];
  const folders = [""];
  for (let ref = folders.pop(); ref !== undefined; ref = folders.pop()) {
    try {
      for (const entry of readdirSync(join(logs, ref), { withFileTypes: true })) {
        const name = ref === "" ? entry.name : `${ref}/${entry.name}`;
        if (entry.isDirectory()) folders.push(name);
        else if (entry.isFile() && !name.endsWith(".lock")) found.push({ ref: name, file: join(logs, name) });
      }
    } catch (error) {
      if (!isMissing(error)) troubles.push(`${join(logs, ref)} cannot be read: ${reasonOf(error)}`);
    }
  }
  return found.sort((a, b) => (a.ref < b.ref ? -1 : 1));
}

function idsOf(file: string, idBytes: 20 | 32, troubles: string[]): string[] {
  const ids = new Set<string>();
  let bad = 0;
  const line = new RegExp(`^([0-9a-f]{${idBytes * 2}}) ([0-9a-f]{${idBytes * 2}}) `);
  try {
    for (const start of lineStarts(file, idBytes * 4 + 2)) {
      const [, ...both] = line.exec(start) ?? [];
      if (both.length === 0 && start !== "") bad += 1;
      for (const id of both) if (!/^0+$/.test(id)) ids.add(id);
    }
  } catch (error) {
    if (!isMissing(error)) troubles.push(`${file} cannot be read: ${reasonOf(error)}`);
  }
  if (bad > 0) troubles.push(`${file} has ${bad} lines that are no reflog entries`);
  return [...ids];
}

/** The first `length` bytes of every line, in bounded memory however long a line is. */
function* lineStarts(path: string, length: number): Generator<string> {
  const file = openRegularFile(path);
  try {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    let start = "";
    for (let read = readSync(file.fd, chunk); read > 0; read = readSync(file.fd, chunk)) {
      for (let at = 0; at < read;) {
        const found = chunk.subarray(0, read).indexOf(10, at);
        const end = found < 0 ? read : found;
        start += chunk.toString("latin1", at, Math.min(end, at + length - start.length));
        if (found >= 0) {
          yield start;
          start = "";
        }
        at = end + 1;
      }
    }
    if (start !== "") yield start;
  } finally {
    closeSync(file.fd);
  }
}
