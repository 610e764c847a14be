// Sorted tables of object ids in; out: which id of one stands where in the other, and the union of several tables.

import { compareTails, headOf, idTable, isAscending } from "./id-table.ts";
import type { IdTable } from "./id-table.ts";

/** A place that is none: the id is not in the table. */
export const NONE = 0xffffffff;

/** The union of several id tables, and where each id was taken from. */
export interface MergedIds {
  /** Strictly ascending, no id twice. The table itself, not a copy of it, where only one was given. */
  readonly ids: Uint8Array;
  /** For each id the first table that has it, and its place there. */
  readonly sources: { readonly tables: Uint32Array; readonly places: Uint32Array };
}

/**
 * For each id of `all` its place in `known`, or NONE. Both hold ids of `idBytes` bytes in ascending order; a table that
 * is out of order gives wrong places, but ends as soon and reads nothing outside of it.
 */
export function joinIds(known: Uint8Array, all: Uint8Array, idBytes: 20 | 32): Uint32Array {
  const wanted = idTable(all, idBytes);
  if (Buffer.compare(known, all) === 0) return countUp(wanted.count);
  return joinTables(idTable(known, idBytes), wanted);
}

function joinTables(known: IdTable, wanted: IdTable): Uint32Array {
  const places = new Uint32Array(wanted.count);
  let at = 0;
  let knownHead = known.count > 0 ? headOf(known, 0) : Infinity;
  for (let place = 0; place < wanted.count; place++) {
    const head = headOf(wanted, place);
    let order = -1;
    while (knownHead <= head) {
      order = knownHead === head ? compareTails(known, at, wanted, place) : -1;
      if (order >= 0) break;
      at++;
      knownHead = at < known.count ? headOf(known, at) : Infinity;
    }
    places[place] = order === 0 ? at : NONE;
  }
  return places;
}

/**
 * The union of `tables`, each of ids of `idBytes` bytes in ascending order. An id that several tables hold is taken
 * from the first of them, and an id that a table holds twice from its first place.
 */
export function mergeSortedIds(tables: readonly Uint8Array[], idBytes: 20 | 32): MergedIds {
  const read = tables.map((ids) => idTable(ids, idBytes));
  const [only] = read;
  const [ids] = tables;
  if (read.length === 1 && only !== undefined && ids !== undefined && isAscending(only)) {
    return { ids, sources: { tables: new Uint32Array(only.count), places: countUp(only.count) } };
  }
  return mergeTables(read, idBytes);
}

function mergeTables(tables: readonly IdTable[], idBytes: 20 | 32): MergedIds {
  const most = tables.reduce((sum, { count }) => sum + count, 0);
  const words = new Uint32Array((most * idBytes) / 4);
  const merged: IdTable = { words, width: idBytes / 4, count: most };
  const from = new Uint32Array(most);
  const places = new Uint32Array(most);
  let count = 0;
  const heap = new TableHeap(tables);
  for (let table = heap.first(); table !== undefined; table = heap.first()) {
    const { place, ids } = table;
    const isNew =
      count === 0 || headOf(merged, count - 1) !== table.head || compareTails(merged, count - 1, ids, place) !== 0;
    if (isNew) {
      const start = place * ids.width;
      for (let i = 0; i < ids.width; i++) words[count * ids.width + i] = ids.words[start + i] as number;
      from[count] = table.number;
      places[count] = place;
      count++;
    }
    heap.advance();
  }
  const bytes = new Uint8Array(words.buffer, 0, count * idBytes);
  if (count === most) return { ids: bytes, sources: { tables: from, places } };
  return { ids: bytes.slice(), sources: { tables: from.slice(0, count), places: places.slice(0, count) } };
}

/** A table on its way through the merge: the place of its least id that is not merged yet. */
interface Cursor {
  readonly ids: IdTable;
  /** Which of the tables it is. */
  readonly number: number;
  place: number;
  head: number;
}

/** Keeps the cursors as a binary heap, the one with the least id (of equal ones, the first table) on top. */
class TableHeap {
  readonly #cursors: Cursor[];

  constructor(tables: readonly IdTable[]) {
    this.#cursors = tables
      .map((ids, number) => ({ ids, number, place: 0, head: ids.count > 0 ? headOf(ids, 0) : 0 }))
      .filter(({ ids }) => ids.count > 0);
    for (let at = (this.#cursors.length >> 1) - 1; at >= 0; at--) this.#sink(at);
  }

  first(): Cursor | undefined {
    return this.#cursors[0];
  }

  /** Moves the top one to its next id, or drops it at its end. */
  advance(): void {
    const [top] = this.#cursors;
    if (top === undefined) return;
    top.place++;
    if (top.place < top.ids.count) {
      top.head = headOf(top.ids, top.place);
    } else {
      const last = this.#cursors.pop();
      if (last === undefined || this.#cursors.length === 0) return;
      this.#cursors[0] = last;
    }
    this.#sink(0);
  }

  #sink(start: number): void {
    const cursors = this.#cursors;
    const moved = cursors[start];
    if (moved === undefined) return;
    let at = start;
    for (;;) {
      let below = 2 * at + 1;
      let least = cursors[below];
      if (least === undefined) break;
      const other = cursors[below + 1];
      if (other !== undefined && isBefore(other, least)) {
        least = other;
        below++;
      }
      if (!isBefore(least, moved)) break;
      cursors[at] = least;
      at = below;
    }
    cursors[at] = moved;
  }
}

function isBefore(a: Cursor, b: Cursor): boolean {
  if (a.head !== b.head) return a.head < b.head;
  const order = compareTails(a.ids, a.place, b.ids, b.place);
  return order === 0 ? a.number < b.number : order < 0;
}

/** 0, 1, 2, … */
function countUp(count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  for (let i = 0; i < count; i++) numbers[i] = i;
  return numbers;
}
