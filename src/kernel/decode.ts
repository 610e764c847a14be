// Runs of a region → decoded segments in an arena, and the region's escapes.
import { RunKind } from "./engine.ts";
import type { Engine } from "./engine.ts";
import type { Hits, Region } from "./kernel.ts";
import { EMPTY_HITS, EMPTY_SEGMENTS, HitList, SegmentList } from "./lists.ts";
import { SHORTEST_JOINED, nextPiece } from "./pieces.ts";
import type { Piece } from "./pieces.ts";

/**
 * Decoded runs as parallel arrays of `count` entries, in the order in which their bytes stand in the decoded region.
 * `sourceStart` and `sourceEnd` count from the start of the region that was decoded and span the whole run, `start`
 * and `end` from the start of the decoded region. `kind` is 0 base64, 1 hex, 2 UTF-16; `phase` is the number of
 * characters skipped at the run's start.
 */
export interface Segments {
  readonly count: number;
  readonly kind: Uint8Array;
  readonly sourceStart: Uint32Array;
  readonly sourceEnd: Uint32Array;
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  readonly phase: Uint8Array;
}

/** What one region decodes to. The arrays stay valid; the region's bytes live as long as its arena. */
export interface Decoded {
  /** The bytes of all segments, a NUL before and after each; of length 0 when there are none. */
  readonly region: Region;
  readonly segments: Segments;
  /** Where escapes begin; ids are 0 `%HH`, 1 `\u` or `\U`, 2 `\x`, 3 a numeric entity. */
  readonly escapes: Hits;
}

const SLACK = 128;
// Longer runs are whole files in base64: they are decoded as they stand, unless a cut may have shifted them.
const LONGEST_SHIFTED = 4096;
const SHORTEST_PIECE = 32;

/** Decodes `region` to the address `at` and onwards, growing the engine's memory as needed. */
export function decodeRuns(engine: Engine, region: Region, at: number): Decoded {
  let batch = engine.scan(region.at, region.length);
  if (batch.done && batch.runs.length === 0 && batch.escapeOffsets.length === 0) {
    return { region: { at, length: 0 }, segments: EMPTY_SEGMENTS, escapes: EMPTY_HITS };
  }
  const walk = new RunWalk(engine, region, at);
  const escapes = new HitList();
  for (; ; batch = engine.scanMore()) {
    escapes.add(batch.escapeOffsets, batch.escapeKinds);
    const { runs } = batch;
    for (let index = 0; index < runs.length; index += 3) {
      const run = { start: runs[index + 1] as number, end: runs[index + 2] as number };
      walk.add(runs[index] as number, run);
    }
    if (batch.done) break;
  }
  return { region: { at, length: walk.length }, segments: walk.segments.finish(), escapes: escapes.finish() };
}

// Decodes run after run behind one another.
class RunWalk {
  readonly segments = new SegmentList();
  readonly #engine: Engine;
  readonly #region: Region;
  readonly #at: number;
  // Next free address; the byte before it is NUL once there is a segment.
  #next: number;
  #joinedTo = 0;
  // The region's bytes, and the memory that they are a view of: a view is dear, and there are runs without number.
  #bytes: Uint8Array | undefined;
  #seen: Uint8Array | undefined;

  constructor(engine: Engine, region: Region, at: number) {
    this.#engine = engine;
    this.#region = region;
    this.#at = at;
    this.#next = at + 1;
  }

  get length(): number {
    return this.segments.isEmpty ? 0 : this.#next - this.#at;
  }

