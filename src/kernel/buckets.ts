// Windows of literals → buckets with few false candidates: each literal gets a window and a bucket.
import type { NgramModel, NibbleMasks } from "./ngram-model.ts";
import type { Window } from "./windows.ts";

/** A choice of one window and one bucket per literal. */
export interface Grouping {
  readonly windows: readonly Window[];
  readonly bucketOf: readonly number[];
  /** What each bucket lets through. */
  readonly buckets: readonly NibbleMasks[];
}

/** A grouping whose cost is known. */
export interface ImprovedGrouping extends Grouping {
  /** Estimated candidates per byte of text. */
  readonly candidates: number;
}

const MOST_SWEEPS = 8;
const NOTHING: NibbleMasks = [0, 0, 0, 0, 0, 0, 0, 0];

/** Places the literals one by one, commonest first, where they add least. Quick: single-byte counts only. */
export function groupQuickly(windows: readonly Window[], count: number, model: NgramModel): Grouping {
  const buckets: NibbleMasks[] = Array.from({ length: count }, () => NOTHING);
  const costs = new Float64Array(count);
  const bucketOf = windows.map(() => 0);
  const order = [...windows.entries()].sort(([a, one], [b, other]) => other.probability - one.probability || a - b);
  for (const [index, { masks }] of order) {
    let best = 0;
    let bestGrowth = Infinity;
    for (let bucket = 0; bucket < count; bucket++) {
      const growth = model.roughProbability(buckets[bucket] ?? NOTHING, masks) - (costs[bucket] ?? 0);
      if (growth >= bestGrowth) continue;
      bestGrowth = growth;
      best = bucket;
    }
    buckets[best] = merged(buckets[best] ?? NOTHING, masks);
    costs[best] = (costs[best] ?? 0) + bestGrowth;
    bucketOf[index] = best;
  }
  return { windows, bucketOf, buckets };
}

/** Moves literals between windows and buckets, from a first grouping, until nothing gets better. May take seconds. */
export function improve(first: Grouping, choices: readonly (readonly Window[])[], model: NgramModel): ImprovedGrouping {
  const search = new Search(first, model);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let moved = false;
    for (const [index, windows] of choices.entries()) moved = search.move(index, windows) || moved;
    if (!moved) break;
  }
  return search.grouping();
}

// A grouping under change, with the cost of each bucket.
class Search {
  readonly #model: NgramModel;
  readonly #windows: Window[];
  readonly #bucketOf: number[];
  readonly #members: readonly Set<number>[];
  readonly #buckets: NibbleMasks[];
  readonly #costs: number[];

  constructor(first: Grouping, model: NgramModel) {
    this.#model = model;
    this.#windows = [...first.windows];
    this.#bucketOf = [...first.bucketOf];
    this.#buckets = [...first.buckets];
    this.#members = first.buckets.map(() => new Set<number>());
    for (const [index, bucket] of first.bucketOf.entries()) this.#members[bucket]?.add(index);
    this.#costs = this.#buckets.map((bucket) => model.windowProbability(bucket, NOTHING));
  }

  /** Gives one literal the window and bucket that cost least; whether anything changed. */
  move(index: number, windows: readonly Window[]): boolean {
    const from = this.#bucketOf[index] ?? 0;
    const current = this.#windows[index];
    this.#members[from]?.delete(index);
    const held = { masks: this.#buckets[from] ?? NOTHING, cost: this.#costs[from] ?? 0 };
    this.#refresh(from);
    let best = { bucket: from, window: current, growth: (held.cost - (this.#costs[from] ?? 0)) * (1 - 1e-9) };
    for (const [bucket, masks] of this.#buckets.entries()) {
      const cost = this.#costs[bucket] ?? 0;
      for (const window of windows) {
        const growth = this.#model.windowProbability(masks, window.masks) - cost;
        if (growth < best.growth) best = { bucket, window, growth };
      }
    }
    this.#members[best.bucket]?.add(index);
    if (best.bucket === from && best.window === current) {
      this.#buckets[from] = held.masks;
      this.#costs[from] = held.cost;
      return false;
    }
    if (best.window !== undefined) this.#windows[index] = best.window;
    this.#bucketOf[index] = best.bucket;
    this.#refresh(best.bucket);
    return true;
  }

  grouping(): ImprovedGrouping {
    const candidates = this.#costs.reduce((total, cost) => total + cost, 0);
    return { windows: this.#windows, bucketOf: this.#bucketOf, buckets: this.#buckets, candidates };
  }

  #refresh(bucket: number): void {
    let union = NOTHING;
    for (const member of this.#members[bucket] ?? []) union = merged(union, this.#windows[member]?.masks ?? NOTHING);
    this.#buckets[bucket] = union;
    this.#costs[bucket] = this.#model.windowProbability(union, NOTHING);
  }
}

function merged(a: NibbleMasks, b: NibbleMasks): NibbleMasks {
  return a.map((mask, index) => mask | (b[index] ?? 0));
}
