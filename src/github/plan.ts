// A reminder, its issue and what we last wrote into it → what to do with the issue. Pure.

import type { Instant, Reminder } from "../model/rotation.ts";
import type { Issue } from "./issues.ts";
import type { IssueState } from "./marker.ts";

/** What is to become of an issue. Its text is brought up to date with each but `leave`. */
export interface Plan {
  readonly kind:
    | "keep" // open, and stays so
    | "reopen"
    | "close"
    | "hold" // closed by a person, and that is respected
    | "leave";
  /** Is the step news that a comment tells? */
  readonly tells: boolean;
  /** A person closed it then, and nobody knows of it yet. */
  readonly closedAt?: Instant;
}

const leave: Plan = { kind: "leave", tells: false };

/** An issue that is closed although its reminder is open. */
function planClosed(reminder: Reminder, issue: Issue, state: IssueState | undefined): Plan {
  const reopen: Plan = { kind: "reopen", tells: true };
  // We closed it ourselves: with proof, or as a duplicate of one that is gone.
  if (state?.open === false) return reopen;
  if (reminder.snoozedUntil !== undefined) return { kind: "hold", tells: false };
  const { closedAt } = issue;
  if (closedAt === undefined || closedAt <= reminder.closesHeardUntil) return reopen;
  return { kind: "hold", tells: false, closedAt };
}

/** `state` is undefined where it was damaged: then the issue's own state is believed. */
export function planOf(reminder: Reminder, issue: Issue, state: IssueState | undefined): Plan {
  const isTold = state?.cycle === reminder.cycle && state.step === reminder.step;
  if (reminder.open) {
    return issue.isOpen ? { kind: "keep", tells: !isTold } : planClosed(reminder, issue, state);
  }
  if (!issue.isOpen) return leave;
  // A person opened it again after we closed it: that is theirs to do.
  return state?.open === false && isTold ? leave : { kind: "close", tells: true };
}
