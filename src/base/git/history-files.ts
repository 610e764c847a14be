// Turns the files by which a repository changes what its history seems to be (shallow, grafts) into ids.
// Format: gitrepository-layout(5), "shallow" and "info/grafts".

import { join } from "node:path";

import type { RepositoryPlaces } from "./object-folders.ts";
import { isMissing, readRegularFile, reasonOf } from "./regular-file.ts";

const maxBytes = 64 * 1024 * 1024;

/** Where history was cut off or bent. */
export interface HistoryFiles {
  /** Commits whose parents were not fetched. */
  readonly shallow: readonly string[];
  /** Commits that are shown with other parents than their own; `parents` are those shown. */
  readonly grafts: readonly { readonly commit: string; readonly parents: readonly string[] }[];
  /** In plain words. */
  readonly troubles: readonly string[];
}

/** Reads both files; one that is not there says nothing. */
export function readHistoryFiles(places: RepositoryPlaces): HistoryFiles {
  const troubles: string[] = [];
  const rows = (...path: string[]): string[][] => {
    const file = join(places.commonDir, ...path);
    try {
      const lines = readRegularFile(file, maxBytes).toString("latin1").split(/\r?\n/);
      const wanted = lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => line.split(" "));
      const good = wanted.filter((ids) => ids.every((id) => isId(id, places.idBytes)));
      if (good.length < wanted.length)
        troubles.push(`${file} has ${wanted.length - good.length} lines that hold no ids`);
      return good;
    } catch (error) {
      if (!isMissing(error)) troubles.push(`${file} cannot be read: ${reasonOf(error)}`);
      return [];
    }
  };
  const shallow = rows("shallow").flatMap(([id]) => id ?? []);
  const grafts = rows("info", "grafts").map(([commit = "", ...parents]) => ({ commit, parents }));
  return { shallow, grafts, troubles };
}

function isId(text: string, idBytes: 20 | 32): boolean {
  return text.length === idBytes * 2 && /^[0-9a-f]+$/.test(text);
}
