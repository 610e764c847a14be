// The sorted table of all object ids, and where an id stands in it.

const NONE: u32 = 0xffffffff;

// The table of all ids, sorted, with the place of the first id of each two-byte beginning before it.
let idBytes: u32 = 20;
let ids: usize = 0;
let starts: usize = 0;
/** Says where the id table lies: `first` holds 65,537 places, `table` the ids of `bytes` bytes each. */
export function useIds(first: usize, table: usize, bytes: u32): void {
  starts = first;
  ids = table;
  idBytes = bytes;
}

/** Bytes of an id. */
export function idSize(): u32 {
  return idBytes;
}

function order(left: usize, right: usize): i32 {
  for (let at: usize = 0; at < (idBytes as usize); at += 4) {
    const a = bswap<u32>(load<u32>(left + at));
    const b = bswap<u32>(load<u32>(right + at));
    if (a != b) return a < b ? -1 : 1;
  }
  return 0;
}

/** The place of an id in the table, or all ones. */
export function placeOf(id: usize): u32 {
  const first = ((load<u8>(id) as usize) << 8) | (load<u8>(id, 1) as usize);
  let low = load<u32>(starts + (first << 2));
  let high = load<u32>(starts + (first << 2), 4);
  while (low < high) {
    const middle = (low + high) >> 1;
    const found = order(ids + (middle as usize) * (idBytes as usize), id);
    if (found == 0) return middle;
    if (found < 0) low = middle + 1;
    else high = middle;
  }
  return NONE;
}

/** Turns the hexadecimal id at `text` into bytes at `id`. Answers its digits, or 0 when it is none; `id` 0 only asks. */
export function hexId(text: usize, id: usize): u32 {
  const digits = idBytes << 1;
  if (id == 0) return digits;
  for (let index: u32 = 0; index < idBytes; index++) {
    const high = digitOf(load<u8>(text + ((index as usize) << 1)));
    const low = digitOf(load<u8>(text + ((index as usize) << 1), 1));
    if ((high | low) > 15) return 0;
    store<u8>(id + (index as usize), ((high << 4) | low) as u8);
  }
  return digits;
}

function digitOf(byte: u32): u32 {
  if (byte - 48 < 10) return byte - 48;
  const letter = (byte | 32) - 97;
  return letter < 6 ? letter + 10 : 255;
}
