// A history as plain data → the graph that origins are traced in. Files are maps from path to the name of a content.

import type { GraphRef, HistoryGraph, TreeEntry } from "../../src/findings/history-graph.ts";
import { NONE } from "../../src/findings/history-graph.ts";

/** Path → name of a content. */
export type Files = Readonly<Record<string, string>>;

/** One commit; its number is its place in the model. A parent that is not here is undefined. */
export interface ModelCommit {
  readonly parents: readonly (number | undefined)[];
  readonly files: Files;
  readonly time: number;
}

/** What a ref or tag names. */
export type Named =
  | { readonly commit: number }
  | { readonly blob: string }
  | { readonly files: Files }
  | { readonly tag: string };

/** A whole repository. */
export interface HistoryModel {
  readonly commits: readonly ModelCommit[];
  readonly refs: readonly (Named & { readonly name: string })[];
  /** Annotated tags, by a name of their own. */
  readonly tags?: Readonly<Record<string, Named>>;
  readonly reflogs?: readonly { readonly ref: string; readonly commit: number }[];
  readonly index?: readonly { readonly blob: string; readonly path: string }[];
  /** Trees that nothing names. */
  readonly strayTrees?: readonly Files[];
  /** Is this tree gone from the object database? Asked with the tree's files. */
  readonly isMissing?: (files: Files) => boolean;
}

/** Files of one folder, one level deep. */
export interface Folder {
  readonly blobs: Readonly<Record<string, string>>;
  readonly folders: Readonly<Record<string, Files>>;
}

/** Splits files by their first folder. */
export function openFolder(files: Files): Folder {
  const blobs: Record<string, string> = {};
  const folders: Record<string, Record<string, string>> = {};
  for (const [path, blob] of Object.entries(files)) {
    const slash = path.indexOf("/");
    if (slash < 0) blobs[path] = blob;
    else (folders[path.slice(0, slash)] ??= {})[path.slice(slash + 1)] = blob;
  }
  return { blobs, folders };
}

