// Keywords → an Aho-Corasick automaton over classes of bytes that no keyword tells apart.

import type { ByteSet } from "./byte-set.ts";
import { foldCase, bytesOf } from "./byte-set.ts";

/** State 0 is the start. Bytes with the same column lead to the same states. */
export interface KeywordAutomaton {
  readonly states: number;
  /** Column of each of the 256 bytes; column 0 is all bytes that stand in no keyword. */
  readonly columns: Uint8Array;
  readonly columnCount: number;
  /** `next[state * columnCount + column]`. */
  readonly next: Int32Array;
  /** Length of the longest keyword that ends in a state, 0 where none does. */
  readonly ends: Int32Array;
  /** The end states of the keywords, in their order. */
  readonly endOf: readonly number[];
}

/** Builds the automaton (Aho and Corasick, 1975). Keywords are latin1; at most 255 different bytes in all. */
export function keywordAutomaton(keywords: readonly string[], ignoreCase: boolean): KeywordAutomaton {
  const { columns, columnCount } = columnsOf(keywords, ignoreCase);
  const size = 1 + keywords.reduce((sum, keyword) => sum + keyword.length, 0);
  const next = new Int32Array(size * columnCount);
  const ends = new Int32Array(size);
  const endOf: number[] = [];
  let states = 1;
  for (const keyword of keywords) {
    let state = 0;
    for (let i = 0; i < keyword.length; i++) {
      const at = state * columnCount + (columns[keyword.charCodeAt(i)] ?? 0);
      if (next[at] === 0) next[at] = states++;
      state = next[at] ?? 0;
    }
    endOf.push(state);
    ends[state] = Math.max(ends[state] ?? 0, keyword.length);
  }
  link(next, ends, states, columnCount);
  return { states, columns, columnCount, next, ends, endOf };
}

function columnsOf(keywords: readonly string[], ignoreCase: boolean): { columns: Uint8Array; columnCount: number } {
  const columns = new Uint8Array(256);
  let columnCount = 1;
  for (const character of keywords.join("")) {
    const code = character.charCodeAt(0);
    if (columns[code] !== 0) continue;
    const set: ByteSet = bytesOf([code, code]);
    (ignoreCase ? foldCase(set) : set).forEach((flag, byte) => {
      if (flag === 1) columns[byte] = columnCount;
    });
    columnCount++;
  }
  return { columns, columnCount };
}

/** Completes the trie to a full automaton, breadth first, by way of the failure links. */
function link(next: Int32Array, ends: Int32Array, states: number, columnCount: number): void {
  const fail = new Int32Array(states);
  const queue = [0];
  for (const state of queue) {
    for (let column = 0; column < columnCount; column++) {
      const at = state * columnCount + column;
      const child = next[at] ?? 0;
      const viaFail = state === 0 ? 0 : (next[(fail[state] ?? 0) * columnCount + column] ?? 0);
      if (child === 0) {
        next[at] = viaFail;
      } else {
        fail[child] = viaFail;
        ends[child] = Math.max(ends[child] ?? 0, ends[viaFail] ?? 0);
        queue.push(child);
      }
    }
  }
}
