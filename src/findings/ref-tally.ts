// Groups of refs and the secrets each of them has in, counts and the first few names for each secret out.

import { compareText } from "../base/compare-text.ts";
import type { ReachingRefs } from "../model/history.ts";
import { refKinds } from "./ref-groups.ts";
import type { RefGroup } from "./ref-groups.ts";
import { perSweep } from "./sweep.ts";

/** So many names of each kind are told. */
const maxExamples = 5;

function eachBit(bits: number, take: (secret: number) => void): void {
  for (let left = bits; left !== 0; left &= left - 1) take(31 - Math.clz32(left & -left));
}

/** Counts the same groups for one sweep after the other. In arrays, because there may be many. */
export class RefTally {
  /** By group: the secrets it has. To be filled before `count`. */
  readonly bits: Int32Array;
  /** Ordered by name. */
  readonly #groups: readonly RefGroup[];
  readonly #kinds: Uint8Array;
  /** By group: how many refs it lists. */
  readonly #sizes: Uint32Array;
  /** Places in `#groups`, by kind and step: neighbours mostly have the same secrets. */
  readonly #alike: Uint32Array;
  /** By secret and kind: how many refs. */
  readonly #counts = new Uint32Array(perSweep * refKinds.length);
  /** By secret and kind: the first groups. */
  #first: RefGroup[][] = [];

  constructor(groups: readonly RefGroup[]) {
    this.#groups = groups;
    this.bits = new Int32Array(groups.length);
    this.#kinds = Uint8Array.from(groups, ({ kind }) => kind);
    this.#sizes = Uint32Array.from(groups, ({ names }) => names.length);
    const rank = groups.map(({ kind, step }) => kind * 0x100000000 + step);
    const places = [...groups.keys()].sort((a, b) => (rank[a] as number) - (rank[b] as number));
    this.#alike = Uint32Array.from(places);
  }

  count(): void {
    this.#pickFirst();
    this.#counts.fill(0);
    let kind = 0;
    let bits = 0;
    let count = 0;
    const settle = (): void =>
      eachBit(bits, (secret) => {
        const cell = secret * refKinds.length + kind;
        this.#counts[cell] = (this.#counts[cell] as number) + count;
      });
    for (let rank = 0; rank < this.#alike.length; rank++) {
      const place = this.#alike[rank] as number;
      if (this.#kinds[place] !== kind || this.bits[place] !== bits) {
        settle();
        kind = this.#kinds[place] as number;
        bits = this.bits[place] as number;
        count = 0;
      }
      count += this.#sizes[place] as number;
    }
    settle();
  }

  /** The refs that have a secret, by kind. */
  list(secret: number): readonly ReachingRefs[] {
    return refKinds.flatMap((kind, place) => {
      const cell = secret * refKinds.length + place;
      const count = this.#counts[cell] as number;
      if (count === 0) return [];
      const names = (this.#first[cell] as RefGroup[]).flatMap((group) => group.names.slice(0, maxExamples));
      return [{ kind, count, examples: names.sort(compareText).slice(0, maxExamples) }];
    });
  }

  /** The first names of all groups are among those of the first few groups. */
  #pickFirst(): void {
    this.#first = Array.from({ length: this.#counts.length }, () => []);
    const wanted = new Int32Array(refKinds.length).fill(-1);
    for (let place = 0; place < this.bits.length; place++) {
      const kind = this.#kinds[place] as number;
      const news = (this.bits[place] as number) & (wanted[kind] as number);
      if (news === 0 || this.#sizes[place] === 0) continue;
      wanted[kind] = (wanted[kind] as number) & ~this.#keepFirst(news, place);
    }
  }

  /** Keeps the group for these secrets; gives those that have enough now. Apart, so that the loop above makes no objects. */
  #keepFirst(bits: number, place: number): number {
    const kind = this.#kinds[place] as number;
    let full = 0;
    eachBit(bits, (secret) => {
      const first = this.#first[secret * refKinds.length + kind] as RefGroup[];
      if (first.push(this.#groups[place] as RefGroup) >= maxExamples) full |= 1 << secret;
    });
    return full;
  }
}
