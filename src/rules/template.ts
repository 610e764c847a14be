// The text of a template → its pieces: where one starts and ends, and what stands inside.

import { UsageError } from "../errors.ts";

/** `{{name:args}}` or `{{name(args)}}`. */
export interface Piece {
  readonly name: string;
  readonly args: string;
  /** Offset after the closing braces. */
  readonly end: number;
}

/** Templates whose arguments are JSON, in which braces may stand next to the closing ones. */
const jsonTemplates: ReadonlySet<string> = new Set(["jwt", "json-b64url"]);

/** The piece that opens at `at`, or undefined where none does. Throws UsageError for one that does not end. */
export function pieceAt(template: string, at: number): Piece | undefined {
  if (!template.startsWith("{{", at)) return undefined;
  const head = /^\{\{([A-Za-z][A-Za-z0-9-]*)(\}\}|:|\()/.exec(template.slice(at, at + 60));
  if (head === null) return undefined;
  const [opening, name = "", mark] = head;
  const start = at + opening.length;
  if (mark === "}}") return { name, args: "", end: start };
  const closing = mark === "(" ? ")}}" : "}}";
  const stop = jsonTemplates.has(name) ? jsonEnd(template, start) : argsEnd(template, start, closing);
  if (stop === undefined || !template.startsWith(closing, stop)) {
    throw new UsageError(`the template {{${name}…}} does not end`, { hint: `Close it with ${closing}.` });
  }
  return { name, args: template.slice(start, stop), end: stop + closing.length };
}

/** The offset of the first `closing` that belongs to no template inside. */
function argsEnd(template: string, start: number, closing: string): number | undefined {
  for (let at = start; at < template.length;) {
    if (template.startsWith(closing, at)) return at;
    at = pieceAt(template, at)?.end ?? at + 1;
  }
  return undefined;
}

/** The offset after one or more JSON objects with colons between them. */
function jsonEnd(template: string, start: number): number | undefined {
  let at = start;
  for (;;) {
    const end = objectEnd(template, at);
    if (end === undefined || template.charAt(end) !== ":") return end;
    at = end + 1;
  }
}

/** The offset after the JSON object that opens at `start`; braces in its strings do not count. */
function objectEnd(template: string, start: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < template.length; at++) {
    const character = template.charAt(at);
    if (quoted) {
      if (character === "\\") at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "{") depth++;
    else if (character === "}" && --depth === 0) return at + 1;
    if (depth === 0) return undefined;
  }
  return undefined;
}

/** Splits at every `separator` that stands in no template, no JSON object and no string of one. */
export function splitTop(text: string, separator: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length;) {
    const inner = pieceAt(text, at)?.end ?? (text.charAt(at) === "{" ? objectEnd(text, at) : undefined);
    if (inner !== undefined) {
      at = inner;
      continue;
    }
    if (text.startsWith(separator, at)) {
      parts.push(text.slice(from, at));
      from = at + separator.length;
    }
    at++;
  }
  parts.push(text.slice(from));
  return parts;
}
