// A pattern's tree and a keyword automaton → a text that the shape allows and that holds no keyword.

import type { ByteSet } from "./byte-set.ts";
import type { KeywordAutomaton } from "./keyword-automaton.ts";
import type { Pattern } from "./syntax.ts";

/** For each automaton state, the first text found that leads to it without meeting a keyword. */
type Texts = ReadonlyMap<number, string>;

/** The shortest such text that was found (latin1), with boundaries taken as always true; undefined if there is none. */
export function keywordFreeMatch(tree: Pattern, automaton: KeywordAutomaton): string | undefined {
  const texts = [...over(tree, new Map([[0, ""]]), automaton).values()];
  return texts.toSorted((a, b) => a.length - b.length)[0];
}

function over(tree: Pattern, from: Texts, automaton: KeywordAutomaton): Texts {
  switch (tree.kind) {
    case "byte":
      return step(tree.set, from, automaton);
    case "boundary":
      return from;
    case "group":
      return over(tree.body, from, automaton);
    case "sequence":
      return tree.parts.reduce((texts, part) => over(part, texts, automaton), from);
    case "choice":
      return tree.branches.map((branch) => over(branch, from, automaton)).reduce(shorter);
    case "repeat":
      return repeat(tree, from, automaton);
  }
}

function repeat(tree: Pattern & { kind: "repeat" }, from: Texts, automaton: KeywordAutomaton): Texts {
  let current = from;
  for (let round = 0; round < tree.min && current.size > 0; round++) current = over(tree.body, current, automaton);
  let result = current;
  // A round that leads to no new state leads to none later either.
  for (let round = tree.min; round < (tree.max ?? Number.POSITIVE_INFINITY); round++) {
    const grown = shorter(result, over(tree.body, result, automaton));
    if (grown.size === result.size) break;
    result = grown;
  }
  return result;
}

/** Every state of either, the first one's text where both have it and it is no longer. */
function shorter(a: Texts, b: Texts): Texts {
  const both = new Map(a);
  for (const [state, text] of b) {
    const known = both.get(state);
    if (known === undefined || text.length < known.length) both.set(state, text);
  }
  return both;
}

function step(set: ByteSet, from: Texts, automaton: KeywordAutomaton): Texts {
  const to = new Map<number, string>();
  // Letters and digits first: the text is shown to people.
  const bytes = [...set.keys()].filter((byte) => set[byte] === 1).toSorted((a, b) => rank(a) - rank(b));
  for (const [state, text] of from) {
    const seen = new Set<number>();
    for (const byte of bytes) {
      const column = automaton.columns[byte] ?? 0;
      if (seen.has(column)) continue;
      seen.add(column);
      const target = automaton.next[state * automaton.columnCount + column] ?? 0;
      if ((automaton.ends[target] ?? 0) > 0) continue;
      const known = to.get(target);
      if (known === undefined || known.length > text.length + 1) to.set(target, text + String.fromCharCode(byte));
    }
  }
  return to;
}

function rank(byte: number): number {
  const character = String.fromCharCode(byte);
  if (/[0-9A-Za-z]/.test(character)) return byte;
  return byte > 0x20 && byte < 0x7f ? 1000 + byte : 2000 + byte;
}
