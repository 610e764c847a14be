// Turns the records of `git diff-index/diff-tree --raw -z` into changes, commit by commit.
// Format: git-diff-tree(1), "Raw output format" and "Diff format for merges".

import type { GitRecord } from "./records.ts";

/** One changed path. For a merge it differs from every parent. */
export interface RawChange {
  /** Commit it belongs to; absent for diff-index. */
  readonly commit?: string;
  /** Octal mode after the change: `100644`, `100755`, `120000` symlink, `160000` submodule, `000000` gone. */
  readonly mode: string;
  /** Hex object id after the change; all zeros when gone or unmerged. */
  readonly id: string;
  /** False when a side it is compared with holds the same object (only its mode changed). */
  readonly isNew: boolean;
  /** Status letters, one for each side it is compared with: `A`, `M`, `D`, `T`, `U`. */
  readonly status: string;
  readonly path: GitRecord;
}

/** Yields the changes of each batch of records, in order. */
export async function* rawChanges(batches: AsyncIterable<readonly GitRecord[]>): AsyncGenerator<RawChange[]> {
  let commit: string | undefined;
  let header: string | undefined;
  for await (const records of batches) {
    const changes: RawChange[] = [];
    for (const record of records) {
      if (header !== undefined) {
        changes.push(parseChange(header, record, commit));
        header = undefined;
      } else if (typeof record === "string" && record.startsWith(":")) header = record;
      else if (typeof record === "string" && record !== "") commit = record.trim();
    }
    yield changes;
  }
}

function parseChange(header: string, path: GitRecord, commit: string | undefined): RawChange {
  const sides = /^:+/.exec(header)?.[0].length ?? 1;
  const fields = header.slice(sides).split(" ");
  const before = fields.slice(sides + 1, 2 * sides + 1);
  const id = fields[2 * sides + 1] ?? "";
  return {
    ...(commit === undefined ? {} : { commit }),
    mode: fields[sides] ?? "",
    id,
    isNew: !before.includes(id),
    status: fields[2 * sides + 2] ?? "",
    path,
  };
}
