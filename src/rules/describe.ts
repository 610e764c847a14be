// A pattern's tree → what it looks like in words.

import { bytesOf, perlClasses, posixClasses } from "./byte-set.ts";
import type { ByteSet } from "./byte-set.ts";
import type { Pattern } from "./syntax.ts";

/** One line: literals in quotes, character classes and counts in words, groups with names where they matter. */
export function describePattern(tree: Pattern): string {
  const parts = partsOf(tree);
  return parts.length === 0 ? "nothing" : parts.join(", ");
}

/** The parts of a sequence, with neighbouring literal characters joined. */
function partsOf(tree: Pattern): string[] {
  const nodes = flat(tree);
  const parts: string[] = [];
  let literal = "";
  const flush = (): void => {
    if (literal !== "") parts.push(JSON.stringify(literal));
    literal = "";
  };
  for (const node of nodes) {
    const character = node.kind === "byte" ? literalOf(node.set) : undefined;
    if (character !== undefined) {
      literal += character;
      continue;
    }
    flush();
    const words = wordsOf(node);
    if (words !== "") parts.push(words);
  }
  flush();
  return parts;
}

/** Sequences and groups without meaning for the reader are dissolved. */
function flat(tree: Pattern): readonly Pattern[] {
  if (tree.kind === "sequence") return tree.parts.flatMap(flat);
  if (tree.kind === "group") return flat(tree.body);
  return [tree];
}

function wordsOf(node: Pattern): string {
  switch (node.kind) {
    case "byte":
      return `one of ${classWords(node.set)}`;
    case "boundary":
      return "";
    case "choice":
      return `either ${node.branches.map((branch) => partsOf(branch).join(", ") || "nothing").join(" or ")}`;
    case "repeat":
      return repeatWords(node);
    default:
      return partsOf(node).join(", ");
  }
}

function repeatWords(node: Pattern & { kind: "repeat" }): string {
  const [only, ...others] = flat(node.body);
  const one = others.length === 0 && only?.kind === "byte" && literalOf(only.set) === undefined ? only : undefined;
  const body = one === undefined ? `(${partsOf(node.body).join(", ")})` : classWords(one.set);
  if (node.min === 0 && node.max === 1) return `perhaps ${one === undefined ? body : `one of ${body}`}`;
  const unit = one === undefined ? "times" : "of";
  return `${count(node.min, node.max)} ${unit} ${body}`;
}

function count(min: number, max: number | undefined): string {
  if (max === undefined) return `${min} or more`;
  return min === max ? `${min}` : `${min} to ${max}`;
}

/** The character that a set stands for: one byte, or one letter in either case (shown in lower case). */
function literalOf(set: ByteSet): string | undefined {
  const bytes = [...set.keys()].filter((byte) => set[byte] === 1);
  const [first = 0, second] = bytes;
  const cased = bytes.length === 2 && second === first + 0x20 && /[A-Z]/.test(String.fromCharCode(first));
  if (bytes.length !== 1 && !cased) return undefined;
  const byte = cased ? first + 0x20 : first;
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : undefined;
}

const named: readonly (readonly [ByteSet, string])[] = [
  [bytesOf([0, 255]), "any byte"],
  [perlClasses["s"] as ByteSet, "white space"],
  [posixClasses["space"] as ByteSet, "white space"],
];

/** `0-9 A-Z a-z _`; large sets are told by what they leave out. */
function classWords(set: ByteSet): string {
  for (const [known, words] of named) if (known.every((flag, byte) => flag === set[byte])) return words;
  const size = set.reduce((sum, flag) => sum + flag, 0);
  return size > 128 ? `any byte but ${ranges(set, 0)}` : ranges(set, 1);
}

function ranges(set: ByteSet, flag: number): string {
  const parts: string[] = [];
  for (let byte = 0; byte < 256; byte++) {
    if (set[byte] !== flag) continue;
    const first = byte;
    while (byte < 255 && set[byte + 1] === flag && kindOf(byte) === kindOf(byte + 1)) byte++;
    if (byte - first < 2) for (let one = first; one <= byte; one++) parts.push(shown(one));
    else parts.push(`${shown(first)}-${shown(byte)}`);
  }
  return parts.join(" ");
}

/** Digits, letters of either case, and the rest on either side of them are told apart, so that 0-9 is shown as such. */
function kindOf(byte: number): number {
  return [0x30, 0x3a, 0x41, 0x5b, 0x61, 0x7b].filter((border) => byte >= border).length;
}

function shown(byte: number): string {
  const names: Readonly<Record<number, string>> = { 9: "tab", 10: "newline", 13: "return", 32: "space" };
  if (names[byte] !== undefined) return names[byte];
  return byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
}
