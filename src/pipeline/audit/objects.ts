// The object store and what is known from an earlier audit in, the table of all objects out: which are to be read, where.

import type { LooseObject } from "../../base/git/loose-list.ts";
import { none, ObjectType } from "../../base/git/pack-forest.ts";
import type { PackForest } from "../../base/git/pack-forest.ts";
import type { PackFile } from "../../base/git/pack-list.ts";
import { shared } from "../../base/git/pack-order.ts";
import type { PackEntries } from "../../base/git/pack-order.ts";
import { lookAgain } from "../../base/object-cache.ts";
import type { CachedObjects } from "../../base/object-cache.ts";
import { placeOf } from "../../base/id-table.ts";
import { joinIds, mergeSortedIds, NONE } from "../../base/merge-ids.ts";
import { Need } from "./share.ts";
import type { LooseWork, Units } from "./share.ts";

/** Packed bytes that make a unit of work. */
const unitBytes = 192 * 1024;

/** All objects, each once, in the order of their ids. */
export interface ObjectTable {
  readonly idBytes: 20 | 32;
  readonly count: number;
  readonly ids: Uint8Array;
  /** Object types as packs number them; 0 where not known yet. */
  readonly kinds: Uint8Array;
  /** 1 for each object that is to be looked at; the others are known to be clean. */
  readonly wanted: Uint8Array;
  /** For each object its place in what was known before, or NONE. */
  readonly knownPlaces: Uint32Array;
  /** The number of the empty tree where it is not stored: git knows it without. */
  readonly emptyTree: number;
}

/** The id of the tree without entries, by the length of ids. */
const emptyTreeIds = {
  20: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
  32: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
} as const;

/** Sorted ids of loose objects, one after the other; the objects come sorted along. */
function looseTable(loose: readonly LooseObject[], idBytes: number): { ids: Uint8Array; sorted: LooseObject[] } {
  const sorted = loose.toSorted((a, b) => Buffer.compare(a.id, b.id));
  const ids = new Uint8Array(sorted.length * idBytes);
  sorted.forEach(({ id }, place) => ids.set(id, place * idBytes));
  return { ids, sorted };
}

/** The table, and where each of its objects stands. */
export interface ObjectPlaces {
  readonly table: ObjectTable;
  /** For each pack, the object number of each place of its index. */
  readonly ofPacks: readonly Uint32Array[];
  /** Loose objects that stand in no pack whose index is sound, wanted or not. */
  readonly loose: readonly LooseWork[];
}

/** All ids in one table, and where those of each pack and the empty tree's stand in it. */
interface United {
  readonly ids: Uint8Array;
  readonly ofPacks: readonly Uint32Array[];
  /** -1 where the empty tree is stored like any other. */
  readonly emptyTree: number;
}

/** The ids of one pack, as most repositories have after `git gc`: nothing has to be merged. */
function uniteOne(packed: Uint8Array, emptyId: Buffer): United {
  const at = placeOf(packed, emptyId);
  const extra = at < 0 ? -1 - at : Number.POSITIVE_INFINITY;
  const ids = shared(Uint8Array, packed.length + (at < 0 ? emptyId.length : 0));
  const before = Math.min(packed.length, extra * emptyId.length);
  ids.set(packed.subarray(0, before));
  if (at < 0) {
    ids.set(emptyId, before);
    ids.set(packed.subarray(before), before + emptyId.length);
  }
  const numbers = new Uint32Array(packed.length / emptyId.length);
  for (let place = 0; place < numbers.length; place++) numbers[place] = place < extra ? place : place + 1;
  return { ids, ofPacks: [numbers], emptyTree: at < 0 ? extra : -1 };
}

function unite(packs: readonly PackFile[], looseIds: Uint8Array, idBytes: 20 | 32): United {
  const emptyId = Buffer.from(emptyTreeIds[idBytes], "hex");
  const [first] = packs;
  if (first?.index.sound === true && packs.length === 1 && looseIds.length === 0)
    return uniteOne(first.index.ids, emptyId);
  const merged = mergeSortedIds([...packs.map(({ index }) => index.ids), looseIds, emptyId], idBytes);
  const ids = shared(Uint8Array, merged.ids.length);
  ids.set(merged.ids);
  return {
    ids,
    ofPacks: packs.map(({ index }) => joinIds(ids, index.ids, idBytes)),
    emptyTree: merged.sources.tables.indexOf(packs.length + 1),
  };
}

/** Takes over what an earlier audit said of objects, and says which are to be looked at. */
function recall(table: Pick<ObjectTable, "kinds" | "wanted" | "knownPlaces">, known: CachedObjects): void {
  table.knownPlaces.forEach((place, object) => {
    if (place === NONE) return;
    const kind = known.kinds[place] as number;
    table.kinds[object] = kind & ~lookAgain;
    table.wanted[object] = kind >= lookAgain ? 1 : 0;
  });
}

