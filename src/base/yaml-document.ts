// YAML text → a plain value, and the line and column at which each part of it stands.

import type { Document, Node, Pair, YAMLMap } from "yaml";
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from "yaml";
import { findDeepNesting } from "./yaml-nesting.ts";
import type { FilePosition } from "../errors.ts";
import { ConfigError } from "../errors.ts";

/** How many times aliases may expand before the file is taken for an attack; see the yaml package's `maxAliasCount`. */
const maxAliases = 50;

/** How deep brackets may nest: far more than any setting needs. */
export const maxDepth = 40;

/** A YAML file, parsed. */
export interface YamlDocument {
  /** Undefined for an empty file. */
  readonly value: unknown;
  /** Where the value at `path` stands; with `key`, where the key of that name in it stands. */
  positionOf(path: readonly PropertyKey[], key?: string): FilePosition;
}

/**
 * Parses one YAML 1.2 document (core schema: dates and yes/no are texts). Throws ConfigError with
 * line and column for broken syntax, duplicate keys, unknown tags, more than one document, too many
 * aliases and too deep nesting. Messages never quote the file.
 */
export function readDocument(text: string, file: string): YamlDocument {
  const lines = new LineCounter();
  const deep = findDeepNesting(text, maxDepth);
  if (deep !== undefined) {
    const before = text.slice(0, deep).split("\n");
    throw new ConfigError("nested too deeply", { file, line: before.length, column: (before.at(-1) ?? "").length + 1 });
  }
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    // Its own check is quadratic: 60,000 keys would take it a minute.
    uniqueKeys: false,
    stringKeys: true,
    version: "1.2",
  });
  const mistake = document.errors[0] ?? document.warnings[0];
  if (mistake !== undefined) {
    throw new ConfigError(plainMessage(mistake.code), at(lines, file, mistake.pos[0]));
  }
  const pairs = indexPairs(document, (offset) => {
    throw new ConfigError("this key stands in the file twice", at(lines, file, offset));
  });
  return {
    value: toValue(document, file),
    positionOf: (path, key) => at(lines, file, offsetOf({ document, pairs }, path, key)),
  };
}

function at(lines: LineCounter, file: string, offset: number): FilePosition {
  const { line, col } = lines.linePos(offset);
  return line === 0 ? { file, line: 1, column: 1 } : { file, line, column: col };
}

function toValue(document: Document.Parsed, file: string): unknown {
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) return undefined;
  try {
    return document.toJS({ maxAliasCount: maxAliases });
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    throw new ConfigError(
      "too many aliases",
      { file },
      { hint: "Write the values out instead of repeating them with *." },
    );
  }
}

/** The yaml package quotes the file in some of its messages; its codes do not. */
function plainMessage(code: string): string {
  switch (code) {
    case "MULTIPLE_DOCS":
      return "more than one YAML document (---)";
    case "TAG_RESOLVE_FAILED":
      return "tags (!) are not used here";
    case "TAB_AS_INDENT":
      return "tabs cannot indent in YAML: use spaces";
    case "NON_STRING_KEY":
      return "keys are plain texts here";
    case "BAD_INDENT":
      return "wrong indentation, or a bracket or quote that is not closed";
    case "MISSING_CHAR":
      return "something is not closed or not separated: look for a missing quote, bracket, comma or colon";
    default:
      return `not valid YAML (${code.toLowerCase().replaceAll("_", " ")})`;
  }
}

function resolve(document: Document.Parsed, node: unknown): unknown {
  return isAlias(node) ? (node.resolve(document) ?? node) : node;
}

/** A map's pairs by key. */
type Pairs = ReadonlyMap<YAMLMap, ReadonlyMap<string, Pair>>;

function indexPairs(document: Document.Parsed, onDuplicate: (offset: number) => void): Pairs {
  const pairs = new Map<YAMLMap, Map<string, Pair>>();
  visit(document, {
    Map(_, map) {
      const own = new Map<string, Pair>();
      for (const pair of map.items) {
        const key = isScalar(pair.key) ? String(pair.key.value) : "";
        if (own.has(key)) onDuplicate(rangeStart(pair.key) ?? 0);
        own.set(key, pair);
      }
      pairs.set(map, own);
    },
  });
  return pairs;
}

function offsetOf(
  { document, pairs }: { document: Document.Parsed; pairs: Pairs },
  path: readonly PropertyKey[],
  key: string | undefined,
): number {
  let node: unknown = document.contents;
  let offset = rangeStart(node) ?? 0;
  for (const [index, part] of [...path, ...(key === undefined ? [] : [key])].entries()) {
    const holder = resolve(document, node);
    if (isMap(holder)) {
      const pair = pairs.get(holder)?.get(String(part));
      const wantsKey = key !== undefined && index === path.length;
      node = wantsKey ? pair?.key : (pair?.value ?? pair?.key);
    } else if (isSeq(holder)) {
      node = holder.items[Number(part)];
    } else return offset;
    offset = rangeStart(node) ?? offset;
  }
  return offset;
}

function rangeStart(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
