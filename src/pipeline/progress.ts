// Counts in, one line on a terminal out, rewritten in place a few times a second.

import type { Writable } from "node:stream";

/** How far a scan is. */
export interface Progress {
  readonly files: number;
  readonly bytes: number;
  readonly findings: number;
}

const firstAfterMs = 700;
const everyMs = 120;

function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(bytes < 10_485_760 ? 1 : 0)} MiB`;
}

/** Shows progress on `stream` if it is a terminal; nothing for work that is done at once. `done` removes the line. */
export function showProgress(
  stream: Writable & { readonly isTTY?: boolean },
  clock: () => number,
): { update(progress: Progress): void; done(): void } {
  if (stream.isTTY !== true) return { update: () => undefined, done: () => undefined };
  const started = clock();
  let last = started + firstAfterMs - everyMs;
  let shown = false;
  return {
    update(progress) {
      const now = clock();
      if (now - last < everyMs) return;
      last = now;
      shown = true;
      const seconds = ((now - started) / 1000).toFixed(0);
      const counts = `${progress.files} contents, ${mebibytes(progress.bytes)}, ${progress.findings} matches`;
      stream.write(`\r\u001b[2Kscanning: ${counts}, ${seconds} s`);
    },
    done() {
      if (shown) stream.write("\r\u001b[2K");
      shown = false;
    },
  };
}
