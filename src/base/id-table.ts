// Bytes of object ids, one after the other, in; a table whose ids can be compared word by word out.

/** Object ids as 32-bit words, as this machine reads them. */
export interface IdTable {
  readonly words: Uint32Array;
  /** Words in an id: 5 (SHA-1) or 8 (SHA-256). */
  readonly width: number;
  readonly count: number;
}

const littleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** The table of `ids`, whose length is a multiple of `idBytes`. A view where its start allows it, else a copy. */
export function idTable(ids: Uint8Array, idBytes: 20 | 32): IdTable {
  const even = ids.byteOffset % 4 === 0 ? ids : new Uint8Array(ids);
  const width = idBytes / 4;
  const count = Math.floor(ids.length / idBytes);
  return { words: new Uint32Array(even.buffer, even.byteOffset, count * width), width, count };
}

/** The first four bytes of the id at `place`, as a number whose order is that of the bytes. */
export function headOf(table: IdTable, place: number): number {
  return inOrder(table.words[place * table.width] as number);
}

/** How two ids order whose heads are equal: negative, 0 or positive. Both tables are of one width. */
export function compareTails(a: IdTable, placeA: number, b: IdTable, placeB: number): number {
  const { width } = a;
  const startA = placeA * width;
  const startB = placeB * width;
  for (let i = 1; i < width; i++) {
    const one = a.words[startA + i] as number;
    const other = b.words[startB + i] as number;
    if (one !== other) return inOrder(one) < inOrder(other) ? -1 : 1;
  }
  return 0;
}

/** Is each id greater than the one before it? */
export function isAscending(table: IdTable): boolean {
  let before = -1;
  for (let place = 0; place < table.count; place++) {
    const head = headOf(table, place);
    if (head < before || (head === before && compareTails(table, place - 1, table, place) >= 0)) return false;
    before = head;
  }
  return true;
}

/** The first four bytes of the id at `place` of a table of bytes, as a number whose order is that of the bytes. */
function firstWord(ids: Uint8Array, at: number): number {
  return (
    (((ids[at] as number) << 24) |
      ((ids[at + 1] as number) << 16) |
      ((ids[at + 2] as number) << 8) |
      (ids[at + 3] as number)) >>>
    0
  );
}

/**
 * The place of `id` among sorted ids of its length, or where it would stand as -1 - place. Ids are spread evenly, so it
 * is looked for near where its first bytes say, in steps that double.
 */
export function placeOf(ids: Uint8Array, id: Buffer): number {
  const count = ids.length / id.length;
  const wanted = firstWord(id, 0);
  const near = Math.min(count, Math.floor((wanted / 2 ** 32) * count));
  let low = near;
  let high = near;
  for (let step = 16; low > 0; step *= 2) {
    const head = firstWord(ids, (low - 1) * id.length);
    if (head < wanted) break;
    if (head > wanted) high = low - 1;
    low = Math.max(0, low - step);
  }
  for (let step = 16; high < count; step *= 2) {
    const head = firstWord(ids, high * id.length);
    if (head > wanted) break;
    if (head < wanted) low = high + 1;
    high = Math.min(count, high + step);
  }
  while (low < high) {
    const middle = (low + high) >>> 1;
    const head = firstWord(ids, middle * id.length);
    const order =
      head === wanted ? id.compare(ids, middle * id.length, (middle + 1) * id.length) : wanted < head ? -1 : 1;
    if (order === 0) return middle;
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  return -1 - low;
}

function inOrder(word: number): number {
  if (!littleEndian) return word;
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}
