// What is known of a base and the pieces of a delta in, what is known of the content that they make out.

import type { Span } from "../model/match.ts";

/** No offset in the base: the delta brings these bytes itself. */
const inserted = 0xffffffff;
/** More work than this is not worth it: the content is scanned anew. */
const mostSteps = 65_536;

/** A candidate that its checks dropped, and how far the bytes reach that they looked at. */
export interface Quiet {
  readonly rule: string;
  readonly span: Span;
  readonly reach: Span;
  /** For a text of escaped characters: it is known only while nothing in its whole reach changes. */
  readonly whole?: true;
}

/** What is known of a content in which nothing was found. */
export interface Known {
  readonly size: number;
  readonly quiet: readonly Quiet[];
  /** Where keywords stand: pairs of offset and keyword, in ascending order. */
  readonly hits: readonly number[];
}

/** Pieces of a content as the unpacker writes them: triples of start, length and offset in the base, from `at` on. */
export interface Pieces {
  readonly words: Uint32Array;
  readonly at: number;
  readonly count: number;
}

/** How far the rules of a keyword look from where it begins, in bytes. */
export interface Reaches {
  /** By keyword: before it, and behind its first byte. */
  readonly before: Uint32Array;
  readonly behind: Uint32Array;
}

/** Known facts that survive a delta, and keywords that must be tried again. */
export interface Inherited {
  readonly quiet: readonly Quiet[];
  /** Pairs of offset and keyword, in ascending order; those in `retry` among them. */
  readonly hits: number[];
  /** Pairs of offset and keyword. */
  readonly retry: number[];
}

const nothing: readonly Quiet[] = [];

/** How a copied piece treats something of the base: it holds all that decides on it, only the thing itself, or neither. */
function holds(piece: Piece, thing: Span, reach: Span, sizes: Sizes): "all" | "part" | "none" {
  const { start, length, source } = piece;
  if (source === inserted || thing.start < source || thing.end > source + length) return "none";
  const whole = reach.start >= source && reach.end <= source + length;
  // What ended where the base did must end where the content does, at either side.
  const sameStart = reach.start > 0 || start === 0;
  const sameEnd = reach.end < sizes.base || start + length === sizes.content;
  return whole && sameStart && sameEnd ? "all" : "part";
}

/** Is anything of the reach copied? */
function touches({ length, source }: Piece, reach: Span): boolean {
  return source !== inserted && reach.start < source + length && source < reach.end;
}

interface Piece {
  readonly start: number;
  readonly length: number;
  readonly source: number;
}

interface Sizes {
  readonly base: number;
  readonly content: number;
}

function moved(span: Span, by: number): Span {
  return { start: span.start + by, end: span.end + by };
}

/** The dropped candidates that survive; undefined when the surroundings of one changed. */
function inheritQuiet(quiets: readonly Quiet[], pieces: Pieces, sizes: Sizes): readonly Quiet[] | undefined {
  if (quiets.length === 0) return nothing;
  if (quiets.length * pieces.count > mostSteps) return undefined;
  const inherited: Quiet[] = [];
  const { words } = pieces;
  for (let index = pieces.at; index < pieces.at + 3 * pieces.count; index += 3) {
    const start = words[index] as number;
    const piece = { start, length: words[index + 1] as number, source: words[index + 2] as number };
    const by = start - piece.source;
    for (const quiet of quiets) {
      const held = holds(piece, quiet.span, quiet.reach, sizes);
      if (held === "part" || (held === "none" && quiet.whole === true && touches(piece, quiet.reach))) return undefined;
      if (held === "all") inherited.push({ ...quiet, span: moved(quiet.span, by), reach: moved(quiet.reach, by) });
    }
  }
  return inherited;
}

/** Index of the first pair whose offset is at least `offset`, by halving. */
function firstFrom(hits: readonly number[], offset: number): number {
  let low = 0;
  let high = hits.length >> 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((hits[2 * middle] as number) < offset) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

/**
 * What is known of a content of `size` bytes that `pieces` make of a base of which `base` is known; undefined when the
 * surroundings of a dropped candidate changed, or the answer would cost more than a scan. A base may be copied from more
 * than once: what stood in it once then stands in the content as often.
 */
export function inherit(base: Known, size: number, pieces: Pieces, reaches: Reaches): Inherited | undefined {
  const quiet = inheritQuiet(base.quiet, pieces, { base: base.size, content: size });
  if (quiet === undefined) return undefined;
  const hits: number[] = [];
  const retry: number[] = [];
  if (base.hits.length === 0) return { quiet, hits, retry };
  const { words } = pieces;
  for (let at = pieces.at; at < pieces.at + 3 * pieces.count; at += 3) {
    const start = words[at] as number;
    const source = words[at + 2] as number;
    if (source === inserted) continue;
    const end = source + (words[at + 1] as number);
    // What ends where the base does ends where the content does, at either side.
    const low = source === 0 && start === 0 ? Number.NEGATIVE_INFINITY : source;
    const high = end === base.size && start + end - source === size ? Number.POSITIVE_INFINITY : end;
    for (let index = firstFrom(base.hits, source); index < base.hits.length; index += 2) {
      const offset = base.hits[index] as number;
      if (offset >= end) break;
      const keyword = base.hits[index + 1] as number;
      hits.push(offset + start - source, keyword);
      const isKept =
        offset - (reaches.before[keyword] as number) >= low && offset + (reaches.behind[keyword] as number) <= high;
      if (!isKept) retry.push(offset + start - source, keyword);
    }
    if (hits.length > mostSteps) return undefined;
  }
  return { quiet, hits, retry };
}

/** Two lists of pairs in ascending order as one, each pair once. */
export function mergeHits(left: readonly number[], right: readonly number[]): readonly number[] {
  if (right.length === 0) return left;
  if (left.length === 0) return right;
  const merged: number[] = [];
  let a = 0;
  let b = 0;
  while (a < left.length || b < right.length) {
    const difference =
      a >= left.length
        ? 1
        : b >= right.length
          ? -1
          : (left[a] as number) - (right[b] as number) || (left[a + 1] as number) - (right[b + 1] as number);
    if (difference <= 0) merged.push(left[a] as number, left[a + 1] as number);
    else merged.push(right[b] as number, right[b + 1] as number);
    if (difference <= 0) a += 2;
    if (difference >= 0) b += 2;
  }
  return merged;
}
