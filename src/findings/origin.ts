// A repository's history and the places of its secrets in, the origin of each secret out: when it came, how long it
// stayed, who reaches it now. One pass over the history for every 32 secrets.

import { compareText } from "../base/compare-text.ts";
import type { CommitPoint, Introduction, Origin, Presence } from "../model/history.ts";
import { orderCommits } from "./commit-order.ts";
import { condense } from "./condense.ts";
import { foldTrees } from "./fold-trees.ts";
import type { Targets } from "./fold-trees.ts";
import type { HistoryGraph, Origins, SecretPlaces } from "./history-graph.ts";
import { messagePath, NONE } from "./history-graph.ts";
import { findPlaces } from "./places.ts";
import { RefTeller } from "./reaching-refs.ts";
import type { Stretch } from "./stretches.ts";
import { StretchTeller } from "./stretches.ts";
import { listTargetFolds, perSweep, Sweep } from "./sweep.ts";

/** Secrets that stand in the same objects share an origin. */
interface Distinct {
  readonly all: readonly SecretPlaces[];
  /** By secret: its place in `all`. */
  readonly of: readonly number[];
}

function unite(secrets: readonly SecretPlaces[]): Distinct {
  const all: SecretPlaces[] = [];
  const known = new Map<string, number>();
  const sorted = (numbers: readonly number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b);
  const of = secrets.map((secret) => {
    const places = { blobs: sorted(secret.blobs), messages: sorted(secret.messages) };
    const key = `${places.blobs.join()};${places.messages.join()}`;
    const place = known.get(key) ?? all.push(places) - 1;
    known.set(key, place);
    return place;
  });
  return { all, of };
}

/** Everything the telling of one origin needs. */
class OriginTeller {
  readonly places: Pick<Origins, "places" | "cut">;
  readonly #graph: HistoryGraph;
  readonly #history: ReturnType<typeof prepare>;
  readonly #refs: RefTeller;
  readonly #stretches: StretchTeller;
  readonly #points = new Map<number, CommitPoint>();

  constructor(graph: HistoryGraph, secrets: readonly SecretPlaces[]) {
    this.#graph = graph;
    this.#history = prepare(graph, secrets);
    const { steps, folds, order, targets, sweep } = this.#history;
    this.places = findPlaces({ graph, order: order.order, steps, folds, targets });
    const objects = new Set(secrets.flatMap(({ blobs, messages }) => [...blobs, ...messages]));
    this.#refs = new RefTeller(graph, { steps, folds, sweep }, objects);
    this.#stretches = new StretchTeller(steps, sweep);
  }

