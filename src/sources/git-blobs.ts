// Turns git object ids and the places they stand in into blobs, each content once.

import { streamObject, type ObjectAnswer, type ObjectReader } from "../base/git/cat-file.ts";
import type { GitPlace } from "../base/git/environment.ts";
import type { Blob, Content, Problem, Provenance } from "../model/blob.ts";

const batchBlobs = 512;
const batchBytes = 8 * 1024 * 1024;
const exampleCount = 3;

/** Object id to places, in the order in which the contents are read. */
export type Wanted = ReadonlyMap<string, readonly Provenance[]>;

/**
 * Yields the contents of `wanted` in batches of at most 512 and about 8 MiB; contents above the reader's
 * limit become streams. Objects that git does not give become one problem for each reason.
 */
export async function* readBlobs(
  wanted: Wanted,
  source: { readonly reader: ObjectReader; readonly place: GitPlace; readonly problems: Problem[] },
): AsyncGenerator<readonly Blob[]> {
  const missing = new Map<string, string[]>();
  let batch: Blob[] = [];
  let bytes = 0;
  for await (const answer of source.reader.read([...wanted.keys()])) {
    const provenance = wanted.get(answer.id) ?? [];
    if (answer.kind === "missing") {
      const places = missing.get(answer.why) ?? [];
      places.push(provenance[0]?.path ?? answer.id);
      missing.set(answer.why, places);
      continue;
    }
    batch.push({ id: answer.id, content: contentOf(answer, source.place), provenance });
    bytes += answer.bytes?.length ?? 0;
    if (batch.length < batchBlobs && bytes < batchBytes) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
  for (const [why, places] of missing) source.problems.push(missingProblem(why, places));
}

function contentOf(answer: Extract<ObjectAnswer, { kind: "object" }>, place: GitPlace): Content {
  if (answer.bytes !== undefined) return { kind: "bytes", bytes: answer.bytes };
  return { kind: "stream", read: () => streamObject(place, answer.id) };
}

function missingProblem(why: string, places: readonly string[]): Problem {
  const examples = places.slice(0, exampleCount).join(", ");
  const more = places.length > exampleCount ? " and others" : "";
  const what = places.length === 1 ? "1 content is" : `${places.length} contents are`;
  if (why === "partial") return partialProblem(`${what} not in this partial clone: ${examples}${more}`);
  return {
    kind: "git-object",
    message: `${what} missing from the repository, or damaged: ${examples}${more}`,
    hint: "Run git fsck, and fetch the repository anew.",
  };
}

/** The problem of objects that were left at a promisor remote; we never fetch. */
export function partialProblem(message: string): Problem {
  return { kind: "partial", message, hint: "Clone without --filter; keywarden never fetches by itself." };
}
