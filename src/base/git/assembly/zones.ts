// The pieces of a content in, the stretches that its base does not vouch for out, with as much around them as wanted.
import { Word, setWord } from "./control";
import { INSERTED, contentSize, pieceCount } from "./delta";

/** Stands between zones: in no token, no encoding's alphabet, no line break. */
const SEPARATOR: u16 = 0x0101;
const TAB: u32 = 9;
const LINE_FEED: u32 = 10;
const RETURN: u32 = 13;
const SPACE: u32 = 32;
const BACKSLASH: u32 = 92;
const LETTER_N: u32 = 110;

let content: usize = 0;
let size: u32 = 0;
let margin: u32 = 0;
let zones: usize = 0;
let zone: usize = 0;
let total: u32 = 0;

function byteAt(offset: u32): u32 {
  return load<u8>(content + (offset as usize)) as u32;
}

// 1 for a byte that can stand in a run of an encoding (base64, hex) that goes on over lines, indentation not counted.
const RUN = memory.data(256);
let ready = false;

function makeClasses(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    const is =
      (byte | 32) - 97 < 26 ||
      byte - 48 < 10 ||
      byte == 43 ||
      byte == 45 ||
      byte == 47 ||
      byte == 95 ||
      byte == LINE_FEED ||
      byte == RETURN ||
      byte == BACKSLASH;
    store<u8>(RUN + (byte as usize), is as u8);
  }
  ready = true;
}

function isRun(byte: u32): bool {
  return load<u8>(RUN + (byte as usize)) != 0;
}

function isBlank(byte: u32): bool {
  return byte == SPACE || byte == TAB;
}

// Whether blanks that begin at `offset` may be the indentation of a line: a break stands before them, real or spelled.
function isIndentation(offset: u32): bool {
  if (offset == 0) return false;
  const before = byteAt(offset - 1);
  return before == LINE_FEED || (before == LETTER_N && offset > 1 && byteAt(offset - 2) == BACKSLASH);
}

// The furthest start of a run that may reach `offset`.
function runStart(offset: u32): u32 {
  let at = offset;
  while (at > 0) {
    const byte = byteAt(at - 1);
    if (isRun(byte)) {
      at--;
      continue;
    }
    if (!isBlank(byte)) break;
    let first = at - 1;
    while (first > 0 && isBlank(byteAt(first - 1))) first--;
    if (!isIndentation(first)) break;
    at = first;
  }
  return at;
}

// The furthest end of a run that may come from `offset`.
function runEnd(offset: u32): u32 {
  let at = offset;
  while (at < size) {
    const byte = byteAt(at);
    if (isRun(byte)) {
      at++;
      continue;
    }
    if (!isBlank(byte)) break;
    let first = at;
    while (first > 0 && isBlank(byteAt(first - 1))) first--;
    if (!isIndentation(first)) break;
    while (at < size && isBlank(byteAt(at))) at++;
  }
  return at;
}

// Every other byte is NUL in a run of UTF-16: where the run begins that holds the byte before `offset`.
function wideStart(offset: u32): u32 {
  if (offset == 0) return 0;
  let at = offset - 1;
  while (at > 0 && (byteAt(at - 1) == 0) != (byteAt(at) == 0)) at--;
  return at;
}

// Where the run ends that holds the byte at `offset`.
function wideEnd(offset: u32): u32 {
  let at = offset;
  while (at + 1 < size && (byteAt(at) == 0) != (byteAt(at + 1) == 0)) at++;
  return at + 1 < size ? at + 1 : size;
}

// Whether one of the 16 bytes at `at` can stand neither in a run nor in the indentation of its lines, and none is NUL:
// then no run of any encoding goes through them. Each bit stands for a row of 16 characters, as their high nibble says.
function endsRuns(at: usize): bool {
  const rows = i8x16(1, 0, 2, 4, 8, 16, 8, 32, 0, 0, 0, 0, 0, 0, 0, 0);
  const columns = i8x16(54, 60, 60, 60, 60, 60, 60, 60, 60, 61, 57, 10, 24, 11, 8, 26);
  const input = v128.load(at);
  const row = i8x16.swizzle(rows, i8x16.shr_u(input, 4));
  const column = i8x16.swizzle(columns, v128.and(input, i8x16.splat(15)));
  return !i8x16.all_true(v128.and(row, column)) && i8x16.all_true(input);
}

