// An engine → a kernel: hands out regions and arenas, and puts the inner loops together.
import { decodeRuns } from "./decode.ts";
import type { Decoded } from "./decode.ts";
import type { Engine } from "./engine.ts";
import type { Hits, Kernel, Region } from "./kernel.ts";

const ALIGNMENT = 64;
const SLACK = 128;
// Memory above this is given back on release.
const KEPT_BYTES = 8 * 1024 * 1024;
const ARENAS = 6;

function aligned(address: number): number {
  return Math.ceil(address / ALIGNMENT) * ALIGNMENT;
}

/** The kernel over one engine; see `Kernel` for the contract of each method. */
export class MatcherKernel implements Kernel {
  readonly kind: "simd" | "plain";
  readonly #engine: Engine;
  // Where the content and the arenas that are alive end; arena n stands behind ends[n].
  #ends: number[];

  constructor(engine: Engine) {
    this.kind = engine.kind;
    this.#engine = engine;
    this.#ends = [engine.floor];
  }

  reserve(length: number): Region {
    const at = this.#engine.floor;
    const end = aligned(at + length + SLACK);
    this.#engine.ensure(end);
    this.#ends = [end];
    return { at, length };
  }

  view(region: Region): Uint8Array {
    return this.#engine.bytes().subarray(region.at, region.at + region.length);
  }

  find(region: Region): Hits {
    return this.#engine.find(region.at, region.length);
  }

  decode(region: Region, depth: number): Decoded {
    if (!(depth >= 0 && depth < ARENAS)) throw new RangeError(`depth ${depth} is not between 0 and ${ARENAS - 1}`);
    this.#ends.length = Math.min(this.#ends.length, depth + 1);
    const at = this.#ends[this.#ends.length - 1] ?? this.#engine.floor;
    const decoded = decodeRuns(this.#engine, region, at);
    const end = decoded.region.length === 0 ? at : aligned(at + decoded.region.length + SLACK);
    this.#engine.ensure(end);
    while (this.#ends.length < depth + 2) this.#ends.push(end);
    return decoded;
  }

  release(): void {
    this.#ends = [this.#engine.floor];
    if (this.#engine.bytes().length > KEPT_BYTES) this.#engine.reset();
  }
}
