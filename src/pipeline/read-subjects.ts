// Scanned contents and the fingerprints that matter in, their secrets with values out: only those contents are read again.

import { ObjectReader, streamObject } from "../base/git/cat-file.ts";
import type { ObjectAnswer } from "../base/git/cat-file.ts";
import type { GitPlace } from "../base/git/environment.ts";
import { GitError } from "../base/git/git-error.ts";
import { subjectsOf } from "../findings/subjects.ts";
import type { Part } from "../model/blob.ts";
import type { Match } from "../model/match.ts";
import type { Subject } from "../model/subject.ts";
import { commitParts, tagParts } from "./audit/texts.ts";
import { ContentScanner } from "./content-scanner.ts";
import type { ScannedBlob } from "./content-scanner.ts";
import type { ScanSetup } from "./scan-setup.ts";

/** What contents are read again with. */
export interface Rereading {
  /** What they were scanned with. */
  readonly setup: ScanSetup;
  /** The repository of the objects among them. */
  readonly repository?: GitPlace;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The subjects of verification, by fingerprint. The first scan keeps no values, and may run on many threads; here the
 * contents that hold what is wanted are scanned once more on this thread, with values (docs/decisions/0009). A content
 * that has changed since, or went away, simply no longer gives the fingerprint.
 */
export async function readSubjects(
  blobs: readonly ScannedBlob[],
  wanted: ReadonlySet<string>,
  given: Rereading,
): Promise<ReadonlyMap<string, readonly Subject[]>> {
  if (wanted.size === 0) return new Map();
  const { setup } = given;
  const rules = new Map(setup.rules.map((rule) => [rule.id, rule]));
  const rereader = new Rereader(given);
  const holding = blobs.filter(({ scanned }) => scanned?.matches.some(({ fingerprint }) => wanted.has(fingerprint)));
  const contents: (readonly Match[])[] = [];
  for (const blob of holding) if (blob.held === undefined) contents.push(await rereader.content(blob));
  for await (const matches of rereader.objects(holding)) contents.push(matches);
  return subjectsOf(
    contents,
    (id) => rules.get(id),
    (fingerprint) => wanted.has(fingerprint),
  );
}

class Rereader {
  readonly #given: Rereading;
  readonly #scanner: ContentScanner;

  constructor(given: Rereading) {
    this.#given = given;
    this.#scanner = new ContentScanner({ ...given.setup, keepValues: true, timings: false });
  }

  /** The matches with values: those at hand where the first scan kept them, else those of a second one. */
  async content({ content, provenance, scanned }: ScannedBlob): Promise<readonly Match[]> {
    const { signal } = this.#given;
    if (content === undefined || signal?.aborted === true) return scanned?.matches ?? [];
    return (await this.#scanner.scanPatiently({ content, provenance }, signal)).scanned?.matches ?? [];
  }

  /** Those of the git objects among `blobs`, each object read once, part by part. */
  async *objects(blobs: readonly ScannedBlob[]): AsyncGenerator<readonly Match[]> {
    const { repository, signal } = this.#given;
    const parts = new Map<string, Set<Part>>();
    for (const { held } of blobs)
      if (held !== undefined) parts.set(held.object, (parts.get(held.object) ?? new Set<Part>()).add(held.part));
    if (repository === undefined || parts.size === 0) return;
    const reader = new ObjectReader(repository, { signal });
    try {
      for await (const answer of reader.read([...parts.keys()])) {
        if (answer.kind === "object") yield* this.#object(answer, parts.get(answer.id) ?? new Set(), repository);
      }
    } catch (error) {
      // A repository that went away: its secrets then count as ones whose values are gone.
      if (!(error instanceof GitError)) throw error;
    } finally {
      reader.close();
    }
  }

  async *#object(
    { id, type, bytes }: Extract<ObjectAnswer, { kind: "object" }>,
    parts: ReadonlySet<Part>,
    repository: GitPlace,
  ): AsyncGenerator<readonly Match[]> {
    if (bytes === undefined) {
      const content = { kind: "stream", read: () => streamObject(repository, id) } as const;
      yield await this.content({ content, provenance: [] });
    } else if (type === "commit" || type === "tag") {
      const texts = type === "commit" ? commitParts(bytes) : tagParts(bytes);
      for (const text of texts) if (parts.has(text.part)) yield this.#scanner.scanBytes(text.bytes).matches;
    } else yield this.#scanner.scanBytes(bytes).matches;
  }
}
