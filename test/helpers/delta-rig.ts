// A content and versions made of it in, what the audit's delta scan and a full scan say of each out.

import { Unpacker, failed } from "../../src/base/git/unpacker.ts";
import { BlobAudit } from "../../src/pipeline/audit/blobs.ts";
import { unpackModule } from "../../src/pipeline/audit/plan.ts";
import type { FoundObject } from "../../src/pipeline/audit/share.ts";
import type { Workshop } from "../../src/pipeline/audit/workshop.ts";
import { ContentScanner } from "../../src/pipeline/content-scanner.ts";
import { builtInRules, kernelModule, tablesFor } from "../../src/pipeline/scan-setup.ts";
import type { ScanSetup } from "../../src/pipeline/scan-setup.ts";
import type { Scanned } from "../../src/model/match.ts";
import { contentOf, deltaOf } from "./git-delta.ts";
import type { DeltaPiece } from "./git-delta.ts";
import { factsOf } from "./scan-rig.ts";

/** A setup with the built-in rules, all of them enabled. */
export function builtInSetup(maxDecodeDepth = 3): ScanSetup {
  const ruleSet = builtInRules();
  return {
    rules: ruleSet.rules,
    enabled: new Set(ruleSet.rules.map(({ id }) => id)),
    tables: tablesFor(ruleSet),
    wasm: kernelModule(),
    key: { kind: "published" } as unknown as ScanSetup["key"],
    now: Date.UTC(2026, 0, 1),
    maxDecodeDepth,
    keepValues: false,
    timings: false,
  };
}

/** All that an audit has to tell of what was found in one content. */
export function toldOf(scanned: Scanned | undefined): unknown {
  const { matches = [], directives = [] } = scanned ?? {};
  return {
    matches: matches.map((match) => ({ ...factsOf(match), frame: match.frame, masked: String(match.secret.masked) })),
    directives: matches.length === 0 ? [] : directives,
  };
}

/** Scans contents as an audit's thread does, each from the one before it, in the unpacker's own memory. */
export class DeltaRig {
  readonly scanner: ContentScanner;
  readonly #unpacker = new Unpacker(unpackModule());
  readonly #found: FoundObject[] = [];
  readonly #blobs: BlobAudit;
  readonly #whole: ContentScanner;
  #at = 0;
  #base: Buffer = Buffer.alloc(0);
  #depth = 0;

  constructor(setup: ScanSetup) {
    this.scanner = new ContentScanner(setup);
    this.#whole = new ContentScanner(setup);
    this.#blobs = new BlobAudit({ unpacker: this.#unpacker, scanner: this.scanner } as unknown as Workshop, this.#found);
  }

  /** What a full scan says. */
  whole(bytes: Uint8Array): unknown {
    return toldOf(this.#whole.scanBytes(bytes));
  }

  /** Begins with a content that has no base. */
  root(bytes: Buffer): unknown {
    this.#depth = 0;
    this.#at = aligned(this.#unpacker.floor);
    this.#unpacker.ensure(this.#at + 4 * bytes.length + 65_536);
    this.#unpacker.bytes.set(bytes, this.#at);
    this.#base = bytes;
    return this.#take(bytes.length, this.#at);
  }

  /** Goes on with what the pieces make of the last content. */
  next(pieces: readonly DeltaPiece[]): { readonly bytes: Buffer; readonly told: unknown } {
    const delta = deltaOf(this.#base.length, pieces);
    const bytes = contentOf(this.#base, pieces);
    const unpacker = this.#unpacker;
    const deltaAt = aligned(this.#at + this.#base.length + 64);
    const to = aligned(deltaAt + delta.length + 64);
    const piecesAt = aligned(to + bytes.length + 64);
    const free = aligned(piecesAt + 12 * delta.length + 64);
    unpacker.ensure(free + 65_536);
    unpacker.bytes.set(delta, deltaAt);
    const size = unpacker.calls.deltaSize(deltaAt, delta.length, this.#base.length) >>> 0;
    if (size !== bytes.length) throw new Error(`a delta's size was read as ${size}`);
    if (unpacker.calls.applyDelta(this.#at, this.#base.length, to, piecesAt) >>> 0 === failed)
      throw new Error("a sound delta was refused");
    if (!unpacker.view(to, size).equals(bytes)) throw new Error("a delta made other bytes");
    const count = unpacker.count("pieces");
    this.#depth++;
    const told = this.#take(size, to, { baseSize: this.#base.length, pieces: piecesAt, count }, free);
    this.#at = to;
    this.#base = bytes;
    return { bytes, told };
  }

  #take(
    size: number,
    at: number,
    delta?: { readonly baseSize: number; readonly pieces: number; readonly count: number },
    free = aligned(at + size + 64),
  ): unknown {
    const depth = this.#depth;
    this.#found.length = 0;
    this.#blobs.take(0, { entry: 0, at, size, depth, free, ...(delta === undefined ? {} : { delta }) });
    return toldOf(this.#found[0]?.scanned);
  }
}

function aligned(address: number): number {
  return Math.ceil(address / 64) * 64;
}
