// A change as its event names it in, the same change with both ends in the clone and all that lies between out.

import type { GitPlace } from "../../base/git/environment.ts";
import { SourceError } from "../../errors.ts";
import { parentsOf } from "../../sources/changed-paths.ts";
import { deepen, remoteTip } from "../../sources/deepen.ts";
import type { Remote } from "../../sources/deepen.ts";
import type { Change, Occasion } from "./occasion.ts";

/** Where history is, and how to get more of it. */
export interface HistoryPlace {
  readonly place: GitPlace;
  /** Absent: nothing is fetched. */
  readonly remote?: Remote | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onNote: (words: string) => void;
}

/** A change whose ends are in the clone. */
export interface Settled {
  /** Absent: everything that `head` reaches is new. */
  readonly base?: string | undefined;
  readonly head: string;
}

const hint = "Let actions/checkout fetch it: with: { fetch-depth: 0 }.";

/**
 * The ends of a change. The merge that the service made for trying is taken for its head where it is at hand and
 * belongs to it: what is born in a merge is then part of the change, and its base is the one that was really merged.
 */
async function endsOf({ base, head, merge }: Change, place: GitPlace): Promise<Settled> {
  const parents = merge === undefined ? undefined : await parentsOf(place, merge);
  if (merge === undefined || parents?.length !== 2 || parents[1] !== head) return { base, head };
  return { base: parents[0], head: merge };
}

async function tryDeepen(history: HistoryPlace, { base, head }: Settled): Promise<string | undefined> {
  const { place, remote, signal, onNote } = history;
  const needed = base === undefined ? { commits: [head] } : { commits: [head, base], range: { base, head } };
  const { fetched, failure } = await deepen(place, needed, remote, signal);
  if (fetched) onNote("the checkout was shallow: the missing history was fetched");
  if (failure !== undefined) onNote(`history is missing here and could not be fetched: ${failure}`);
  return failure;
}

/**
 * Makes a change readable. A base that is gone (after a forced push) is replaced by the branch that stands in for it,
 * or by nothing. What stays cut off is told by the scan itself, as a problem.
 * @throws {SourceError} where an end of it cannot be had.
 */
export async function settleChange(change: Change, history: HistoryPlace): Promise<Settled> {
  const { place, remote, signal } = history;
  const ends = await endsOf(change, place);
  if (ends.base !== undefined) {
    const failure = await tryDeepen(history, ends);
    if ((await parentsOf(place, ends.head)) === undefined) throw absent(ends.head, failure);
    if ((await parentsOf(place, ends.base)) !== undefined) return ends;
    if (!change.canLackBase) throw absent(ends.base, failure);
  }
  const tip =
    change.insteadOfBase === undefined || remote === undefined
      ? undefined
      : await remoteTip(place, remote, change.insteadOfBase, signal);
  const settled = { head: ends.head, base: tip };
  const failure = await tryDeepen(history, settled);
  if ((await parentsOf(place, settled.head)) === undefined) throw absent(settled.head, failure);
  const isThere = settled.base !== undefined && (await parentsOf(place, settled.base)) !== undefined;
  return isThere ? settled : { head: settled.head };
}

function absent(id: string, failure: string | undefined): SourceError {
  const why = failure === undefined ? "" : `, and could not be fetched: ${failure}`;
  return new SourceError(`commit ${id.slice(0, 12)} is not in this clone${why}`, { hint });
}

/** Fetches all history for a look at everything; what cannot be had is told by the audit. */
export async function settleFull({ commit }: Occasion, history: HistoryPlace): Promise<void> {
  await tryDeepen(history, { head: commit });
}
