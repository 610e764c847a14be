// Turns a repository, whatever its shape (work tree, bare, linked work tree), into the folders that hold its objects.
// Format: gitrepository-layout(5), "objects/info/alternates".

import { realpathSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join, resolve } from "node:path";

import { safeEnvironment, type GitPlace } from "./environment.ts";
import { PackFormatError } from "./pack-format-error.ts";
import { isMissing, readRegularFile, reasonOf } from "./regular-file.ts";
import { runGit } from "./run.ts";
import type { StoreTrouble } from "./store-trouble.ts";
import { unquotePath } from "./unquote.ts";

/** As deep as git follows alternates of alternates. */
const maxDepth = 5;
const maxFolders = 1000;
const maxAlternatesBytes = 4 * 1024 * 1024;

/** Where a repository keeps its things. All paths are absolute. */
export interface RepositoryPlaces {
  readonly idBytes: 20 | 32;
  /** Of the work tree that was asked for: HEAD, index and so on. */
  readonly gitDir: string;
  /** Shared by all work trees: refs, packed-refs, shallow and so on. */
  readonly commonDir: string;
  /** Its own object folder. */
  readonly objects: string;
  readonly bare: boolean;
}

/** Object folders, the repository's own first, each once. */
export interface ObjectFolders {
  readonly folders: readonly string[];
  readonly troubles: readonly StoreTrouble[];
}

/**
 * Asks git where the repository at `place` keeps its things.
 * @throws {GitError} when there is none, or git does not trust it.
 */
export async function findPlaces(place: GitPlace): Promise<RepositoryPlaces> {
  // One question each: a path may hold a line break.
  const ask = async (...args: string[]): Promise<string> =>
    (await runGit(place, ["rev-parse", ...args])).toString("utf8").replace(/\r?\n$/, "");
  // First alone, so that a missing repository is one failure.
  const format = await ask("--show-object-format");
  const [gitDir, commonDir, objects, bare] = await Promise.all([
    ask("--absolute-git-dir"),
    ask("--git-common-dir"),
    ask("--git-path", "objects"),
    ask("--is-bare-repository"),
  ]);
  return {
    idBytes: format === "sha256" ? 32 : 20,
    gitDir: resolve(gitDir),
    commonDir: resolve(place.cwd, commonDir),
    objects: resolve(place.cwd, objects),
    bare: bare === "true",
  };
}

/**
 * The object folders of a repository: its own, those of its alternates and of theirs. Those that only the environment
 * names count where git itself would be given them (`place.repository` is `environment`).
 */
export function findObjectFolders(places: RepositoryPlaces, place: GitPlace): ObjectFolders {
  const walk = new AlternatesWalk();
  walk.add(places.objects, 0);
  const named = safeEnvironment(place)["GIT_ALTERNATE_OBJECT_DIRECTORIES"];
  if (named !== undefined) {
    for (const folder of splitList(named, delimiter)) walk.add(resolve(place.cwd, folder), 1);
  }
  return { folders: walk.folders, troubles: walk.troubles };
}

/** Follows alternates; a folder that was met before, by whatever name, is not entered again. */
class AlternatesWalk {
  readonly folders: string[] = [];
  readonly troubles: StoreTrouble[] = [];
  readonly #met = new Set<string>();
  #full = false;

  add(folder: string, depth: number): void {
    let real: string;
    try {
      real = realpathSync(folder);
      if (!statSync(real).isDirectory()) throw new PackFormatError("not a folder");
    } catch (error) {
      const what = depth === 0 ? "object folder" : "object folder of an alternate";
      const kind = depth === 0 ? "loose" : "alternate";
      this.troubles.push({ kind, path: folder, message: `${what} cannot be opened: ${reasonOf(error)}` });
      return;
    }
    if (this.#met.has(real)) return;
    this.#met.add(real);
    if (this.folders.length === maxFolders) {
      if (!this.#full)
        this.#trouble(folder, `more than ${maxFolders} object folders; this one and the rest are not read`);
      this.#full = true;
      return;
    }
    this.folders.push(real);
    const file = join(real, "info", "alternates");
    const named = this.#read(file);
    if (named.length > 0 && depth > maxDepth) {
      this.#trouble(file, `alternates more than ${maxDepth} deep are not followed; git does not follow them either`);
      return;
    }
    for (const next of named) this.add(isAbsolute(next) ? next : join(real, next), depth + 1);
  }

  #read(file: string): string[] {
    try {
      return splitList(readRegularFile(file, maxAlternatesBytes).toString("utf8"), "\n");
    } catch (error) {
      if (!isMissing(error)) this.#trouble(file, `list of alternates cannot be read: ${reasonOf(error)}`);
      return [];
    }
  }

  #trouble(path: string, message: string): void {
    this.troubles.push({ kind: "alternate", path, message });
  }
}

/** The entries of a list of alternates: one may be quoted as git quotes paths, and `#` starts a comment. */
function splitList(list: string, separator: string): string[] {
  const entries: string[] = [];
  for (let at = 0; at < list.length;) {
    const quoted = unquotePath(list, at);
    const end = list.indexOf(separator, quoted?.end ?? at);
    const stop = end < 0 ? list.length : end;
    const plain = list.slice(at, stop).replace(separator === "\n" ? /\r$/ : /$/, "");
    if (quoted !== undefined) entries.push(quoted.text);
    else if (plain !== "" && !plain.startsWith("#")) entries.push(plain);
    at = stop + 1;
  }
  return entries;
}
