// A commit object in, the places of its tree and parents and the committer's time out (git's commit objects).
import { Fault, fail } from "./control";
import { hexId, placeOf } from "./tree";

const ID = memory.data(32, 8);
const NONE: u32 = 0xffffffff;
// "tree", "pare", "auth", "comm" as little-endian words.
const TREE: u32 = 0x65657274;
const PARENT: u32 = 0x65726170;
const COMMITTER: u32 = 0x6d6d6f63;
const LINE_FEED: u32 = 10;

function lineEnd(at: usize, end: usize): usize {
  while (at < end && load<u8>(at) != LINE_FEED) at++;
  return at;
}

// The committer's seconds: the number behind the last "> " of the line.
function secondsOf(at: usize, end: usize): f64 {
  let from = end;
  while (from > at && load<u8>(from - 1) != 62) from--;
  while (from < end && load<u8>(from) == 32) from++;
  const negative = from < end && load<u8>(from) == 45;
  if (negative) from++;
  let seconds: f64 = 0;
  for (; from < end; from++) {
    const digit = (load<u8>(from) as u32) - 48;
    if (digit > 9) break;
    seconds = seconds * 10 + (digit as f64);
  }
  return negative ? -seconds : seconds;
}

/**
 * Reads the commit of `length` bytes at `at`. Writes to `out`: seconds (64-bit float), where the headers other than tree
 * and parents begin, the tree's place, the number of parents, then their places (all ones for what is not there).
 * Answers the number of parents, or all ones with a fault. `out` takes 20 bytes and `length / 8` more.
 */
export function readCommit(at: usize, length: u32, out: usize): u32 {
  const start = at;
  const end = at + (length as usize);
  const digits = hexId(0, 0);
  store<f64>(out, 0);
  store<u32>(out, NONE, 12);
  let parents: u32 = 0;
  let rest: usize = 0;
  while (at < end && load<u8>(at) != LINE_FEED) {
    const stop = lineEnd(at, end);
    const word = load<u32>(at);
    if (word == TREE && rest == 0 && stop - at == 5 + digits) {
      if (hexId(at + 5, ID) == 0) return fail(Fault.tree);
      store<u32>(out, placeOf(ID), 12);
    } else if (word == PARENT && rest == 0 && stop - at == 7 + digits) {
      if (hexId(at + 7, ID) == 0) return fail(Fault.tree);
      store<u32>(out + 20 + ((parents as usize) << 2), placeOf(ID));
      parents++;
    } else {
      if (rest == 0) rest = at;
      if (word == COMMITTER) store<f64>(out, secondsOf(at, stop));
    }
    at = stop + 1;
  }
  store<u32>(out, ((rest == 0 ? at : rest) - start) as u32, 8);
  store<u32>(out, parents, 16);
  return parents;
}
