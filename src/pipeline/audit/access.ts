// An object's number in, the object itself out: read anew, one at a time, for the few that a report tells of.

import { DeltaWalker } from "../../base/git/delta-walk.ts";
import type { Unpacked } from "../../base/git/walk-visitor.ts";
import { readLooseObject } from "../../base/git/loose-object.ts";
import { none, ObjectType } from "../../base/git/pack-forest.ts";
import { PackWindow } from "../../base/git/pack-window.ts";
import { slackBytes, Unpacker } from "../../base/git/unpacker.ts";
import type { AuditShare } from "./share.ts";

/** Of what only git could give, so much is kept. */
const mostKeptBytes = 64 * 1024 * 1024;

/** Reads single objects of an audit's packs and loose files. Not re-entrant. */
export class ObjectAccess {
  readonly #share: AuditShare;
  readonly #loose: ReadonlyMap<number, string>;
  readonly #unpacker: Unpacker;
  readonly #walker: DeltaWalker;
  readonly #kept = new Map<number, Buffer>();
  #keptBytes = 0;
  #entries: Uint32Array | undefined;

  /** `loose` are all loose objects, read or not, by number. */
  constructor(share: AuditShare, loose: ReadonlyMap<number, string>) {
    this.#share = share;
    this.#loose = loose;
    this.#unpacker = new Unpacker(share.unpack);
    const { floor } = this.#unpacker;
    this.#unpacker.ensure(floor + PackWindow.bytes + 1024 * 1024);
    this.#unpacker.calls.useIds(0, 0, share.idBytes);
    this.#unpacker.calls.useNames(0, 0, share.seed);
    this.#walker = new DeltaWalker({
      entries: share.entries,
      forest: share.forest,
      crcs: share.crcs,
      unpacker: this.#unpacker,
      window: new PackWindow(this.#unpacker, floor, share.files),
      floor: floor + PackWindow.bytes + slackBytes,
      limits: share.limits,
    });
  }

  /** Keeps what git gave of an object that cannot be had here: a file that is gone, a tree that is too large. */
  keep(object: number, bytes: Buffer): void {
    if (this.#keptBytes + bytes.length > mostKeptBytes) return;
    this.#kept.set(object, bytes);
    this.#keptBytes += bytes.length;
  }

  /** The bytes of an object, or undefined where it cannot be had here. */
  read(object: number): Buffer | undefined {
    const kept = this.#kept.get(object);
    if (kept !== undefined) return kept;
    for (const { bytes } of this.copies(object)) return bytes;
    return this.#readLoose(object);
  }

  /** Every copy of an object in the packs that can be rebuilt, with its type: one pack may be damaged where another is not. */
  *copies(object: number): Generator<{ readonly type: string; readonly bytes: Buffer }> {
    const { objects, forest } = this.#share;
    const first = this.#entryOf(object);
    for (let entry = first; entry !== none && entry >= 0; entry = objects.indexOf(object, entry + 1)) {
      const bytes = this.#rebuild(entry);
      const type = Object.entries(ObjectType).find(([, number]) => number === forest.types[entry])?.[0];
      if (bytes !== undefined && type !== undefined) yield { type, bytes };
    }
  }

  #rebuild(entry: number): Buffer | undefined {
    const { bases } = this.#share.forest;
    const chain = new Set([entry]);
    let root = entry;
    for (let base = bases[root] as number; base !== none; base = bases[root] as number) {
      root = base;
      chain.add(root);
    }
    let bytes: Buffer | undefined;
    this.#walker.walk(root, {
      wants: (each) => chain.has(each),
      visit: (unpacked: Unpacked) => {
        if (unpacked.entry === entry) bytes = Buffer.from(this.#unpacker.view(unpacked.at, unpacked.size));
      },
      fail: () => undefined,
    });
    return bytes;
  }

  /** The hex id of an object. */
  hex(object: number): string {
    const { ids, idBytes } = this.#share;
    return Buffer.from(ids.buffer, ids.byteOffset + object * idBytes, idBytes).toString("hex");
  }

  /** The key by which the names of trees are told apart. */
  nameKey(name: Uint8Array): number {
    const at = this.#unpacker.floor + PackWindow.bytes + slackBytes;
    this.#unpacker.ensure(at + name.length + 128);
    this.#unpacker.bytes.set(name, at);
    return this.#unpacker.calls.nameKey(at, name.length) >>> 0;
  }

  #readLoose(object: number): Buffer | undefined {
    const file = this.#loose.get(object);
    if (file === undefined) return undefined;
    try {
      const content = readLooseObject(file, { maxBytes: this.#share.limits.mostObjectBytes });
      return "body" in content ? Buffer.from(content.body) : undefined;
    } catch {
      // Told of when it was to be scanned; here it is only wanted for its names.
      return undefined;
    }
  }

  #entryOf(object: number): number {
    if (this.#entries === undefined) {
      const { objects, ids, idBytes } = this.#share;
      this.#entries = new Uint32Array(ids.length / idBytes).fill(none);
      for (let entry = objects.length - 1; entry >= 0; entry--) this.#entries[objects[entry] as number] = entry;
    }
    return this.#entries[object] as number;
  }
}
