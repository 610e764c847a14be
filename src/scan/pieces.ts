// A content too large to hold in, its matches out: it is scanned in pieces that overlap, each match owned by one piece.

import type { Directive, Match, Scanned } from "../model/match.ts";
import { contentStart, originAfter } from "./locate.ts";
import type { Origin } from "./locate.ts";
import type { Scanner } from "./scanner.ts";

/** How many bytes a piece decides on. */
const ownBytes = 8 * 1024 * 1024;
/** How far a piece sees beyond what it decides on: more than any rule's longest match and reach, several times encoded. */
export const overlapBytes = 512 * 1024;

/**
 * Takes a content from its start in portions of any size and scans it in constant memory. Spans are offsets in the
 * whole content; lines and columns count from its start.
 */
export class PieceScanner {
  readonly #scanner: Scanner;
  readonly #overlap: number;
  readonly #buffer: Buffer;
  /** Bytes in the buffer, offset of the buffer's start in the content, first byte of the buffer not yet decided on. */
  #filled = 0;
  #offset = 0;
  #undecided = 0;
  #origin: Origin = contentStart;
  readonly #matches: Match[] = [];
  readonly #directives: Directive[] = [];

  constructor(scanner: Scanner, sizes: { own: number; overlap: number } = { own: ownBytes, overlap: overlapBytes }) {
    this.#scanner = scanner;
    this.#overlap = sizes.overlap;
    this.#buffer = Buffer.allocUnsafe(sizes.own + 2 * sizes.overlap);
  }

  /** Where the next bytes may be written; never empty. */
  space(): Uint8Array {
    return this.#buffer.subarray(this.#filled);
  }

  /** Says that the first `count` bytes of `space()` were written. */
  commit(count: number): void {
    this.#filled += count;
    if (this.#filled === this.#buffer.length) this.#decide(this.#filled - this.#overlap);
  }

  /** Appends bytes, however many. */
  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const space = this.space();
      const count = Math.min(space.length, bytes.length - at);
      space.set(bytes.subarray(at, at + count));
      this.commit(count);
      at += count;
    }
  }

  /** Scans what is left and answers for the whole content. */
  end(): Scanned {
    const bytes = this.#offset + this.#filled;
    this.#decide(this.#filled);
    this.#scanner.release();
    return { matches: this.#matches, directives: this.#matches.length === 0 ? [] : this.#directives, bytes };
  }

  #decide(until: number): void {
    const room = this.#scanner.room(this.#filled);
    room.set(this.#buffer.subarray(0, this.#filled));
    const own = { start: this.#undecided, end: until };
    const scanned = this.#scanner.scan({ length: this.#filled, origin: this.#origin, own });
    for (const match of scanned.matches) {
      const span = { start: match.span.start + this.#offset, end: match.span.end + this.#offset };
      this.#matches.push({ ...match, span });
    }
    for (const directive of scanned.directives) this.#directives.push(directive);
    const drop = Math.max(0, until - this.#overlap);
    this.#origin = originAfter(this.#buffer, drop, this.#origin);
    this.#buffer.copyWithin(0, drop, this.#filled);
    this.#filled -= drop;
    this.#offset += drop;
    this.#undecided = until - drop;
  }
}
