// Numbers one after the other in, typed arrays out that grew as needed, without copying what is there.

const chunkLength = 65_536;

/** A growing list of 32-bit numbers, in chunks. */
export class Numbers {
  #chunks: Uint32Array[] = [];
  #chunk = new Uint32Array(0);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#chunk.length) this.#next();
    this.#chunk[this.#length++] = value;
  }

  /** Appends every second of `count` pairs that begin at `words[from]`. */
  pushStride(words: Uint32Array, from: number, count: number): void {
    for (let index = from; index < from + 2 * count; index += 2) this.push(words[index] as number);
  }

  /** What was pushed since the last call, as arrays of its own. */
  take(): Chunks {
    const taken = [...this.#chunks, this.#chunk.slice(0, this.#length)];
    this.#chunks = [];
    this.#length = 0;
    return taken;
  }

  #next(): void {
    if (this.#length > 0) this.#chunks.push(this.#chunk);
    this.#chunk = new Uint32Array(chunkLength);
    this.#length = 0;
  }
}

/** Numbers in several arrays, to be read one after the other. */
export type Chunks = readonly Uint32Array[];

/** The numbers of several threads as one array. */
export function joined(parts: readonly Chunks[]): Uint32Array {
  const arrays = parts.flat().filter((array) => array.length > 0);
  const [only] = arrays;
  if (arrays.length === 1 && only !== undefined) return only;
  const all = new Uint32Array(arrays.reduce((sum, array) => sum + array.length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

/** Buffers that can be handed over to another thread instead of being copied. */
export function buffersOf(record: object): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const value of Object.values(record) as unknown[]) {
    for (const array of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
      if (ArrayBuffer.isView(array) && array.buffer instanceof ArrayBuffer && array.byteLength > 0)
        buffers.add(array.buffer);
    }
  }
  return [...buffers];
}
