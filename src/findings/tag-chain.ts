// An object in, all that it names out: a tag, the tag in that tag, and at last what is no tag.

import type { HistoryGraph } from "./history-graph.ts";

/** Gives the object and what it leads to, in order, as object numbers. Tags that are not in the graph end the chain. */
export function tagChains({ tags }: HistoryGraph): (object: number) => readonly number[] {
  const targetOf = new Map((tags ?? []).map(({ object, target }) => [object, target]));
  return (object) => {
    if (!targetOf.has(object)) return [object];
    const chain = new Set<number>();
    for (let next: number | undefined = object; next !== undefined && !chain.has(next); next = targetOf.get(next))
      chain.add(next);
    return [...chain];
  };
}
