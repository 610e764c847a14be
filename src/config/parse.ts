// The text of a settings file → the settings it names, or every mistake in it with its line and column.

import { isAbsolute, relative, resolve, sep } from "node:path";
import type { z } from "zod";
import { allowLists, allowTexts } from "./allow.ts";
import type { YamlDocument } from "../base/yaml-document.ts";
import { readDocument } from "../base/yaml-document.ts";
import type { Mistake } from "../base/yaml-mistakes.ts";
import { errorOf, mistakeAt, mistakesOf, unknownKey } from "../base/yaml-mistakes.ts";
import type { Kind, Setting } from "./kinds.ts";
import { camelCase } from "./kinds.ts";
import { fileKeys, fileSchema } from "./schema.ts";
import type { PartialSettings } from "./settings.ts";
import { settings } from "./settings.ts";
import { bytesOf } from "./size.ts";

/**
 * Reads the text of a settings file. `file` is how messages name it; `root` (absolute) is what
 * relative paths in it start from, and paths in the result are absolute. An empty file is fine.
 * Throws ConfigError at the first mistake, with the others in the lines below it; messages name
 * known keys and values only, never what the file holds.
 */
export function parseConfig(text: string, file: string, root: string): PartialSettings {
  const document = readDocument(text, file);
  if (document.value === undefined) return {};
  const result = fileSchema().safeParse(document.value);
  const mistakes = result.success
    ? strayPaths(result.data, document, root)
    : result.error.issues.flatMap((issue) => settingMistakes(issue, document));
  if (!result.success || mistakes.length > 0) throw errorOf(mistakes, document);
  return toSettings(result.data, root);
}

function toSettings(data: Readonly<Record<string, unknown>>, root: string): PartialSettings {
  const result: Record<string, unknown> = {};
  for (const setting of settings as readonly Setting[]) {
    const value = data[setting.key];
    if (value !== undefined) result[camelCase(setting.key)] = settled(setting.value, value, root);
  }
  return result as PartialSettings;
}

/** Paths become absolute, sizes bytes. */
function settled(kind: Kind, value: unknown, root: string): unknown {
  if (kind.kind === "size") return bytesOf(value as number | string);
  if (kind.kind === "paths") return (value as string[]).map((path) => resolve(root, path));
  if (kind.kind === "path") return value === false ? false : resolve(root, value as string);
  if (kind.kind !== "formats") return value;
  return (value as { output?: string }[]).map((use) =>
    use.output === undefined ? use : { ...use, output: resolve(root, use.output) },
  );
}

/** A scanned repository must not choose files outside itself, or of git, for keywarden to write. */
function strayPaths(data: Readonly<Record<string, unknown>>, document: YamlDocument, root: string): Mistake[] {
  const written: [path: unknown, at: PropertyKey[]][] = [[data.baseline, ["baseline"]]];
  for (const [index, use] of ((data.format ?? []) as { output?: string }[]).entries()) {
    written.push([use.output, ["format", index, "output"]]);
  }
  return written
    .filter(([path]) => typeof path === "string" && !staysInside(root, path))
    .map(([, at]) => ({
      position: document.positionOf(at),
      message: "this file must stay inside the root, outside .git",
    }));
}

/** Whether `path`, relative to `root` or absolute, is a file below `root` and not below a `.git`. */
export function staysInside(root: string, path: string): boolean {
  const way = relative(root, resolve(root, path));
  if (way === "" || isAbsolute(way)) return false;
  const parts = way.split(sep);
  // Windows and macOS ignore case; Windows also drops trailing dots and spaces, and reads "a:b" as a stream of a.
  return parts[0] !== ".." && !parts.some((part) => /^\.git(?:[. ]*|:.*)$|^git~\d/i.test(part));
}

function settingMistakes(issue: z.core.$ZodIssue, document: YamlDocument): Mistake[] {
  if (issue.code === "unrecognized_keys" && issue.path.length === 0) {
    return issue.keys.map((key) => {
      const flagOnly = settings.some((one) => one.where === "flag" && one.key === key);
      const mistake = unknownKey(document, issue.path, key, fileKeys());
      return flagOnly ? { ...mistake, message: `${key} can only be given on the command line` } : mistake;
    });
  }
  const missing = issue.path.at(-1) === "reason" && valueAt(document.value, issue.path) === undefined;
  if (missing) return [mistakeAt(document, issue.path, "an allow entry needs a reason")];
  return mistakesOf(issue, document, knownKeys);
}

function knownKeys(path: readonly PropertyKey[]): string[] {
  if (path[0] === "allow") return [...allowLists, ...allowTexts];
  if (path[0] === "format") return ["format", "output"];
  return fileKeys();
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const part of path) current = (current as Record<PropertyKey, unknown> | null | undefined)?.[part];
  return current;
}
