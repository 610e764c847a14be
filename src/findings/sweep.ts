// Up to 32 secrets in, what each step of history knows of them out, one bit for each secret.

import type { Steps } from "./condense.ts";
import type { Folds } from "./fold-trees.ts";
import { isFold, numberOf } from "./fold-trees.ts";
import { GrowingNumbers } from "./growing.ts";
import { NONE } from "./history-graph.ts";

/** So many secrets go into one sweep: the bits of a number. */
export const perSweep = 32;

/** Where the secrets of one sweep stand: target numbers and steps, each with the bits of its secrets. */
export interface SweepTargets {
  readonly blobs: ReadonlyMap<number, number>;
  readonly spoken: ReadonlyMap<number, number>;
}

/** For each target, the folds in which it stands directly. */
export interface TargetFolds {
  readonly starts: Uint32Array;
  readonly folds: Uint32Array;
}

/** Turns the members of all folds around: from a target to its folds. */
export function listTargetFolds(folds: Folds, targetCount: number): TargetFolds {
  const starts = new Uint32Array(targetCount + 2);
  for (let place = 0; place < folds.members.length; place++) {
    const member = folds.members[place] as number;
    if (!isFold(member)) starts[numberOf(member) + 2] = (starts[numberOf(member) + 2] as number) + 1;
  }
  for (let target = 2; target < starts.length; target++)
    starts[target] = (starts[target] as number) + (starts[target - 1] as number);
  const found = new Uint32Array(starts[targetCount + 1] as number);
  for (let fold = 0; fold < folds.count; fold++) {
    for (let place = folds.starts[fold] as number; place < (folds.starts[fold + 1] as number); place++) {
      const member = folds.members[place] as number;
      if (isFold(member)) continue;
      const at = starts[numberOf(member) + 1] as number;
      starts[numberOf(member) + 1] = at + 1;
      found[at] = fold;
    }
  }
  return { starts, folds: found };
}

/**
 * One pass over the steps for 32 secrets. A step "holds" a secret when its tree does; where something of the tree is
 * missing, it is taken to hold what its parents hold, too. Arrays are used again by the next `run`.
 */
export class Sweep {
  /** By fold: the secrets in it. */
  readonly inFold: Int32Array;
  /** By step: the secrets in what can be seen of its tree, or in the commit's own text. */
  readonly seen: Int32Array;
  /** By step: the secrets that it holds. */
  readonly holds: Int32Array;
  /** By step: the secrets that it or a step before it has, in a tree or a text. */
  readonly reach: Int32Array;
  /** Steps at which something begins or ends, in order. */
  readonly events = new GrowingNumbers();
  /** Beside `events`: secrets that no parent holds. */
  readonly begun = new GrowingNumbers();
  /** Beside `events`: secrets that this commit takes out. */
  readonly removed = new GrowingNumbers();
  /** Beside `events`: secrets that a merge leaves out because one side had taken them out before. */
  readonly leftOut = new GrowingNumbers();
  /** Beside `events`: secrets in the commit's own text. */
  readonly spoken = new GrowingNumbers();
  /** Secrets of which a beginning is at the edge of what can be seen. */
  atEdge = 0;
  /** By secret: the first step that has it, or NONE. */
  readonly first = new Uint32Array(perSweep);
  /** By holder: the secrets that its steps have. */
  readonly heldBy = new Int32Array(4);
  /** By step: the secrets that may begin or end there. A secret's history is told of its strongest holder's steps. */
  readonly open: Int32Array;
  /** By step: was it in a tree of this step or of one before it? */
  readonly #had: Int32Array;
  readonly #steps: Steps;
  readonly #folds: Folds;
  readonly #targetFolds: TargetFolds;

  constructor(steps: Steps, folds: Folds, targetFolds: TargetFolds) {
    this.#steps = steps;
    this.#folds = folds;
    this.#targetFolds = targetFolds;
    this.inFold = new Int32Array(folds.count);
    [this.seen, this.holds, this.reach, this.open, this.#had] = Array.from(
      { length: 5 },
      () => new Int32Array(steps.count),
    ) as [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];
  }

  run(targets: SweepTargets): void {
    for (const list of [this.events, this.begun, this.removed, this.leftOut, this.spoken]) list.clear();
    this.atEdge = 0;
    this.first.fill(NONE);
    this.heldBy.fill(0);
    this.#fillFolds(targets.blobs);
    this.#pass(targets.spoken);
  }

  #fillFolds(blobs: ReadonlyMap<number, number>): void {
    const { inFold } = this;
    const { count, starts, members } = this.#folds;
    inFold.fill(0);
    let lowest = count;
    for (const [target, bits] of blobs) {
      const end = this.#targetFolds.starts[target + 1] as number;
      for (let place = this.#targetFolds.starts[target] as number; place < end; place++) {
        const fold = this.#targetFolds.folds[place] as number;
        inFold[fold] = (inFold[fold] as number) | bits;
        if (fold < lowest) lowest = fold;
      }
    }
    for (let fold = lowest; fold < count; fold++) {
      let bits = inFold[fold] as number;
      const end = starts[fold + 1] as number;
      for (let place = starts[fold] as number; place < end; place++) {
        const member = members[place] as number;
        if (isFold(member)) bits |= inFold[numberOf(member)] as number;
      }
      inFold[fold] = bits;
    }
  }

  #pass(spoken: ReadonlyMap<number, number>): void {
    const { inFold, seen, holds, reach, open, heldBy } = this;
    const had = this.#had;
    const { count, folds, parentStarts, parents, unsure, edge, holders } = this.#steps;
    let found = 0;
    let closed = 0;
    let holder = 0;
    for (let step = 0; step < count; step++) {
      const own = holders[step] as number;
      if (own > holder) {
        holder = own;
        closed = found;
      }
      const fold = folds[step] as number;
      const inTree = fold === NONE ? 0 : (inFold[fold] as number);
      let before = 0;
      let everBefore = 0;
      let takenOut = 0;
      let reachBefore = 0;
      const end = parentStarts[step + 1] as number;
      for (let place = parentStarts[step] as number; place < end; place++) {
        const parent = parents[place] as number;
        before |= holds[parent] as number;
        everBefore |= had[parent] as number;
        takenOut |= (had[parent] as number) & ~(holds[parent] as number);
        reachBefore |= reach[parent] as number;
      }
      const now = unsure[step] === 1 ? inTree | before : inTree;
      const said = spoken.size === 0 ? 0 : (spoken.get(step) ?? 0);
      seen[step] = inTree | said;
      holds[step] = now;
      had[step] = everBefore | now;
      reach[step] = reachBefore | inTree | said;
      open[step] = ~closed;
      heldBy[own] = (heldBy[own] as number) | inTree | said;
      const begun = now & ~before & ~closed;
      const gone = before & ~now & ~closed;
      const text = said & ~closed;
      if ((begun | gone | text) === 0) continue;
      if (edge[step] === 1) this.atEdge |= begun;
      this.#meet((begun | text) & ~found, step);
      found |= begun | text;
      this.events.push(step);
      this.begun.push(begun);
      this.removed.push(gone & ~takenOut);
      this.leftOut.push(gone & takenOut);
      this.spoken.push(text);
    }
  }

  #meet(fresh: number, step: number): void {
    for (let bits = fresh; bits !== 0; bits &= bits - 1) this.first[31 - Math.clz32(bits & -bits)] = step;
  }
}
