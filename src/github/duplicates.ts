// Issues of one credential that were filed twice → the higher numbers closed in favour of the lowest.

import type { Written } from "../model/channel.ts";
import { duplicateBody } from "./body.ts";
import { addFiled, keepFiled } from "./desk.ts";
import type { Desk } from "./desk.ts";
import type { Issue } from "./issues.ts";
import type { Trouble } from "./trouble.ts";

/** What was joined, and what stood in the way. */
export interface Joined {
  readonly written: readonly Written[];
  readonly trouble?: Trouble;
}

/**
 * Lists again and closes duplicates: two runs at once file an issue each, and neither sees the other's before. What a
 * lagging listing hides, the next run joins.
 */
export async function joinDuplicates(desk: Desk, isToList: boolean): Promise<Joined> {
  if (isToList) {
    const listed = await desk.issues.listBy(desk.login);
    if (!listed.ok) return { written: [], trouble: listed.trouble };
    addFiled(desk, listed.data);
  }
  const written: Written[] = [];
  for (const [id, [first, ...others]] of desk.filed) {
    for (const other of others) {
      if (first === undefined || !other.isOpen) continue;
      const closed = await closeDuplicate(desk, id, { first, other });
      if (!closed.ok) return { written, trouble: closed.trouble };
      keepFiled(desk, id, closed.data);
      written.push({ what: "joined", credential: id, where: `${desk.name}#${other.number}` });
    }
  }
  return { written };
}

function closeDuplicate(
  { issues, seal }: Desk,
  id: string,
  { first, other }: { readonly first: Issue; readonly other: Issue },
): ReturnType<Desk["issues"]["update"]> {
  const state = { cycle: 0, step: "duplicate", open: false, labels: [], duplicateOf: first.number };
  const draft = { title: other.title, body: duplicateBody(seal, id, state) };
  return issues.update(other.number, draft, { closeAs: "duplicate" });
}
