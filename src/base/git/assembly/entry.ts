// The start of a pack entry in, its type, size and base distance out (gitformat-pack, "pack-*.pack files").
import { Fault, Word, fail, setWord } from "./control";

const OFFSET_DELTA: u32 = 6;

/**
 * Reads the header of the entry at `at`, of which `length` bytes are at hand. Answers its length in bytes and sets
 * `type`, `size` and for an offset delta the distance to its base; or all ones with a fault.
 */
export function header(at: usize, length: u32): u32 {
  const end = at + (length as usize);
  const start = at;
  if (at >= end) return fail(Fault.header);
  let byte = load<u8>(at++) as u32;
  const type = (byte >> 4) & 7;
  let size = (byte & 15) as u64;
  let shift: u64 = 4;
  while ((byte & 128) != 0) {
    if (at >= end || shift > 57) return fail(Fault.header);
    byte = load<u8>(at++) as u32;
    size |= ((byte & 127) as u64) << shift;
    shift += 7;
  }
  setWord(Word.type, type);
  setWord(Word.size, size > 0xfffffffe ? 0xffffffff : (size as u32));
  if (type == OFFSET_DELTA) {
    if (at >= end) return fail(Fault.header);
    byte = load<u8>(at++) as u32;
    let distance = (byte & 127) as u64;
    while ((byte & 128) != 0) {
      if (at >= end || distance > 0x00ffffffffffffff) return fail(Fault.header);
      byte = load<u8>(at++) as u32;
      distance = ((distance + 1) << 7) | ((byte & 127) as u64);
    }
    setWord(Word.distanceLow, distance as u32);
    setWord(Word.distanceHigh, (distance >> 32) as u32);
  }
  setWord(Word.headerLength, (at - start) as u32);
  return (at - start) as u32;
}
