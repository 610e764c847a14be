// What was looked at, what was not seen and what came of it, in words, with what to do about it.

import { counted, grouped } from "../base/counted.ts";
import type { Coverage, ObjectCounts, Report, Unseen, UnseenKind } from "../model/finding.ts";
import { sizeOf } from "./words.ts";

const unseenWords: Readonly<Record<UnseenKind, { what(count: number): string; readonly todo?: string }>> = {
  shallow: {
    what: (count) =>
      `history is cut off at ${counted(count, "commit")}: this is a shallow clone, and what came before was never fetched`,
    todo: "Fetch it with git fetch --unshallow, then audit again.",
  },
  promisor: {
    what: (count) => `${counted(count, "object is", "objects are")} only at the remote: this is a partial clone`,
    todo: "Audit a clone that was made without --filter, or the URL itself.",
  },
  damaged: {
    what: (count) => `${counted(count, "object is", "objects are")} damaged and could not be read`,
    todo: "git fsck says what is broken; another clone may hold it whole.",
  },
  "too-large": {
    what: (count) => `${counted(count, "object was", "objects were")} too large to be read`,
    todo: "Allow more memory with --max-memory.",
  },
  lfs: {
    what: (count) =>
      `${counted(count, "file is a Git LFS pointer", "files are Git LFS pointers")}: the contents are not in the repository`,
    todo: "Check them out with git lfs pull, then run keywarden scan there.",
  },
  submodule: {
    what: (count) =>
      `${counted(count, "submodule was", "submodules were")} not entered: each is a repository of its own`,
    todo: "Audit each of them: keywarden audit <folder or URL>.",
  },
  replaced: {
    what: (count) =>
      `${counted(count, "object is", "objects are")} replaced by another in git's view (refs/replace): the real ones were read`,
  },
  "out-of-scope": {
    what: (count) => `${counted(count, "object was", "objects were")} left out by --ref, --since or --path`,
  },
};

/** What was not seen of one kind, in one clause without a full stop. */
export function unseenText({ kind, count }: Unseen): string {
  return unseenWords[kind].what(count);
}

/** What to do to have it seen after all, as a sentence; undefined where there is nothing to do. */
export function unseenTodo({ kind }: Unseen): string | undefined {
  return unseenWords[kind].todo;
}

/** `a, b, ...`: the examples, and whether there are more. Empty without any. Not escaped. */
export function examplesText({ examples, count }: Unseen): string {
  return examples.length === 0 ? "" : `${examples.join(", ")}${count > examples.length ? ", ..." : ""}`;
}

/** What was not seen of one kind, with what to do: for formats that give it one line. */
export function unseenSentence(unseen: Unseen): string {
  const todo = unseenTodo(unseen);
  return `not seen: ${unseenText(unseen)}${todo === undefined ? "" : `. ${todo}`}`;
}

function objectCount({ commits, trees, blobs, tags }: ObjectCounts): number {
  return commits + trees + blobs + tags;
}

/** `1,204 commits, 5,120 trees, 3,400 blobs and 12 tags, 1.2 GB unpacked`, and the working tree where it was read. */
export function objectsText(objects: ObjectCounts): string {
  const { commits, trees, blobs, tags, bytes, worktreeFiles } = objects;
  const kinds = [counted(commits, "commit"), counted(trees, "tree"), counted(blobs, "blob")].join(", ");
  const files = worktreeFiles === undefined ? "" : `; ${counted(worktreeFiles, "file")} of the working tree`;
  return `${kinds} and ${counted(tags, "tag")}, ${sizeOf(bytes)} unpacked${files}`;
}

/** How objects came to be known other than by reading them: `45,000 known to be clean …`. Empty for none. */
export function otherwiseText({ cached, byGit }: ObjectCounts): string {
  return [
    cached === 0 ? "" : `${grouped(cached)} known to be clean from an earlier audit, and not read again`,
    byGit === 0 ? "" : `${grouped(byGit)} read through git, because keywarden could not read them itself`,
  ]
    .filter((text) => text !== "")
    .join("; ");
}

/** The shortest account of what was read: `12 files, 3.4 MB`, or `9,736 objects, 1.2 GB` of an audit. */
function amountText({ files, bytes, objects }: Coverage): string {
  if (objects === undefined) return `${counted(files, "file")}, ${sizeOf(bytes)}`;
  return `${counted(objectCount(objects), "object")}, ${sizeOf(objects.bytes)}`;
}

/** What was read, and from where: `12 files, 3.4 MB from directory .`, or an audit's objects. Not escaped. */
export function readText({ files, bytes, commits, sources, objects }: Coverage): string {
  const from = sources.length === 0 ? "nothing" : sources.join(", ");
  if (objects !== undefined) return `${objectsText(objects)}, from ${from}`;
  const parts = [counted(files, "file"), sizeOf(bytes), ...(commits === undefined ? [] : [counted(commits, "commit")])];
  return `${parts.join(", ")} from ${from}`;
}

/** Whether there was nothing at all to look at. */
export function isEmpty({ files, blobs, objects }: Coverage): boolean {
  return files === 0 && blobs === 0 && (objects === undefined || objectCount(objects) === 0);
}

/** The run in one line: `2 secrets block, 1 warns, 3 are suppressed; 12 files, 3.4 MB read`. */
export function summaryOf(report: Report): string {
  const { blocking, warnings, suppressed } = report.summary;
  const { complete } = report.coverage;
  const found = [
    blocking > 0 ? counted(blocking, "secret blocks", "secrets block") : "",
    warnings > 0 ? counted(warnings, "warning") : "",
    suppressed > 0 ? `${grouped(suppressed)} suppressed` : "",
  ].filter((part) => part !== "");
  const head = blocking + warnings === 0 ? ["no secrets found", ...found] : found;
  const trouble = report.problems.length === 0 ? "not everything was seen" : counted(report.problems.length, "problem");
  const end = complete && report.problems.length === 0 ? "" : `; incomplete: ${trouble}`;
  return `${head.join(", ")}; ${amountText(report.coverage)} read${end}`;
}
