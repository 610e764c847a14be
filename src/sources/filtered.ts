// A source and globs in, the same source without what they leave out: for contents that come from git.

import { compileGlobs } from "../base/glob.ts";
import type { Blob, Source } from "../model/blob.ts";

/**
 * Drops places that `include` does not name or `exclude` names, and contents without places; each is counted as a skip.
 * Commit messages always stay.
 */
export function filtered(source: Source, include: readonly string[], exclude: readonly string[]): Source {
  const included = compileGlobs(include);
  const excluded = compileGlobs(exclude);
  if (included === undefined && excluded === undefined) return source;
  const isKept = (path: string) => excluded?.(path) !== true && included?.(path) !== false;
  const keep = (blob: Blob): readonly Blob[] => {
    const provenance = blob.provenance.filter((place) => {
      if ((place.part !== "file" && place.part !== "name") || isKept(place.path)) return true;
      source.skips.push({ path: place.path, reason: "excluded" });
      return false;
    });
    return provenance.length === 0 ? [] : [{ ...blob, provenance }];
  };
  return {
    name: source.name,
    problems: source.problems,
    skips: source.skips,
    get commits() {
      return source.commits ?? 0;
    },
    async *blobs(signal) {
      for await (const batch of source.blobs(signal)) yield batch.flatMap(keep);
    },
  };
}