  /** Origins of up to 32 secrets. */
  tell(secrets: readonly SecretPlaces[]): readonly Origin[] {
    const { sweep, targets, steps, commitOf, staged } = this.#history;
    const objects = new Map<number, number>();
    const spoken = new Map<number, number>();
    for (const [place, secret] of secrets.entries()) {
      for (const object of [...secret.blobs, ...secret.messages])
        objects.set(object, (objects.get(object) ?? 0) | (1 << place));
      for (const object of secret.messages) {
        const commit = commitOf.get(object);
        const step = commit === undefined ? NONE : (steps.stepOf[commit] as number);
        if (step !== NONE) spoken.set(step, (spoken.get(step) ?? 0) | (1 << place));
      }
    }
    const blobs = new Map<number, number>();
    let inIndex = 0;
    for (const [object, bits] of objects) {
      const target = targets.placeOf.get(object);
      if (target !== undefined) blobs.set(target, bits);
      if (staged.has(object)) inIndex |= bits;
    }
    sweep.run({ blobs, spoken });
    this.#stretches.reset();
    this.#refs.update({ objects, staged: inIndex });
    return secrets.map((secret, place) => this.#originOf(secret, place));
  }

  #originOf(secret: SecretPlaces, place: number): Origin {
    const { sweep, steps, hasGaps } = this.#history;
    const bit = 1 << place;
    const step = sweep.first[place] as number;
    const { stretches, count } = this.#stretches.tell(bit);
    const introduced = step === NONE ? undefined : this.#introduce(secret, steps.commits[step] as number);
    return {
      ...(introduced === undefined ? {} : { introduced }),
      mayBeOlder: step === NONE ? hasGaps && secret.blobs.length > 0 : (sweep.atEdge & bit) !== 0,
      exposure: this.#refs.exposure(place),
      tips: this.#refs.tips(place),
      presence: stretches.map((stretch) => this.#presenceOf(stretch)),
      ...(count > stretches.length ? { morePresence: count - stretches.length } : {}),
      refs: this.#refs.refs(place),
    };
  }

  #introduce(secret: SecretPlaces, commit: number): Introduction {
    const places = secret.blobs.flatMap((blob) => this.places.places.get(blob) ?? []);
    const born = places.filter(({ introduced }) => introduced === commit);
    const { parentStarts, objects } = this.#graph.commits;
    const isSpoken = born.length === 0 && secret.messages.includes(objects[commit] as number);
    const parents = (parentStarts[commit + 1] as number) - (parentStarts[commit] as number);
    const merge = parents > 1 && !isSpoken && !this.#history.order.stashed.has(commit);
    // A blob with more places than are told may stand at others in this commit.
    const paths = (born.length > 0 || isSpoken ? born : places).map(({ path }) => path);
    return { ...this.#point(commit), path: paths.sort(compareText)[0] ?? messagePath, merge };
  }

  #presenceOf({ from, until, untilCount }: Stretch): Presence {
    const { commits } = this.#history.steps;
    const point = (step: number): CommitPoint => this.#point(commits[step] as number);
    return {
      from: point(from),
      until: until.map(point),
      ...(untilCount > until.length ? { moreUntil: untilCount - until.length } : {}),
    };
  }

  #point(commit: number): CommitPoint {
    const known = this.#points.get(commit);
    if (known !== undefined) return known;
    const point = this.#graph.describe(commit);
    this.#points.set(commit, point);
    return point;
  }
}

/** The number of each commit whose own text holds a secret, by object number. */
function findSpoken(graph: HistoryGraph, secrets: readonly SecretPlaces[]): ReadonlyMap<number, number> {
  const wanted = new Set(secrets.flatMap(({ messages }) => messages));
  const commitOf = new Map<number, number>();
  for (let commit = 0; wanted.size > 0 && commit < graph.commits.count; commit++) {
    const object = graph.commits.objects[commit] as number;
    if (wanted.has(object)) commitOf.set(object, commit);
  }
  return commitOf;
}

function prepare(graph: HistoryGraph, secrets: readonly SecretPlaces[]) {
  const blobs = [...new Set(secrets.flatMap((secret) => secret.blobs))].sort((a, b) => a - b);
  const targets: Targets = { blobs, placeOf: new Map(blobs.map((blob, place) => [blob, place])) };
  const order = orderCommits(graph);
  const folds = foldTrees(graph, targets);
  const commitOf = findSpoken(graph, secrets);
  const steps = condense(graph, order, folds, new Set(commitOf.values()));
  const sweep = new Sweep(steps, folds, listTargetFolds(folds, blobs.length));
  const staged = new Set(graph.index.map(({ blob }) => blob));
  return { targets, order, folds, commitOf, steps, sweep, staged, hasGaps: steps.unsure.includes(1) };
}

/**
 * Traces all secrets through a repository's history. Pure: what it needs of disk it asks the graph for. Time grows with
 * the size of the graph once, and with the number of secrets only over the commits that change something about any.
 *
 * "Introduced" is the first commit, in an order with parents first, whose tree holds any blob of the secret (or whose
 * own text has it), so that a rename is no new introduction. What refs reach goes first in that order: a commit that was
 * amended away is named only when no living one has the secret.
 */
export function traceOrigins(graph: HistoryGraph, secrets: readonly SecretPlaces[]): Origins {
  const { all, of } = unite(secrets);
  const teller = new OriginTeller(graph, all);
  const origins: Origin[] = [];
  for (let start = 0; start < all.length; start += perSweep)
    origins.push(...teller.tell(all.slice(start, start + perSweep)));
  return { secrets: of.map((place) => origins[place] as Origin), ...teller.places };
}
