// .gitguardian.yaml (versions 1 and 2) in, entries out: ignored matches and ignored paths.

import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Document, Node, YAMLMap } from "yaml";
import { ConfigError } from "../errors.ts";
import { Secret, maskOf } from "../model/secret.ts";
import type { ForeignEntry } from "./foreign-entry.ts";

/** ggshield takes dashes and underscores for the same, and knew these lists by two names. */
const matchKeys = ["ignored_matches", "matches_ignore"];
const pathKeys = ["ignored_paths", "paths_ignore"];

/** Indentation and dashes that no such file needs; the parser recurses on them until the process dies. */
const tooDeep = /^[ \t?:-]{200}/m;

interface Reading {
  readonly list: string;
  readonly lines: LineCounter;
  readonly document: Document;
}

function positionOf(node: unknown, { list, lines }: Reading): { file: string; line: number; column: number } {
  const range = (node as Node | undefined)?.range;
  const { line, col } = lines.linePos(range?.[0] ?? 0);
  return { file: list, line: Math.max(1, line), column: Math.max(1, col) };
}

/** Follows an alias to what it stands for. */
function resolve(node: unknown, { document }: Reading): unknown {
  return (node as { resolve?: (document: Document) => unknown } | null)?.resolve?.(document) ?? node;
}

/** The text of a plain value as written: an unquoted `0123` is no number here. */
function textOf(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined;
  return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
}

/** The items of the list that stands under one of `keys`; none where it is absent or empty. */
function itemsOf(map: YAMLMap, keys: readonly string[], reading: Reading): readonly unknown[] {
  return map.items.flatMap((pair) => {
    const key = textOf(pair.key)?.replaceAll("-", "_") ?? "";
    const value = resolve(pair.value, reading);
    if (!keys.includes(key) || value === null || (isScalar(value) && value.value === null)) return [];
    if (isSeq(value)) return value.items.map((item) => resolve(item, reading));
    throw new ConfigError(`${key} must be a list`, positionOf(value, reading));
  });
}

function valueOf(map: YAMLMap, key: string): unknown {
  return map.items.find((pair) => textOf(pair.key) === key)?.value ?? undefined;
}

/** `{name, match}`, or the match alone as version 1 allows. 64 hex digits are a hash, anything else is the secret. */
function matchOf(item: unknown, reading: Reading): ForeignEntry {
  const { line } = positionOf(item, reading);
  const match = textOf(isMap(item) ? resolve(valueOf(item, "match"), reading) : item);
  if (match === undefined || match === "") {
    throw new ConfigError("an ignored match needs `match`, a text", positionOf(item, reading));
  }
  const name = isMap(item) ? textOf(valueOf(item, "name")) : undefined;
  const base = { kind: "secret", list: reading.list, listLine: line, ...(name ? { reason: name } : {}) } as const;
  return /^[0-9a-f]{64}$/i.test(match)
    ? { ...base, sha256: match.toLowerCase() }
    : { ...base, secret: new Secret(match, maskOf("", match.length)) };
}

/**
 * ggshield's patterns as globs: without a leading slash they hold in any folder, with a trailing one for all that is
 * below, and `**` only before a slash.
 */
function globsOf(pattern: string): readonly string[] {
  const path = pattern.replaceAll("\\", "/").replace(/^\.\//, "");
  const below = path.endsWith("/") ? `${path}**` : path;
  if (below.startsWith("/")) return [below.slice(1)];
  return below.startsWith("**/") ? [below] : [below, `**/${below}`];
}

function pathOf(item: unknown, reading: Reading): ForeignEntry {
  const pattern = textOf(item);
  if (pattern === undefined || pattern === "") {
    throw new ConfigError("an ignored path must be a text", positionOf(item, reading));
  }
  const { line } = positionOf(item, reading);
  return { kind: "paths", list: reading.list, listLine: line, globs: globsOf(pattern) };
}

/**
 * Reads what ggshield's configuration ignores, at the top level (version 1) and under `secret` (version 2); all else in
 * it is passed over. Damage is a ConfigError with line and column; its message holds nothing of the file.
 */
export function readGitGuardianConfig(text: string, list: string): readonly ForeignEntry[] {
  const deep = tooDeep.exec(text);
  if (deep !== null) {
    const line = text.slice(0, deep.index).split("\n").length;
    throw new ConfigError("not valid YAML: nested too deeply", { file: list, line, column: 1 });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const reading: Reading = { list, lines, document };
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new ConfigError(`not valid YAML (${error.code})`, { file: list, line, column: col });
  }
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) return [];
  if (!isMap(root)) throw new ConfigError("a mapping expected", positionOf(root, reading));
  const secret = resolve(valueOf(root, "secret"), reading);
  const maps = isMap(secret) ? [root, secret] : [root];
  return maps.flatMap((map) => [
    ...itemsOf(map, matchKeys, reading).map((item) => matchOf(item, reading)),
    ...itemsOf(map, pathKeys, reading).map((item) => pathOf(item, reading)),
  ]);
}
