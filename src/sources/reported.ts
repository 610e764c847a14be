// Places that an earlier report names in, their contents as they stand now out: files of a folder, objects of git.

import path from "node:path";
import { ObjectReader } from "../base/git/cat-file.ts";
import type { GitPlace } from "../base/git/environment.ts";
import type { Blob, Problem, Provenance, Skip, Source } from "../model/blob.ts";
import { readBlobs } from "./git-blobs.ts";
import { sourceError } from "./problems.ts";

/** A place, as a report names it. */
export type ReportedPlace = Pick<Provenance, "path" | "part" | "commit" | "object">;

/** An object of git by a name that ends at the line's end and starts no option. */
function objectName({ path: file, part, commit, object }: ReportedPlace): string | undefined {
  if (object !== undefined) return /^[0-9a-f]{40,64}$/.test(object) ? object : undefined;
  // A name is shown with its secret masked, so it leads nowhere.
  if (part === "name" || commit === undefined || !/^[0-9a-f]{7,64}$/.test(commit) || /[\n\0]/.test(file))
    return undefined;
  return part === "message" ? commit : `${commit}:${file}`;
}

function filesOf(places: readonly ReportedPlace[], root: string): Blob[] {
  return places.flatMap(({ path: shown, part, commit, object }) => {
    const file = path.resolve(root, shown);
    const inside = path.relative(root, file);
    if (
      part !== "file" ||
      commit !== undefined ||
      object !== undefined ||
      inside.startsWith("..") ||
      path.isAbsolute(inside)
    )
      return [];
    return [{ content: { kind: "file", file } as const, provenance: [{ path: shown, part: "file" } as const] }];
  });
}

function objectsOf(places: readonly ReportedPlace[]): ReadonlyMap<string, readonly Provenance[]> {
  const wanted = new Map<string, Provenance[]>();
  for (const place of places) {
    const name = objectName(place);
    if (name !== undefined) wanted.set(name, [place]);
  }
  return wanted;
}

/** A source of `places`, each once. Paths are relative to `root` (absolute); commits are those of its repository. */
export function reportedSource(places: readonly ReportedPlace[], root: string): Source {
  const problems: Problem[] = [];
  const skips: Skip[] = [];
  const distinct = [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
  return {
    name: "the places of a report",
    problems,
    skips,
    async *blobs(signal?: AbortSignal): AsyncGenerator<readonly Blob[]> {
      yield filesOf(distinct, root);
      const wanted = objectsOf(distinct);
      if (wanted.size === 0) return;
      const place: GitPlace = { cwd: root, repository: "discover" };
      let reader: ObjectReader | undefined;
      try {
        reader = new ObjectReader(place, { signal });
        yield* readBlobs(wanted, { reader, place, problems });
      } catch (error) {
        throw sourceError(error, root);
      } finally {
        reader?.close();
      }
    },
  };
}
