// RE2 source → a syntax tree over bytes, and a plain word on what rules may not hold.

import type { ByteSet } from "./byte-set.ts";
import { bytesOf, complement, foldCase, perlClasses } from "./byte-set.ts";
import { parseClass } from "./syntax-class.ts";
import { escapedByte, PatternError, Reader } from "./syntax-reader.ts";

/** A pattern's tree. Every leaf that takes up room is a set of bytes, one byte wide. */
export type Pattern =
  | { readonly kind: "byte"; readonly set: ByteSet }
  | { readonly kind: "boundary"; readonly negated: boolean }
  | { readonly kind: "sequence"; readonly parts: readonly Pattern[] }
  | { readonly kind: "choice"; readonly branches: readonly Pattern[] }
  | { readonly kind: "group"; readonly name?: string; readonly body: Pattern }
  /** `max` is absent where there is no bound. */
  | { readonly kind: "repeat"; readonly body: Pattern; readonly min: number; readonly max?: number };

/** What a pattern says. */
export interface ParsedPattern {
  readonly tree: Pattern;
  /** Names of the named groups, in order. */
  readonly groups: readonly string[];
}

interface Flags {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
}

interface State {
  readonly reader: Reader;
  readonly groups: string[];
}

/** RE2's bound on repetition, nested counts multiplied. */
const maxRepeat = 1000;
const maxDepth = 200;
/** Loops in loops: each level multiplies what measuring costs. */
const maxLoops = 8;

/**
 * Parses a stripped pattern. Throws PatternError for what RE2 refuses and for what a rule must not use: anchors
 * (a match may stand anywhere), look-around and backreferences (RE2 has none), Unicode classes and characters beyond
 * ASCII (patterns see bytes), `\Q...\E`, `\C`, the flags m and U, and repeating what can be empty (RE2 and its twins
 * stop such loops at different places).
 */
export function parsePattern(source: string, options: { readonly ignoreCase: boolean }): ParsedPattern {
  const state: State = { reader: new Reader(source), groups: [] };
  const flags = { ignoreCase: options.ignoreCase, dotAll: false };
  const tree = parseChoice(state, flags, 0);
  if (!state.reader.done()) throw state.reader.error("this ) closes nothing");
  const worst = repeatProduct(tree);
  if (worst > maxRepeat) throw new PatternError(`nested repetitions multiply to ${worst}; RE2 allows ${maxRepeat}`, 0);
  if (loopDepth(tree) > maxLoops) throw new PatternError(`repetitions are nested more than ${maxLoops} deep`, 0);
  return { tree, groups: state.groups };
}

/** Group flags such as `(?i)` hold to the end of the enclosing group, over `|` as well. */
function parseChoice(state: State, outer: Flags, depth: number): Pattern {
  if (depth > maxDepth) throw state.reader.error("groups are nested too deeply");
  let flags = outer;
  const branches: Pattern[] = [];
  let parts: Pattern[] = [];
  const { reader } = state;
  for (;;) {
    if (reader.done() || reader.peek(")")) break;
    if (reader.take("|")) {
      branches.push(sequence(parts));
      parts = [];
      continue;
    }
    const changed = takeFlags(reader, flags);
    if (changed !== undefined) {
      flags = changed;
      continue;
    }
    parts.push(parseRepeat(state, flags, depth));
  }
  branches.push(sequence(parts));
  return branches.length === 1 ? (branches[0] as Pattern) : { kind: "choice", branches };
}

function sequence(parts: readonly Pattern[]): Pattern {
  return parts.length === 1 ? (parts[0] as Pattern) : { kind: "sequence", parts };
}

function parseRepeat(state: State, flags: Flags, depth: number): Pattern {
  const { reader } = state;
  const start = reader.at;
  const bare = reader.takeBounds();
  if (bare !== undefined) throw new PatternError(`nothing stands before ${bare.text} to be repeated`, start);
  const body = parseAtom(state, flags, depth);
  const boundsAt = reader.at;
  const bounds = reader.takeBounds();
  if (bounds === undefined) return body;
  if (bounds.min > maxRepeat || (bounds.max ?? 0) > maxRepeat) {
    throw new PatternError(
      `${bounds.text} is beyond RE2's limit of ${maxRepeat}; use * or + and declare longest`,
      boundsAt,
    );
  }
  if (bounds.max !== undefined && bounds.max < bounds.min) {
    throw new PatternError(`${bounds.text} counts backwards`, boundsAt);
  }
  const againAt = reader.at;
  const again = reader.takeBounds();
  if (again !== undefined)
    throw new PatternError(`${again.text} repeats a repetition; put the inner one in (?:...)`, againAt);
  if (bounds.max !== 1 && canBeEmpty(body)) {
    throw new PatternError(
      "what is repeated here can be empty, on which engines differ: make it match at least one byte",
      start,
    );
  }
  return { kind: "repeat", body, min: bounds.min, ...(bounds.max === undefined ? {} : { max: bounds.max }) };
}

