// Sources and an executor in, everything found in them and what was read, left out and missed out.

import type { Problem, Skip, Source } from "../model/blob.ts";
import type { Coverage } from "../model/finding.ts";
import type { BatchResult, Executor } from "./executor.ts";
import type { ScannedBlob } from "./content-scanner.ts";
import type { Progress } from "./progress.ts";

/** What was found in all sources, and how much of them was read. */
export interface Gathered {
  readonly blobs: readonly ScannedBlob[];
  readonly problems: readonly Problem[];
  readonly coverage: Coverage;
}

/** Contents that one piece of work holds at the most. */
const batchBlobs = 128;
const skipExamples = 5;
/** Within this time a signal that was sent to a whole process group has reached us. */
const signalMs = 10;

interface Tally {
  contents: number;
  places: number;
  bytes: number;
  matches: number;
  readonly blobs: ScannedBlob[];
  readonly problems: Problem[];
}

function addUp(tally: Tally, result: BatchResult): void {
  tally.contents += result.contents;
  tally.bytes += result.bytes;
  for (const blob of result.blobs) {
    tally.matches += blob.scanned?.matches.length ?? 0;
    tally.blobs.push(blob);
  }
  tally.problems.push(...result.problems);
}

/** Counts what was left out, by reason, with the first few paths of each. */
export function skippedOf(skips: readonly Skip[]): Coverage["skipped"] {
  const byReason = new Map<Skip["reason"], string[]>();
  for (const skip of skips) {
    const paths = byReason.get(skip.reason) ?? [];
    paths.push(skip.path);
    byReason.set(skip.reason, paths);
  }
  return [...byReason]
    .map(([reason, paths]) => ({ reason, count: paths.length, examples: paths.toSorted().slice(0, skipExamples) }))
    .toSorted((a, b) => (a.reason < b.reason ? -1 : 1));
}

async function drain(source: Source, executor: Executor, tally: Tally, watch: Watch): Promise<void> {
  const running = new Set<Promise<void>>();
  let failed: { readonly error: unknown } | undefined;
  for await (const blobs of source.blobs(watch.signal)) {
    for (let start = 0; start < blobs.length; start += batchBlobs) {
      if (watch.signal?.aborted === true || failed !== undefined) break;
      const batch = blobs.slice(start, start + batchBlobs);
      tally.places += batch.reduce((sum, blob) => sum + blob.provenance.length, 0);
      const work = executor
        .scan(batch)
        .then((result) => {
          addUp(tally, result);
          watch.onProgress?.({ files: tally.contents, bytes: tally.bytes, findings: tally.matches });
        })
        .catch((error: unknown) => {
          failed ??= { error };
        })
        .finally(() => running.delete(work));
      running.add(work);
      if (running.size >= executor.width) await Promise.race(running);
    }
    if (watch.signal?.aborted === true || failed !== undefined) break;
  }
  await Promise.all(running);
  if (failed !== undefined && watch.signal?.aborted !== true) throw failed.error;
}

/** How a caller follows a scan and ends it. */
export interface Watch {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

const interrupted: Problem = {
  kind: "interrupted",
  message: "the scan was interrupted: this report is not complete",
  hint: "Run it again and let it finish.",
};

/** Scans all sources. An abort ends it early with what was found so far and a problem that says so. */
export async function gather(sources: readonly Source[], executor: Executor, watch: Watch): Promise<Gathered> {
  const tally: Tally = { contents: 0, places: 0, bytes: 0, matches: 0, blobs: [], problems: [] };
  const abort = () => void executor.close();
  const unlessAborted = async (error: unknown) => {
    // Ctrl-C reaches git too: it may be gone a moment before our own signal is seen.
    await new Promise((next) => setTimeout(next, signalMs));
    if (watch.signal?.aborted !== true) throw error;
  };
  watch.signal?.addEventListener("abort", abort, { once: true });
  try {
    for (const source of sources) {
      if (watch.signal?.aborted !== true) await drain(source, executor, tally, watch).catch(unlessAborted);
    }
  } finally {
    watch.signal?.removeEventListener("abort", abort);
    await executor.close();
  }
  const stopped = watch.signal?.aborted === true ? [interrupted] : [];
  const problems = [...stopped, ...sources.flatMap((source) => source.problems), ...tally.problems];
  const commits = sources.reduce((sum, source) => sum + (source.commits ?? 0), 0);
  return {
    blobs: tally.blobs,
    problems,
    coverage: {
      complete: problems.length === 0,
      sources: sources.map((source) => source.name),
      files: tally.places,
      blobs: tally.contents,
      bytes: tally.bytes,
      ...(commits === 0 ? {} : { commits }),
      skipped: skippedOf(sources.flatMap((source) => source.skips)),
    },
  };
}