/** Two trees are one when their keys are. */
export function treeKey(files: Files): string {
  return JSON.stringify(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** How the graph is laid out; nothing of it may change a result. */
export interface Layout {
  /** Keys for names, or none: every tree is read anew. */
  readonly names: boolean;
  /** Mixes up the numbers of objects, commits and trees. */
  readonly seed: number;
}

/** The graph, and the way from names to numbers. */
export interface BuiltHistory {
  readonly graph: HistoryGraph;
  /** Object number of a content. */
  blob(name: string): number;
  /** Object number of a tag. */
  tag(name: string): number;
  /** Object number of a commit of the model. */
  commitObject(commit: number): number;
  /** Number in the graph of a commit of the model. */
  commitNumber(commit: number): number;
  /** Trees that were read, and commits that were described. */
  readonly asked: { readonly trees: number[]; readonly commits: number[] };
}

/** The numbers below `count` in an order that depends on the seed only. */
function shuffled(count: number, seed: number): readonly number[] {
  const numbers = Array.from({ length: count }, (_, place) => place);
  let state = (seed ^ 0x9e3779b9) >>> 0;
  for (let place = count - 1; place > 0; place--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = (state >>> 8) % (place + 1);
    [numbers[place], numbers[other]] = [numbers[other] as number, numbers[place] as number];
  }
  return numbers;
}

/** All trees of the model by key, missing ones left out. */
function listTrees(model: HistoryModel): ReadonlyMap<string, Folder> {
  const trees = new Map<string, Folder>();
  const add = (files: Files): void => {
    const folder = openFolder(files);
    if (!model.isMissing?.(files)) trees.set(treeKey(files), folder);
    for (const inner of Object.values(folder.folders)) add(inner);
  };
  for (const { files } of model.commits) add(files);
  for (const files of model.strayTrees ?? []) add(files);
  for (const named of [...model.refs, ...Object.values(model.tags ?? {})]) if ("files" in named) add(named.files);
  return trees;
}

function numberObjects(model: HistoryModel, treeKeys: readonly string[], seed: number): (id: string) => number {
  const ids = new Set<string>();
  for (const key of treeKeys) ids.add(`tree ${key}`);
  const addBlobs = (files: Files): void => Object.values(files).forEach((blob) => ids.add(`blob ${blob}`));
  for (const { files } of model.commits) addBlobs(files);
  for (const files of model.strayTrees ?? []) addBlobs(files);
  for (const { blob } of model.index ?? []) ids.add(`blob ${blob}`);
  for (const named of [...model.refs, ...Object.values(model.tags ?? {})]) {
    if ("files" in named) addBlobs(named.files);
    if ("blob" in named) ids.add(`blob ${named.blob}`);
  }
  for (const commit of model.commits.keys()) ids.add(`commit ${commit}`);
  for (const tag of Object.keys(model.tags ?? {})) ids.add(`tag ${tag}`);
  const numbers = shuffled(ids.size, seed);
  const numberOf = new Map([...ids].map((id, place) => [id, numbers[place] as number]));
  return (id) => {
    const known = numberOf.get(id) ?? numberOf.size;
    numberOf.set(id, known);
    return known;
  };
}

/** A key for a name: equal for equal names. */
function nameKey(name: string): number {
  let key = 0x811c9dc5;
  for (const unit of name) key = Math.imul(key ^ (unit.codePointAt(0) as number), 0x01000193);
  return key >>> 0;
}

function buildTrees(trees: ReadonlyMap<string, Folder>, object: (id: string) => number, layout: Layout) {
  const keys = [...trees.keys()];
  const ordered = shuffled(keys.length, layout.seed + 1).map((place) => keys[place] as string);
  const numberOf = new Map(ordered.map((key, number) => [key, number]));
  const starts: number[] = [0];
  const children: number[] = [];
  const names: number[] = [];
  const rows: { tree: number; blob: number; name: number }[] = [];
  for (const [tree, key] of ordered.entries()) {
    const { blobs, folders } = trees.get(key) as Folder;
    for (const [name, files] of Object.entries(folders)) {
      children.push(numberOf.get(treeKey(files)) ?? NONE);
      names.push(nameKey(name));
    }
    starts.push(children.length);
    for (const [name, blob] of Object.entries(blobs))
      rows.push({ tree, blob: object(`blob ${blob}`), name: nameKey(name) });
  }
  const mixed = shuffled(rows.length, layout.seed + 2).map((place) => rows[place] as (typeof rows)[number]);
  const entriesOf = (tree: number): TreeEntry[] => {
    const { blobs, folders } = trees.get(ordered[tree] as string) as Folder;
    const entry = (name: string, id: string, isTree: boolean): TreeEntry => {
      const plain = { name, object: object(id), isTree };
      return layout.names ? { ...plain, key: nameKey(name) } : plain;
    };
    return [
      ...Object.entries(blobs).map(([name, blob]) => entry(name, `blob ${blob}`, false)),
      ...Object.entries(folders).map(([name, files]) => entry(name, `tree ${treeKey(files)}`, true)),
    ];
  };
  return {
    numberOf,
    entriesOf,
    table: {
      count: ordered.length,
      objects: Uint32Array.from(ordered, (key) => object(`tree ${key}`)),
      childStarts: Uint32Array.from(starts),
      children: Uint32Array.from(children),
      ...(layout.names ? { names: Uint32Array.from(names) } : {}),
    },
    holds: {
      trees: Uint32Array.from(mixed, ({ tree }) => tree),
      blobs: Uint32Array.from(mixed, ({ blob }) => blob),
      ...(layout.names ? { names: Uint32Array.from(mixed, ({ name }) => name) } : {}),
    },
  };
}

function objectOf(named: Named, object: (id: string) => number): number {
  if ("commit" in named) return object(`commit ${named.commit}`);
  if ("blob" in named) return object(`blob ${named.blob}`);
  return "files" in named ? object(`tree ${treeKey(named.files)}`) : object(`tag ${named.tag}`);
}

/** What a tag leads to at last. */
export function peel(model: HistoryModel, named: Named): Named {
  let at = named;
  while ("tag" in at) at = model.tags?.[at.tag] as Named;
  return at;
}

/** Lays the model out as a graph. */
export function buildHistory(model: HistoryModel, layout: Layout): BuiltHistory {
  const trees = listTrees(model);
  const object = numberObjects(model, [...trees.keys()], layout.seed);
  const built = buildTrees(trees, object, layout);
  const places = shuffled(model.commits.length, layout.seed + 3);
  const numberOf = new Map(places.map((commit, number) => [commit, number]));
  const commits = places.map((place) => model.commits[place] as ModelCommit);
  const parents = commits.map((commit) =>
    commit.parents.map((parent) => (parent === undefined ? NONE : (numberOf.get(parent) as number))),
  );
  const starts = [0];
  for (const list of parents) starts.push((starts.at(-1) as number) + list.length);
  const asked = { trees: [] as number[], commits: [] as number[] };
  const refs = model.refs.map((ref): GraphRef => {
    const last = peel(model, ref);
    const commit = "commit" in last ? numberOf.get(last.commit) : undefined;
    return { name: ref.name, object: objectOf(ref, object), ...(commit === undefined ? {} : { commit }) };
  });
  const graph: HistoryGraph = {
    commits: {
      count: commits.length,
      objects: Uint32Array.from(places, (place) => object(`commit ${place}`)),
      trees: Uint32Array.from(commits, ({ files }) =>
        built.numberOf.has(treeKey(files)) ? object(`tree ${treeKey(files)}`) : NONE,
      ),
      times: Float64Array.from(commits, ({ time }) => time),
      parentStarts: Uint32Array.from(starts),
      parents: Uint32Array.from(parents.flat()),
    },
    trees: built.table,
    holds: built.holds,
    tags: Object.entries(model.tags ?? {}).map(([tag, named]) => ({
      object: object(`tag ${tag}`),
      target: objectOf(named, object),
    })),
    entriesOf(tree) {
      asked.trees.push(tree);
      return built.entriesOf(tree);
    },
    describe(number) {
      asked.commits.push(number);
      return { commit: `c${places[number] as number}` };
    },
    refs,
    reflogs: (model.reflogs ?? []).map(({ ref, commit }) => ({ ref, commit: numberOf.get(commit) as number })),
    index: (model.index ?? []).map(({ blob, path }) => ({ blob: object(`blob ${blob}`), path })),
  };
  return {
    graph,
    asked,
    blob: (name) => object(`blob ${name}`),
    tag: (name) => object(`tag ${name}`),
    commitObject: (commit) => object(`commit ${commit}`),
    commitNumber: (commit) => numberOf.get(commit) as number,
  };
}
