// A tree object in, the numbers of its subtrees, the wanted blobs in it and the names not met before out
// (gitformat: tree objects are entries of octal mode, space, name, NUL, id).
import { Fault, Word, fail, setWord } from "./control";
import { INSERTED } from "./delta";
import { idSize, placeOf } from "./ids";

const TREE_MODE: u32 = 0o40000;
const LINK_MODE: u32 = 0o160000;
const NONE: u32 = 0xffffffff;
const NAMED: u32 = 0xfffffffe;

// One bit for each three-byte-and-more beginning that a wanted id has; then one byte an object.
let filter: usize = 0;
let filterMask: u32 = 0;
let wanted: usize = 0;
// Hashes of the names met: open addressing, zero is empty.
let seen: usize = 0;
let seenMask: u32 = 0;
let seenCount: u32 = 0;
let seed: u64 = 0;

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

/** The pieces that tell which entries of a tree its base has, too; see `expectPieces`. */
let pieces: usize = 0;
let piecesEnd: usize = 0;
let looksForMissing = false;

/**
 * Asks `readTree` for the blobs that are not there, but for those of entries that stand whole in one of the `count`
 * copied pieces at `at`: they were asked for when the base was read. For `count` all ones it does not ask at all.
 */
export function expectPieces(at: usize, count: u32): void {
  looksForMissing = count != NONE;
  pieces = at;
  piecesEnd = looksForMissing ? at + (count as usize) * 12 : at;
}

// Whether the base has the entry from `from` to `to`, too. Entries are asked for in their order.
function isCopied(from: u32, to: u32): bool {
  while (pieces < piecesEnd && load<u32>(pieces) + load<u32>(pieces, 4) <= from) pieces += 12;
  return (
    pieces < piecesEnd &&
    load<u32>(pieces, 8) != INSERTED &&
    load<u32>(pieces) <= from &&
    to <= load<u32>(pieces) + load<u32>(pieces, 4)
  );
}

/** How many names are remembered; beyond half the table's size it must be made anew. */
export function namesSeen(): u32 {
  return seenCount;
}

/** The bits of an id by which the filter goes. */
function filterBit(id: usize): u32 {
  return load<u32>(id, 4) & filterMask;
}

/** Marks an id in the filter. */
export function mark(id: usize): void {
  const bit = filterBit(id);
  const at = filter + ((bit >> 3) as usize);
  store<u8>(at, (load<u8>(at) as u32) | ((1 as u32) << (bit & 7)));
}

// Hash of a name: nobody who does not know the seed can make two names of one hash.
function hashOf(name: usize, length: u32): u64 {
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

// Where the next row of what is held, and of what is not there, will stand.
let holds: usize = 0;
let absent: usize = 0;

function hold(place: u32, key: u32): void {
  store<u32>(holds, place);
  store<u32>(holds, key, 4);
  holds += 8;
}

// Notes the id that stands at `offset` where its entry, which begins at `entry`, is not the base's and it is not there.
function ask(id: usize, entry: u32, offset: u32): void {
  if (isCopied(entry, offset + idSize()) || placeOf(id) != NONE) return;
  store<u32>(absent, offset);
  absent += 4;
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
 * `namesAt`, and where ids begin that are not there to `missingAt`; all of them stand behind `out`, in 40 bytes for each
 * 23 of the tree and 200 more. Answers the number of
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
  const missing = names + most;
  setWord(Word.missingAt, missing as u32);
  absent = missing;
  const end = at + (length as usize);
  const start = at;
  const idBytes = idSize();
  let entries: u32 = 0;
  let edge = edges;
  holds = held;
  let name = names;
  while (at < end) {
    const entryStart = at;
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
    if (namesWanted && isWantedName(hash as u32)) hold(NAMED, hash as u32);
    if (mode == TREE_MODE) {
      store<u32>(edge, placeOf(id));
      store<u32>(edge, hash as u32, 4);
      edge += 8;
    } else if (mode != LINK_MODE) {
      if (filter != 0) {
        const place = wantedPlace(id);
        if (place != NONE) hold(place, hash as u32);
      }
      if (looksForMissing) ask(id, (entryStart - start) as u32, (id - start) as u32);
    }
    at = id + (idBytes as usize);
    entries++;
  }
  setWord(Word.edges, ((edge - edges) >> 3) as u32);
  setWord(Word.held, ((holds - held) >> 3) as u32);
  setWord(Word.names, ((name - names) >> 3) as u32);
  setWord(Word.missing, ((absent - missing) >> 2) as u32);
  return entries;
}
