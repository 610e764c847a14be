// A content and versions made of it in, what the audit's delta scan and a full scan say of each out.

import { readFileSync } from "node:fs";
import { assetUrl } from "../../src/base/assets.ts";
import { failed, Unpacker } from "../../src/base/git/unpacker.ts";
import type { Unpacked } from "../../src/base/git/walk-visitor.ts";
import { chooseKey } from "../../src/findings/key.ts";
import type { Scanned } from "../../src/model/match.ts";
import { BlobAudit } from "../../src/pipeline/audit/blobs.ts";
import type { FoundObject } from "../../src/pipeline/audit/share.ts";
import type { Workshop } from "../../src/pipeline/audit/workshop.ts";
import { ContentScanner } from "../../src/pipeline/content-scanner.ts";
import { builtInRules, kernelModule, tablesFor } from "../../src/pipeline/scan-setup.ts";
import type { ScanSetup } from "../../src/pipeline/scan-setup.ts";
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
    key: chooseKey({}),
    now: Date.UTC(2026, 0, 1),
    maxDecodeDepth,
    keepValues: false,
    timings: false,
  };
}

/** The unpacker's compiled module. */
export function unpackModule(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(assetUrl("unpack.wasm")));
}

/** All that an audit has to tell of what was found in one content. */
function toldOf(scanned: Scanned | undefined): unknown {
  const { matches = [], directives = [] } = scanned ?? {};
  return {
    matches: matches.map((match) => ({ ...factsOf(match), frame: match.frame, masked: String(match.secret.masked) })),
    directives: matches.length === 0 ? [] : directives,
  };
}

interface Version {
  readonly at: number;
  readonly bytes: Buffer;
  readonly depth: number;
}

/** Scans contents as an audit's thread does, each from the one before it, in the unpacker's own memory. */
export class DeltaRig {
  /** How many contents were shown, and how many of them were scanned whole. */
  readonly scans = { taken: 0, full: 0 };
  readonly #unpacker = new Unpacker(unpackModule());
  readonly #found: FoundObject[] = [];
  readonly #blobs: BlobAudit;
  readonly #whole: ContentScanner;
  /** The versions so far: where each stands, and how many bases are above it. */
  #versions: Version[] = [];

  constructor(setup: ScanSetup) {
    const scanner = new ContentScanner(setup);
    this.#whole = new ContentScanner(setup);
    const counting = {
      bench: scanner.bench,
      scanBytes: (...given: Parameters<ContentScanner["scanBytes"]>) => {
        this.scans.full++;
        return scanner.scanBytes(...given);
      },
    };
    const tools = { unpacker: this.#unpacker, scanner: counting };
    this.#blobs = new BlobAudit(tools as unknown as Workshop, this.#found);
  }

  /** What a full scan says. */
  whole(bytes: Uint8Array): unknown {
    return toldOf(this.#whole.scanBytes(bytes));
  }

  /** Does a full scan find nothing? */
  isQuiet(bytes: Uint8Array): boolean {
    return this.#whole.scanBytes(bytes).matches.length === 0;
  }

  /** Begins with a content that has no base: version 0. */
  root(bytes: Buffer): unknown {
    const at = aligned(this.#unpacker.floor);
    this.#unpacker.ensure(at + 4 * bytes.length + 65_536);
    this.#unpacker.bytes.set(bytes, at);
    this.#versions = [{ at, bytes, depth: 0 }];
    return this.#take({ entry: 0, at, size: bytes.length, depth: 0, free: aligned(at + bytes.length + 64) });
  }

  /** Goes on with what the pieces make of an earlier version: the last one, or one on the way down to it. */
  next(pieces: readonly DeltaPiece[], base: number): { readonly bytes: Buffer; readonly told: unknown } {
    const from = this.#versions[base] as Version;
    const delta = deltaOf(from.bytes.length, pieces);
    const bytes = contentOf(from.bytes, pieces);
    const unpacker = this.#unpacker;
    const last = this.#versions.at(-1) as Version;
    const deltaAt = aligned(last.at + last.bytes.length + 64);
    const at = aligned(deltaAt + delta.length + 64);
    const piecesAt = aligned(at + bytes.length + 64);
    const free = aligned(piecesAt + 12 * delta.length + 64);
    unpacker.ensure(free + 65_536);
    unpacker.bytes.set(delta, deltaAt);
    const size = unpacker.calls.deltaSize(deltaAt, delta.length, from.bytes.length) >>> 0;
    if (size !== bytes.length) throw new Error(`a delta's size was read as ${size}`);
    if (unpacker.calls.applyDelta(from.at, from.bytes.length, at, piecesAt) >>> 0 === failed)
      throw new Error("a sound delta was refused");
    if (!unpacker.view(at, size).equals(bytes)) throw new Error("a delta made other bytes");
    const count = unpacker.count("pieces");
    const depth = from.depth + 1;
    this.#versions.push({ at, bytes, depth });
    const baseSize = from.bytes.length;
    return {
      bytes,
      told: this.#take({ entry: 0, at, size, depth, free, delta: { baseSize, pieces: piecesAt, count } }),
    };
  }

  #take(blob: Unpacked): unknown {
    this.#found.length = 0;
    this.scans.taken++;
    this.#blobs.take(0, blob);
    return toldOf(this.#found[0]?.scanned);
  }
}

function aligned(address: number): number {
  return Math.ceil(address / 64) * 64;
}
