// A pattern's tree and its keywords → how long a match can be and where its first keyword stands.

import type { ByteSet } from "./byte-set.ts";
import { keywordAutomaton } from "./keyword-automaton.ts";
import type { KeywordAutomaton } from "./keyword-automaton.ts";
import type { Pattern } from "./syntax.ts";
import { keywordFreeMatch } from "./witness.ts";

/** Lengths and distances in bytes. */
export interface Measure {
  readonly shortest: number;
  /** Absent: there is no bound. */
  readonly longest?: number;
  /** Largest distance from a match's start to the start of the keyword that ends first in it. Absent: there is no bound. */
  readonly lead?: number;
  /** A text that the pattern's shape allows and in which no keyword stands (latin1). Absent: every match holds one. */
  readonly keywordFree?: string;
  /** Keywords that stand in no match. */
  readonly unused: readonly string[];
}

/**
 * Measures a pattern as the product of its tree with an automaton of the keywords. Boundaries (`\b`) are taken as
 * always true, so the answers err on the safe side: never too short a lead, never a missing keyword overlooked.
 */
export function measurePattern(
  tree: Pattern,
  options: { readonly keywords: readonly string[]; readonly ignoreCase: boolean },
): Measure {
  const { keywords, ignoreCase } = options;
  const longest = longestMatch(tree);
  const walk = new Walk(keywordAutomaton(keywords, ignoreCase));
  const left = walk.over(tree, start(walk.states));
  const keywordFree = left.some((length) => length >= 0) ? keywordFreeMatch(tree, walk.automaton) : undefined;
  return {
    shortest: shortestMatch(tree),
    ...(longest === Number.POSITIVE_INFINITY ? {} : { longest }),
    ...(walk.lead === Number.POSITIVE_INFINITY ? {} : { lead: walk.lead }),
    ...(keywordFree === undefined ? {} : { keywordFree }),
    // A keyword behind another one was never reached on this walk, so it gets one of its own.
    unused: keywords.filter(
      (keyword, index) => !walk.met.has(walk.automaton.endOf[index] ?? 0) && !occurs(tree, keyword, ignoreCase),
    ),
  };
}

function occurs(tree: Pattern, keyword: string, ignoreCase: boolean): boolean {
  const walk = new Walk(keywordAutomaton([keyword], ignoreCase));
  walk.over(tree, start(walk.states));
  return walk.met.size > 0;
}

/** Length of the shortest match. */
export function shortestMatch(tree: Pattern): number {
  switch (tree.kind) {
    case "byte":
      return 1;
    case "boundary":
      return 0;
    case "group":
      return shortestMatch(tree.body);
    case "sequence":
      return tree.parts.reduce((sum, part) => sum + shortestMatch(part), 0);
    case "choice":
      return Math.min(...tree.branches.map(shortestMatch));
    case "repeat":
      return tree.min === 0 ? 0 : tree.min * shortestMatch(tree.body);
  }
}

/** Length of the longest match; Infinity where there is no bound. */
function longestMatch(tree: Pattern): number {
  switch (tree.kind) {
    case "byte":
      return 1;
    case "boundary":
      return 0;
    case "group":
      return longestMatch(tree.body);
    case "sequence":
      return tree.parts.reduce((sum, part) => sum + longestMatch(part), 0);
    case "choice":
      return Math.max(...tree.branches.map(longestMatch));
    case "repeat": {
      const body = longestMatch(tree.body);
      return body === 0 || tree.max === 0 ? 0 : body * (tree.max ?? Number.POSITIVE_INFINITY);
    }
  }
}

/**
 * For each automaton state, the length of the longest way to it that met no keyword; -1: no such way, Infinity: no
 * bound.
 */
type Lengths = Float64Array;

function start(states: number): Lengths {
  const lengths = new Float64Array(states).fill(-1);
  lengths[0] = 0;
  return lengths;
}

function larger(a: Lengths, b: Lengths): Lengths {
  return a.map((length, state) => Math.max(length, b[state] ?? -1));
}

