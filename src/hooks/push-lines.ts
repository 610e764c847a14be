// What git writes to a pre-push hook's standard input → the refs that the push moves.
// Format: githooks(5), "pre-push": `<local ref> SP <local object name> SP <remote ref> SP <remote object name> LF`.

import { UsageError } from "../errors.ts";
import type { PushedRef } from "../model/hook.ts";

const line = /^(\S+) ([0-9a-f]{40}|[0-9a-f]{64}) (\S+) ([0-9a-f]{40}|[0-9a-f]{64})$/;

/** The refs, in order; empty lines are left out. Throws UsageError for a line that git does not write. */
export function parsePushLines(text: string): readonly PushedRef[] {
  return text
    .split("\n")
    .map((one) => one.replace(/\r$/, ""))
    .filter((one) => one !== "")
    .map((one, index) => {
      const [, localRef, localId, remoteRef, remoteId] = line.exec(one) ?? [];
      if (localRef === undefined || localId === undefined || remoteRef === undefined || remoteId === undefined) {
        throw new UsageError(`line ${index + 1} of standard input is not what git tells a pre-push hook`, {
          hint: "Let git run this: keywarden hook install --stage pre-push",
        });
      }
      return { localRef, localId, remoteRef, remoteId };
    });
}
