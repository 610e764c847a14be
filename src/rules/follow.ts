// A pattern's tree and a keyword in, the bytes that can come right after the keyword in a match out.

import type { ByteSet } from "./byte-set.ts";
import type { Pattern } from "./syntax.ts";

/** How many bytes after a keyword are described. */
const followBytes = 16;
/** More copies of a repeated part than this look the same from inside a window of keyword and followed bytes. */
const extraCopies = followBytes + 1;

/** Thompson's construction: `steps` take a byte of a set to another state, `skips` take none. */
class Automaton {
  readonly steps: { readonly set: ByteSet; readonly to: number }[][] = [[]];
  readonly skips: number[][] = [[]];
  readonly #copies: number;
  readonly #sizes = new Map<ByteSet, number>();

  constructor(copies: number) {
    this.#copies = copies;
  }

  state(): number {
    this.steps.push([]);
    this.skips.push([]);
    return this.steps.length - 1;
  }

  /** Adds `tree` behind `from` and answers with the state behind it. */
  add(tree: Pattern, from: number): number {
    switch (tree.kind) {
      case "byte": {
        const to = this.state();
        this.steps[from]?.push({ set: tree.set, to });
        return to;
      }
      case "boundary":
        return from;
      case "group":
        return this.add(tree.body, from);
      case "sequence":
        return tree.parts.reduce((at, part) => this.add(part, at), from);
      case "choice": {
        const to = this.state();
        for (const branch of tree.branches) this.skips[this.add(branch, from)]?.push(to);
        return to;
      }
      case "repeat":
        return this.#repeat(tree.body, from, tree.min, tree.max ?? Number.POSITIVE_INFINITY);
    }
  }

  /** Counts beyond the window become a loop that may end anywhere: more ways than the pattern has, never fewer. */
  #repeat(body: Pattern, from: number, min: number, max: number): number {
    const to = this.state();
    let at = from;
    const needed = Math.min(min, this.#copies);
    for (let copy = 0; copy < needed; copy++) at = this.add(body, at);
    this.skips[at]?.push(to);
    if (max <= this.#copies) {
      for (let copy = needed; copy < max; copy++) {
        at = this.add(body, at);
        this.skips[at]?.push(to);
      }
    } else {
      const loop = this.state();
      this.skips[at]?.push(loop);
      this.skips[this.add(body, loop)]?.push(loop, to);
    }
    return to;
  }

  /** How many bytes a set holds; sets of repeated parts are shared, so this is counted once. */
  sizeOf(set: ByteSet): number {
    let size = this.#sizes.get(set);
    if (size === undefined) {
      size = set.reduce((sum, flag) => sum + flag, 0);
      this.#sizes.set(set, size);
    }
    return size;
  }

  /** The states themselves and all that skips lead to. */
  closure(states: Iterable<number>): Set<number> {
    const closed = new Set(states);
    for (const state of closed) for (const next of this.skips[state] ?? []) closed.add(next);
    return closed;
  }

  /** The states that at most `bytes` bytes lead to from the beginning. */
  within(bytes: number): Set<number> {
    const reached = this.closure([0]);
    let latest: ReadonlySet<number> = reached;
    for (let byte = 0; byte < bytes; byte++) {
      latest = this.step(latest, () => true);
      const before = reached.size;
      for (const state of latest) reached.add(state);
      if (reached.size === before) break;
    }
    return reached;
  }

  /** The states that a byte which `fits` leads to. */
  step(states: ReadonlySet<number>, fits: (set: ByteSet) => boolean): Set<number> {
    const next = new Set<number>();
    for (const state of states) for (const { set, to } of this.steps[state] ?? []) if (fits(set)) next.add(to);
    return this.closure(next);
  }
}

/** Bytes that patterns are likely to insist on; the first of these that a match cannot do without is used. */
const tellingBytes = "@:|~^`$%&#!?;{}+*<>[]()=,./_- \n\"'";
/** A set of more bytes than this stops hardly any scan. */
const mostAllowed = 160;

/**
 * A byte that every match still holds after `states`, and the bytes that may stand before it; undefined where there is
 * none worth looking for.
 */
