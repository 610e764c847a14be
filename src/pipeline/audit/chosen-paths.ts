// Finds with their places in, those at wanted paths out: `include`, `exclude` and `--path` choose among places.

import { compileGlobs } from "../../base/glob.ts";
import type { Skip } from "../../model/blob.ts";
import type { ScannedBlob } from "../content-scanner.ts";

/** Globs that a place's path must match one of (each list of them), and that it must not match. */
export interface PathChoice {
  readonly include: readonly (readonly string[])[];
  readonly exclude: readonly string[];
}

/** Leaves out the places at other paths, and finds of which no place is left; what is left out is told in `skips`. */
export function choosePlaces(blobs: readonly ScannedBlob[], choice: PathChoice, skips: Skip[]): readonly ScannedBlob[] {
  const excluded = compileGlobs(choice.exclude);
  const included = choice.include.map((globs) => compileGlobs(globs)).filter((matcher) => matcher !== undefined);
  if (excluded === undefined && included.length === 0) return blobs;
  const isWanted = (path: string) => excluded?.(path) !== true && included.every((matches) => matches(path));
  return blobs.flatMap((blob) => {
    const provenance = blob.provenance.filter(({ path, part }) => {
      if (part !== "file" && part !== "name") return true;
      // A content without a path is at none that could be left out, and at none that was asked for.
      if (path === "" ? included.length === 0 : isWanted(path)) return true;
      skips.push({ path, reason: "excluded" });
      return false;
    });
    return provenance.length === 0 ? [] : [{ ...blob, provenance }];
  });
}
