// What zod says of a YAML file → one ConfigError that tells every mistake with its line, column and nearest known key.

import type { z } from "zod";
import type { FilePosition } from "../errors.ts";
import { ConfigError } from "../errors.ts";
import { nearest } from "./nearest.ts";
import type { YamlDocument } from "./yaml-document.ts";

const maxMistakesShown = 20;

/** One mistake in a file. Neither text may quote the file. */
export interface Mistake {
  readonly position: FilePosition;
  readonly message: string;
  readonly hint?: string;
}

/** `allow[2].until: `, or nothing at the top. Only for paths of keys that the schema knows. */
function placeText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "";
  return `${path.map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`)).join("")}: `;
}

/** The mistake at a value. */
export function mistakeAt(document: YamlDocument, path: readonly PropertyKey[], message: string): Mistake {
  return { position: document.positionOf(path), message: `${placeText(path)}${message}` };
}

/** The mistake of a key that is not known at `path`, where `known` are. */
export function unknownKey(
  document: YamlDocument,
  path: readonly PropertyKey[],
  key: string,
  known: readonly string[],
): Mistake {
  const meant = nearest(key, known);
  return {
    position: document.positionOf(path, key),
    message: `${placeText(path)}unknown key${meant === undefined ? "" : `: did you mean ${meant}?`}`,
    hint: `Known keys: ${known.join(", ")}.`,
  };
}

/** The mistakes of one issue of a strict schema; `knownKeys` are those that may stand in the object at a path. */
export function mistakesOf(
  issue: z.core.$ZodIssue,
  document: YamlDocument,
  knownKeys: (path: readonly PropertyKey[]) => readonly string[],
): Mistake[] {
  if (issue.code !== "unrecognized_keys") return [mistakeAt(document, issue.path, issue.message)];
  return issue.keys.map((key) => unknownKey(document, issue.path, key, knownKeys(issue.path)));
}

/** One error: the first mistake of the file, the others in the lines below it, and the first hint there is. */
export function errorOf(mistakes: readonly Mistake[], document: YamlDocument): ConfigError {
  const sorted = mistakes.toSorted(
    (a, b) => (a.position.line ?? 0) - (b.position.line ?? 0) || (a.position.column ?? 0) - (b.position.column ?? 0),
  );
  const [first = { position: document.positionOf([]), message: "not valid" }, ...others] = sorted;
  const lines = others
    .slice(0, maxMistakesShown - 1)
    .map(({ position, message }) => `${position.file}:${position.line}:${position.column}: ${message}`);
  const hidden = others.length - lines.length;
  if (hidden > 0) lines.push(`and ${hidden} more`);
  const hint = sorted.find((mistake) => mistake.hint !== undefined)?.hint;
  return new ConfigError([first.message, ...lines].join("\n"), first.position, hint === undefined ? {} : { hint });
}
