// The message of a commit that is being made → one blob.

import type { Blob, Source } from "../model/blob.ts";

/** A source of one message, which has no commit yet. */
export function messageSource(message: string): Source {
  const bytes = Buffer.from(message, "utf8");
  return {
    name: "commit message",
    problems: [],
    skips: [],
    async *blobs(): AsyncGenerator<readonly Blob[]> {
      yield [{ content: { kind: "bytes", bytes }, provenance: [{ path: "COMMIT_MSG", part: "message" }] }];
    },
  };
}
