// A base64 run that spans lines ↔ its pieces: where the next line goes on, and where a decoded byte came from.
import { RunKind } from "./engine.ts";

/** A run's first piece must have this many characters for the next line to be joined. */
export const SHORTEST_JOINED = 40;
const MOST_INDENT = 32;
const TAB = 9;
const LINE_FEED = 10;
const RETURN = 13;
const SPACE = 32;
const BACKSLASH = 92;
const LETTER_N = 110;
const LETTER_R = 114;

const ALPHABET = new Uint8Array(256);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_") {
  ALPHABET[character.charCodeAt(0)] = 1;
}

/** Whether a byte belongs to base64, ordinary or URL-safe; padding does not. */
export function isAlphabet(byte: number | undefined): boolean {
  return byte !== undefined && ALPHABET[byte] === 1;
}

/** One stretch of alphabet characters, from `start` to before `end`. */
export interface Piece {
  readonly start: number;
  readonly end: number;
}

// Behind the line break at `at`, or -1: a real one, an escaped one, or one spelled as an escape.
function afterBreak(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first === LINE_FEED) return at + 1;
  if (first === RETURN) return bytes[at + 1] === LINE_FEED ? at + 2 : -1;
  if (first !== BACKSLASH) return -1;
  const second = bytes[at + 1];
  if (second === LINE_FEED || second === LETTER_N) return at + 2;
  if (second === RETURN) return bytes[at + 2] === LINE_FEED ? at + 3 : -1;
  const spelled = second === LETTER_R && bytes[at + 2] === BACKSLASH && bytes[at + 3] === LETTER_N;
  return spelled ? at + 4 : -1;
}

/**
 * The piece that continues a run on the next line, when a piece ends at `end`: at most `longest` characters behind a
 * line break and up to 32 spaces or tabs. `bytes` must end where the region does. Undefined when nothing continues.
 */
export function nextPiece(bytes: Uint8Array, end: number, longest: number): Piece | undefined {
  const line = end < bytes.length ? afterBreak(bytes, end) : -1;
  if (line < 0) return undefined;
  let start = line;
  while (start - line < MOST_INDENT && (bytes[start] === SPACE || bytes[start] === TAB)) start++;
  const limit = start + longest;
  let stop = start;
  while (stop <= limit && isAlphabet(bytes[stop])) stop++;
  return stop > start && stop <= limit ? { start, end: stop } : undefined;
}

/** What `sourceOffset` must know of a segment; offsets count from the source region's start. */
export interface SourceSegment {
  readonly kind: number;
  readonly sourceStart: number;
  readonly sourceEnd: number;
  readonly phase: number;
}

/** Maps an offset in a segment's decoded bytes to the source; see `sourceMapper`. */
export type SourceMapper = (offset: number, edge: "start" | "end") => number;

/**
 * Maps decoded bytes of one segment back: byte `offset`, counted from the segment's start, to an offset in `source`,
 * the bytes of the region that was decoded (they are read at every call). For edge "start" it is the offset of the
 * character that holds the byte's first bit; for edge "end", where `offset` is exclusive, the offset behind the
 * character that holds the last bit before it. Growing offsets cost one walk over the run in all.
 */
export function sourceMapper(source: Uint8Array, segment: SourceSegment): SourceMapper {
  const characterAt = segment.kind === RunKind.base64 ? characterFinder(source, segment) : undefined;
  const first = segment.kind === RunKind.utf16 && source[segment.sourceStart] === 0 ? 1 : 0;
  return (offset, edge) => {
    const byte = edge === "start" ? offset : offset - 1;
    const beyond = edge === "start" ? 0 : 1;
    if (byte < 0) return segment.sourceStart;
    if (characterAt !== undefined) {
      const bit = byte * 8 + 7 * beyond;
      return characterAt(segment.phase + Math.floor(bit / 6)) + beyond;
    }
    const width = segment.kind === RunKind.hex ? 2 : 1;
    return Math.min(segment.sourceStart + first + segment.phase + 2 * byte + width * beyond, segment.sourceEnd);
  };
}

/** One call of `sourceMapper`, for a single offset. */
export function sourceOffset(
  source: Uint8Array,
  segment: SourceSegment,
  offset: number,
  edge: "start" | "end",
): number {
  return sourceMapper(source, segment)(offset, edge);
}

// Finds the run's alphabet character by number, walking over joined line breaks from where the last call ended.
function characterFinder(source: Uint8Array, segment: SourceSegment): (index: number) => number {
  const bytes = source.subarray(0, segment.sourceEnd);
  const { sourceStart: start } = segment;
  let end = start;
  while (isAlphabet(bytes[end])) end++;
  const first: Piece = { start, end };
  let piece = first;
  let before = 0;
  return (index) => {
    if (index < before) {
      piece = first;
      before = 0;
    }
    while (index - before >= piece.end - piece.start) {
      const next = nextPiece(bytes, piece.end, first.end - first.start);
      if (next === undefined) return segment.sourceEnd - 1;
      before += piece.end - piece.start;
      piece = next;
    }
    return piece.start + index - before;
  };
}
