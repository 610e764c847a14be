// Text escapes: a position in, which escape begins there out.
import { isDigit, isHex } from "./classes";

/** Kinds of escapes, as reported to the host. */
export namespace Escape {
  export const none: i32 = -1;
  export const percent: i32 = 0;
  export const unicode: i32 = 1;
  export const hex: i32 = 2;
  export const entity: i32 = 3;
}

function hexCount(at: usize, end: usize, most: usize): usize {
  const stop = min(end, at + most);
  let next = at;
  while (next < stop && isHex(load<u8>(next))) next++;
  return next - at;
}

function backslash(at: usize, end: usize): i32 {
  const letter = load<u8>(at, 1);
  if (letter == 120) return hexCount(at + 2, end, 2) == 2 ? Escape.hex : Escape.none;
  if (letter == 85) return hexCount(at + 2, end, 8) == 8 ? Escape.unicode : Escape.none;
  if (letter != 117) return Escape.none;
  if (at + 2 < end && load<u8>(at, 2) == 123) {
    const digits = hexCount(at + 3, end, 6);
    const close = at + 3 + digits;
    return digits > 0 && close < end && load<u8>(close) == 125 ? Escape.unicode : Escape.none;
  }
  return hexCount(at + 2, end, 4) == 4 ? Escape.unicode : Escape.none;
}

function entity(at: usize, end: usize): i32 {
  if (at + 2 >= end || load<u8>(at, 1) != 35) return Escape.none;
  const third = load<u8>(at, 2);
  if (isDigit(third)) return Escape.entity;
  return (third | 32) == 120 && hexCount(at + 3, end, 1) == 1 ? Escape.entity : Escape.none;
}

/** Which escape begins at `at`; none when it does not end before `end`. */
export function escapeAt(at: usize, end: usize): i32 {
  if (at + 1 >= end) return Escape.none;
  const byte = load<u8>(at);
  if (byte == 92) return backslash(at, end);
  if (byte == 38) return entity(at, end);
  if (byte == 37) return hexCount(at + 1, end, 2) == 2 ? Escape.percent : Escape.none;
  return Escape.none;
}
