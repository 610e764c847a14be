// Findings of an audit and the text of an inventory in, the same text with an entry for each new credential appended out.

import { Document, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { YAMLSeq } from "yaml";
import { compareText } from "../base/compare-text.ts";
import { dayOfInstant } from "../base/days.ts";
import { ConfigError } from "../errors.ts";
import type { Observation } from "../model/rotation.ts";
import { foundId } from "./found-id.ts";
import type { InventoryContext } from "./inventory.ts";
import { inventoryFile, parseInventory } from "./inventory.ts";
import { otherProvider } from "./inventory-schema.ts";
import { inventorySample } from "./sample.ts";

/** A secret that stands in code. */
export type FoundCredential = Extract<Observation, { kind: "finding" }>;

/** An inventory with what was adopted. */
export interface Adoption {
  /** The whole text; the given one where nothing was new. */
  readonly text: string;
  /** The ids of the new entries, in their order. */
  readonly added: readonly string[];
}

interface Entry {
  readonly id: string;
  readonly provider: string;
  readonly severity: string;
  readonly fingerprints: readonly string[];
}

/** An entry and what is told of it in a comment. */
interface NewEntry {
  readonly entry: Entry;
  readonly comment: string;
}

/**
 * Appends an entry for each finding whose fingerprint the inventory does not list, sorted by provider and fingerprint. What
 * stands in the file stays as it is, comments included. A found credential keeps the id that the ledger knows it by. The
 * day of its first commit is told in a comment and not claimed as the day it was made. Without a text a new file is made.
 * Throws ConfigError for a text that is no inventory, and for a finding that would make it none.
 */
export function adopt(
  given: string | undefined,
  findings: readonly FoundCredential[],
  context: InventoryContext,
): Adoption {
  const text = given ?? inventorySample;
  const { credentials } = parseInventory(text, context);
  const listed = new Set(credentials.flatMap(({ fingerprints }) => fingerprints));
  const taken = new Set(credentials.map(({ id }) => id));
  const sorted = findings.toSorted(
    (a, b) => compareText(a.provider, b.provider) || compareText(a.fingerprint, b.fingerprint),
  );
  const entries: NewEntry[] = [];
  for (const finding of sorted) {
    if (listed.has(finding.fingerprint)) continue;
    checkProvider(finding, context);
    listed.add(finding.fingerprint);
    const id = foundId(finding.provider, finding.fingerprint, taken);
    taken.add(id);
    const { provider, severity, fingerprint } = finding;
    entries.push({ entry: { id, provider, severity, fingerprints: [fingerprint] }, comment: commentOf(finding) });
  }
  if (entries.length === 0) return { text, added: [] };
  return { text: append(text, entries, context.file ?? inventoryFile), added: entries.map(({ entry }) => entry.id) };
}

/** An entry of a provider that the rules do not know would be refused when the inventory is read again. */
function checkProvider({ provider }: FoundCredential, { file = inventoryFile, providers }: InventoryContext): void {
  if (provider === otherProvider || providers.includes(provider)) return;
  throw new ConfigError(
    `no rule of this run knows the provider of a finding, ${provider}`,
    { file },
    { hint: "Name the file of the rules that found it in .keywarden/config.yml, under `rules`. Nothing was changed." },
  );
}

/** What is known of its age and place: no more than that it is at least so old. */
function commentOf({ firstCommitAt, mayBeOlder, places }: FoundCredential): string {
  const [place] = places;
  const where = place === undefined || place.path === "" ? "" : ` Found in ${onOneLine(place.path)}.`;
  if (firstCommitAt === undefined || mayBeOlder) return ` Age unknown: please add created.${where}`;
  return ` In code since ${dayOfInstant(firstCommitAt)}, made then or before: please add created.${where}`;
}

/** A path may hold anything; a comment ends with its line. */
function onOneLine(path: string): string {
  return path.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, "?");
}

