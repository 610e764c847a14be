// Trees in whose names something was met in, each of those names once out, and what trees hold under them.

import { named } from "../../base/git/unpacker.ts";
import { NONE } from "../../base/merge-ids.ts";
import { ContentScanner } from "../content-scanner.ts";
import type { ObjectAccess } from "./access.ts";
import { entryNames } from "./graph.ts";
import type { NameTarget } from "./graph.ts";
import type { AuditPlan } from "./plan.ts";
import { joined } from "./rows.ts";
import type { FoundObject, TreeRows } from "./share.ts";

/** A name that holds a secret, with what is looked for under it. */
export interface FoundName extends NameTarget {
  readonly found: FoundObject;
}

/** The names in the trees of those hints that do not say which name it is, and the names of the others. */
function* namesOf(
  hints: readonly FoundObject[],
  idBytes: number,
  access: ObjectAccess,
): Generator<readonly [tree: number, name: Uint8Array]> {
  const trees = new Set(hints.filter(({ name }) => name === undefined).map(({ object }) => object));
  for (const tree of [...trees].toSorted((a, b) => a - b))
    for (const name of entryNames(access.read(tree), idBytes)) yield [tree, name];
  for (const { object, name } of hints) if (name !== undefined) yield [object, name];
}

/** Scans the names that are hinted at. Each gets a number behind those of all objects. */
export function findNames(hints: readonly FoundObject[], plan: AuditPlan, access: ObjectAccess): FoundName[] {
  const byKey = new Map<number, FoundName>();
  const scanner = new ContentScanner(plan.share.setup);
  const { count, idBytes } = plan.table;
  for (const [tree, name] of namesOf(hints, idBytes, access)) {
    const scanned = scanner.scanBytes(name);
    const key = access.nameKey(name);
    if (scanned.matches.length === 0 || byKey.has(key)) continue;
    byKey.set(key, { key, object: count + byKey.size, found: { object: tree, part: "name", scanned, name } });
  }
  return [...byKey.values()];
}

/** Rows of what those trees hold under looked-for names, as the threads give them. */
export function namedRows(
  trees: readonly Uint32Array[],
  names: readonly FoundName[],
  access: ObjectAccess,
  idBytes: number,
): TreeRows {
  const keys = new Set(names.map(({ key }) => key));
  const rows: [tree: number, key: number][] = [];
  for (const tree of keys.size === 0 ? [] : joined([trees])) {
    const met = Array.from(entryNames(access.read(tree), idBytes), (name) => access.nameKey(name));
    for (const key of met) if (keys.has(key)) rows.push([tree, key]);
  }
  return {
    objects: [],
    childCounts: [],
    children: [],
    childNames: [],
    holdTrees: [Uint32Array.from(rows, ([tree]) => tree)],
    holdBlobs: [new Uint32Array(rows.length).fill(named)],
    holdNames: [Uint32Array.from(rows, ([, key]) => key)],
  };
}

/** Gives rows of looked-for names the numbers that stand for them; others have a key that only looks alike. */
export function nameRows(rows: TreeRows, names: readonly FoundName[]): TreeRows {
  if (names.length === 0) return rows;
  const numbers = new Map(names.map(({ key, object }) => [key, object]));
  const keys = joined([rows.holdNames]);
  const blobs = joined([rows.holdBlobs]);
  const holdBlobs = blobs.map((blob, row) => (blob === named ? (numbers.get(keys[row] as number) ?? NONE) : blob));
  return { ...rows, holdBlobs: [holdBlobs] };
}

/** The trees that hold something under a looked-for name. */
export function* namingTrees(rows: TreeRows): Generator<number> {
  const trees = joined([rows.holdTrees]);
  for (const [row, blob] of joined([rows.holdBlobs]).entries()) if (blob === named) yield trees[row] as number;
}
