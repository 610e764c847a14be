// Refs and a sweep in, who reaches each secret out, and how exposed the secret is today.

import type { Exposure, ReachingRefs } from "../model/history.ts";
import type { Steps } from "./condense.ts";
import type { Folds } from "./fold-trees.ts";
import type { HistoryGraph } from "./history-graph.ts";
import { NONE } from "./history-graph.ts";
import { groupRefs } from "./ref-groups.ts";
import type { RefGroup } from "./ref-groups.ts";
import { held } from "./ref-kinds.ts";
import { RefTally } from "./ref-tally.ts";
import type { Sweep } from "./sweep.ts";

/** Which secrets of a sweep stand in which objects. */
export interface SweepObjects {
  /** Blobs, commits and tags, by object number. */
  readonly objects: ReadonlyMap<number, number>;
  /** Secrets in the index. */
  readonly staged: number;
}

/** Tells, after a run of the sweep, who reaches each of its secrets. */
export class RefTeller {
  readonly #sweep: Sweep;
  readonly #reaching: RefTally;
  readonly #tips: RefTally;
  /** By group of `#reaching` and of `#tips`: the step that is named, or NONE. */
  readonly #steps: Uint32Array;
  readonly #tipSteps: Uint32Array;
  /** By group of `#tips`: what it names that is a target itself, its own name among it. */
  readonly #tipObjects: readonly (readonly number[])[];
  /** Groups of `#reaching` that name trees, blobs or tags that matter, with their places. */
  readonly #special: readonly (readonly [place: number, group: RefGroup])[];
  #heldBy = new Int32Array(4);
  #atTip = 0;
  #staged = 0;

  constructor(
    graph: HistoryGraph,
    { steps, folds, sweep }: { readonly steps: Steps; readonly folds: Folds; readonly sweep: Sweep },
    targets: ReadonlySet<number>,
  ) {
    this.#sweep = sweep;
    const groups = groupRefs(graph, steps, folds, targets);
    const tips = groups.filter(({ isTip, step, objects }) => isTip && (step !== NONE || objects.length > 0));
    this.#reaching = new RefTally(groups);
    this.#tips = new RefTally(tips);
    this.#steps = Uint32Array.from(groups, ({ step }) => step);
    this.#tipSteps = Uint32Array.from(tips, ({ step }) => step);
    this.#tipObjects = tips.map((group) => group.objects);
    this.#special = [...groups.entries()].filter(([, group]) => group.fold !== NONE || group.objects.length > 0);
  }

  /** To be called after each run of the sweep. */
  update({ objects, staged }: SweepObjects): void {
    const { reach, seen, heldBy } = this.#sweep;
    this.#heldBy = heldBy.slice();
    this.#staged = staged;
    this.#atTip = 0;
    for (let place = 0; place < this.#steps.length; place++) {
      const step = this.#steps[place] as number;
      this.#reaching.bits[place] = step === NONE ? 0 : (reach[step] as number);
    }
    this.#reachBeside(objects);
    for (let place = 0; place < this.#tipSteps.length; place++) {
      const step = this.#tipSteps[place] as number;
      let bits = step === NONE ? 0 : (seen[step] as number);
      for (const object of this.#tipObjects[place] as readonly number[]) bits |= objects.get(object) ?? 0;
      this.#tips.bits[place] = bits;
      this.#atTip |= bits;
    }
    this.#reaching.count();
    this.#tips.count();
  }

  /** The refs that reach a secret, by kind. */
  refs(secret: number): readonly ReachingRefs[] {
    return this.#reaching.list(secret);
  }

  /** The branches, and HEAD, whose tip has a secret. */
  tips(secret: number): readonly ReachingRefs[] {
    return this.#tips.list(secret);
  }

  /** Where a secret can be met today. */
  exposure(secret: number): Exposure {
    const bit = 1 << secret;
    const { byRefs, byStash, byReflog } = held;
    if ((this.#atTip & bit) !== 0) return "tip";
    if ((this.#staged & bit) !== 0) return "index";
    if (((this.#heldBy[byRefs] as number) & bit) !== 0) return "history";
    if (((this.#heldBy[byStash] as number) & bit) !== 0) return "stash";
    return ((this.#heldBy[byReflog] as number) & bit) === 0 ? "dangling" : "reflog";
  }

  /** What is reached through trees, blobs and tags. */
  #reachBeside(objects: ReadonlyMap<number, number>): void {
    for (const [place, { fold, holds, objects: named }] of this.#special) {
      let bits = fold === NONE ? 0 : (this.#sweep.inFold[fold] as number);
      for (const object of named) bits |= objects.get(object) ?? 0;
      this.#heldBy[holds] = (this.#heldBy[holds] as number) | bits;
      this.#reaching.bits[place] = (this.#reaching.bits[place] as number) | bits;
    }
  }
}
