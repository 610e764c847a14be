// Commits and what refers to them in, one order for all of history out: parents first, held by refs first, old first.

import type { CommitTable, HistoryGraph } from "./history-graph.ts";
import { NONE } from "./history-graph.ts";
import { held, readRef } from "./ref-kinds.ts";

/** Every commit once. */
export interface CommitOrder {
  /**
   * Commit numbers. A commit stands after its parents; among those whose parents are placed, what refs reach comes
   * before stash, reflogs and what nothing reaches; then the earlier committer's time; then the lower id.
   */
  readonly order: Uint32Array;
  /** By commit number: what holds it, the strongest there is (a number of `held`). */
  readonly holders: Uint8Array;
  /** Commits that are stash entries: merges in form only. */
  readonly stashed: ReadonlySet<number>;
}

function markReachable(commits: CommitTable, holders: Uint8Array, tips: readonly number[], holder: number): void {
  const { parentStarts, parents } = commits;
  const stack: number[] = [];
  const meet = (commit: number): void => {
    if (commit >= commits.count || (holders[commit] as number) <= holder) return;
    holders[commit] = holder;
    stack.push(commit);
  };
  for (const tip of tips) {
    meet(tip);
    for (let commit = stack.pop(); commit !== undefined; commit = stack.pop()) {
      const end = parentStarts[commit + 1] as number;
      for (let edge = parentStarts[commit] as number; edge < end; edge++) meet(parents[edge] as number);
    }
  }
}

/** The commits that refs and reflogs name, by what they hold them with. */
function listTips(graph: HistoryGraph): readonly number[][] {
  const tips: number[][] = [[], [], []];
  for (const { name, commit } of graph.refs) if (commit !== undefined) tips[readRef(name).holds]?.push(commit);
  for (const { ref, commit } of graph.reflogs) tips[ref === "refs/stash" ? held.byStash : held.byReflog]?.push(commit);
  return tips;
}

/** The children of each commit: `starts` has one more place than there are commits. */
function listChildren(commits: CommitTable): { readonly starts: Uint32Array; readonly children: Uint32Array } {
  const { count, parentStarts, parents } = commits;
  const starts = new Uint32Array(count + 2);
  const edges = parentStarts[count] as number;
  for (let edge = 0; edge < edges; edge++) {
    const parent = parents[edge] as number;
    if (parent < count) starts[parent + 2] = (starts[parent + 2] as number) + 1;
  }
  for (let commit = 2; commit < count + 2; commit++)
    starts[commit] = (starts[commit] as number) + (starts[commit - 1] as number);
  const children = new Uint32Array(starts[count + 1] as number);
  for (let commit = 0; commit < count; commit++) {
    for (let edge = parentStarts[commit] as number; edge < (parentStarts[commit + 1] as number); edge++) {
      const parent = parents[edge] as number;
      if (parent >= count) continue;
      const place = starts[parent + 1] as number;
      starts[parent + 1] = place + 1;
      children[place] = commit;
    }
  }
  return { starts, children };
}

/** A heap of commit numbers, the one that comes first on top. */
class CommitHeap {
  readonly #items: number[] = [];
  readonly #isBefore: (a: number, b: number) => boolean;

  constructor(isBefore: (a: number, b: number) => boolean) {
    this.#isBefore = isBefore;
  }

  push(commit: number): void {
    const items = this.#items;
    let place = items.push(commit) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!this.#isBefore(commit, items[above] as number)) break;
      items[place] = items[above] as number;
      place = above;
    }
    items[place] = commit;
  }

  pop(): number | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return top;
    let place = 0;
    for (;;) {
      let below = place * 2 + 1;
      if (below >= items.length) break;
      if (below + 1 < items.length && this.#isBefore(items[below + 1] as number, items[below] as number)) below++;
      if (!this.#isBefore(items[below] as number, last)) break;
      items[place] = items[below] as number;
      place = below;
    }
    items[place] = last;
    return top;
  }
}

function sortCommits(commits: CommitTable, holders: Uint8Array): Uint32Array {
  const { count, parentStarts, parents, times, objects } = commits;
  const { starts, children } = listChildren(commits);
  const waiting = new Uint32Array(count);
  const ready = new CommitHeap((a, b) => {
    const strength = (holders[a] as number) - (holders[b] as number);
    if (strength !== 0) return strength < 0;
    const time = (times[a] as number) - (times[b] as number);
    return time === 0 ? (objects[a] as number) < (objects[b] as number) : time < 0;
  });
  for (let commit = 0; commit < count; commit++) {
    let present = 0;
    for (let edge = parentStarts[commit] as number; edge < (parentStarts[commit + 1] as number); edge++)
      if ((parents[edge] as number) < count) present++;
    waiting[commit] = present;
    if (present === 0) ready.push(commit);
  }
  const order = new Uint32Array(count).fill(NONE);
  let placed = 0;
  for (let commit = ready.pop(); commit !== undefined; commit = ready.pop()) {
    order[placed++] = commit;
    for (let edge = starts[commit] as number; edge < (starts[commit + 1] as number); edge++) {
      const child = children[edge] as number;
      const left = (waiting[child] as number) - 1;
      waiting[child] = left;
      if (left === 0) ready.push(child);
    }
  }
  // Only numbers that lie can make a circle; such commits still get their turn.
  for (let commit = 0; placed < count && commit < count; commit++)
    if ((waiting[commit] as number) > 0) order[placed++] = commit;
  return order;
}

/** Puts all commits in one order. Neither deep nor wide histories matter; a parent that is not here is no parent. */
export function orderCommits(graph: HistoryGraph): CommitOrder {
  const holders = new Uint8Array(graph.commits.count).fill(held.byNothing);
  for (const [holder, tips] of listTips(graph).entries()) markReachable(graph.commits, holders, tips, holder);
  const stashed = new Set<number>();
  for (const { name, commit } of graph.refs)
    if (commit !== undefined && readRef(name).kind === "stash") stashed.add(commit);
  for (const { ref, commit } of graph.reflogs) if (ref === "refs/stash") stashed.add(commit);
  return { order: sortCommits(graph.commits, holders), holders, stashed };
}
