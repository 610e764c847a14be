// The vocabulary of channels: what a run hands to one, and what comes back.

import type { Problem } from "./blob.ts";
import type { Observation, RotationAction } from "./rotation.ts";

/** What a channel could not do: what and where, and what to do about it. Holds no token and nothing of an answer. */
export type ChannelProblem = Pick<Problem, "message" | "hint">;

/** One thing that a channel changed. */
export interface Written {
  readonly what: "filed" | "told" | "updated" | "closed" | "reopened" | "joined" | "saved";
  /** Absent where it is about all of them. */
  readonly credential?: string;
  /** For people: `owner/name#12`, or a path. */
  readonly where: string;
}

/** What came of handing actions to a channel. */
export interface Delivery {
  /** What the channel learnt; `decide` is to hear of it. */
  readonly observations: readonly Observation[];
  /** What could not be told, and what to do; the next run tells it. */
  readonly problems: readonly ChannelProblem[];
  /** Ids of credentials that are not told of here, on purpose: leaks, in public. */
  readonly withheld: readonly string[];
  /** In the order of writing; empty when nothing differed. */
  readonly written: readonly Written[];
}

/** A place that shows reminders. It compares with what it shows and writes only the difference. */
export interface Channel {
  readonly name: string;
  /** Trouble is not thrown: it comes back as problems. */
  deliver(actions: readonly RotationAction[], signal?: AbortSignal): Promise<Delivery>;
}
