// A pack index whose ids may be out of order in, the same entries in the order of their ids out.

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