function append(text: string, entries: readonly NewEntry[], file: string): string {
  const document = parseDocument(text);
  const list = document.get("credentials");
  const inserted = insertLines(text, isSeq(list) ? list : undefined, document.has("credentials"), entries);
  if (inserted !== undefined && holds(inserted, document, entries)) return inserted;
  const written = rewritten(parseDocument(text), entries);
  if (holds(written, document, entries)) return written;
  throw new ConfigError(
    "nothing can be added to this list of credentials",
    { file },
    {
      hint: "Write it with each credential on lines of its own, after `credentials:`, and without aliases (*).",
    },
  );
}

/** The lines of the new entries, put where the list ends; undefined where the list is not written line by line. */
function insertLines(
  text: string,
  list: YAMLSeq | undefined,
  isThere: boolean,
  entries: readonly NewEntry[],
): string | undefined {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  if (!isThere) return `${withEnd(text, eol)}credentials:${eol}${linesOf(entries, "  ", eol)}`;
  const [start, , end] = list?.range ?? [0, 0, 0];
  if (list === undefined || list.flow === true) {
    // An empty list in its usual place: its brackets give way to entries.
    const match = list?.items.length === 0 ? /\[[ \t]*\][ \t]*(?=\r?\n|$)/y : undefined;
    if (match === undefined) return undefined;
    match.lastIndex = start;
    const brackets = match.exec(text)?.[0];
    if (brackets === undefined) return undefined;
    const after = text.slice(start + brackets.length).replace(/^\r?\n/, "");
    return `${text.slice(0, start).trimEnd()}${eol}${linesOf(entries, "  ", eol)}${after}`;
  }
  const indent = text.slice(text.lastIndexOf("\n", start) + 1, start);
  const last = list.items.at(-1);
  const valueEnd = (isMap(last) || isScalar(last) ? last.range?.[1] : undefined) ?? end;
  const lineEnd = text[valueEnd - 1] === "\n" ? valueEnd : text.indexOf("\n", valueEnd) + 1;
  const at = lineEnd === 0 ? text.length : lineEnd;
  return `${withEnd(text.slice(0, at), eol)}${linesOf(entries, indent, eol)}${text.slice(at)}`;
}

function withEnd(text: string, eol: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}${eol}`;
}

function linesOf(entries: readonly NewEntry[], indent: string, eol: string): string {
  const document = new Document(entries.map(({ entry }) => entry));
  comment(document.contents, entries);
  const lines = document.toString({ lineWidth: 0 }).trimEnd().split("\n");
  return lines.map((line) => `${indent}${line}${eol}`).join("");
}

function comment(list: unknown, entries: readonly NewEntry[]): void {
  if (!isSeq(list)) return;
  for (const [index, { comment: words }] of entries.entries()) {
    const node = list.items[list.items.length - entries.length + index];
    if (isMap(node)) node.commentBefore = words;
  }
}

/** Is it the same inventory with the new entries at the end of its list? */
function holds(text: string, before: Document.Parsed, entries: readonly NewEntry[]): boolean {
  const after = parseDocument(text);
  if (after.errors.length > 0) return false;
  const old = (before.toJS() ?? {}) as Readonly<Record<string, unknown>>;
  const wanted = {
    ...old,
    credentials: [...((old["credentials"] ?? []) as unknown[]), ...entries.map(({ entry }) => entry)],
  };
  return sameContent(after.toJS(), wanted);
}

function sameContent(a: unknown, b: unknown): boolean {
  const byKey = (value: unknown): string =>
    JSON.stringify(Object.entries(value ?? {}).sort(([first], [second]) => compareText(first, second)));
  return byKey(a) === byKey(b);
}

/** Lists in brackets: the yaml package writes the file anew, with its comments and in its order. */
function rewritten(document: Document.Parsed, entries: readonly NewEntry[]): string {
  if (!document.has("credentials")) document.set("credentials", document.createNode([]));
  const list = document.get("credentials");
  if (!isSeq(list)) return "";
  for (const { entry } of entries) list.add(document.createNode(entry));
  list.flow = false;
  comment(list, entries);
  return document.toString({ lineWidth: 0 });
}
