// A pack file in, its entries' bytes in the unpacker's memory out: positional reads through a few blocks that are kept.

import { readSync } from "node:fs";
import { slackBytes } from "./unpacker.ts";
import type { Unpacker } from "./unpacker.ts";

const blockBytes = 8 * 1024;
const blockCount = 2048;

/** Where blocks and entries that span two of them are kept; one for all packs of a thread. */
export class PackWindow {
  readonly #unpacker: Unpacker;
  readonly #start: number;
  /** Block slot by pack and block number, and what each slot holds. */
  readonly #slots = new Map<number, number>();
  readonly #holders = new Float64Array(blockCount).fill(-1);
  readonly #files: readonly number[];
  #hand = 0;
  #last = -1;
  #lastSlot = 0;

  /**
   * `start` is where `PackWindow.bytes` bytes of the memory begin that are its own; `files` are descriptors of the packs,
   * opened by the caller (so that a pack that is deleted meanwhile can still be read).
   */
  constructor(unpacker: Unpacker, start: number, files: readonly number[]) {
    this.#unpacker = unpacker;
    this.#start = start;
    this.#files = files;
  }

  /** How much memory a window takes. */
  static get bytes(): number {
    return (blockCount + 1) * (blockBytes + slackBytes);
  }

  /** Largest entry that `load` takes. */
  static get mostBytes(): number {
    return blockBytes;
  }

  /**
   * The address of `length` bytes (at most `mostBytes`) at `offset` of a pack, valid until the next call. What stands
   * behind the file's end reads as zeros. Throws what the file system says.
   */
  load(pack: number, offset: number, length: number): number {
    const block = Math.floor(offset / blockBytes);
    const inside = offset - block * blockBytes;
    if (inside + length <= blockBytes) return this.#block(pack, block) + inside;
    const at = this.#start + blockCount * (blockBytes + slackBytes);
    this.read(pack, offset, length, at);
    return at;
  }

  /** Reads `length` bytes at `offset` to the address `at`, whatever their number; zeros stand for what is not there. */
  read(pack: number, offset: number, length: number, at: number): void {
    const file = this.#files[pack] as number;
    const { bytes } = this.#unpacker;
    let done = 0;
    while (done < length) {
      const count = readSync(file, bytes, at + done, length - done, offset + done);
      if (count === 0) break;
      done += count;
    }
    if (done < length) bytes.fill(0, at + done, at + length);
  }

  #block(pack: number, block: number): number {
    const key = pack * 2 ** 40 + block;
    if (key === this.#last) return this.#start + this.#lastSlot * (blockBytes + slackBytes);
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      slot = this.#hand;
      this.#hand = (this.#hand + 1) % blockCount;
      this.#slots.delete(this.#holders[slot] as number);
      this.#holders[slot] = -1;
      this.read(pack, block * blockBytes, blockBytes, this.#start + slot * (blockBytes + slackBytes));
      this.#slots.set(key, slot);
      this.#holders[slot] = key;
    }
    this.#last = key;
    this.#lastSlot = slot;
    return this.#start + slot * (blockBytes + slackBytes);
  }
}
