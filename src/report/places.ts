// Where a secret stands, in words: for machines as a path, for people as path, line and column, and what else is known.

import type { Occurrence } from "../model/finding.ts";
import type { Encoding } from "../model/match.ts";

const encodingWords: Readonly<Record<Encoding, string>> = {
  "utf-16": "UTF-16",
  base64: "base64",
  base64url: "base64url",
  hex: "hex",
  percent: "percent-encoding",
  unicode: "unicode escapes",
  html: "HTML entities",
};

/** The first twelve digits of an object id. */
export function shortId(id: string): string {
  return id.slice(0, 12);
}

/** The git object that a part other than a file's content stands in. */
function holderOf(occurrence: Occurrence): string {
  const { commit, object } = occurrence;
  return (occurrence.part === "message" ? commit : (object ?? commit)) ?? "unknown";
}

/** Whether the occurrence stands in the content of a file, not of a git object without a name. */
export function inNamedFile({ part, path, object }: Occurrence): boolean {
  return part === "file" && (path !== "" || object === undefined);
}

/** The place's file for machines: its path, or `commit-message/<id>` and the like where it stands in no file. */
export function fileOf(occurrence: Occurrence): string {
  switch (occurrence.part) {
    case "message":
      return `commit-message/${holderOf(occurrence)}`;
    case "tag":
      return `tag-message/${holderOf(occurrence)}`;
    case "author":
      return `author/${holderOf(occurrence)}`;
    case "name":
      return occurrence.path;
    case "file":
      return inNamedFile(occurrence) ? occurrence.path : `blob/${occurrence.object}`;
  }
}

function partOf(occurrence: Occurrence): string {
  const holder = holderOf(occurrence);
  const short = holder === "unknown" ? holder : shortId(holder);
  switch (occurrence.part) {
    case "message":
      return occurrence.commit === undefined ? "commit message" : `message of commit ${short}`;
    case "tag":
      return `message of tag ${short}`;
    case "author":
      return occurrence.commit === undefined
        ? `tagger of tag ${short}`
        : `author or committer of commit ${shortId(occurrence.commit)}`;
    case "name":
      return occurrence.path.startsWith("refs/") ? `name of ${occurrence.path}` : `name of file ${occurrence.path}`;
    case "file":
      return inNamedFile(occurrence) ? occurrence.path : `blob ${short}`;
  }
}

/** `path:line:column`, `message of commit 1a2b3c4d5e6f:line:column`, `name of file …`. Not escaped. */
export function placeOf(occurrence: Occurrence): string {
  const what = partOf(occurrence);
  // A name and an identity are one line each, and say where in it by their mask.
  if (occurrence.part === "name" || occurrence.part === "author") return what;
  return `${what}:${occurrence.line}:${occurrence.column}`;
}

/** What else is known of a place: `inside base64`, `commit 1a2b3c4d5e6f`, author, day. May be empty. */
export function placeNotes(occurrence: Occurrence): readonly string[] {
  const { part, commit, object, decodedFrom: layers = [] } = occurrence;
  const notes: string[] = [];
  if (layers.length > 0) notes.push(`inside ${layers.map((layer) => encodingWords[layer]).join(" inside ")}`);
  if (part === "file" || part === "name") {
    if (commit !== undefined) notes.push(`commit ${shortId(commit)}`);
    else if (object !== undefined && occurrence.path !== "") notes.push(`blob ${shortId(object)}`);
  }
  if (occurrence.author !== undefined) notes.push(occurrence.author);
  if (occurrence.date !== undefined) notes.push(occurrence.date.slice(0, 10));
  return notes;
}
