// Pack indexes that may be damaged in, one out: its entries in the order of their ids, what one lost taken from another.

import { idTable, isAscending } from "../id-table.ts";
import type { PackIndex } from "./pack-index.ts";

/**
 * The index itself where its ids are in order. Everything that looks ids up counts on that order, so an index that is
 * damaged there is sorted anew: its entries are found under the ids that it has for them, right or wrong.
 */
export function sortedIndex(index: PackIndex): PackIndex {
  const { ids, idBytes, count, offsets, crcs } = index;
  if (index.sound || isAscending(idTable(ids, idBytes))) return index;
  const bytes = Buffer.from(ids.buffer, ids.byteOffset, ids.length);
  const order = Array.from({ length: count }, (_, place) => place).toSorted((a, b) =>
    bytes.compare(bytes, b * idBytes, (b + 1) * idBytes, a * idBytes, (a + 1) * idBytes),
  );
  const sorted = new Uint8Array(ids.length);
  order.forEach((place, at) => sorted.set(ids.subarray(place * idBytes, (place + 1) * idBytes), at * idBytes));
  return {
    ...index,
    ids: sorted,
    offsets: Float64Array.from(order, (place) => offsets[place] as number),
    ...(crcs === undefined ? {} : { crcs: Uint32Array.from(order, (place) => crcs[place] as number) }),
  };
}

/**
 * Two damaged indexes of one pack as one: all entries of the first, and of the second those whose ids the first does not
 * have. Not in order; see `sortedIndex`.
 */
export function unitedIndex(first: PackIndex, second: PackIndex): PackIndex {
  const { idBytes } = first;
  const hexAt = ({ ids }: PackIndex, place: number) =>
    Buffer.from(ids.buffer, ids.byteOffset + place * idBytes, idBytes).toString("latin1");
  const own = new Set(Array.from({ length: first.count }, (_, place) => hexAt(first, place)));
  const added = Array.from({ length: second.count }, (_, place) => place).filter(
    (place) => !own.has(hexAt(second, place)),
  );
  const count = first.count + added.length;
  const ids = new Uint8Array(count * idBytes);
  ids.set(first.ids);
  added.forEach((place, at) =>
    ids.set(second.ids.subarray(place * idBytes, (place + 1) * idBytes), (first.count + at) * idBytes),
  );
  const offsets = Float64Array.from([...first.offsets, ...added.map((place) => second.offsets[place] as number)]);
  return { idBytes, count, ids, offsets, packChecksum: first.packChecksum, sound: false };
}