  add(kind: number, run: Piece): void {
    if (kind === RunKind.hex) this.#hex(run);
    else if (kind === RunKind.utf16) this.#utf16(run);
    else if (run.start >= this.#joinedTo) this.#base64(run);
  }

  #base64(run: Piece): void {
    const { length, end } = joinedRun(this.#source(), run);
    const isJoined = end > run.end;
    const phases = length <= LONGEST_SHIFTED || run.start === 0 ? 4 : 1;
    // Decoded bytes of every phase, and behind all but the last of them the gathered characters of a joined run.
    this.#room(phases === 1 ? length : 4 * length);
    const from = isJoined
      ? this.#gather(run, phases === 1 ? this.#next : this.#next + 3 * length)
      : this.#region.at + run.start;
    for (let phase = 0; phase < phases; phase++) {
      const size = this.#engine.base64(from + phase, length - phase, this.#next);
      this.#keep(size, { kind: RunKind.base64, run: { start: run.start, end }, phase });
    }
    if (!isJoined) return;
    this.#joinedTo = end;
    if (phases === 1) this.#shiftedPieces(run);
  }

  // Lines that are each a base64 text of their own look like one run: those that its phase misses are decoded alone.
  #shiftedPieces(run: Piece): void {
    const longest = run.end - run.start;
    let before = 0;
    for (let piece: Piece | undefined = run; piece !== undefined;) {
      const length: number = piece.end - piece.start;
      if (before % 4 !== 0 && length >= SHORTEST_PIECE) {
        this.#room(length);
        const size = this.#engine.base64(this.#region.at + piece.start, length, this.#next);
        this.#keep(size, { kind: RunKind.base64, run: piece, phase: 0 });
      }
      before += length;
      piece = nextPiece(this.#source(), piece.end, longest);
    }
  }

  #hex(run: Piece): void {
    this.#room(run.end - run.start);
    for (let phase = 0; phase < 2; phase++) {
      const size = this.#engine.hex(this.#region.at + run.start + phase, run.end - run.start - phase, this.#next);
      this.#keep(size, { kind: RunKind.hex, run, phase });
    }
  }

  #utf16(run: Piece): void {
    this.#room(run.end - run.start);
    const first = this.#source()[run.start] === 0 ? 1 : 0;
    const size = this.#engine.utf16(this.#region.at + run.start + first, run.end - run.start - first, this.#next);
    this.#keep(size, { kind: RunKind.utf16, run, phase: 0 });
  }

  #source(): Uint8Array {
    const memory = this.#engine.bytes();
    if (this.#bytes === undefined || this.#seen !== memory) {
      this.#seen = memory;
      this.#bytes = memory.subarray(this.#region.at, this.#region.at + this.#region.length);
    }
    return this.#bytes;
  }

  #room(length: number): void {
    this.#engine.ensure(this.#next + length + SLACK);
  }

  // Copies the characters of a joined run to the address `at`, and returns it.
  #gather(run: Piece, at: number): number {
    const bytes = this.#engine.bytes();
    const source = this.#source();
    const longest = run.end - run.start;
    let to = at;
    for (let piece: Piece | undefined = run; piece !== undefined; piece = nextPiece(source, piece.end, longest)) {
      bytes.copyWithin(to, this.#region.at + piece.start, this.#region.at + piece.end);
      to += piece.end - piece.start;
    }
    return at;
  }

  #keep(size: number, from: { readonly kind: number; readonly run: Piece; readonly phase: number }): void {
    if (size === 0) return;
    const bytes = this.#engine.bytes();
    if (this.segments.isEmpty) bytes[this.#at] = 0;
    const start = this.#next - this.#at;
    this.segments.add({ ...from, start, end: start + size });
    this.#next += size;
    bytes[this.#next++] = 0;
  }
}

// A run with the lines that continue it: how many characters in all, and where the last one ends.
function joinedRun(source: Uint8Array, run: Piece): { readonly length: number; readonly end: number } {
  const longest = run.end - run.start;
  let length = longest;
  let end = run.end;
  if (longest < SHORTEST_JOINED) return { length, end };
  for (let next = nextPiece(source, end, longest); next !== undefined; next = nextPiece(source, end, longest)) {
    length += next.end - next.start;
    end = next.end;
  }
  return { length, end };
}
