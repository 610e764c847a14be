// The control block: words through which the host tells the module where its buffers lie, and the module its answers.
// The indices are repeated in src/base/git/unpacker.ts; the two must agree.

const CONTROL: usize = memory.data(64, 8);

/** Indices of the words in the control block. */
export namespace Word {
  /** Bytes of packed input that the last inflate took. */
  export const taken: usize = 0;
  /** Why the last call failed, one of `Fault`. */
  export const fault: usize = 1;
  /** Type of the last header, as in the pack format. */
  export const type: usize = 2;
  /** Size that the last header promises; all ones when it does not fit 32 bits. */
  export const size: usize = 3;
  /** Bytes of the last header. */
  export const headerLength: usize = 4;
  /** Distance of an offset delta's base, low and high word. */
  export const distanceLow: usize = 5;
  export const distanceHigh: usize = 6;
  /** How many pieces the last delta was made of. */
  export const pieces: usize = 7;
  /** How many zones the last delta changed, and how many bytes they take. */
  export const zones: usize = 8;
  export const zoneBytes: usize = 9;
  /** How many edges and names the last tree gave. */
  export const edges: usize = 10;
  export const names: usize = 11;
  export const held: usize = 12;
  /** Where they were written. */
  export const edgesAt: usize = 13;
  export const heldAt: usize = 14;
  export const namesAt: usize = 15;
}

/** Why a call failed. */
export namespace Fault {
  export const none: u32 = 0;
  /** The compressed data are damaged or end early. */
  export const inflate: u32 = 1;
  /** The content is longer or shorter than its header says. */
  export const size: u32 = 2;
  /** The content's own checksum does not hold. */
  export const checksum: u32 = 3;
  /** The delta is damaged, or made for another base. */
  export const delta: u32 = 4;
  /** The header is damaged. */
  export const header: u32 = 5;
  /** The tree is damaged. */
  export const tree: u32 = 6;
}

/** Address of the control block. */
export function control(): usize {
  return CONTROL;
}

/** First address that the host may use, a multiple of 64. */
export function floor(): usize {
  return (__heap_base + 63) & ~63;
}

/** Writes one word of the control block. */
export function setWord(index: usize, value: u32): void {
  store<u32>(CONTROL + (index << 2), value);
}

/** Notes why a call fails and gives the value that says so. */
export function fail(fault: u32): u32 {
  setWord(Word.fault, fault);
  return 0xffffffff;
}