/** Puts the objects of all packs and the loose ones into one table. */
export function tabulate(
  store: { readonly idBytes: 20 | 32; readonly packs: readonly PackFile[]; readonly loose: readonly LooseObject[] },
  known: CachedObjects | undefined,
): ObjectPlaces {
  const { idBytes, packs } = store;
  const { ids: looseIds, sorted } = looseTable(store.loose, idBytes);
  const { ids, ofPacks, emptyTree } = unite(packs, looseIds, idBytes);
  const count = ids.length / idBytes;
  const table: ObjectTable = {
    idBytes,
    count,
    ids,
    kinds: shared(Uint8Array, count),
    wanted: shared(Uint8Array, count).fill(1),
    knownPlaces: known === undefined ? new Uint32Array(count).fill(NONE) : joinIds(known.ids, ids, idBytes),
    emptyTree: emptyTree < 0 ? NONE : emptyTree,
  };
  if (known !== undefined) recall(table, known);
  if (emptyTree >= 0) {
    table.kinds[emptyTree] = ObjectType.tree;
    table.wanted[emptyTree] = 0;
  }
  const taken = new Uint8Array(count);
  // What a damaged index says of an object is not to be believed where it stands in a file of its own.
  ofPacks.forEach((numbers, pack) => {
    if (packs[pack]?.index.sound === true) for (const object of numbers) taken[object] = 1;
  });
  const ofLoose = joinIds(ids, looseIds, idBytes);
  const loose = sorted.flatMap(({ file }, place) => {
    const object = ofLoose[place] as number;
    if (taken[object] === 1) return [];
    taken[object] = 1;
    return [{ file, object }];
  });
  return { table, ofPacks, loose };
}

/** The place of the first id of each two-byte beginning: 65,537 places. */
export function firstsOf(ids: Uint8Array, idBytes: number): Uint32Array {
  const firsts = shared(Uint32Array, 65_537);
  const count = ids.length / idBytes;
  let next = 0;
  for (let object = 0; object < count; object++) {
    const at = object * idBytes;
    const first = ((ids[at] as number) << 8) | (ids[at + 1] as number);
    while (next <= first) firsts[next++] = object;
  }
  while (next <= 65_536) firsts[next++] = count;
  return firsts;
}

/** Object number of each entry. */
export function objectsOf(entries: PackEntries, ofPacks: readonly Uint32Array[]): Uint32Array {
  const objects = shared(Uint32Array, entries.count);
  ofPacks.forEach((numbers, pack) => {
    const end = entries.starts[pack + 1] as number;
    for (let entry = entries.starts[pack] as number; entry < end; entry++)
      objects[entry] = numbers[entries.places[entry] as number] as number;
  });
  return objects;
}

/**
 * Takes packed blobs that are out of scope off the list. Commits and trees are read all the same, and so are loose
 * objects, whose kind is not known yet: what history says of a secret hangs on them, in scope or not.
 */
export function leaveOut(
  inScope: Uint8Array,
  table: ObjectTable,
  packed: { readonly objects: Uint32Array; readonly forest: PackForest },
): void {
  packed.objects.forEach((object, entry) => {
    if (inScope[object] === 0 && packed.forest.types[entry] === ObjectType.blob) table.wanted[object] = 0;
  });
}

/** The entries of all packs, and which packs are as their indexes say. */
interface PackedObjects {
  /** Object number by entry. */
  readonly objects: Uint32Array;
  readonly forest: PackForest;
  /** First entry of each pack, and one more at the end. */
  readonly starts: Uint32Array;
  readonly trusted: readonly boolean[];
  /** What is read from files of its own. */
  readonly loose: readonly LooseWork[];
}

/**
 * Marks the entries that are to be rebuilt: each wanted object once, and what it is made from. Fills in kinds. A damaged
 * index may name one object and point at another, so an object that stands in a sound pack, too, is read from there.
 */
export function markNeeds(table: ObjectTable, packed: PackedObjects): Uint8Array {
  const needs = shared(Uint8Array, packed.objects.length);
  const taken = new Uint8Array(table.count);
  for (const { object } of packed.loose) taken[object] = 1;
  for (const isTrusted of [true, false])
    packed.trusted.forEach((trusted, pack) => {
      if (trusted === isTrusted) markPack(table, packed, pack, { needs, taken });
    });
  return needs;
}

function markPack(
  table: ObjectTable,
  { objects, forest, starts }: PackedObjects,
  pack: number,
  { needs, taken }: { readonly needs: Uint8Array; readonly taken: Uint8Array },
): void {
  const end = starts[pack + 1] as number;
  for (let entry = starts[pack] as number; entry < end; entry++) {
    const object = objects[entry] as number;
    const type = forest.types[entry] as number;
    if (table.kinds[object] === 0 && type >= 1 && type <= 4) table.kinds[object] = type;
    if (table.wanted[object] === 0 || taken[object] === 1) continue;
    taken[object] = 1;
    needs[entry] = (needs[entry] as number) | Need.self;
    for (let base = forest.bases[entry] as number; base !== none; base = forest.bases[base] as number) {
      if (((needs[base] as number) & Need.below) !== 0) break;
      needs[base] = (needs[base] as number) | Need.below;
    }
  }
}

/** Cuts the roots whose type `fits` and that are needed into units of work, in the order of the packs. */
export function cutUnits(forest: PackForest, needs: Uint8Array, fits: (type: number) => boolean): Units {
  const roots: number[] = [];
  const starts = [0];
  let weight = 0;
  for (const root of forest.roots) {
    if (needs[root] === 0 || !fits(forest.types[root] as number)) continue;
    roots.push(root);
    weight += forest.weights[root] as number;
    if (weight < unitBytes) continue;
    starts.push(roots.length);
    weight = 0;
  }
  if (starts.at(-1) !== roots.length) starts.push(roots.length);
  const units = { roots: shared(Uint32Array, roots.length), starts: shared(Uint32Array, starts.length) };
  units.roots.set(roots);
  units.starts.set(starts);
  return units;
}
