// A base and a delta in, the content that they make and the pieces it is made of out (gitformat-pack, "Deltified
// representation").
import { Fault, Word, fail, setWord } from "./control";

/** The source of a piece that the delta brings itself. */
export const INSERTED: u32 = 0xffffffff;

let at: usize = 0;
let end: usize = 0;
let size: u32 = 0;
let count: u32 = 0;

/** The size of the content that the last delta made. */
export function contentSize(): u32 {
  return size;
}

/** How many pieces it is made of. */
export function pieceCount(): u32 {
  return count;
}

// A size of a delta's header; all ones when it does not fit or the delta ends.
function sizeOf(): u32 {
  let value: u64 = 0;
  let shift: u64 = 0;
  while (at < end) {
    const byte = load<u8>(at++) as u64;
    value |= (byte & 127) << shift;
    if ((byte & 128) == 0) return value < 0xffffffff ? (value as u32) : 0xffffffff;
    shift += 7;
    if (shift > 35) break;
  }
  return 0xffffffff;
}

/** The size of the content that `length` bytes of delta at `delta` make of `baseSize` bytes; all ones with a fault. */
export function deltaSize(delta: usize, length: u32, baseSize: u32): u32 {
  at = delta;
  end = delta + (length as usize);
  const from = sizeOf();
  size = sizeOf();
  if (from != baseSize || size == 0xffffffff) return fail(Fault.delta);
  return size;
}

/**
 * Applies the delta that `deltaSize` was asked of to the base of `baseSize` bytes at `base`, writing as many bytes as
 * that answered to `target` (and up to 16 more) and the pieces to `pieces`: triples of start, length and offset in the
 * base, neighbours that go on in one another joined. There are at most as many as the delta has bytes. Answers the
 * content's size or all ones.
 */
export function applyDelta(base: usize, baseSize: u32, target: usize, pieces: usize): u32 {
  let done: u32 = 0;
  let piece = pieces;
  let goesOn: u32 = INSERTED;
  let isInsert = false;
  while (at < end) {
    const op = load<u8>(at++) as u32;
    if ((op & 128) != 0) {
      const words = load<u64>(at);
      let offset: u32 = 0;
      let length: u32 = 0;
      let used: u64 = 0;
      for (let index: u32 = 0; index < 4; index++) {
        if ((op & ((1 as u32) << index)) == 0) continue;
        offset |= ((words >> (used << 3)) as u32 & 255) << (index << 3);
        used++;
      }
      for (let index: u32 = 0; index < 3; index++) {
        if ((op & ((16 as u32) << index)) == 0) continue;
        length |= ((words >> (used << 3)) as u32 & 255) << (index << 3);
        used++;
      }
      at += used as usize;
      if (at > end) return fail(Fault.delta);
      if (length == 0) length = 0x10000;
      if (offset > baseSize || length > baseSize - offset || length > size - done) return fail(Fault.delta);
      memory.copy(target + (done as usize), base + (offset as usize), length);
      if (piece != pieces && !isInsert && goesOn == offset) {
        store<u32>(piece - 8, load<u32>(piece - 8) + length);
      } else {
        store<u32>(piece, done);
        store<u32>(piece, length, 4);
        store<u32>(piece, offset, 8);
        piece += 12;
      }
      isInsert = false;
      goesOn = offset + length;
      done += length;
      continue;
    }
    if (op == 0 || at + (op as usize) > end || op > size - done) return fail(Fault.delta);
    memory.copy(target + (done as usize), at, op);
    if (isInsert) {
      store<u32>(piece - 8, load<u32>(piece - 8) + op);
    } else {
      store<u32>(piece, done);
      store<u32>(piece, op, 4);
      store<u32>(piece, INSERTED, 8);
      piece += 12;
    }
    isInsert = true;
    at += op as usize;
    done += op;
  }
  if (done != size) return fail(Fault.delta);
  count = ((piece - pieces) / 12) as u32;
  setWord(Word.pieces, count);
  return size;
}
