// Turns a readable stream, such as standard input, into one blob that is read in constant memory.

import type { Blob, Problem, Skip, Source } from "../model/blob.ts";
import { errorCode } from "./problems.ts";

/**
 * A source of one blob whose content is `stream` itself, shown as `name`. Nothing is held or spooled, so
 * the blob's `read()` may be called once. A stream that fails ends there, with a problem; an abort destroys it.
 */
export function stdinSource(stream: AsyncIterable<Uint8Array | string>, name: string): Source {
  const problems: Problem[] = [];
  const skips: Skip[] = [];

  async function* read(signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    // A read that waits for a terminal's next line would not notice an abort otherwise.
    const stop = () => endEarly(stream);
    signal?.addEventListener("abort", stop, { once: true });
    try {
      for await (const chunk of stream) {
        if (signal?.aborted === true) return;
        const piece = typeof chunk === "string" ? Buffer.from(chunk, "utf8") : chunk;
        bytes += piece.length;
        yield piece;
      }
      if (bytes === 0) skips.push({ path: name, reason: "empty" });
    } catch (error) {
      if (signal?.aborted === true) return;
      const code = errorCode(error) || "unknown error";
      const hint = code === "EISDIR" ? "A folder was given as input; name it as an argument instead." : undefined;
      const message = `${name} could not be read to its end (${code})`;
      problems.push({ kind: "unreadable", path: name, message, ...(hint === undefined ? {} : { hint }) });
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  return {
    name: "standard input",
    problems,
    skips,
    async *blobs(signal?: AbortSignal): AsyncGenerator<readonly Blob[]> {
      yield [{ content: { kind: "stream", read: () => read(signal) }, provenance: [{ path: name, part: "file" }] }];
    },
  };
}

/** Destroys a stream that can be destroyed, which also lets the process end. */
function endEarly(stream: AsyncIterable<unknown>): void {
  if ("destroy" in stream && typeof stream.destroy === "function") stream.destroy();
}
