// What the threads of an audit share: the packs as arrays, the work cut into units, and how far it is.

import type { WalkLimits } from "../../base/git/walk-visitor.ts";
import type { PackForest } from "../../base/git/pack-forest.ts";
import type { PackEntries } from "../../base/git/pack-order.ts";
import type { Part } from "../../model/blob.ts";
import type { Scanned } from "../../model/match.ts";
import type { ScanSetup } from "../scan-setup.ts";
import type { Chunks } from "./rows.ts";

/** Bits of `AuditShare.needs`: the entry itself is wanted; something made from it is. */
export const Need = { self: 1, below: 2 } as const;

/** Indices of `AuditShare.counters`. */
export const Counter = { nextContent: 0, nextTree: 1, objects: 2, kibibytes: 3, matches: 4, stop: 5 } as const;

/** Roots of delta trees, cut into pieces of work: unit u is `roots[starts[u]]` to before `roots[starts[u + 1]]`. */
export interface Units {
  readonly roots: Uint32Array;
  readonly starts: Uint32Array;
}

/** An object in a file of its own. */
export interface LooseWork {
  readonly file: string;
  readonly object: number;
}

/** One audit, as every thread of it sees it. Object numbers are places in `ids`. */
export interface AuditShare {
  readonly setup: ScanSetup;
  readonly unpack: WebAssembly.Module;
  /** Descriptors of the packs, in the order of `entries`. */
  readonly files: readonly number[];
  readonly entries: PackEntries;
  readonly forest: PackForest;
  /** Sums of entries that are to be checked; absent where all packs are what they should be. */
  readonly crcs: Uint32Array | undefined;
  /** Object number of each entry. */
  readonly objects: Uint32Array;
  readonly needs: Uint8Array;
  readonly idBytes: 20 | 32;
  readonly ids: Uint8Array;
  /** The place of the first id of each two-byte beginning; 65,537 of them. */
  readonly firsts: Uint32Array;
  readonly contents: Units;
  readonly trees: Units;
  readonly loose: readonly LooseWork[];
  readonly counters: Int32Array;
  /** Odd and unforeseeable: names are hashed with it. */
  readonly seed: bigint;
  readonly limits: WalkLimits;
}

/** What stands in an object. */
export interface FoundObject {
  readonly object: number;
  readonly part: Part;
  readonly scanned: Scanned;
  /** For a name, its bytes; never sent from thread to thread. */
  readonly name?: Uint8Array;
  /** For the name of a ref, that name; `object` is then what it leads to. */
  readonly ref?: string;
}

/** Finds in the order in which they are told of: by object, then by part. */
export function inOrder(found: readonly FoundObject[]): FoundObject[] {
  return found.toSorted((a, b) => a.object - b.object || (a.part < b.part ? -1 : 1));
}

/** An object that a thread could not read. */
export interface FailedObject {
  readonly object: number;
  readonly kind: "damaged" | "large" | "bomb" | "no-base" | "vanished" | "internal";
  readonly why: string;
}

/** What one unit of work brought to light. */
export interface UnitResult {
  readonly found: readonly FoundObject[];
  readonly failed: readonly FailedObject[];
}

/** Commits as arrays: object and tree numbers, seconds, and parents one after the other with their counts. */
export interface CommitRows {
  readonly objects: Chunks;
  readonly trees: Chunks;
  readonly times: Float64Array;
  readonly parentCounts: Chunks;
  readonly parents: Chunks;
}

/** What a thread says at the end of the trees. */
export interface TreeSummary {
  readonly rows: TreeRows;
  /** Bytes of the trees that were read. */
  readonly bytes: number;
  /** Hex ids of the blobs in trees that are not here. */
  readonly missing: readonly string[];
}

/** Trees as arrays: object numbers, their subtrees and the wanted blobs in them with the keys of their names. */
export interface TreeRows {
  readonly objects: Chunks;
  readonly childCounts: Chunks;
  readonly children: Chunks;
  readonly childNames: Chunks;
  readonly holdTrees: Chunks;
  readonly holdBlobs: Chunks;
  readonly holdNames: Chunks;
}

/** What a thread says at the end of the contents. */
export interface ContentSummary {
  readonly commits: CommitRows;
  /** Loose objects by kind, for those whose kind was not known before: pairs of object and kind. */
  readonly looseKinds: Uint32Array;
  /** Blobs that only point at a content elsewhere (Git LFS). */
  readonly pointers: Uint32Array;
  /** Annotated tags: pairs of tag and what it names (object numbers). */
  readonly tags: Uint32Array;
  /** Bytes of the contents that were read. */
  readonly bytes: number;
}

/** What is looked for in trees: blobs by number, entries by the key of their name (told in the blob's place as `named`). */
export interface Wanted {
  readonly blobs: Uint32Array;
  readonly names: Uint32Array;
}
