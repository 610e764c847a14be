// A plan and a few of its objects in, what is needed to read just those again out, and from that their work laid out.

import { closeSync, openSync } from "node:fs";
import { linkForest, none } from "../../base/git/pack-forest.ts";
import { shared } from "../../base/git/pack-order.ts";
import type { WalkLimits } from "../../base/git/walk-visitor.ts";
import type { ScanSetup } from "../scan-setup.ts";
import { cutUnits, firstsOf } from "./objects.ts";
import type { AuditPlan } from "./plan.ts";
import { unpackModule } from "./plan.ts";
import { Need } from "./share.ts";
import type { AuditShare, LooseWork } from "./share.ts";

/** More entries than this are laid out from the packs again. */
const mostEntries = 100_000;

/** One pack entry. `base` is the row of what it is made from, `object` the number of what is read; -1 for neither. */
interface EntryRow {
  readonly pack: number;
  readonly offset: number;
  readonly length: number;
  readonly type: number;
  readonly base: number;
  readonly object: number;
}

/** Objects by their number among `ids`, and the pack entries that they are rebuilt from; plain data. */
export interface Remainder {
  readonly idBytes: 20 | 32;
  /** Hex ids in ascending order, one after the other. */
  readonly ids: string;
  /** Paths of the packs. */
  readonly packs: readonly string[];
  /** In the order of packs and offsets. */
  readonly rows: readonly EntryRow[];
  readonly loose: readonly LooseWork[];
}

/** The first entry of each wanted object, and all that these are made from. */
interface ChosenEntries {
  /** Object number by entry. */
  readonly targets: ReadonlyMap<number, number>;
  /** Ascending. */
  readonly entries: readonly number[];
}

function chooseEntries(again: readonly number[], { share, table }: AuditPlan): ChosenEntries | undefined {
  const { objects, forest } = share;
  const missing = new Uint8Array(table.count);
  for (const object of again) missing[object] = 1;
  const targets = new Map<number, number>();
  const chosen = new Set<number>();
  for (let first = 0; first < objects.length; first++) {
    const object = objects[first] as number;
    if (missing[object] !== 1) continue;
    missing[object] = 0;
    targets.set(first, object);
    for (let entry = first; entry !== none && !chosen.has(entry); entry = forest.bases[entry] as number)
      chosen.add(entry);
    if (chosen.size > mostEntries) return undefined;
  }
  return { targets, entries: [...chosen].toSorted((a, b) => a - b) };
}

/**
 * What the objects numbered `again` (ascending) are read from; `packs` are those of the plan. Undefined where that is too
 * much, or one of them is nowhere.
 */
export function remainderOf(
  again: readonly number[],
  plan: AuditPlan,
  packs: readonly { readonly pack: string }[],
): Remainder | undefined {
  const chosen = chooseEntries(again, plan);
  if (chosen === undefined) return undefined;
  const { entries, forest, idBytes, ids } = plan.share;
  const numbers = new Map(again.map((object, number) => [object, number]));
  const rowOf = new Map(chosen.entries.map((entry, row) => [entry, row]));
  let pack = 0;
  const packOf = chosen.entries.map((entry) => {
    while (entry >= (entries.starts[pack + 1] as number)) pack++;
    return pack;
  });
  const used = [...new Set(packOf)];
  const packed = new Set(chosen.targets.values());
  const loose = again.filter((object) => !packed.has(object));
  if (loose.some((object) => !plan.looseFiles.has(object))) return undefined;
  const bytes = Buffer.from(ids.buffer, ids.byteOffset, ids.length);
  return {
    idBytes,
    ids: again.map((object) => bytes.toString("hex", object * idBytes, (object + 1) * idBytes)).join(""),
    packs: used.map((number) => (packs[number] as { readonly pack: string }).pack),
    rows: chosen.entries.map((entry, row) => ({
      pack: used.indexOf(packOf[row] as number),
      offset: entries.offsets[entry] as number,
      length: entries.lengths[entry] as number,
      type: forest.types[entry] as number,
      base: rowOf.get(forest.bases[entry] as number) ?? -1,
      object: numbers.get(chosen.targets.get(entry) ?? -1) ?? -1,
    })),
    loose: loose.map((object) => {
      return { file: plan.looseFiles.get(object) as string, object: numbers.get(object) as number };
    }),
  };
}

function entriesOf({ rows, packs }: Remainder): AuditShare["entries"] {
  const entries = {
    count: rows.length,
    starts: shared(Uint32Array, packs.length + 1).fill(rows.length),
    offsets: shared(Float64Array, rows.length),
    lengths: shared(Float64Array, rows.length),
    places: shared(Uint32Array, rows.length),
  };
  rows.forEach(({ pack, offset, length }, row) => {
    entries.starts[pack] = Math.min(entries.starts[pack] as number, row);
    entries.offsets[row] = offset;
    entries.lengths[row] = length;
  });
  return entries;
}

/** What is to be rebuilt: the objects themselves, and below what else something is that is. */
function needsOf({ rows }: Remainder): Uint8Array {
  const needs = shared(Uint8Array, rows.length);
  rows.forEach(({ object, base }, row) => {
    if (object >= 0) needs[row] = (needs[row] as number) | Need.self;
    if (base >= 0) needs[base] = (needs[base] as number) | Need.below;
  });
  return needs;
}

/**
 * Lays the work out as a plan does, for these few objects; the packs stay open until `close`.
 * @throws the system's error for a pack that cannot be opened
 */
export function openRemainder(
  remainder: Remainder,
  given: { readonly setup: ScanSetup; readonly limits: WalkLimits },
): { readonly share: AuditShare; close(): void } {
  const { idBytes, rows, loose } = remainder;
  const bytes = Buffer.from(remainder.ids, "hex");
  const ids = shared(Uint8Array, bytes.length);
  ids.set(bytes);
  const entries = entriesOf(remainder);
  const types = shared(Uint8Array, rows.length);
  types.set(rows.map(({ type }) => type));
  const bases = Uint32Array.from(rows, ({ base }) => (base < 0 ? none : base));
  const forest = linkForest(entries, types, bases);
  const needs = needsOf(remainder);
  const files: number[] = [];
  const close = () => files.forEach((file) => closeSync(file));
  try {
    for (const pack of remainder.packs) files.push(openSync(pack, "r"));
  } catch (error) {
    close();
    throw error;
  }
  const share: AuditShare = {
    ...given,
    unpack: unpackModule(),
    files,
    entries,
    forest,
    crcs: undefined,
    objects: Uint32Array.from(rows, ({ object }) => (object < 0 ? none : object)),
    needs,
    idBytes,
    ids,
    firsts: firstsOf(ids, idBytes),
    contents: cutUnits(forest, needs, () => true),
    trees: { roots: new Uint32Array(0), starts: new Uint32Array(1) },
    loose,
    counters: shared(Int32Array, 8),
    // Trees are not read here, so no name is ever hashed with it.
    seed: 1n,
  };
  return { share, close };
}
