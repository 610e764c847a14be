// A sweep in, the stretches of history out during which a secret was in the tree: where each began, and what ended it.

import type { Steps } from "./condense.ts";
import type { Sweep } from "./sweep.ts";

/** So many stretches, and so many ends of one, are told; the others are counted. */
const maxStretches = 20;

/** Steps. */
export interface Stretch {
  readonly from: number;
  readonly until: readonly number[];
  readonly untilCount: number;
}

/** The first few of a list, in the order in which they were added, and how many there are. */
class Few {
  readonly items: number[] = [];
  count = 0;
  #last = -1;

  add(item: number): void {
    if (item === this.#last) return;
    this.#last = item;
    this.count++;
    if (this.items.length < maxStretches) this.items.push(item);
  }
}

interface Growing {
  readonly from: number;
  readonly removed: Few;
  readonly leftOut: Few;
}

/**
 * Groups of steps that hold the same of the 32 secrets and hang together, and which groups meet in which secrets. A
 * step joins the group of a parent that holds exactly what it holds.
 */
class Groups {
  readonly #groupOf: Int32Array;
  readonly #joints = new Map<number, number>();
  readonly #leaders: Int32Array;
  #count = 0;

  constructor(steps: Steps) {
    this.#groupOf = new Int32Array(steps.count);
    this.#leaders = new Int32Array(steps.count);
  }

  fill(steps: Steps, { holds, open }: Sweep): void {
    const { parentStarts, parents } = steps;
    this.#joints.clear();
    this.#count = 0;
    for (let step = 0; step < steps.count; step++) {
      const now = holds[step] as number;
      const end = parentStarts[step + 1] as number;
      let group = -1;
      for (let place = parentStarts[step] as number; place < end && group < 0; place++) {
        const parent = parents[place] as number;
        if (holds[parent] === now) group = this.#groupOf[parent] as number;
      }
      if (group < 0) group = this.#count++;
      this.#groupOf[step] = group;
      for (let place = parentStarts[step] as number; place < end; place++) {
        const parent = parents[place] as number;
        const shared = now & (holds[parent] as number) & (open[step] as number);
        const other = this.#groupOf[parent] as number;
        if (shared === 0 || other === group) continue;
        const joint = other * 0x4000000 + group;
        this.#joints.set(joint, (this.#joints.get(joint) ?? 0) | shared);
      }
    }
  }

  /** Joins all groups that hold the secret and touch; `leader` tells them apart afterwards. */
  join(bit: number): void {
    for (let group = 0; group < this.#count; group++) this.#leaders[group] = group;
    for (const [joint, bits] of this.#joints) {
      if ((bits & bit) === 0) continue;
      const group = this.#find(joint % 0x4000000);
      const other = this.#find(Math.floor(joint / 0x4000000));
      this.#leaders[Math.max(group, other)] = Math.min(group, other);
    }
  }

  leader(step: number): number {
    return this.#find(this.#groupOf[step] as number);
  }

  #find(group: number): number {
    const leaders = this.#leaders;
    let at = group;
    while (leaders[at] !== at) {
      const above = leaders[leaders[at] as number] as number;
      leaders[at] = above;
      at = above;
    }
    return at;
  }
}

/**
 * Tells the stretches of each secret of a sweep. A stretch is all steps that hold the secret and hang together from
 * parent to child; it begins with the first of them in the order of commits, and each step is in one stretch only.
 *
 * What ended a stretch: the commits that hold none of the secret while a parent of theirs is in the stretch. A merge
 * counts only when no other parent had it taken out before: merging a side that still has the secret into one that
 * removed it removes nothing. Should that leave a stretch with no end at all although merges left it out (the other
 * side took out an earlier copy), those merges are its ends.
 */
export class StretchTeller {
  readonly #steps: Steps;
  readonly #sweep: Sweep;
  readonly #groups: Groups;
  #filled = false;

  constructor(steps: Steps, sweep: Sweep) {
    this.#steps = steps;
    this.#sweep = sweep;
    this.#groups = new Groups(steps);
  }

  /** To be called after each run of the sweep. */
  reset(): void {
    this.#filled = false;
  }

  /** The stretches of the secret with this bit, in order; a commit whose text holds it begins one that nothing ends. */
  tell(bit: number): { readonly stretches: readonly Stretch[]; readonly count: number } {
    const { events, begun, removed, leftOut, spoken } = this.#sweep;
    let beginnings = 0;
    for (let event = 0; event < events.length; event++) if ((begun.at(event) & bit) !== 0) beginnings++;
    const isOne = beginnings <= 1;
    if (!isOne) this.#joinGroups(bit);
    const growing = new Map<number, Growing>();
    const stretchOf = (step: number): Growing | undefined => growing.get(isOne ? 0 : this.#groups.leader(step));
    const all: (Growing | number)[] = [];
    let count = 0;
    for (let event = 0; event < events.length; event++) {
      const step = events.at(event);
      if ((begun.at(event) & bit) !== 0) {
        const leader = isOne ? 0 : this.#groups.leader(step);
        if (growing.has(leader)) continue;
        const stretch = { from: step, removed: new Few(), leftOut: new Few() };
        growing.set(leader, stretch);
        if (count++ < maxStretches) all.push(stretch);
      } else if ((spoken.at(event) & bit) !== 0 && count++ < maxStretches) all.push(step);
      if (((removed.at(event) | leftOut.at(event)) & bit) !== 0) this.#end(event, bit, stretchOf);
    }
    return { stretches: all.map(settle), count };
  }

  #joinGroups(bit: number): void {
    if (!this.#filled) this.#groups.fill(this.#steps, this.#sweep);
    this.#filled = true;
    this.#groups.join(bit);
  }

  #end(event: number, bit: number, stretchOf: (step: number) => Growing | undefined): void {
    const { events, removed, holds } = this.#sweep;
    const isRemoved = (removed.at(event) & bit) !== 0;
    const step = events.at(event);
    const { parentStarts, parents } = this.#steps;
    for (let place = parentStarts[step] as number; place < (parentStarts[step + 1] as number); place++) {
      const parent = parents[place] as number;
      if (((holds[parent] as number) & bit) === 0) continue;
      const stretch = stretchOf(parent);
      (isRemoved ? stretch?.removed : stretch?.leftOut)?.add(step);
    }
  }
}

function settle(stretch: Growing | number): Stretch {
  if (typeof stretch === "number") return { from: stretch, until: [], untilCount: 0 };
  const { items, count } = stretch.removed.count > 0 ? stretch.removed : stretch.leftOut;
  return { from: stretch.from, until: items, untilCount: count };
}
