// Patterns through node-re2: the native library, where its binary is at hand.

import type { Regex, RegexEngine, RegexMatch, RegexSpan } from "./regex.ts";
import { RegexSyntaxError } from "./regex.ts";

/** What is used of the constructor that the package `re2` exports. */
export interface NativeConstructor {
  new (source: string, flags: string): RegExp;
}

/**
 * The engine over `re2`. It works in Unicode and counts strings in UTF-16 units, which on latin1 text are bytes.
 * Flag s is never set, so a dot stops at a newline unless the pattern says `(?s)`.
 */
export function nativeEngine(RE2: NativeConstructor): RegexEngine {
  return { name: "re2", compile: (source) => compile(RE2, source) };
}

function compile(RE2: NativeConstructor, source: string): Regex {
  const make = (flags: string): RegExp => {
    try {
      return new RE2(source, flags);
    } catch (error) {
      throw new RegexSyntaxError(error instanceof Error ? error.message : String(error));
    }
  };
  const anchored = make("dy");
  let free: RegExp | undefined;
  return {
    source,
    find(text, from, isAnchored) {
      // Versions before 1.25.2 read out of bounds when lastIndex lies beyond the text.
      if (from < 0 || from > text.length) return undefined;
      const regex = isAnchored ? anchored : (free ??= make("dg"));
      regex.lastIndex = from;
      const found = regex.exec(text);
      return found?.indices === undefined ? undefined : matchOf(found.indices);
    },
  };
}

function matchOf(indices: RegExpIndicesArray): RegexMatch {
  const [start, end] = indices[0] as [number, number];
  const groups: Record<string, RegexSpan> = {};
  for (const [name, pair] of Object.entries(indices.groups ?? {})) {
    if (pair !== undefined) groups[name] = { start: pair[0], end: pair[1] };
  }
  return { start, end, groups };
}
