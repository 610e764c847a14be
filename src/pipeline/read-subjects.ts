// Scanned contents and the fingerprints that matter in, their secrets with values out: only those contents are read again.

import { subjectsOf } from "../findings/subjects.ts";
import type { Match } from "../model/match.ts";
import type { Subject } from "../model/subject.ts";
import type { CollectedFindings } from "./collect-findings.ts";
import { ContentScanner } from "./content-scanner.ts";
import type { ScannedBlob } from "./content-scanner.ts";

/**
 * The subjects of verification, by fingerprint. The first scan keeps no values, and may run on many threads; here the
 * contents that hold what is wanted are scanned once more on this thread, with values (docs/decisions/0009). A content
 * that has changed since, or went away, simply no longer gives the fingerprint.
 */
export async function readSubjects(
  collected: Pick<CollectedFindings, "gathered" | "setup">,
  wanted: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, readonly Subject[]>> {
  const { gathered, setup } = collected;
  if (wanted.size === 0) return new Map();
  const rules = new Map(setup.rules.map((rule) => [rule.id, rule]));
  const scanner = new ContentScanner({ ...setup, keepValues: true, timings: false });
  const contents: (readonly Match[])[] = [];
  for (const blob of gathered.blobs) {
    const matches = blob.scanned?.matches ?? [];
    if (matches.some(({ fingerprint }) => wanted.has(fingerprint)))
      contents.push(await valuesOf(blob, scanner, signal));
  }
  return subjectsOf(
    contents,
    (id) => rules.get(id),
    (fingerprint) => wanted.has(fingerprint),
  );
}

/** The matches with values: those at hand where the first scan kept them, else those of a second one. */
async function valuesOf(blob: ScannedBlob, scanner: ContentScanner, signal?: AbortSignal): Promise<readonly Match[]> {
  const { content, provenance, scanned } = blob;
  if (content === undefined || signal?.aborted === true) return scanned?.matches ?? [];
  return (await scanner.scanPatiently({ content, provenance }, signal)).scanned?.matches ?? [];
}
