// Patterns through re2js: RE2 in plain JavaScript, for where the native library is not at hand.

import type { Regex, RegexEngine, RegexMatch, RegexSpan } from "./regex.ts";
import { RegexSyntaxError } from "./regex.ts";

/** What is used of the module `re2js`. */
export interface PortableModule {
  readonly RE2JS: { compile(source: string): { re2(): PortableProgram } };
}

interface PortableProgram {
  readonly namedGroups: Readonly<Record<string, number>>;
  /** Returns [matched, offsets of the groups in pairs (-1: took no part)]. */
  matchWithGroup(text: string, from: number, end: number, ...how: readonly [anchor: number, groups: number]): unknown[];
}

// RE2Flags of re2js. Anchored searches work at offset 0 only, see `compile`.
const unanchored = 0;
const anchorStart = 1;

/** The engine over `re2js`; it looks back of `from` for `\b` as the native one does. */
export function portableEngine(module: PortableModule): RegexEngine {
  return { name: "re2js", compile: (source) => compile(module, source) };
}

function compile(module: PortableModule, source: string): Regex {
  const program = (text: string): PortableProgram => {
    try {
      return module.RE2JS.compile(text).re2();
    } catch (error) {
      throw new RegexSyntaxError(error instanceof Error ? error.message : String(error));
    }
  };
  program(source); // alone: with a group around it, `a)(b` would be well formed
  // The group keeps re2js off a shortcut for plain literals that ignores where it shall start.
  const plain = program(`(${source})`);
  // An anchored search starts at offset 0, so one inside a text takes the character before, for `\b`, along.
  let led: PortableProgram | undefined;
  return {
    source,
    find(text, from, anchored) {
      if (from < 0 || from > text.length) return undefined;
      if (!anchored) return run(plain, text, { from, anchor: unanchored, shift: 0 });
      if (from === 0) return run(plain, text, { from: 0, anchor: anchorStart, shift: 0 });
      led ??= program(`(?s:.)(${source})`);
      return run(led, text.slice(from - 1), { from: 0, anchor: anchorStart, shift: from - 1 });
    },
  };
}

function run(
  program: PortableProgram,
  text: string,
  how: { readonly from: number; readonly anchor: number; readonly shift: number },
): RegexMatch | undefined {
  // Without captures its DFA answers, many times quicker than its backtracker where nothing matches.
  if (program.matchWithGroup(text, how.from, text.length, how.anchor, 0)[0] !== true) return undefined;
  const names = Object.entries(program.namedGroups);
  const count = 2 + Math.max(0, ...names.map(([, index]) => index));
  const [matched, offsets] = program.matchWithGroup(text, how.from, text.length, how.anchor, count);
  if (matched !== true) return undefined;
  const at = offsets as readonly number[];
  const span = (group: number): RegexSpan => ({
    start: (at[2 * group] ?? -1) + how.shift,
    end: (at[2 * group + 1] ?? -1) + how.shift,
  });
  const groups: Record<string, RegexSpan> = {};
  for (const [name, index] of names) if ((at[2 * index] ?? -1) >= 0) groups[name] = span(index);
  // Group 1 is the one put around the whole pattern.
  return { ...span(1), groups };
}
