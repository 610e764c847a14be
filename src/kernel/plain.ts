// The plain twin: the same inner loops in TypeScript, where SIMD is missing and as the oracle of tests.
import { InternalError } from "../errors.ts";
import type { Engine, ScanBatch } from "./engine.ts";
import type { Hits } from "./kernel.ts";
import { decodeBase64, decodeHex, decodeUtf16 } from "./plain-convert.ts";
import { PlainFinder } from "./plain-find.ts";
import { scanPlain } from "./plain-scan.ts";
import type { KernelTables } from "./tables.ts";

const FIRST_BYTES = 1 << 20;

/** Inner loops in TypeScript; see `Engine` for the contract of each method. */
export class PlainEngine implements Engine {
  readonly kind = "plain";
  readonly floor = 64;
  readonly #finder: PlainFinder;
  #bytes = new Uint8Array(FIRST_BYTES);
  #batches: Iterator<ScanBatch> | undefined;

  constructor(tables: KernelTables) {
    this.#finder = new PlainFinder(tables);
  }

  bytes(): Uint8Array {
    return this.#bytes;
  }

  ensure(size: number): void {
    if (size <= this.#bytes.length) return;
    try {
      const larger = new Uint8Array(Math.max(size, Math.ceil(this.#bytes.length * 1.25)));
      larger.set(this.#bytes);
      this.#bytes = larger;
    } catch (cause) {
      throw new InternalError(`the matcher's memory cannot grow to ${size} bytes`, cause);
    }
  }

  reset(): void {
    this.#bytes = new Uint8Array(FIRST_BYTES);
  }

  find(at: number, length: number): Hits {
    return this.#finder.find(this.#bytes.subarray(at, at + length));
  }

  scan(at: number, length: number): ScanBatch {
    this.#batches = scanPlain(this.#bytes.subarray(at, at + length));
    return this.scanMore();
  }

  scanMore(): ScanBatch {
    const batch = this.#batches?.next();
    if (batch === undefined || batch.done === true) throw new InternalError("there is no more to scan");
    return batch.value;
  }

  base64(from: number, length: number, to: number): number {
    return decodeBase64(this.#bytes, { from, length, to });
  }

  hex(from: number, length: number, to: number): number {
    return decodeHex(this.#bytes, { from, length, to });
  }

  utf16(from: number, length: number, to: number): number {
    return decodeUtf16(this.#bytes, { from, length, to });
  }
}
