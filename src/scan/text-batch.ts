// Many short texts in, those of them in which something may stand out: they are asked about together, then by halves.

import { Prober } from "./prober.ts";
import type { Workbench } from "./workbench.ts";

/** So many bytes are asked about at once. */
const batchBytes = 16 * 1024;
/** Between texts: ends every token, and every run of an encoding. */
const separator = "\n\u0001\n";

/** Gathers texts and tells which of them are worth a scan of their own. */
export class TextBatch<Key> {
  readonly #prober: Prober;
  readonly #onNews: (key: Key, bytes: Buffer) => void;
  readonly #keys: Key[] = [];
  /** Where each text begins, and one past the last. */
  readonly #starts: number[] = [0];
  #buffer = Buffer.alloc(2 * batchBytes);

  /** `onNews` hears of a text, in a buffer that is written over afterwards. */
  constructor(bench: Workbench, onNews: (key: Key, bytes: Buffer) => void) {
    this.#prober = new Prober(bench);
    this.#onNews = onNews;
  }

  /** Adds a text; what is gathered may be asked about now. */
  add(key: Key, bytes: Uint8Array): void {
    let end = this.#starts.at(-1) as number;
    const needed = end + bytes.length + separator.length;
    if (needed > this.#buffer.length) {
      const larger = Buffer.alloc(2 * needed);
      this.#buffer.copy(larger, 0, 0, end);
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, end);
    end += bytes.length;
    this.#buffer.write(separator, end, "latin1");
    this.#keys.push(key);
    this.#starts.push(end + separator.length);
    if (end >= batchBytes) this.flush();
  }

  /** Asks about all that is gathered. */
  flush(): void {
    if (this.#keys.length > 0) this.#ask(0, this.#keys.length);
    this.#keys.length = 0;
    this.#starts.length = 1;
    if (this.#buffer.length > 64 * batchBytes) this.#buffer = Buffer.alloc(2 * batchBytes);
  }

  #ask(first: number, last: number): void {
    const start = this.#starts[first] as number;
    const end = (this.#starts[last] as number) - separator.length;
    const bytes = this.#buffer.subarray(start, end);
    this.#prober.room(bytes.length).set(bytes);
    const zones = { words: Uint32Array.of(0, bytes.length, 0), at: 0, count: 1 };
    const news = this.#prober.findsNews({ length: bytes.length, bytes, zones }, ignorant);
    if (!news) return;
    if (last - first === 1) {
      this.#onNews(this.#keys[first] as Key, bytes);
      return;
    }
    const middle = (first + last) >>> 1;
    this.#ask(first, middle);
    this.#ask(middle, last);
  }
}

const ignorant = { isKnown: () => false, hit: () => undefined };