function before(offset: u32): u32 {
  const far = offset > margin ? offset - margin : 0;
  if (far > 0 && margin >= 16 && endsRuns(content + ((offset - 16) as usize))) return far;
  return min(far, min(runStart(offset), wideStart(offset)));
}

function behind(offset: u32): u32 {
  const far = size - offset > margin ? offset + margin : size;
  if (far < size && margin >= 16 && endsRuns(content + (offset as usize))) return far;
  return max(far, max(runEnd(offset), wideEnd(offset)));
}

// Adds the zone around what changed from `start` to `end`.
function add(start: u32, end: u32): void {
  const from = before(start);
  const to = behind(end);
  if (zone != zones && from <= load<u32>(zone - 8)) {
    // Zones come in order of what changed, but one may begin before the last one did.
    let last = zone - 12;
    let low = min(from, load<u32>(last));
    let high = max(to, load<u32>(last, 4));
    total -= load<u32>(last, 4) - load<u32>(last);
    while (last != zones && load<u32>(last - 8) >= low) {
      last -= 12;
      low = min(low, load<u32>(last));
      high = max(high, load<u32>(last, 4));
      total -= load<u32>(last, 4) - load<u32>(last);
    }
    store<u32>(last, low);
    store<u32>(last, high, 4);
    zone = last + 12;
    total += high - low;
    return;
  }
  store<u32>(zone, from);
  store<u32>(zone, to, 4);
  zone += 12;
  total += to - from;
}

/** Sets how many bytes on either side of a change belong to its zone. */
export function setMargin(bytes: u32): void {
  margin = bytes;
}

/**
 * Finds the zones of the content that `applyDelta` made last, which stands at `at`, of a base of `baseSize` bytes and
 * the pieces at `pieces`: what was inserted, and each place where two pieces meet, with the margin on either side and
 * every encoded run that touches them. Writes triples of start, end and offset in the sketch to `out`, at most one more
 * than there are pieces. Answers the bytes of all zones.
 */
export function findZones(at: usize, pieces: usize, baseSize: u32, out: usize): u32 {
  const count = pieceCount();
  if (!ready) makeClasses();
  content = at;
  size = contentSize();
  zones = zone = out;
  total = 0;
  let wasCopy = false;
  let expected: u32 = 0;
  for (let index: u32 = 0; index < count; index++) {
    const piece = pieces + (index as usize) * 12;
    const start = load<u32>(piece);
    const source = load<u32>(piece, 8);
    const many = load<u32>(piece, 4);
    if (source == INSERTED) {
      add(start, start + many);
      wasCopy = false;
    } else {
      if (wasCopy || (index == 0 && source != 0)) add(start, start);
      wasCopy = true;
      expected = source + many;
    }
  }
  if (count == 0 || (wasCopy && expected != baseSize)) add(size, size);
  setWord(Word.zones, ((zone - zones) / 12) as u32);
  setWord(Word.zoneBytes, total);
  return total;
}

/**
 * Writes the zones that `findZones` found one after the other to `target`, a separator between them and before the
 * first unless it is the content's start. Fills in where each stands and answers the bytes written: at most those of the
 * zones and two for each.
 */
export function writeSketch(target: usize): u32 {
  let to = target;
  for (let each = zones; each != zone; each += 12) {
    const start = load<u32>(each);
    const length = load<u32>(each, 4) - start;
    if (start != 0) {
      store<u16>(to, SEPARATOR);
      to += 2;
    }
    store<u32>(each, (to - target) as u32, 8);
    memory.copy(to, content + (start as usize), length);
    to += length as usize;
  }
  return (to - target) as u32;
}
