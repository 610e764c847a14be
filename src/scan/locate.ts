// Byte spans of a content in, lines, columns and masked source lines out.

import type { Directive, Frame, Location, Span } from "../model/match.ts";

const newline = 0x0a;
const frameBytes = 80;
/** How far a line break is looked for inside of hidden bytes: further than any secret is long. */
const longestLine = 64 * 1024;

/** Where a piece of a large content begins: lines before it, and UTF-16 code units since the last line break. */
export interface Origin {
  readonly line: number;
  readonly column: number;
}

/** The origin of a content that is not a piece of another. */
export const contentStart: Origin = { line: 0, column: 0 };

/** UTF-16 code units of UTF-8 bytes: continuation bytes count nothing, four-byte sequences two. */
export function utf16Length(bytes: Buffer, start: number, end: number): number {
  let units = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

/** How many line breaks `bytes[0, end)` holds; four bytes at a time, since large contents are counted whole. */
function countLines(bytes: Buffer, end: number): number {
  let lines = 0;
  let at = 0;
  const count = (until: number) => {
    for (; at < until; at++) if (bytes[at] === newline) lines++;
  };
  count(Math.min(end, (4 - (bytes.byteOffset % 4)) % 4));
  const words =
    end - at < 4 ? new Uint32Array(0) : new Uint32Array(bytes.buffer, bytes.byteOffset + at, (end - at) >> 2);
  for (let index = 0; index < words.length; index++) {
    // A byte that is a line break becomes 0, and from there 0x80; every other byte becomes 0.
    const zeroed = (words[index] as number) ^ 0x0a0a0a0a;
    const marks = ~(((zeroed & 0x7f7f7f7f) + 0x7f7f7f7f) | zeroed | 0x7f7f7f7f);
    if (marks !== 0) lines += ((marks >>> 7) & 1) + ((marks >>> 15) & 1) + ((marks >>> 23) & 1) + (marks >>> 31);
  }
  at += words.length * 4;
  count(end);
  return lines;
}

/** The origin of what follows `bytes[0, end)`, which itself begins at `origin`. */
export function originAfter(bytes: Buffer, end: number, origin: Origin): Origin {
  const line = origin.line + countLines(bytes, end);
  if (line === origin.line) return { line, column: origin.column + utf16Length(bytes, 0, end) };
  return { line, column: utf16Length(bytes, bytes.lastIndexOf(newline, end - 1) + 1, end) };
}

/** Finds lines and columns, each by walking from the last one asked for: near neighbours are cheap, on long lines too. */
export class Locator {
  readonly #bytes: Buffer;
  readonly #origin: Origin;
  #at = 0;
  #line: number;
  /** UTF-16 code units between the start of the line and `#at`. */
  #units: number;

  constructor(bytes: Buffer, origin: Origin) {
    this.#bytes = bytes;
    this.#origin = origin;
    this.#line = origin.line;
    this.#units = origin.column;
  }

  #forward(offset: number): void {
    const between = this.#bytes.subarray(this.#at, offset);
    let lineStart = -1;
    for (let next = between.indexOf(newline); next >= 0; next = between.indexOf(newline, lineStart)) {
      this.#line++;
      lineStart = next + 1;
    }
    const walked = utf16Length(between, Math.max(0, lineStart), between.length);
    this.#units = lineStart < 0 ? this.#units + walked : walked;
    this.#at = offset;
  }

  #back(offset: number): void {
    const between = this.#bytes.subarray(offset, this.#at);
    let breaks = 0;
    for (let next = between.indexOf(newline); next >= 0; next = between.indexOf(newline, next + 1)) breaks++;
    this.#at = offset;
    this.#line -= breaks;
    if (breaks === 0) {
      this.#units -= utf16Length(between, 0, between.length);
      return;
    }
    const lineStart = offset === 0 ? 0 : this.#bytes.lastIndexOf(newline, offset - 1) + 1;
    this.#units = utf16Length(this.#bytes, lineStart, offset) + (lineStart === 0 ? this.#origin.column : 0);
  }

  /** 1-based line and column of an offset. */
  position(offset: number): { readonly line: number; readonly column: number } {
    if (offset >= this.#at) this.#forward(offset);
    else this.#back(offset);
    return { line: this.#line + 1, column: this.#units + 1 };
  }

  location(span: Span): Location {
    const start = this.position(span.start);
    const end = this.position(span.end);
    return { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
  }
}

/** Index of the last span (sorted, disjoint) that begins at or before `offset`; -1 if none does. */
function spanBefore(spans: readonly Span[], offset: number): number {
  let low = -1;
  let high = spans.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((spans[middle] as Span).start <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Replaces the spans (sorted, disjoint) inside [start, end) with `…` and decodes the rest as UTF-8. */
function maskedText(bytes: Buffer, range: Span, hidden: readonly Span[]): string {
  let text = "";
  let at = range.start;
  for (let i = Math.max(0, spanBefore(hidden, range.start)); i < hidden.length; i++) {
    const span = hidden[i] as Span;
    if (span.start >= range.end) break;
    if (span.end <= at) continue;
    if (span.start > at) text += bytes.toString("utf8", at, span.start);
    text += "…";
    at = Math.min(span.end, range.end);
  }
  return text + bytes.toString("utf8", Math.min(at, range.end), range.end);
}

/** Sorted, disjoint spans that cover the given ones. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: { start: number; end: number }[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else merged.push({ start: span.start, end: span.end });
  }
  return merged;
}

/** The part of the line left of the hidden bytes `own`, and whether the line begins further left. */
function leftOf(bytes: Buffer, span: Span, own: Span): Span & { readonly cut: boolean } {
  const start = Math.max(0, own.start - frameBytes);
  const from = Math.max(start, span.start - longestLine);
  const lineBreak = bytes.subarray(from, span.start).lastIndexOf(newline);
  if (lineBreak >= 0) return { start: Math.min(from + lineBreak + 1, own.start), end: own.start, cut: false };
  const cut = start > 0 && bytes[start - 1] !== newline;
  return { start: cut ? characterStart(bytes, start, own.start) : start, end: own.start, cut };
}

/** The part of the line right of the hidden bytes `own`, and whether the line goes on further right. */
function rightOf(bytes: Buffer, span: Span, own: Span): Span & { readonly cut: boolean } {
  if (bytes.subarray(span.start, Math.min(own.end, span.start + longestLine)).includes(newline)) {
    return { start: own.end, end: own.end, cut: false };
  }
  const end = Math.min(bytes.length, own.end + frameBytes);
  const lineBreak = bytes.subarray(own.end, end).indexOf(newline);
  if (lineBreak >= 0) return { start: own.end, end: own.end + lineBreak, cut: false };
  const cut = end < bytes.length && bytes[end] !== newline;
  return { start: own.end, end: cut ? characterEnd(bytes, end, own.end) : end, cut };
}

const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;

/** The first offset at or after `offset`, at most 3 further on, that is not inside a UTF-8 sequence. */
function characterStart(bytes: Buffer, offset: number, limit: number): number {
  let at = offset;
  while (at < limit && at < offset + 3 && isContinuation(bytes[at])) at++;
  return at;
}

/** The last offset at or before `offset`, at most 3 before it, that is not inside a UTF-8 sequence. */
function characterEnd(bytes: Buffer, offset: number, limit: number): number {
  let at = offset;
  while (at > limit && at > offset - 3 && isContinuation(bytes[at])) at--;
  return at;
}

/**
 * The line on which `span` begins, cut to about 80 bytes on either side, with `masked` in the span's place and every
 * other hidden span (sorted, disjoint) shown as an ellipsis.
 */
export function frameOf(bytes: Buffer, span: Span, hidden: readonly Span[], masked: string): Frame {
  const around = hidden[spanBefore(hidden, span.start)];
  const own = around !== undefined && span.start < around.end ? around : span;
  const left = leftOf(bytes, span, own);
  const right = rightOf(bytes, span, own);
  const lead = `${left.cut ? "…" : ""}${maskedText(bytes, left, hidden)}`;
  const rest = right.start < right.end ? maskedText(bytes, right, hidden) : "";
  const text = `${lead}${masked}${rest}${right.cut ? "…" : ""}`.replace(/\r$/, "");
  return { text, start: lead.length, end: lead.length + masked.length };
}

/** The character that ends at `offset`; undefined at the start of a line. */
function characterBefore(bytes: Buffer, offset: number): string | undefined {
  if (offset === 0 || bytes[offset - 1] === newline) return undefined;
  return [...bytes.toString("utf8", Math.max(0, characterEnd(bytes, offset - 1, 0)), offset)].at(-1);
}

/** The rest of the line after a directive's spelling, hidden spans masked. */
export function directiveAt(
  bytes: Buffer,
  found: { readonly offset: number; readonly spelling: string },
  hidden: readonly Span[],
  locator: Locator,
): Directive {
  const start = found.offset + found.spelling.length;
  const line = bytes.subarray(start, start + 300);
  const lineBreak = line.indexOf(newline);
  const end = start + (lineBreak < 0 ? line.length : lineBreak);
  const rest = maskedText(bytes, { start, end }, hidden).replace(/\r$/, "");
  const before = characterBefore(bytes, found.offset);
  const { line: number } = locator.position(found.offset);
  return { spelling: found.spelling, line: number, rest, ...(before === undefined ? {} : { before }) };
}
