// A reminder → the comment that tells of its step, once: edits of a body notify nobody, comments do.

import type { Reminder } from "../model/rotation.ts";
import { nowLine } from "./body.ts";
import type { Audience } from "./body.ts";
import { mention } from "./markdown.ts";
import { stepLine } from "./marker.ts";
import type { Seal } from "./marker.ts";
import type { Owner } from "./owners.ts";

/** What stands around the news of a comment. */
export interface Telling {
  readonly seal: Seal;
  readonly owner?: Owner | undefined;
  readonly isReopened: boolean;
}

/** The text of the comment; its first line is `stepLine` of the reminder. */
export function commentOf(reminder: Reminder, audience: Audience, { seal, owner, isReopened }: Telling): string {
  const { credential, escalateTo, open } = reminder;
  const news = `${isReopened ? "Reopened: " : ""}${nowLine(reminder, audience)}`;
  // A close is told to those who follow the issue; a call is for those who have something to do.
  const called = audience.isPrivate && open ? [owner?.name, escalateTo].filter((name) => name !== undefined) : [];
  return [
    stepLine(seal, credential, reminder),
    news,
    ...(called.length === 0 ? [] : ["", [...new Set(called.map(mention))].join(" ")]),
  ].join("\n");
}
