// Counts in, one line on a terminal out, rewritten in place a few times a second.

import type { Writable } from "node:stream";

/** How far a scan or an audit is. */
export interface Progress {
  readonly files: number;
  readonly bytes: number;
  readonly findings: number;
  /** Audits only: objects looked at so far, and how many there are. */
  readonly objects?: number;
  readonly totalObjects?: number;
  /** Audits only: what `bytes` will be at the end, as far as it is known. */
  readonly totalBytes?: number;
}

/** A line on a terminal. */
export interface ProgressLine {
  update(progress: Progress): void;
  /** Shows a text in place of counts. */
  say(text: string): void;
  /** Removes the line. */
  done(): void;
}

const firstAfterMs = 700;
const everyMs = 120;
/** No guess before this, and none from less than this. */
const guessAfterMs = 2000;
/** The rate is that of so much time back. */
const rateOverMs = 8000;

function mebibytes(bytes: number): string {
  if (bytes >= 10 * 1024 ** 3) return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
  return `${(bytes / 1_048_576).toFixed(bytes < 10_485_760 ? 1 : 0)} MiB`;
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How much of the whole is done, from 0 to 1; undefined where the whole is not known. */
function shareOf({ bytes, totalBytes = 0, objects = 0, totalObjects = 0 }: Progress): number | undefined {
  if (totalBytes > 0) return Math.min(1, bytes / totalBytes);
  return totalObjects > 0 ? Math.min(1, objects / totalObjects) : undefined;
}

/** Guesses what is left from the pace of the last seconds. */
class Pace {
  readonly #samples: { readonly at: number; readonly share: number }[] = [];

  /** Milliseconds left, or undefined while nobody can tell. */
  left(at: number, share: number): number | undefined {
    this.#samples.push({ at, share });
    while ((this.#samples[1]?.at ?? at) <= at - rateOverMs) this.#samples.shift();
    const from = this.#samples[0] ?? { at, share };
    if (at - from.at < guessAfterMs || share <= from.share) return undefined;
    return ((1 - share) * (at - from.at)) / (share - from.share);
  }
}

function countsOf(progress: Progress): string {
  const { files, bytes, findings, objects, totalObjects, totalBytes } = progress;
  if (objects === undefined) return `scanning: ${files} contents, ${mebibytes(bytes)}, ${findings} matches`;
  const share = shareOf(progress);
  return [
    `auditing: ${share === undefined ? "" : `${Math.floor(share * 100)} %, `}${objects}${totalObjects === undefined ? "" : ` of ${totalObjects}`} objects`,
    `${mebibytes(bytes)}${totalBytes === undefined ? "" : ` of ${mebibytes(totalBytes)}`}`,
    `${findings} matches`,
  ].join(", ");
}

/** Shows progress on `stream` if it is a terminal; nothing for work that is done at once. */
export function showProgress(
  stream: Writable & { readonly isTTY?: boolean; readonly columns?: number },
  clock: () => number,
): ProgressLine {
  if (stream.isTTY !== true) return { update: () => undefined, say: () => undefined, done: () => undefined };
  const started = clock();
  const pace = new Pace();
  let last = started + firstAfterMs - everyMs;
  let shown = false;
  const write = (text: string): void => {
    shown = true;
    // A line that wraps could not be taken back.
    stream.write(`\r\u001b[2K${text.slice(0, (stream.columns ?? 200) - 1)}`);
  };
  return {
    update(progress) {
      const now = clock();
      if (now - last < everyMs) return;
      last = now;
      const share = shareOf(progress);
      const left = share === undefined ? undefined : pace.left(now, share);
      const end = left === undefined ? "" : `, about ${duration(left)} left`;
      write(`${countsOf(progress)}, ${((now - started) / 1000).toFixed(0)} s${end}`);
    },
    say: write,
    done() {
      if (shown) stream.write("\r\u001b[2K");
      shown = false;
    },
  };
}
