// A repository in, everything that refers to its objects out: refs, HEADs, reflogs, indexes, and where history is bent.

import type { GitPlace } from "../../base/git/environment.ts";
import { readHistoryFiles } from "../../base/git/history-files.ts";
import { indexEntries } from "../../base/git/index-entries.ts";
import type { RepositoryPlaces } from "../../base/git/object-folders.ts";
import { listReflogs } from "../../base/git/reflogs.ts";
import type { Reflog } from "../../base/git/reflogs.ts";
import { listHeads, listRefs } from "../../base/git/refs.ts";
import type { Ref } from "../../base/git/refs.ts";
import { openGit } from "../../base/git/run.ts";
import { StreamReader } from "../../base/git/stream-reader.ts";
import { listWorktrees } from "../../base/git/worktrees.ts";
import { displayName } from "../../sources/native-path.ts";

const linkMode = "160000";

/** What refers to objects; ids are hex. */
export interface References {
  readonly refs: readonly Ref[];
  readonly reflogs: readonly Reflog[];
  readonly staged: readonly { readonly id: string; readonly path: string }[];
  /** Paths of submodules: their own repositories are not entered. */
  readonly submodules: readonly string[];
  readonly shallow: readonly string[];
  /** Ids for which git shows other objects. */
  readonly replaced: readonly string[];
  /** In plain words. */
  readonly troubles: readonly string[];
}

/** The same by object number, NONE for what is not here. */
export interface Referring extends Pick<References, "submodules" | "shallow" | "replaced" | "troubles"> {
  readonly refs: readonly { readonly name: string; readonly object: number }[];
  readonly reflogs: readonly { readonly ref: string; readonly objects: readonly number[] }[];
  readonly index: readonly { readonly blob: number; readonly path: string }[];
}

/** Looks every id up. */
export function numberReferences(references: References, byHex: (id: string) => number): Referring {
  const { submodules, shallow, replaced, troubles } = references;
  return {
    submodules,
    shallow,
    replaced,
    troubles,
    refs: references.refs.map(({ name, id, worktree }) => {
      return { name: worktree === undefined ? name : `worktrees/${worktree}/${name}`, object: byHex(id) };
    }),
    reflogs: references.reflogs.map(({ ref, ids }) => ({ ref, objects: ids.map(byHex) })),
    index: references.staged.map(({ id, path }) => ({ blob: byHex(id), path })),
  };
}

/** Paths of the submodules of a repository without a work tree: those of its HEAD. */
async function submodulesOfHead(place: GitPlace): Promise<string[]> {
  const git = openGit(place, ["ls-tree", "-r", "--full-tree", "--format=%(objectmode) %(path)", "HEAD"]);
  const lines = new StreamReader(git.stdout);
  const paths: string[] = [];
  for (let line = await lines.line(); line !== undefined; line = await lines.line())
    if (line.startsWith(`${linkMode} `)) paths.push(line.slice(linkMode.length + 1));
  await git.result;
  return paths;
}

/** Reads all of it. Throws GitError when git cannot be started at all. */
export async function readReferences(place: GitPlace, places: RepositoryPlaces): Promise<References> {
  const worktrees = listWorktrees(places);
  const [listed, heads, logs] = await Promise.all([
    listRefs(place, worktrees),
    listHeads(place, places, worktrees),
    listReflogs(place, places, worktrees),
  ]);
  const files = readHistoryFiles(places);
  const troubles = [...listed.troubles, ...heads.troubles, ...logs.troubles, ...files.troubles];
  const staged: { id: string; path: string }[] = [];
  const submodules = new Set<string>();
  for (const worktree of worktrees) {
    // A submodule, or a git folder apart from its files, has an index although nothing here says where its files are.
    if (places.bare && worktree.name === undefined) continue;
    try {
      for await (const entries of indexEntries(place, places, worktree)) {
        for (const { mode, id, path } of entries) {
          const shown = displayName(path);
          if (mode === linkMode) submodules.add(shown);
          else staged.push({ id, path: shown });
        }
      }
    } catch (error) {
      troubles.push(error instanceof Error ? error.message : "an index cannot be read");
    }
  }
  const replaced = listed.refs.filter(({ name }) => name.startsWith("refs/replace/")).map(({ name }) => name.slice(13));
  return {
    refs: [...listed.refs, ...heads.refs],
    reflogs: logs.reflogs,
    staged,
    submodules: places.bare ? await submodulesOfHead(place) : [...submodules],
    shallow: files.shallow,
    replaced: [...replaced, ...files.grafts.map(({ commit }) => commit)],
    troubles,
  };
}
