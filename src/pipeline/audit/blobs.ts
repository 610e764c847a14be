// Blobs as they are unpacked in, what stands in them out: each by what its base does not vouch for.

import type { Unpacked } from "../../base/git/walk-visitor.ts";
import { DeltaScanner, zoneMargin } from "../../scan/scan-delta.ts";
import type { DeltaContent, Memory } from "../../scan/scan-delta.ts";
import { joined, Numbers } from "./rows.ts";
import type { FoundObject } from "./share.ts";
import type { Workshop } from "./workshop.ts";

/** How a pointer of Git LFS begins, and how long it can be (git-lfs, docs/spec.md). */
const pointerStart = Buffer.from("version https://git-lfs.github.com/spec/v1\n", "latin1");
const pointerBytes = 1024;

/** Does a blob only point at a content elsewhere? */
export function isPointer(bytes: Buffer): boolean {
  return bytes.length <= pointerBytes && bytes.subarray(0, pointerStart.length).equals(pointerStart);
}

/** Takes blobs depth first, as a walk shows them. */
export class BlobAudit {
  readonly #workshop: Workshop;
  readonly #scanner: DeltaScanner;
  readonly #found: FoundObject[];
  /** What is known of each base on the way down. */
  readonly #memories: Memory[] = [];
  readonly #pointers = new Numbers();
  readonly #content: PackedContent;

  /** Finds are put into `found`. */
  constructor(workshop: Workshop, found: FoundObject[]) {
    this.#workshop = workshop;
    this.#found = found;
    this.#content = new PackedContent(workshop);
    workshop.unpacker.calls.setMargin(zoneMargin);
    this.#scanner = new DeltaScanner(workshop.scanner.bench, (bytes, witness) =>
      workshop.scanner.scanBytes(bytes, witness),
    );
  }

  /** Scans the blob that a walk shows. */
  take(object: number, blob: Unpacked): void {
    const base = blob.depth > 0 ? this.#memories[blob.depth - 1] : undefined;
    const bytes = this.#workshop.unpacker.view(blob.at, blob.size);
    const result =
      base === undefined || blob.delta === undefined
        ? this.#scanner.scanRoot(bytes)
        : this.#scanner.scanDelta(this.#content.show(blob, bytes, blob.delta), base);
    this.#memories[blob.depth] = result.memory;
    if (result.scanned !== undefined && result.scanned.matches.length > 0)
      this.#found.push({ object, part: "file", scanned: result.scanned });
    // Scanning may have made the memory another one, under which `bytes` is dead.
    if (blob.size <= pointerBytes && isPointer(this.#workshop.unpacker.view(blob.at, blob.size)))
      this.#pointers.push(object);
  }

  /** Notes that the blob at this depth was not looked at, so nothing can be built on it. */
  pass(depth: number): void {
    this.#memories[depth] = undefined;
  }

  /** Object numbers of the pointers to contents elsewhere. */
  pointers(): Uint32Array {
    return joined([this.#pointers.take()]);
  }
}

/** A delta in the unpacker's memory, as the scanner asks for it; one object for all, since one is shown at a time. */
class PackedContent implements DeltaContent {
  readonly #workshop: Workshop;
  bytes: Buffer = Buffer.alloc(0);
  pieces: DeltaContent["pieces"] = { words: new Uint32Array(0), at: 0, count: 0 };
  #at = 0;
  #free = 0;
  #baseSize = 0;

  constructor(workshop: Workshop) {
    this.#workshop = workshop;
  }

  show(blob: Unpacked, bytes: Buffer, delta: NonNullable<Unpacked["delta"]>): this {
    const { unpacker } = this.#workshop;
    this.#at = blob.at;
    this.#free = blob.free;
    this.#baseSize = delta.baseSize;
    // Room for the zones, before anything is shown: memory that grows is another memory.
    const before = unpacker.bytes;
    unpacker.ensure(blob.free + 12 * (delta.count + 2) + blob.size + 2 * (delta.count + 2) + 4096);
    this.bytes = unpacker.bytes === before ? bytes : unpacker.view(blob.at, blob.size);
    this.pieces = { words: unpacker.words, at: delta.pieces / 4, count: delta.count };
    return this;
  }

  zones(): number {
    const { calls } = this.#workshop.unpacker;
    return calls.findZones(this.#at, 4 * this.pieces.at, this.#baseSize, this.#free) >>> 0;
  }

  sketch(room: (length: number) => Uint8Array): { length: number; zones: DeltaZones } {
    const { unpacker } = this.#workshop;
    const count = unpacker.count("zones");
    const to = Math.ceil((this.#free + 12 * (count + 1) + 64) / 64) * 64;
    const length = unpacker.calls.writeSketch(to) >>> 0;
    room(length).set(unpacker.bytes.subarray(to, to + length));
    return { length, zones: { words: unpacker.words, at: this.#free / 4, count } };
  }
}

type DeltaZones = { readonly words: Uint32Array; readonly at: number; readonly count: number };