/** Walks the tree with all automaton states at once and notes every keyword met, and how far it stood from the start. */
class Walk {
  readonly automaton: KeywordAutomaton;
  readonly states: number;
  lead = 0;
  /** States in which a keyword ended first. */
  readonly met = new Set<number>();
  readonly #columns = new Map<ByteSet, readonly number[]>();

  constructor(automaton: KeywordAutomaton) {
    this.automaton = automaton;
    this.states = automaton.states;
  }

  over(tree: Pattern, from: Lengths): Lengths {
    switch (tree.kind) {
      case "byte":
        return this.#step(tree.set, from);
      case "boundary":
        return from;
      case "group":
        return this.over(tree.body, from);
      case "sequence":
        return tree.parts.reduce((lengths, part) => this.over(part, lengths), from);
      case "choice":
        return tree.branches.map((branch) => this.over(branch, from)).reduce(larger);
      case "repeat":
        return this.#repeat(tree.body, from, tree.min, tree.max);
    }
  }

  #step(set: ByteSet, from: Lengths): Lengths {
    const { next, ends, columnCount } = this.automaton;
    const columns = this.#columnsOf(set);
    const to = new Float64Array(this.states).fill(-1);
    for (let state = 0; state < this.states; state++) {
      const length = from[state] ?? -1;
      if (length < 0) continue;
      for (const column of columns) {
        const target = next[state * columnCount + column] ?? 0;
        const keyword = ends[target] ?? 0;
        if (keyword > 0) {
          this.met.add(target);
          this.lead = Math.max(this.lead, length + 1 - keyword);
        } else if ((to[target] ?? -1) < length + 1) {
          to[target] = length + 1;
        }
      }
    }
    return to;
  }

  #columnsOf(set: ByteSet): readonly number[] {
    let columns = this.#columns.get(set);
    if (columns === undefined) {
      columns = [...new Set(Array.from(this.automaton.columns).filter((_, byte) => set[byte] === 1))];
      this.#columns.set(set, columns);
    }
    return columns;
  }

  /**
   * Once one more round only makes every way longer by the same number of bytes, the rounds that are left are
   * added at a stroke; so counted repeats cost a few rounds rather than a thousand.
   */
  #repeat(body: Pattern, from: Lengths, min: number, max = Number.POSITIVE_INFINITY): Lengths {
    let current = from;
    let result = min === 0 ? from : from.map(() => -1);
    for (let round = 1; round <= max; round++) {
      const after = this.over(body, current);
      const growth = evenGrowth(current, after);
      if (growth !== undefined && max - round > 1) {
        // One round is left to run, so that keywords at the far end are met too.
        const skipped = growth === 0 ? 0 : growth * (max - round - 1);
        if (round >= min) result = larger(result, after);
        current = this.over(
          body,
          after.map((length) => (length < 0 ? length : length + skipped)),
        );
        return larger(result, current);
      }
      current = after;
      if (round >= min) result = larger(result, current);
      if (max === Number.POSITIVE_INFINITY && round > min + 2 * this.states) return this.#close(body, result);
    }
    return result;
  }

  /** An unbounded repeat whose ways do not settle into even growth: what still grows has no bound. */
  #close(body: Pattern, from: Lengths): Lengths {
    let result = from;
    for (;;) {
      const after = larger(result, this.over(body, result));
      const grown = after.map((length, state) => (length > (result[state] ?? -1) ? Number.POSITIVE_INFINITY : length));
      if (grown.every((length, state) => length === result[state])) return result;
      result = grown;
    }
  }
}

/** By how much every way grew, if all grew alike and lead to the same states; also when none is left. */
function evenGrowth(before: Lengths, after: Lengths): number | undefined {
  let growth: number | undefined;
  for (let state = 0; state < before.length; state++) {
    const a = before[state] ?? -1;
    const b = after[state] ?? -1;
    if (a < 0 && b < 0) continue;
    if (a < 0 || b < 0) return undefined;
    if (a === Number.POSITIVE_INFINITY || b === Number.POSITIVE_INFINITY) {
      if (a !== b) return undefined;
      continue;
    }
    growth ??= b - a;
    if (b - a !== growth) return undefined;
  }
  return growth ?? 0;
}
