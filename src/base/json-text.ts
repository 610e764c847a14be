// JSON text in, values out that remember where they stood: for messages that name line and column.

import { ConfigError } from "../errors.ts";
import type { FilePosition } from "../errors.ts";

/** A parsed JSON text. Objects have no prototype, so that no key is special. */
export interface JsonText {
  readonly value: unknown;
  /** Where an object or array of `value` begins; the file alone for anything else. */
  positionOf(node: unknown): FilePosition;
}

/** A parsed JSON object whose values are yet to be judged. */
export type JsonObject = { readonly [key: string]: unknown };

/** True for objects of a JsonText; not for arrays. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Deeper nesting is refused: none of the formats read here comes near. */
const maxDepth = 64;

const space = /[ \t\r\n]*/y;
const literal = /true|false|null/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// oxlint-disable-next-line no-control-regex -- RFC 8259 section 7 forbids control characters in strings
const text = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/** Reads RFC 8259 text from left to right; `at` is the index of the next character. */
class Reader {
  readonly #text: string;
  readonly #file: string;
  readonly #hint: string | undefined;
  readonly #starts = new WeakMap<object, number>();
  #at = 0;

  constructor(source: string, file: string, hint: string | undefined) {
    this.#text = source;
    this.#file = file;
    this.#hint = hint;
  }

  position(offset: number): FilePosition {
    const before = this.#text.slice(0, offset).split("\n");
    return { file: this.#file, line: before.length, column: (before.at(-1) ?? "").length + 1 };
  }

  positionOf(node: unknown): FilePosition {
    const start = typeof node === "object" && node !== null ? this.#starts.get(node) : undefined;
    return start === undefined ? { file: this.#file } : this.position(start);
  }

  fail(what: string): never {
    const options = this.#hint === undefined ? {} : { hint: this.#hint };
    throw new ConfigError(`not valid JSON: ${what}`, this.position(this.#at), options);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  /** Skips white space and, if it comes next, the sign. */
  #sees(sign: string): boolean {
    this.#take(space);
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #string(what: string): string {
    this.#take(space);
    return JSON.parse(this.#take(text) ?? this.fail(`${what} expected`)) as string;
  }

  #array(depth: number): unknown[] {
    const items: unknown[] = [];
    if (this.#sees("]")) return items;
    do items.push(this.read(depth + 1));
    while (this.#sees(","));
    if (!this.#sees("]")) this.fail("`,` or `]` expected");
    return items;
  }

  #object(depth: number): JsonObject {
    const fields = Object.create(null) as Record<string, unknown>;
    if (this.#sees("}")) return fields;
    do {
      const name = this.#string("a name in double quotes");
      if (!this.#sees(":")) this.fail("`:` expected");
      fields[name] = this.read(depth + 1);
    } while (this.#sees(","));
    if (!this.#sees("}")) this.fail("`,` or `}` expected");
    return fields;
  }

  read(depth: number): unknown {
    if (depth > maxDepth) this.fail("nested too deeply");
    this.#take(space);
    const start = this.#at;
    if (this.#sees("[") || this.#sees("{")) {
      const node = this.#text[start] === "[" ? this.#array(depth) : this.#object(depth);
      this.#starts.set(node, start);
      return node;
    }
    if (this.#text[start] === '"') return this.#string("a closed string without line breaks");
    const scalar = this.#take(literal) ?? this.#take(number);
    return JSON.parse(scalar ?? this.fail(start >= this.#text.length ? "the text ends too early" : "a value expected"));
  }

  end(): void {
    this.#take(space);
    if (this.#at < this.#text.length) this.fail("nothing expected after the end");
  }
}

/**
 * Parses JSON (RFC 8259; a byte order mark is skipped). Damage is a ConfigError with `file`, line and column that holds
 * nothing of the text, and `hint` where one is given; git's conflict marks get a hint of their own.
 */
export function parseJsonText(source: string, file: string, hint?: string): JsonText {
  const reader = new Reader(source.replace(/^\uFEFF/, ""), file, hint);
  const conflict = /^(?:<{7}|={7}|>{7})(?: |\r?$)/m.exec(source);
  if (conflict !== null) {
    throw new ConfigError("git's conflict marks stand in the file", reader.position(conflict.index), {
      hint: "Keep the entries of both sides and remove the lines with the marks.",
    });
  }
  const value = reader.read(0);
  reader.end();
  return { value, positionOf: (node) => reader.positionOf(node) };
}