function parseAtom(state: State, flags: Flags, depth: number): Pattern {
  const { reader } = state;
  const start = reader.at;
  if (reader.peek("(")) return parseGroup(state, flags, depth);
  if (reader.peek("[")) return byte(parseClass(reader, flags.ignoreCase));
  if (reader.take(".")) return byte(flags.dotAll ? bytesOf([0, 255]) : complement(bytesOf([10, 10])));
  if (reader.take("\\b")) return { kind: "boundary", negated: false };
  if (reader.take("\\B")) return { kind: "boundary", negated: true };
  if (reader.peek("^") || reader.peek("$")) {
    throw reader.error(
      `${reader.rest().charAt(0)} is refused, because a match may stand anywhere: use \\b or the charset check`,
    );
  }
  if (reader.peek("\\")) {
    const perl = /^\\([dwsDWS])/.exec(reader.rest())?.[1];
    if (perl !== undefined) {
      reader.at += 2;
      const set = perlClasses[perl.toLowerCase()] as ByteSet;
      return byte(perl === perl.toLowerCase() ? set : complement(set));
    }
    return literal(escapedByte(reader), flags);
  }
  const code = reader.takeCharacter();
  if (code > 0x7f)
    throw new PatternError("patterns see bytes: write characters beyond ASCII as UTF-8 in \\x.. escapes", start);
  return literal(code, flags);
}

function byte(set: ByteSet): Pattern {
  return { kind: "byte", set };
}

function literal(code: number, flags: Flags): Pattern {
  const set = bytesOf([code, code]);
  return byte(flags.ignoreCase ? foldCase(set) : set);
}

/** `(?i)`, `(?s-i)`: the flags from here on; undefined where none are set. */
function takeFlags(reader: Reader, flags: Flags): Flags | undefined {
  const found = /^\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?\)/.exec(reader.rest());
  if (found === null) return undefined;
  const changed = changeFlags(reader, flags, found[1] ?? "", found[2]);
  reader.at += found[0].length;
  return changed;
}

function changeFlags(reader: Reader, flags: Flags, on: string, off: string | undefined): Flags {
  const wrong = /[^is]/.exec(`${on}${off ?? ""}`)?.[0];
  if (wrong !== undefined || (on === "" && off === undefined)) {
    throw reader.error(`only the flags i and s are allowed here${wrong === undefined ? "" : `, not ${wrong}`}`);
  }
  return {
    ignoreCase: (flags.ignoreCase || on.includes("i")) && !(off ?? "").includes("i"),
    dotAll: (flags.dotAll || on.includes("s")) && !(off ?? "").includes("s"),
  };
}

function parseGroup(state: State, flags: Flags, depth: number): Pattern {
  const { reader, groups } = state;
  const start = reader.at;
  const named = /^\(\?P?<([^>=!]*)>/.exec(reader.rest());
  const scoped = /^\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?:/.exec(reader.rest());
  let inner = flags;
  let name: string | undefined;
  if (/^\(\?<?[=!]/.test(reader.rest())) throw reader.error("RE2 has no look-around: use \\b or the charset check");
  if (named !== null) {
    name = named[1] ?? "";
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw reader.error(`${name} is no group name: letters, digits and _ only`);
    if (groups.includes(name)) throw reader.error(`there are two groups named ${name}`);
    groups.push(name);
    reader.at += named[0].length;
  } else if (scoped !== null) {
    if (scoped[1] !== "" || scoped[2] !== undefined) inner = changeFlags(reader, flags, scoped[1] ?? "", scoped[2]);
    reader.at += scoped[0].length;
  } else if (reader.rest().startsWith("(?")) {
    throw reader.error("RE2 does not know this kind of group");
  } else {
    reader.take("(");
  }
  const body = parseChoice(state, inner, depth + 1);
  if (!reader.take(")")) throw new PatternError("this ( is never closed", start);
  return { kind: "group", ...(name === undefined ? {} : { name }), body };
}

function canBeEmpty(tree: Pattern): boolean {
  switch (tree.kind) {
    case "byte":
      return false;
    case "boundary":
      return true;
    case "group":
      return canBeEmpty(tree.body);
    case "sequence":
      return tree.parts.every(canBeEmpty);
    case "choice":
      return tree.branches.some(canBeEmpty);
    case "repeat":
      return tree.min === 0 || canBeEmpty(tree.body);
  }
}

function loopDepth(tree: Pattern): number {
  if (tree.kind === "group") return loopDepth(tree.body);
  if (tree.kind === "repeat") return loopDepth(tree.body) + (tree.max === 1 ? 0 : 1);
  const inner = tree.kind === "sequence" ? tree.parts : tree.kind === "choice" ? tree.branches : [];
  return Math.max(0, ...inner.map(loopDepth));
}

function repeatProduct(tree: Pattern): number {
  switch (tree.kind) {
    case "byte":
    case "boundary":
      return 1;
    case "group":
      return repeatProduct(tree.body);
    case "sequence":
      return Math.max(1, ...tree.parts.map(repeatProduct));
    case "choice":
      return Math.max(1, ...tree.branches.map(repeatProduct));
    case "repeat":
      return Math.max(1, tree.max ?? tree.min) * repeatProduct(tree.body);
  }
}