function awaited(automaton: Automaton, states: ReadonlySet<number>, end: number): string | undefined {
  for (const byte of Buffer.from(tellingBytes, "latin1")) {
    const sets = setsWithout(automaton, states, { byte, end });
    if (sets === undefined) continue;
    const allowed = unionOf(sets);
    allowed[byte] = 0;
    if (allowed.reduce((sum, flag) => sum + flag, 0) <= mostAllowed) {
      return Buffer.of(byte).toString("hex") + rangesOf(allowed);
    }
  }
  return undefined;
}

/** The sets met on all ways from `states` that never take `byte`; undefined when such a way leads to the end. */
function setsWithout(
  automaton: Automaton,
  states: ReadonlySet<number>,
  { byte, end }: { readonly byte: number; readonly end: number },
): ReadonlySet<ByteSet> | undefined {
  const sets = new Set<ByteSet>();
  const seen = new Set(states);
  for (const state of seen) {
    if (state === end) return undefined;
    for (const next of automaton.skips[state] ?? []) seen.add(next);
    for (const { set, to } of automaton.steps[state] ?? []) {
      if (set[byte] === 1 && automaton.sizeOf(set) === 1) continue;
      sets.add(set);
      seen.add(to);
    }
  }
  return sets;
}

function unionOf(sets: Iterable<ByteSet>): Uint8Array {
  const all = new Uint8Array(256);
  for (const set of sets) for (let byte = 0; byte < 256; byte++) all[byte] ||= set[byte] ?? 0;
  return all;
}

/** Ranges of a set as pairs of hex bytes: `[0-9a-f]` is `30396166`. */
function rangesOf(set: ByteSet): string {
  let text = "";
  for (let byte = 0; byte < 256; byte++) {
    if (set[byte] !== 1 || (byte > 0 && set[byte - 1] === 1)) continue;
    let last = byte;
    while (last < 255 && set[last + 1] === 1) last++;
    text += Buffer.of(byte, last).toString("hex");
  }
  return text;
}

/** Joins positions, equal ones in a row as one with their number. */
function inRuns(positions: readonly string[]): string {
  const runs: { readonly text: string; count: number }[] = [];
  for (const text of positions) {
    const last = runs.at(-1);
    if (last?.text === text) last.count++;
    else runs.push({ text, count: 1 });
  }
  return runs.map(({ text, count }) => (count === 1 ? text : `${text}*${count}`)).join(",");
}

function casesOf(byte: number, ignoreCase: boolean): readonly number[] {
  const letter = String.fromCharCode(byte);
  return ignoreCase ? [letter.toLowerCase().charCodeAt(0), letter.toUpperCase().charCodeAt(0)] : [byte];
}

/** How a keyword is looked for. */
export interface FollowOptions {
  readonly ignoreCase: boolean;
  /** The rule's lead: a match is only looked for that begins at most so many bytes before the keyword. */
  readonly lead: number;
}

/**
 * For up to sixteen bytes after a `keyword` that stands at most `lead` bytes behind the start of a match, which ones a match allows: each as ranges in
 * hex, joined by commas, `*n` behind one that n places in a row have. Ends early where a match can end. Never leaves out a byte that some match has there. After a
 * semicolon, where there is one: a byte in hex that must come, and the ranges of what may stand before its first place.
 */
export function followOf(tree: Pattern, keyword: string, { ignoreCase, lead }: FollowOptions): string {
  const automaton = new Automaton(keyword.length + extraCopies);
  const end = automaton.add(tree, 0);
  let states = automaton.within(lead);
  for (const byte of Buffer.from(keyword, "latin1")) {
    const cases = casesOf(byte, ignoreCase);
    states = automaton.step(states, (set) => cases.some((folded) => set[folded] === 1));
  }
  const positions: string[] = [];
  const must = awaited(automaton, states, end);
  while (positions.length < followBytes && states.size > 0 && !states.has(end)) {
    const sets = new Set<ByteSet>();
    for (const state of states) for (const { set } of automaton.steps[state] ?? []) sets.add(set);
    positions.push(rangesOf(unionOf(sets)));
    states = automaton.step(states, () => true);
  }
  return `${inRuns(positions)}${must === undefined ? "" : `;${must}`}`;
}
