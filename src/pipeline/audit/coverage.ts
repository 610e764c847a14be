// What an audit read and could not read in, the coverage that a report shows out.

import type { GitPlace } from "../../base/git/environment.ts";
import type { ObjectStore } from "../../base/git/object-store.ts";
import { ObjectType } from "../../base/git/pack-forest.ts";
import { openGit } from "../../base/git/run.ts";
import { StreamReader } from "../../base/git/stream-reader.ts";
import { NONE } from "../../base/merge-ids.ts";
import type { Problem } from "../../model/blob.ts";
import type { ObjectCounts, Unseen, UnseenKind } from "../../model/finding.ts";
import type { ObjectTable } from "./objects.ts";
import type { HistoryShape } from "./shape.ts";

const fewExamples = 5;
/** What is told of, but was never meant to be read. */
const complete: readonly UnseenKind[] = ["lfs", "submodule", "replaced", "out-of-scope"];

/** One line of what was not seen; none for nothing. */
export function unseenOf(kind: UnseenKind, names: readonly string[], count = names.length): Unseen[] {
  if (count === 0) return [];
  return [{ kind, count, examples: names.slice(0, fewExamples), incomplete: !complete.includes(kind) }];
}

/** Distinct objects by kind. */
export function countObjects(
  table: ObjectTable,
  more: { readonly bytes: number; readonly byGit: number; readonly inScope: Uint8Array | undefined },
): ObjectCounts {
  const counts = [0, 0, 0, 0, 0];
  let cached = 0;
  for (let object = 0; object < table.count; object++) {
    if (object === table.emptyTree || more.inScope?.[object] === 0) continue;
    const kind = table.kinds[object] as number;
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (table.wanted[object] === 0) cached++;
  }
  return {
    commits: counts[ObjectType.commit] as number,
    trees: counts[ObjectType.tree] as number,
    blobs: counts[ObjectType.blob] as number,
    tags: counts[ObjectType.tag] as number,
    bytes: more.bytes,
    cached,
    byGit: more.byGit,
  };
}

/** How many parents and trees history names that are not here. */
export function countMissing(shape: HistoryShape): number {
  let missing = 0;
  for (const tree of shape.commits.trees) if (tree === NONE) missing++;
  for (const parent of shape.commits.parents) if (parent === NONE) missing++;
  for (const child of shape.trees.children) if (child === NONE) missing++;
  return missing;
}

/** Ids of the objects that a partial clone left at its promisor remote; git lists them and fetches none. */
export async function listPromised(place: GitPlace, signal?: AbortSignal): Promise<string[]> {
  const git = openGit(place, ["rev-list", "--objects", "--all", "--reflog", "--missing=print", "--no-object-names"], {
    signal,
  });
  const lines = new StreamReader(git.stdout);
  const ids: string[] = [];
  for (let line = await lines.line(); line !== undefined; line = await lines.line())
    if (line.startsWith("?")) ids.push(line.slice(1));
  await git.result;
  return ids;
}

/** Trouble with packs, indexes, refs and reflogs, as problems of the report. */
export function troublesOf(
  store: ObjectStore,
  folders: readonly { readonly message: string; readonly path: string }[],
  references: readonly string[],
): Problem[] {
  const hint = "git fsck tells more.";
  return [
    ...[...folders, ...store.troubles].map(({ message, path }) => ({
      kind: "git-object" as const,
      message: `${path}: ${message}`,
      hint,
    })),
    ...references.map((message) => ({ kind: "git-object" as const, message, hint })),
  ];
}
