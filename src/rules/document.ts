// YAML text → its plain value, the mistakes of its syntax, and the place of every key and value in it.

import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from "yaml";
import type { Document, Node, Scalar } from "yaml";
import { findDeepNesting } from "../base/yaml-nesting.ts";

/** 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A mistake in a rule file, in a sentence, and where it stands. */
export interface Mistake extends Place {
  readonly message: string;
  readonly rule?: string;
}

/** A rule file, read but not validated. */
export interface RuleDocument {
  readonly value: unknown;
  readonly mistakes: readonly Mistake[];
  /** Place of the value at `path`, of the nearest value around it that is there, or of the key named `key` in it. */
  placeOf(path: readonly PropertyKey[], key?: string): Place;
  /** Place of a character of the text at `path`, given its offset in the text. */
  placeInText(path: readonly PropertyKey[], offset: number): Place;
}

const maxAliases = 100;
const maxDepth = 40;

/**
 * Reads one YAML 1.2 document (core schema). Duplicate keys, unknown tags, broken syntax, deep nesting, and more than
 * 100 aliases are mistakes. Never throws.
 */
export function readRuleDocument(text: string): RuleDocument {
  const lines = new LineCounter();
  const deep = findDeepNesting(text, maxDepth);
  if (deep !== undefined) return refused(placeAt(text, deep), "this is nested too deeply");
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, stringKeys: true });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const broken = [...document.errors, ...document.warnings];
  const mistakes = broken.map((error) => ({ ...place(error.pos[0]), message: sentenceOf(error.code, error.message) }));
  const aliases: number[] = [];
  visit(document, { Alias: (_, node) => void aliases.push(node.range?.[0] ?? 0) });
  if (aliases.length > maxAliases) return refused(place(aliases[maxAliases] ?? 0), `more than ${maxAliases} aliases`);
  let value: unknown;
  try {
    if (mistakes.length === 0) value = document.toJS({ maxAliasCount: 1000 });
  } catch {
    return refused(place(aliases[0] ?? 0), "an alias here is unknown, or they multiply too far");
  }
  return {
    value,
    mistakes,
    placeOf: (path, key) => place(offsetOf(document, path, key)),
    placeInText: (path, offset) => placeInText(nodeAt(document, path), offset, text, place),
  };
}

function refused(where: Place, message: string): RuleDocument {
  return { value: undefined, mistakes: [{ ...where, message }], placeOf: () => where, placeInText: () => where };
}

function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

function sentenceOf(code: string, message: string): string {
  if (code === "DUPLICATE_KEY") return "this key stands here twice";
  if (code === "MULTIPLE_DOCS") return "a rule file holds one document only";
  if (code === "TAG_RESOLVE_FAILED") return "tags (!...) are not allowed";
  return (message.split("\n")[0] ?? message).replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}

/** The node at the end of `path`, or the last one on the way that there is; aliases are followed. */
function nodeAt(document: Document, path: readonly PropertyKey[]): Node | null {
  let node = document.contents;
  for (const step of path) {
    const holder: Node | null | undefined = isAlias(node) ? node.resolve(document) : node;
    const child: unknown = isMap(holder) || isSeq(holder) ? holder.get(step, true) : undefined;
    if (child === undefined || child === null) break;
    node = child as Node;
  }
  return node;
}

function offsetOf(document: Document, path: readonly PropertyKey[], key?: string): number {
  const node = nodeAt(document, path);
  if (key !== undefined && isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
    const at = (pair?.key as Scalar | undefined)?.range?.[0];
    if (at !== undefined) return at;
  }
  return node?.range?.[0] ?? 0;
}

/** Block literals are counted line by line, as their indentation is no part of the text. */
function placeInText(node: Node | null, offset: number, source: string, place: (offset: number) => Place): Place {
  const start = node?.range?.[0] ?? 0;
  if (!isScalar(node) || typeof node.value !== "string") return place(start);
  if (node.type === "BLOCK_LITERAL") {
    const before = node.value.slice(0, offset).split("\n");
    const line = place(start).line + before.length;
    const whole = source.split("\n")[line - 1] ?? "";
    const written = node.value.split("\n")[before.length - 1] ?? "";
    const indent = Math.max(0, whole.replace(/\r$/, "").length - written.length);
    return { line, column: indent + (before.at(-1) ?? "").length + 1 };
  }
  const quote = node.type === "QUOTE_SINGLE" || node.type === "QUOTE_DOUBLE" ? 1 : 0;
  const plain = node.type === "PLAIN" || quote === 1;
  return place(plain ? start + quote + offset : start);
}
