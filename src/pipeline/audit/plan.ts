// An object store in, the share of an audit out: packs opened and put in order, deltas linked, work cut into units.

import { closeSync, openSync, readFileSync } from "node:fs";
import { assetUrl } from "../../base/assets.ts";
import type { WalkLimits } from "../../base/git/walk-visitor.ts";
import type { LooseObject } from "../../base/git/loose-list.ts";
import { growForest, ObjectType } from "../../base/git/pack-forest.ts";
import type { EntryOfId } from "../../base/git/pack-forest.ts";
import type { PackFile } from "../../base/git/pack-list.ts";
import { orderEntries, shared } from "../../base/git/pack-order.ts";
import type { PackEntries } from "../../base/git/pack-order.ts";
import { placeOf } from "../../base/id-table.ts";
import type { CachedObjects } from "../../base/object-cache.ts";
import type { ScanSetup } from "../scan-setup.ts";
import { cutUnits, firstsOf, leaveOut, markNeeds, objectsOf, tabulate } from "./objects.ts";
import type { ObjectTable } from "./objects.ts";
import type { AuditShare } from "./share.ts";

/** What an audit goes by, besides the objects. */
export interface PlanOptions {
  readonly setup: ScanSetup;
  readonly limits: WalkLimits;
  /** What is known from an earlier audit under the same rules. */
  readonly known?: CachedObjects | undefined;
  /** Objects that are in scope, by number; absent: all. Asked after the table is made. See `leaveOut`. */
  readonly scope?: ((table: ObjectTable) => Uint8Array) | undefined;
  readonly seed: bigint;
}

/** A plan: what all threads share, the table of all objects, and packs that are not what their index says. */
export interface AuditPlan {
  readonly share: AuditShare;
  readonly table: ObjectTable;
  /** Paths of packs whose bytes are not those that their checksum was made of. */
  readonly altered: readonly string[];
  /** Paths of packs that were gone when they were to be opened. */
  readonly vanished: readonly string[];
  /** Files of the loose objects, by number. */
  readonly looseFiles: ReadonlyMap<number, string>;
  close(): void;
}

/** The unpacker's compiled module. */
export function unpackModule(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(assetUrl("unpack.wasm")));
}

interface OpenPack {
  readonly pack: PackFile;
  readonly file: number;
}

function openPacks(packs: readonly PackFile[], vanished: string[]): OpenPack[] {
  return packs.flatMap((pack) => {
    try {
      return [{ pack, file: openSync(pack.pack, "r") }];
    } catch {
      vanished.push(pack.pack);
      return [];
    }
  });
}

/** The sums of packs whose own checksum does not hold, so that each of their entries is checked; 0 for all others. */
function crcsOf(entries: PackEntries, packs: readonly PackFile[], sound: readonly boolean[]): Uint32Array | undefined {
  if (sound.every(Boolean)) return undefined;
  const crcs = shared(Uint32Array, entries.count);
  packs.forEach(({ index }, pack) => {
    // An index that is not sound says nothing that could be held against the pack.
    if (index.crcs === undefined || !index.sound || sound[pack] === true) return;
    const end = entries.starts[pack + 1] as number;
    for (let entry = entries.starts[pack] as number; entry < end; entry++)
      crcs[entry] = index.crcs[entries.places[entry] as number] as number;
  });
  return crcs;
}

/** Finds the entry with an id, for deltas that name their base by it: in the same pack first. */
function entryFinder(entries: PackEntries, packs: readonly PackFile[]): EntryOfId {
  const ranks = new Map<number, Uint32Array>();
  const rankOf = (pack: number, place: number): number => {
    let byPlace = ranks.get(pack);
    if (byPlace === undefined) {
      const start = entries.starts[pack] as number;
      byPlace = new Uint32Array((entries.starts[pack + 1] as number) - start);
      for (let rank = 0; rank < byPlace.length; rank++) byPlace[entries.places[start + rank] as number] = start + rank;
      ranks.set(pack, byPlace);
    }
    return byPlace[place] as number;
  };
  return (own, bytes) => {
    const id = Buffer.from(bytes);
    for (const pack of [own, ...packs.keys()]) {
      const place = placeOf((packs[pack] as PackFile).index.ids, id);
      if (place >= 0) return rankOf(pack, place);
    }
    return -1;
  };
}

/** Opens the packs and lays out all work. The packs stay open until `close`. */
export function planAudit(
  store: { readonly idBytes: 20 | 32; readonly packs: readonly PackFile[]; readonly loose: readonly LooseObject[] },
  options: PlanOptions,
): AuditPlan {
  const vanished: string[] = [];
  const open = openPacks(store.packs, vanished);
  const files = open.map(({ file }) => file);
  const packs = open.map(({ pack }) => pack);
  const unpack = unpackModule();
  const { table, ofPacks, loose } = tabulate({ ...store, packs }, options.known);
  const entries = orderEntries(packs);
  const sizes = packs.map((pack) => pack.bytes);
  const checksums = packs.map(({ index }) => (index.sound ? index.packChecksum : new Uint8Array(0)));
  const ground = { entries, files, sizes, checksums, idBytes: store.idBytes };
  const { forest, sound } = growForest(ground, entryFinder(entries, packs));
  const objects = objectsOf(entries, ofPacks);
  const scope = options.scope?.(table);
  if (scope !== undefined) leaveOut(scope, table, { objects, forest });
  const trusted = packs.map(({ index }, pack) => index.sound && sound[pack] === true);
  const needs = markNeeds(table, { objects, forest, starts: entries.starts, trusted, loose });
  const isTree = (type: number) => type === ObjectType.tree;
  const share: AuditShare = {
    setup: options.setup,
    unpack,
    files,
    entries,
    forest,
    crcs: crcsOf(entries, packs, sound),
    objects,
    needs,
    idBytes: store.idBytes,
    ids: table.ids,
    firsts: firstsOf(table.ids, store.idBytes),
    contents: cutUnits(forest, needs, (type) => !isTree(type)),
    trees: cutUnits(forest, needs, isTree),
    loose: loose.filter(({ object }) => table.wanted[object] === 1),
    counters: shared(Int32Array, 8),
    seed: options.seed,
    limits: options.limits,
  };
  return {
    share,
    table,
    altered: packs.filter((_, pack) => sound[pack] === false).map((pack) => pack.pack),
    vanished,
    looseFiles: new Map(loose.map(({ object, file }) => [object, file])),
    close: () => files.forEach((file) => closeSync(file)),
  };
}
