// Trees as they are unpacked in, their shape as rows of numbers and what stands in the names of files out.

import { failed } from "../../base/git/unpacker.ts";
import { TextBatch } from "../../scan/text-batch.ts";
import { Numbers } from "./rows.ts";
import type { AuditShare, FoundObject, TreeRows, Wanted } from "./share.ts";
import { filterBytes, namesBytes } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** Takes trees in any order. */
export class TreeAudit {
  readonly #workshop: Workshop;
  readonly #share: AuditShare;
  readonly #batch: TextBatch<number>;
  readonly #objects = new Numbers();
  readonly #childCounts = new Numbers();
  readonly #children = new Numbers();
  readonly #childNames = new Numbers();
  readonly #holdTrees = new Numbers();
  readonly #holdBlobs = new Numbers();
  readonly #holdNames = new Numbers();

  /** Names that hold something are put into `found`, with the tree that they were first met in. */
  constructor(workshop: Workshop, share: AuditShare, found: FoundObject[]) {
    this.#workshop = workshop;
    this.#share = share;
    this.#batch = new TextBatch(workshop.scanner.bench, (object, bytes) => {
      const scanned = workshop.scanner.scanBytes(bytes);
      if (scanned.matches.length > 0) found.push({ object, part: "name", scanned });
    });
    this.#forgetNames();
  }

  /** Says which blobs, and entries with names of which keys, are looked for in trees. */
  want({ blobs, names }: Wanted): void {
    const { unpacker, filter, flags } = this.#workshop;
    const { idBytes, ids } = this.#share;
    unpacker.bytes.fill(0, filter, filter + filterBytes);
    unpacker.bytes.fill(0, flags, flags + ids.length / idBytes);
    unpacker.calls.useWanted(filter, 8 * filterBytes - 1, flags);
    const scratch = this.#workshop.floor;
    for (const blob of blobs) {
      unpacker.bytes[flags + blob] = 1;
      unpacker.bytes.set(ids.subarray(blob * idBytes, (blob + 1) * idBytes), scratch);
      unpacker.calls.mark(scratch);
    }
    for (const key of names) unpacker.calls.wantName(key);
  }

  /** Takes the tree of `size` bytes at `at`; `free` is scratch. False when it is damaged. */
  take(object: number, place: { readonly at: number; readonly size: number; readonly free: number }): boolean {
    const { unpacker } = this.#workshop;
    const { at, size } = place;
    const out = Math.ceil(place.free / 64) * 64;
    unpacker.ensure(out + Math.ceil(size / 23) * 40 + 1024);
    if (unpacker.calls.namesSeen() >>> 0 > namesBytes / 16) this.#forgetNames();
    if (unpacker.calls.readTree(at, size, out) >>> 0 === failed) return false;
    const { words } = unpacker;
    this.#objects.push(object);
    const count = unpacker.count("edges");
    const edges = unpacker.placeOf("edges") / 4;
    this.#childCounts.push(count);
    this.#children.pushStride(words, edges, count);
    this.#childNames.pushStride(words, edges + 1, count);
    const held = unpacker.placeOf("held") / 4;
    for (let index = 0; index < unpacker.count("held"); index++) {
      this.#holdTrees.push(object);
      this.#holdBlobs.push(words[held + 2 * index] as number);
      this.#holdNames.push(words[held + 2 * index + 1] as number);
    }
    const names = unpacker.placeOf("names") / 4;
    const nameCount = unpacker.count("names");
    for (let index = 0; index < nameCount; index++) {
      const from = at + (words[names + 2 * index] as number);
      const to = at + (words[names + 2 * index + 1] as number);
      this.#batch.add(object, unpacker.bytes.subarray(from, to));
    }
    return true;
  }

  /** Ends the batch of names under way. */
  flush(): void {
    this.#batch.flush();
  }

  /** The trees taken so far, as rows; trees are named by object number. */
  rows(): TreeRows {
    return {
      objects: this.#objects.take(),
      childCounts: this.#childCounts.take(),
      children: this.#children.take(),
      childNames: this.#childNames.take(),
      holdTrees: this.#holdTrees.take(),
      holdBlobs: this.#holdBlobs.take(),
      holdNames: this.#holdNames.take(),
    };
  }

  /** Names are met anew: a few are scanned twice, none is left out. */
  #forgetNames(): void {
    const { unpacker, names } = this.#workshop;
    unpacker.bytes.fill(0, names, names + namesBytes);
    unpacker.calls.useNames(names, namesBytes / 8 - 1, this.#share.seed);
  }
}
