// Growing lists of hits and segments, kept as parallel typed arrays.
import type { Segments } from "./decode.ts";
import type { Hits } from "./kernel.ts";
import type { Piece } from "./pieces.ts";

/** No hits at all. */
export const EMPTY_HITS: Hits = { count: 0, offsets: new Uint32Array(0), ids: new Uint16Array(0) };

/** No segments at all. */
export const EMPTY_SEGMENTS: Segments = {
  count: 0,
  kind: new Uint8Array(0),
  sourceStart: new Uint32Array(0),
  sourceEnd: new Uint32Array(0),
  start: new Uint32Array(0),
  end: new Uint32Array(0),
  phase: new Uint8Array(0),
};

/** Hits gathered in parts and put together once, so that many hits never stand in memory more than twice. */
export class HitList {
  #offsets: Uint32Array[] = [];
  #ids: (Uint16Array | Uint8Array)[] = [];
  #count = 0;

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Adds one part; the arrays must be the list's own from now on. */
  add(offsets: Uint32Array, ids: Uint16Array | Uint8Array): void {
    if (offsets.length === 0) return;
    this.#offsets.push(offsets);
    this.#ids.push(ids);
    this.#count += offsets.length;
  }

  /** All hits in the order in which they were added. The list is empty afterwards. */
  finish(): Hits {
    if (this.#count === 0) return EMPTY_HITS;
    const offsets = joined(new Uint32Array(this.#count), this.#offsets);
    this.#offsets = [];
    const ids = joined(new Uint16Array(this.#count), this.#ids);
    this.#ids = [];
    const count = this.#count;
    this.#count = 0;
    return { count, offsets, ids };
  }
}

function joined<T extends Uint32Array | Uint16Array>(target: T, parts: readonly ArrayLike<number>[]): T {
  let at = 0;
  for (const part of parts) {
    target.set(part, at);
    at += part.length;
  }
  return target;
}

/** One entry of `Segments`. */
export interface Segment {
  readonly kind: number;
  readonly run: Piece;
  readonly phase: number;
  readonly start: number;
  readonly end: number;
}

const FIELDS = 6;

/** Segments gathered one by one in a single growing array. */
export class SegmentList {
  #values = new Uint32Array(0);
  #count = 0;

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  add(segment: Segment): void {
    const at = this.#count * FIELDS;
    if (at === this.#values.length) {
      const larger = new Uint32Array(Math.max(16 * FIELDS, this.#values.length * 2));
      larger.set(this.#values);
      this.#values = larger;
    }
    const { kind, run, phase, start, end } = segment;
    this.#values.set([kind, run.start, run.end, start, end, phase], at);
    this.#count++;
  }

  /** The segments as parallel arrays. */
  finish(): Segments {
    if (this.#count === 0) return EMPTY_SEGMENTS;
    return {
      count: this.#count,
      kind: Uint8Array.from(this.#column(0)),
      sourceStart: this.#column(1),
      sourceEnd: this.#column(2),
      start: this.#column(3),
      end: this.#column(4),
      phase: Uint8Array.from(this.#column(5)),
    };
  }

  #column(field: number): Uint32Array {
    const column = new Uint32Array(this.#count);
    for (let index = 0; index < this.#count; index++) column[index] = this.#values[index * FIELDS + field] ?? 0;
    return column;
  }
}
