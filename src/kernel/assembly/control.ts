// The control block: the words through which the host tells the module where things lie, and the module its counts.
// The indices are repeated in src/kernel/layout.ts; the two must agree.

const CONTROL: usize = 1024;

/** Indices of the words in the control block. */
export namespace Word {
  export const nibbles: usize = 0;
  export const heads: usize = 1;
  export const entries: usize = 2;
  export const texts: usize = 3;
  export const hashShift: usize = 4;
  export const hashMask: usize = 5;
  export const buckets: usize = 6;
  export const masks: usize = 7;
  export const candidates: usize = 8;
  export const hitOffsets: usize = 9;
  export const hitIds: usize = 10;
  export const hitCapacity: usize = 11;
  export const longestChain: usize = 12;
  export const runs: usize = 13;
  export const runCapacity: usize = 14;
  export const escapeOffsets: usize = 15;
  export const escapeKinds: usize = 16;
  export const escapeCapacity: usize = 17;
  export const scratch: usize = 18;
  export const hitCount: usize = 20;
  export const settledCount: usize = 21;
  export const runCount: usize = 22;
  export const escapeCount: usize = 23;
}

/** Reads one word of the control block. */
export function word(index: usize): u32 {
  return load<u32>(CONTROL + (index << 2));
}

/** Writes one word of the control block. */
export function setWord(index: usize, value: u32): void {
  store<u32>(CONTROL + (index << 2), value);
}
