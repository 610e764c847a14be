// A tree of deltas in, every object of it rebuilt one after the other out: depth first, each from its base.

import { none } from "./pack-forest.ts";
import type { PackForest } from "./pack-forest.ts";
import type { PackEntries } from "./pack-order.ts";
import { PackWindow } from "./pack-window.ts";
import { failed, slackBytes } from "./unpacker.ts";
import type { Unpacker } from "./unpacker.ts";
import type { WalkFailure, WalkLimits, WalkVisitor } from "./walk-visitor.ts";

/** zlib cannot pack better than this. */
const mostRatio = 1032;
/** Nor do deltas of an honest repository unpack to so many times the bytes that their whole chain takes. */
const mostChainRatio = 4096;
/** git makes no deltas of larger files (core.bigFileThreshold). */
const mostDeltaBytes = 512 * 1024 * 1024;
/** Smaller objects are no bombs. */
const smallBytes = 16 * 1024 * 1024;
/** Above this a base that has served its last child makes room at once. */
const compactBytes = 1024 * 1024;

interface Frame {
  entry: number;
  at: number;
  size: number;
  /** First free address behind it. */
  end: number;
  next: number;
  /** Bytes packed of it and all its bases. */
  packed: number;
}

/** Rebuilds objects in one memory, which it shares with a window into the packs. */
export class DeltaWalker {
  readonly #entries: PackEntries;
  readonly #forest: PackForest;
  readonly #unpacker: Unpacker;
  readonly #window: PackWindow;
  readonly #limits: WalkLimits;
  readonly #crcs: Uint32Array | undefined;
  /** Where rebuilt objects begin. */
  readonly #floor: number;
  readonly #stack: Frame[] = [];
  #depth = 0;

  constructor(given: {
    readonly entries: PackEntries;
    readonly forest: PackForest;
    /** CRC-32 of each entry's packed bytes; 0 where none is known (an entry whose sum is 0 goes unchecked). */
    readonly crcs: Uint32Array | undefined;
    readonly unpacker: Unpacker;
    readonly window: PackWindow;
    readonly floor: number;
    readonly limits: WalkLimits;
  }) {
    this.#entries = given.entries;
    this.#forest = given.forest;
    this.#crcs = given.crcs;
    this.#unpacker = given.unpacker;
    this.#window = given.window;
    this.#floor = Math.ceil(given.floor / 64) * 64;
    this.#limits = given.limits;
  }

  /** Walks the tree of `root`, an entry of a pack or the base of others. */
  walk(root: number, visitor: WalkVisitor): void {
    const { nextSibling } = this.#forest;
    if (!visitor.wants(root)) return;
    this.#depth = 0;
    if (!this.#open(root, undefined, visitor)) return;
    while (this.#depth > 0) {
      const frame = this.#stack[this.#depth - 1] as Frame;
      let child = frame.next;
      while (child !== none && !visitor.wants(child)) child = nextSibling[child] as number;
      if (child === none) {
        this.#depth--;
        continue;
      }
      let later = nextSibling[child] as number;
      while (later !== none && !visitor.wants(later)) later = nextSibling[later] as number;
      frame.next = later;
      if (this.#open(child, frame, visitor) && later === none) this.#compact();
    }
  }

  /** Rebuilds one entry and shows it; false when it, and so all below it, cannot be had. */
  #open(entry: number, base: Frame | undefined, visitor: WalkVisitor): boolean {
    const failure = this.#rebuild(entry, base, visitor);
    if (failure === undefined) return true;
    visitor.fail(entry, failure, false);
    this.#failBelow(entry, failure, visitor);
    return false;
  }

  #failBelow(entry: number, failure: WalkFailure, visitor: WalkVisitor): void {
    const { firstChild, nextSibling } = this.#forest;
    const stack = [firstChild[entry] as number];
    while (stack.length > 0) {
      const at = stack.pop() as number;
      if (at === none) continue;
      stack.push(nextSibling[at] as number, firstChild[at] as number);
      if (visitor.wants(at)) visitor.fail(at, failure, true);
    }
  }

