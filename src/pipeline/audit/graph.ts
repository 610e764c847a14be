// The shape of a history and what refers to it in, the graph that origins are traced in out.

import { parseCommit } from "../../base/git/commit.ts";
import { placeOf } from "../../base/id-table.ts";
import { NONE } from "../../base/merge-ids.ts";
import type { HistoryGraph, TreeEntry } from "../../findings/history-graph.ts";
import type { CommitPoint } from "../../model/history.ts";
import { displayName } from "../../sources/native-path.ts";
import type { ObjectAccess } from "./access.ts";
import type { ObjectTable } from "./objects.ts";
import type { FoundRef } from "./ref-names.ts";
import type { Referring } from "./references.ts";
import type { HistoryShape } from "./shape.ts";

const treeMode = "40000";
const linkMode = "160000";
const deepestTag = 20;

/** A name that holds a secret: an object of its own, as far as origins are concerned. */
export interface NameTarget {
  /** Its number; behind those of all objects. */
  readonly object: number;
  /** The key of the name; see `ObjectAccess.nameKey`. */
  readonly key: number;
}

/** What a graph is made of. */
export interface GraphParts {
  readonly shape: HistoryShape;
  readonly references: Referring;
  readonly table: ObjectTable;
  readonly access: ObjectAccess;
  /** Pairs of annotated tag and what it names. */
  readonly tags: Uint32Array;
  readonly names: readonly NameTarget[];
  readonly refNames: readonly FoundRef[];
}

/** Finds objects by id. */
export class ObjectFinder {
  readonly #table: ObjectTable;

  constructor(table: ObjectTable) {
    this.#table = table;
  }

  /** The number of the object with a hex id, or NONE. */
  byHex(hex: string): number {
    return this.byId(Buffer.from(hex, "hex"));
  }

  /** The number of the object with an id, or NONE. */
  byId(id: Buffer): number {
    const { ids, idBytes } = this.#table;
    const place = id.length === idBytes ? placeOf(ids, id) : -1;
    return place < 0 ? NONE : place;
  }
}

/** For each object its row, or NONE. */
function rowsByObject(count: number, objects: Uint32Array): Uint32Array {
  const rows = new Uint32Array(count).fill(NONE);
  objects.forEach((object, row) => (rows[object] = row));
  return rows;
}

function mapped(values: Uint32Array, rows: Uint32Array): Uint32Array {
  return values.map((object) => (object === NONE ? NONE : (rows[object] as number)));
}

/** The entries of a tree object, as they stand: mode, name and id. Ends where the tree is damaged. */
export function* rawEntries(bytes: Buffer, idBytes: number): Generator<{ mode: string; name: Buffer; id: Buffer }> {
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const end = space < 0 ? -1 : bytes.indexOf(0, space);
    if (end < 0 || end + 1 + idBytes > bytes.length) return;
    const mode = bytes.toString("latin1", at, space);
    at = end + 1 + idBytes;
    yield { mode, name: bytes.subarray(space + 1, end), id: bytes.subarray(end + 1, at) };
  }
}

/** The names in a tree object; none where it could not be read. */
export function* entryNames(tree: Buffer | undefined, idBytes: number): Generator<Buffer> {
  if (tree === undefined) return;
  for (const { name } of rawEntries(tree, idBytes)) yield name;
}

function entriesIn(bytes: Buffer, parts: GraphParts, finder: ObjectFinder): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (const { mode, name: raw, id } of rawEntries(bytes, parts.table.idBytes)) {
    const key = parts.access.nameKey(raw);
    const name = displayName(raw);
    for (const target of parts.names)
      if (target.key === key) entries.push({ name, object: target.object, isTree: false, key });
    if (mode !== linkMode) entries.push({ name, object: finder.byId(id), isTree: mode === treeMode, key });
  }
  return entries;
}

/** What a commit says of itself; with its id alone where it cannot be read. */
export function pointOf(access: ObjectAccess, object: number): CommitPoint {
  const bytes = access.read(object);
  const commit = bytes === undefined ? {} : parseCommit(bytes);
  const { author, date } = commit as { author?: string; date?: string };
  return {
    commit: access.hex(object),
    ...(author === undefined ? {} : { author }),
    ...(date === undefined ? {} : { date }),
  };
}

/** Builds the graph; nothing is read before it is asked for. */
export function graphOf(parts: GraphParts): HistoryGraph {
  const { shape, references, table, access } = parts;
  const finder = new ObjectFinder(table);
  const commitRows = rowsByObject(table.count, shape.commits.objects);
  const treeRows = rowsByObject(table.count, shape.trees.objects);
  const tags = Array.from({ length: parts.tags.length / 2 }, (_, index) => {
    return { object: parts.tags[2 * index] as number, target: parts.tags[2 * index + 1] as number };
  });
  const nameOf = new Map(parts.refNames.map(({ object, found }) => [found.ref, object]));
  const namings = parts.refNames.map(({ object, found }) => ({ object, target: found.object }));
  const targetOf = new Map(tags.map(({ object, target }) => [object, target]));
  const commitAt = (object: number): number => {
    let at = object;
    for (let depth = 0; depth < deepestTag && targetOf.has(at); depth++) at = targetOf.get(at) as number;
    return at === NONE ? NONE : (commitRows[at] ?? NONE);
  };
  return {
    commits: {
      count: shape.commits.objects.length,
      objects: shape.commits.objects,
      trees: shape.commits.trees,
      times: shape.commits.times,
      parentStarts: shape.commits.parentStarts,
      parents: mapped(shape.commits.parents, commitRows),
    },
    trees: {
      count: shape.trees.objects.length,
      objects: shape.trees.objects,
      childStarts: shape.trees.childStarts,
      children: mapped(shape.trees.children, treeRows),
      names: shape.trees.names,
    },
    holds: { trees: mapped(shape.holds.trees, treeRows), blobs: shape.holds.blobs, names: shape.holds.names },
    tags: [...tags, ...namings],
    entriesOf: (tree) => {
      const bytes = access.read(shape.trees.objects[tree] as number);
      return bytes === undefined ? [] : entriesIn(bytes, parts, finder);
    },
    describe: (commit) => pointOf(access, shape.commits.objects[commit] as number),
    refs: references.refs.flatMap(({ name, object }) => {
      const own = nameOf.get(name);
      if (object === NONE && own === undefined) return [];
      const commit = commitAt(object);
      return [{ name, object: own ?? object, ...(commit === NONE ? {} : { commit }) }];
    }),
    reflogs: references.reflogs.flatMap(({ ref, objects }) =>
      objects.map(commitAt).flatMap((commit) => (commit === NONE ? [] : [{ ref, commit }])),
    ),
    index: references.index.filter(({ blob }) => blob !== NONE),
  };
}
