// Units of work in, finds, failures and rows out: what one thread of an audit does.

import type { Unpacked, WalkFailure } from "../../base/git/walk-visitor.ts";
import { readLooseObject } from "../../base/git/loose-object.ts";
import { ObjectType } from "../../base/git/pack-forest.ts";
import type { ContentScanner } from "../content-scanner.ts";
import { BlobAudit } from "./blobs.ts";
import { joined, Numbers } from "./rows.ts";
import { Counter, Need } from "./share.ts";
import type {
  AuditShare,
  ContentSummary,
  FailedObject,
  FoundObject,
  LooseWork,
  TreeSummary,
  UnitResult,
  Units,
  Wanted,
} from "./share.ts";
import { TextAudit } from "./texts.ts";
import { TreeAudit } from "./trees.ts";
import { openWorkshop } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** Loose objects that make a unit of work. */
const looseUnit = 64;

/** The kinds of loose objects by the numbers of packed ones. */
const kindOf: Readonly<Record<string, number>> = ObjectType;

/** One thread. `contents` comes first, then `trees`; each takes units until there are none left. */
export class AuditThread {
  readonly #share: AuditShare;
  readonly #workshop: Workshop;
  readonly #found: FoundObject[] = [];
  readonly #failed: FailedObject[] = [];
  readonly #blobs: BlobAudit;
  readonly #texts: TextAudit;
  readonly #trees: TreeAudit;
  readonly #looseKinds = new Numbers();
  #bytes = 0;

  constructor(share: AuditShare, scanner: ContentScanner) {
    this.#share = share;
    this.#workshop = openWorkshop(share, scanner);
    this.#blobs = new BlobAudit(this.#workshop, this.#found);
    this.#texts = new TextAudit(this.#workshop, this.#found);
    this.#trees = new TreeAudit(this.#workshop, share, this.#found);
  }

  /** Milliseconds spent on each rule, where the setup asked for it. */
  takeTimes(): ReadonlyMap<string, number> {
    return this.#workshop.scanner.takeTimes();
  }

  /** Blobs, commits and tags: yields after each unit what it brought to light, and sums up at the end. */
  *contents(): Generator<UnitResult, ContentSummary> {
    yield* this.#units(this.#share.contents, Counter.nextContent, (object, unpacked, type) => {
      if (type === ObjectType.blob) this.#blobs.take(object, unpacked);
      else if (type === ObjectType.tag) this.#texts.tag(object, unpacked);
      else return this.#texts.commit(object, unpacked);
      return true;
    });
    this.#texts.flush();
    yield this.#taken();
    return {
      commits: this.#texts.rows(),
      looseKinds: joined([this.#looseKinds.take()]),
      pointers: this.#blobs.pointers(),
      tags: this.#texts.tags(),
      bytes: this.#takeBytes(),
    };
  }

  /** Trees, in which the `wanted` are looked for. */
  *trees(wanted: Wanted): Generator<UnitResult, TreeSummary> {
    this.#trees.want(wanted);
    yield* this.#units(this.#share.trees, Counter.nextTree, (object, unpacked) => this.#trees.take(object, unpacked));
    this.#trees.flush();
    yield this.#taken();
    return { rows: this.#trees.rows(), bytes: this.#takeBytes() };
  }

  /** Takes unit after unit. `take` gets each object that is needed and says whether it was sound. */
  *#units(units: Units, counter: number, take: Taker): Generator<UnitResult> {
    const { counters } = this.#share;
    const packed = units.starts.length - 1;
    const isTrees = counter === Counter.nextTree;
    const all = packed + Math.ceil(this.#share.loose.length / looseUnit);
    for (;;) {
      const unit = Atomics.add(counters, counter, 1);
      if (unit >= all || Atomics.load(counters, Counter.stop) !== 0) return;
      if (unit < packed) this.#walkUnit(units, unit, take);
      else {
        const first = (unit - packed) * looseUnit;
        for (const work of this.#share.loose.slice(first, first + looseUnit)) this.#loose(work, isTrees, take);
      }
      yield this.#taken();
    }
  }

  #walkUnit(units: Units, unit: number, take: Taker): void {
    const { needs, objects, forest } = this.#share;
    const visitor = {
      wants: (entry: number) => needs[entry] !== 0,
      visit: (unpacked: Unpacked) => {
        const { entry } = unpacked;
        if (((needs[entry] as number) & Need.self) === 0) {
          this.#blobs.pass(unpacked.depth);
          return;
        }
        this.#one(objects[entry] as number, unpacked, forest.types[entry] as number, take);
      },
      fail: (entry: number, failure: WalkFailure) => {
        if (((needs[entry] as number) & Need.self) === 0) return;
        const why = failure.kind === "damaged" ? failure.why : "";
        this.#failed.push({ object: objects[entry] as number, kind: failure.kind, why });
      },
    };
    for (let index = units.starts[unit] as number; index < (units.starts[unit + 1] as number); index++)
      this.#workshop.walker.walk(units.roots[index] as number, visitor);
  }

  /** Whatever goes wrong with one object is a failure of that one alone. */
  #one(object: number, unpacked: Unpacked, type: number, take: Taker): void {
    const { counters } = this.#share;
    const before = this.#found.length;
    try {
      if (!take(object, unpacked, type))
        this.#failed.push({ object, kind: "damaged", why: this.#workshop.unpacker.fault });
    } catch (error) {
      // The kind of the error, never its text: that could hold what was scanned.
      this.#blobs.pass(unpacked.depth);
      this.#failed.push({ object, kind: "internal", why: error instanceof Error ? error.name : typeof error });
    }
    this.#bytes += unpacked.size;
    Atomics.add(counters, Counter.objects, 1);
    Atomics.add(counters, Counter.kibibytes, (unpacked.size + 512) >>> 10);
    if (this.#found.length > before) Atomics.add(counters, Counter.matches, this.#found.length - before);
  }

  /** Reads an object from its own file; trees wait for their turn. */
  #loose({ file, object }: LooseWork, wantsTrees: boolean, take: Taker): void {
    try {
      const { idBytes, ids, limits } = this.#share;
      const content = readLooseObject(file, {
        maxBytes: limits.mostObjectBytes,
        id: ids.subarray(object * idBytes, (object + 1) * idBytes),
      });
      const type = kindOf[content.type] as number;
      if ((type === ObjectType.tree) !== wantsTrees) return;
      this.#looseKinds.push(object);
      this.#looseKinds.push(type);
      if (!("body" in content)) {
        this.#failed.push({ object, kind: "large", why: "" });
        return;
      }
      const { unpacker, floor: at } = this.#workshop;
      const size = content.body.length;
      const free = Math.ceil((at + size + 128) / 64) * 64;
      unpacker.ensure(free + 1024);
      unpacker.bytes.set(content.body, at);
      this.#one(object, { entry: -1, at, size, depth: 0, free }, type, take);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      const why = error instanceof Error && code === undefined ? error.message : `cannot be read (${code})`;
      this.#failed.push({ object, kind: code === "ENOENT" ? "vanished" : "damaged", why });
    }
  }

  #takeBytes(): number {
    const bytes = this.#bytes;
    this.#bytes = 0;
    return bytes;
  }

  #taken(): UnitResult {
    return { found: this.#found.splice(0), failed: this.#failed.splice(0) };
  }
}

type Taker = (object: number, unpacked: Unpacked, type: number) => boolean;