  #rebuild(entry: number, base: Frame | undefined, visitor: WalkVisitor): WalkFailure | undefined {
    const unpacker = this.#unpacker;
    const top = base?.end ?? this.#floor;
    const length = this.#entries.lengths[entry] as number;
    const packed = (base?.packed ?? 0) + length;
    if (length === 0) return { kind: "damaged", why: "the index places it outside of its pack" };
    const loaded = this.#load(entry, top);
    if (typeof loaded !== "number") return loaded;
    const header = unpacker.header(loaded, length);
    if (header === undefined) return { kind: "damaged", why: "damaged header" };
    const isDelta = header.type === 6 || header.type === 7;
    if (isDelta && base === undefined) return { kind: "no-base" };
    if (!isDelta && (header.type < 1 || header.type > 4)) return { kind: "damaged", why: "unknown type" };
    const { size } = header;
    if (size > (length - header.length) * mostRatio + 1024) return { kind: "bomb", size };
    if (size > this.#limits.mostObjectBytes) return { kind: "large", size };
    const to = length > PackWindow.mostBytes ? aligned(top + length + slackBytes) : top;
    if (!this.#room(to + size)) return { kind: "large", size };
    if (unpacker.calls.inflate(loaded + header.length, length - header.length, to, size) >>> 0 === failed)
      return { kind: "damaged", why: unpacker.fault };
    if (!isDelta) {
      const free = aligned(to + size + slackBytes);
      this.#push({ entry, at: to, size, end: free, next: this.#forest.firstChild[entry] as number, packed });
      visitor.visit({ entry, at: to, size, depth: this.#depth - 1, free });
      return undefined;
    }
    return this.#applyDelta(entry, { at: to, size }, { base: base as Frame, packed, visitor });
  }

  #applyDelta(
    entry: number,
    delta: { readonly at: number; readonly size: number },
    context: { readonly base: Frame; readonly packed: number; readonly visitor: WalkVisitor },
  ): WalkFailure | undefined {
    const { base, packed, visitor } = context;
    const { calls } = this.#unpacker;
    const size = calls.deltaSize(delta.at, delta.size, base.size) >>> 0;
    if (size === failed) return { kind: "damaged", why: this.#unpacker.fault };
    if (size > mostDeltaBytes || (size > smallBytes && size > packed * mostChainRatio)) return { kind: "bomb", size };
    if (size > this.#limits.mostObjectBytes) return { kind: "large", size };
    const at = aligned(delta.at + delta.size + slackBytes);
    const pieces = aligned(at + size + slackBytes);
    const free = aligned(pieces + 12 * delta.size + slackBytes);
    if (!this.#room(free)) return { kind: "large", size };
    if (calls.applyDelta(base.at, base.size, at, pieces) >>> 0 === failed)
      return { kind: "damaged", why: this.#unpacker.fault };
    const count = this.#unpacker.count("pieces");
    // The pieces are only needed while the object is shown: what is rebuilt next may take their place.
    this.#push({ entry, at, size, end: pieces, next: this.#forest.firstChild[entry] as number, packed });
    visitor.visit({ entry, at, size, depth: this.#depth - 1, delta: { baseSize: base.size, pieces, count }, free });
    return undefined;
  }

  /** Brings an entry's packed bytes into memory and checks their sum; small ones in the window, large ones at `top`. */
  #load(entry: number, top: number): number | WalkFailure {
    const length = this.#entries.lengths[entry] as number;
    const offset = this.#entries.offsets[entry] as number;
    const pack = this.#packOf(entry);
    let at: number;
    if (length <= PackWindow.mostBytes) at = this.#window.load(pack, offset, length);
    else {
      if (length > this.#limits.mostObjectBytes + 1024 || !this.#room(top + length))
        return { kind: "large", size: length };
      this.#window.read(pack, offset, length, top);
      at = top;
    }
    const crc = this.#crcs?.[entry] ?? 0;
    if (crc !== 0 && this.#unpacker.calls.crc32(at, length, 0) >>> 0 !== crc)
      return { kind: "damaged", why: "its packed bytes are not those that the index was made for" };
    return at;
  }

  #packOf(entry: number): number {
    const { starts } = this.#entries;
    let low = 0;
    let high = starts.length - 2;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((starts[middle] as number) <= entry) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Is there room up to the address `end`, with slack? Grows the memory where the limits allow it. */
  #room(end: number): boolean {
    if (end + 2 * slackBytes <= this.#unpacker.size) return true;
    if (end - this.#floor > this.#limits.mostBytes) return false;
    return this.#unpacker.ensure(end + 2 * slackBytes);
  }

  #push(frame: Frame): void {
    this.#stack[this.#depth++] = frame;
  }

  /** The object on top was its base's last child: where it is large, it takes the base's place. */
  #compact(): void {
    const top = this.#stack[this.#depth - 1] as Frame;
    const base = this.#stack[this.#depth - 2] as Frame;
    if (top.end - this.#floor < 8 * compactBytes || base.size < compactBytes) return;
    this.#unpacker.bytes.copyWithin(base.at, top.at, top.at + top.size);
    const moved = aligned(base.at + top.size + slackBytes);
    top.at = base.at;
    top.end = moved;
    base.end = base.at;
  }
}

function aligned(address: number): number {
  return Math.ceil(address / 64) * 64;
}
