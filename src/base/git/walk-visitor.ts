// What a walk over deltas shows and tells: objects in memory, and why some cannot be had.

/** An object that stands in the unpacker's memory, until the walk goes on. */
export interface Unpacked {
  readonly entry: number;
  readonly at: number;
  readonly size: number;
  /** How many bases stand above it in this walk. */
  readonly depth: number;
  /** For a delta: its base's size, and where and how many its pieces are (triples of start, length, offset in the base). */
  readonly delta?: { readonly baseSize: number; readonly pieces: number; readonly count: number };
  /** First free address behind it: scratch for the visitor. */
  readonly free: number;
}

/** Why an entry could not be rebuilt; everything below it cannot either. */
export type WalkFailure =
  /** Damaged: the reason in words. */
  | { readonly kind: "damaged"; readonly why: string }
  /** Too large for the memory at hand. */
  | { readonly kind: "large"; readonly size: number }
  /** Claims to be larger than packed bytes can honestly be. */
  | { readonly kind: "bomb"; readonly size: number }
  /** Its base is not in the packs. */
  | { readonly kind: "no-base" };

/** What a walk tells. */
export interface WalkVisitor {
  /** False where neither the object nor anything below it is wanted. */
  wants(entry: number): boolean;
  visit(object: Unpacked): void;
  /** Called for the entry that failed; `below` says that it is one of those that hang on it. */
  fail(entry: number, failure: WalkFailure, below: boolean): void;
}

/** Memory and limits of one walker. */
export interface WalkLimits {
  /** Objects above this many bytes are not rebuilt. */
  readonly mostObjectBytes: number;
  /** Bytes that rebuilt objects may take together. */
  readonly mostBytes: number;
}
