// Turns a byte stream into lines and runs of a known length, read on demand.

/** Reads a stream from front to back; what is not asked for is not read. */
export class StreamReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** The next line without its LF (latin1), or undefined at the end. */
  async line(): Promise<string | undefined> {
    for (let from = 0; ;) {
      const end = this.#held.indexOf(10, from);
      if (end >= 0) {
        const line = this.#held.toString("latin1", 0, end);
        this.#held = this.#held.subarray(end + 1);
        return line;
      }
      from = this.#held.length;
      const chunk = await this.#next();
      if (chunk === undefined) return undefined;
      this.#held = from === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    }
  }

  /** The next `size` bytes in memory of their own, or undefined when the stream ends before. */
  async exactly(size: number): Promise<Uint8Array | undefined> {
    const bytes = new Uint8Array(size);
    for (let filled = 0; ;) {
      const taken = this.#held.subarray(0, size - filled);
      bytes.set(taken, filled);
      filled += taken.length;
      this.#held = this.#held.subarray(taken.length);
      if (filled === size) return bytes;
      const chunk = await this.#next();
      if (chunk === undefined) return undefined;
      this.#held = chunk;
    }
  }

  async #next(): Promise<Buffer | undefined> {
    const { done, value } = await this.#chunks.next();
    return done === true ? undefined : value;
  }
}
