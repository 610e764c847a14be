// A tree object in, the numbers of its subtrees, the wanted blobs in it and the names not met before out
// (gitformat: tree objects are entries of octal mode, space, name, NUL, id).
import { Fault, Word, fail, setWord } from "./control";

const TREE_MODE: u32 = 0o40000;
const LINK_MODE: u32 = 0o160000;
const NONE: u32 = 0xffffffff;
const NAMED: u32 = 0xfffffffe;

// The table of all ids, sorted, with the place of the first id of each two-byte beginning before it.
let idBytes: u32 = 20;
let ids: usize = 0;
let starts: usize = 0;
// One bit for each three-byte-and-more beginning that a wanted id has; then one byte an object.
let filter: usize = 0;
let filterMask: u32 = 0;
let wanted: usize = 0;
// Hashes of the names met: open addressing, zero is empty.
let seen: usize = 0;
let seenMask: u32 = 0;
let seenCount: u32 = 0;
let seed: u64 = 0;

/** Says where the id table lies: `first` holds 65,537 places, `table` the ids of `bytes` bytes each. */
export function useIds(first: usize, table: usize, bytes: u32): void {
  starts = first;
  ids = table;
  idBytes = bytes;
}

/** Says which objects are wanted: `bits` is a filter of `mask + 1` bits over ids, `flags` one byte an object. */
export function useWanted(bits: usize, mask: u32, flags: usize): void {
  filter = bits;
  filterMask = mask;
  wanted = flags;
}

/** Says where names are remembered: `mask + 1` empty words of 64 bits. `key` is odd and nobody's to foresee. */
export function useNames(table: usize, mask: u32, key: u64): void {
  seen = table;
  seenMask = mask;
  seenCount = 0;
  seed = key;
}

// One bit for each beginning of a key that a wanted name has.
const NAME_BITS = memory.data(8192);
let namesWanted = false;

/** Looks for entries of this name, too: they are told as held, in the place of `NAMED`. */
export function wantName(key: u32): void {
  const at = NAME_BITS + (((key & 0xffff) >> 3) as usize);
  store<u8>(at, (load<u8>(at) as u32) | ((1 as u32) << (key & 7)));
  namesWanted = true;
}

/** How many names are remembered; beyond half the table's size it must be made anew. */
export function namesSeen(): u32 {
  return seenCount;
}

/** The bits of an id by which the filter goes. */
// @ts-ignore: decorator of AssemblyScript
@inline function filterBit(id: usize): u32 {
  return load<u32>(id, 4) & filterMask;
}

/** Marks an id in the filter. */
export function mark(id: usize): void {
  const bit = filterBit(id);
  const at = filter + ((bit >> 3) as usize);
  store<u8>(at, (load<u8>(at) as u32) | ((1 as u32) << (bit & 7)));
}

// @ts-ignore: decorator of AssemblyScript
@inline function order(left: usize, right: usize): i32 {
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

// Hash of a name: nobody who does not know the seed can make two names of one hash.
// @ts-ignore: decorator of AssemblyScript
@inline function hashOf(name: usize, length: u32): u64 {
  let hash = seed ^ (length as u64);
  let left = length;
  let at = name;
  for (; left >= 8; left -= 8, at += 8) hash = rotl<u64>((hash ^ load<u64>(at)) * seed, 29);
  if (left > 0) hash = rotl<u64>((hash ^ (load<u64>(at) & (((1 as u64) << ((left as u64) << 3)) - 1))) * seed, 29);
  hash = (hash ^ (hash >> 32)) * seed;
  return hash ^ (hash >> 29);
}

/** The 32-bit key of a name, as `readTree` writes it. */
export function nameKey(name: usize, length: u32): u32 {
  return hashOf(name, length) as u32;
}

function isNew(given: u64): bool {
  const hash = given == 0 ? 1 : given;
  let slot = (hash as u32) & seenMask;
  while (true) {
    const held = load<u64>(seen + ((slot as usize) << 3));
    if (held == hash) return false;
    if (held == 0) break;
    slot = (slot + 1) & seenMask;
  }
  store<u64>(seen + ((slot as usize) << 3), hash);
  seenCount++;
  return true;
}

function isWantedName(key: u32): bool {
  return ((load<u8>(NAME_BITS + (((key & 0xffff) >> 3) as usize)) as u32) & ((1 as u32) << (key & 7))) != 0;
}

// The place of a blob that is looked for, or all ones.
function wantedPlace(id: usize): u32 {
  const bit = filterBit(id);
  if (((load<u8>(filter + ((bit >> 3) as usize)) as u32) & ((1 as u32) << (bit & 7))) == 0) return NONE;
  const place = placeOf(id);
  return place != NONE && load<u8>(wanted + (place as usize)) != 0 ? place : NONE;
}

/**
 * Reads the tree of `length` bytes at `at`. Writes pairs of place and name key for its subtrees (all ones for one that is
 * not there) to `edgesAt`, for wanted blobs and names to `heldAt`, and start and end of each name not met before to
 * `namesAt`; all of them stand behind `out`, in 40 bytes for each 23 of the tree and 200 more. Answers the number of
 * entries, or all ones with a fault.
 */
export function readTree(at: usize, length: u32, out: usize): u32 {
  // No entry is shorter than 23 bytes; one can be held twice, for its blob and its name.
  const most = ((length / 23 + 2) as usize) << 3;
  const edges = out;
  const held = out + most;
  const names = held + (most << 1);
  setWord(Word.edgesAt, edges as u32);
  setWord(Word.heldAt, held as u32);
  setWord(Word.namesAt, names as u32);
  const end = at + (length as usize);
  const start = at;
  let entries: u32 = 0;
  let edge = edges;
  let holds = held;
  let name = names;
  while (at < end) {
    let mode: u32 = 0;
    let byte = load<u8>(at) as u32;
    while (byte - 48 < 8) {
      mode = (mode << 3) | (byte - 48);
      at++;
      byte = load<u8>(at) as u32;
    }
    if (byte != 32 || at >= end) return fail(Fault.tree);
    const nameStart = ++at;
    while (at < end && load<u8>(at) != 0) at++;
    const id = at + 1;
    if (id + (idBytes as usize) > end || at == nameStart) return fail(Fault.tree);
    const hash = hashOf(nameStart, (at - nameStart) as u32);
    if (seen != 0 && isNew(hash)) {
      store<u32>(name, (nameStart - start) as u32);
      store<u32>(name, (at - start) as u32, 4);
      name += 8;
    }
    if (namesWanted && isWantedName(hash as u32)) {
      store<u32>(holds, NAMED);
      store<u32>(holds, hash as u32, 4);
      holds += 8;
    }
    if (mode == TREE_MODE) {
      store<u32>(edge, placeOf(id));
      store<u32>(edge, hash as u32, 4);
      edge += 8;
    } else if (mode != LINK_MODE && filter != 0) {
      const place = wantedPlace(id);
      if (place != NONE) {
        store<u32>(holds, place);
        store<u32>(holds, hash as u32, 4);
        holds += 8;
      }
    }
    at = id + (idBytes as usize);
    entries++;
  }
  setWord(Word.edges, ((edge - edges) >> 3) as u32);
  setWord(Word.held, ((holds - held) >> 3) as u32);
  setWord(Word.names, ((name - names) >> 3) as u32);
  return entries;
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
