// Lists of members in, one number for each different list out: what hash-consing of trees stands on.

import { GrowingNumbers } from "./growing.ts";
import { NONE } from "./history-graph.ts";

const smallestTable = 1024;
/** Below this, sorting in place is quicker than a call out of JavaScript. */
const shortList = 16;

/** A set of different lists of (member, name) pairs, numbered from 0. The order in which pairs are added does not matter. */
export class FoldTable {
  /** Where each list starts in `members` and `names`; one more at the end. */
  readonly starts = new GrowingNumbers();
  readonly members = new GrowingNumbers();
  readonly names = new GrowingNumbers();
  readonly #hashes = new GrowingNumbers();
  #slots = new Uint32Array(smallestTable).fill(NONE);
  /** The list at hand: pairs of name and member. */
  #pairs = new Uint32Array(shortList * 2);
  #length = 0;

  constructor() {
    this.starts.push(0);
  }

  get count(): number {
    return this.#hashes.length;
  }

  /** Is nothing in the list at hand? */
  get isEmpty(): boolean {
    return this.#length === 0;
  }

  add(member: number, name: number): void {
    if (this.#length * 2 === this.#pairs.length) {
      const larger = new Uint32Array(this.#pairs.length * 2);
      larger.set(this.#pairs);
      this.#pairs = larger;
    }
    this.#pairs[this.#length * 2] = name;
    this.#pairs[this.#length * 2 + 1] = member;
    this.#length++;
  }

  /** The number of the list at hand, which is known from now on; the next `add` starts another list. */
  close(): number {
    this.#sort();
    const hash = this.#shorten();
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const fold = this.#slots[slot] as number;
      if (fold === NONE) break;
      if (this.#hashes.at(fold) === hash && this.#equals(fold)) {
        this.#length = 0;
        return fold;
      }
      slot = (slot + 1) & mask;
    }
    const fold = this.#hashes.length;
    this.#slots[slot] = fold;
    this.#hashes.push(hash);
    for (let pair = 0; pair < this.#length; pair++) {
      this.names.push(this.#pairs[pair * 2] as number);
      this.members.push(this.#pairs[pair * 2 + 1] as number);
    }
    this.starts.push(this.members.length);
    this.#length = 0;
    if (this.#hashes.length * 2 > this.#slots.length) this.#widen();
    return fold;
  }

  #sort(): void {
    if (this.#length > shortList) {
      // Any fixed order will do, so the byte order of the machine does not matter.
      new BigUint64Array(this.#pairs.buffer, 0, this.#length).sort();
      return;
    }
    const pairs = this.#pairs;
    for (let next = 1; next < this.#length; next++) {
      const name = pairs[next * 2] as number;
      const member = pairs[next * 2 + 1] as number;
      let place = next;
      for (; place > 0; place--) {
        const before = pairs[place * 2 - 1] as number;
        if (before < member || (before === member && (pairs[place * 2 - 2] as number) <= name)) break;
        pairs[place * 2] = pairs[place * 2 - 2] as number;
        pairs[place * 2 + 1] = before;
      }
      pairs[place * 2] = name;
      pairs[place * 2 + 1] = member;
    }
  }

  /** Drops twins from the sorted list and returns its hash. */
  #shorten(): number {
    const pairs = this.#pairs;
    let kept = 0;
    let hash = 0x811c9dc5;
    for (let pair = 0; pair < this.#length; pair++) {
      const name = pairs[pair * 2] as number;
      const member = pairs[pair * 2 + 1] as number;
      if (kept > 0 && pairs[kept * 2 - 2] === name && pairs[kept * 2 - 1] === member) continue;
      pairs[kept * 2] = name;
      pairs[kept * 2 + 1] = member;
      kept++;
      hash = Math.imul(hash ^ member, 0x85ebca6b);
      hash = Math.imul(hash ^ (hash >>> 15) ^ name, 0xc2b2ae35);
      hash ^= hash >>> 13;
    }
    this.#length = kept;
    return hash >>> 0;
  }

  #equals(fold: number): boolean {
    const start = this.starts.at(fold);
    if (this.starts.at(fold + 1) - start !== this.#length) return false;
    for (let pair = 0; pair < this.#length; pair++) {
      if (this.members.at(start + pair) !== this.#pairs[pair * 2 + 1]) return false;
      if (this.names.at(start + pair) !== this.#pairs[pair * 2]) return false;
    }
    return true;
  }

  #widen(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2).fill(NONE);
    const mask = this.#slots.length - 1;
    for (let fold = 0; fold < this.#hashes.length; fold++) {
      let slot = this.#hashes.at(fold) & mask;
      while (this.#slots[slot] !== NONE) slot = (slot + 1) & mask;
      this.#slots[slot] = fold;
    }
  }
}
