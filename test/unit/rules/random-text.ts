// A pattern's tree → one text of its language, chosen by numbers from outside: the oracle of the property tests.

import type { Pattern } from "../../../src/rules/syntax.ts";

/** `choose(limit)` gives a number from 0 up to, not including, `limit`. Boundaries are taken as always true. */
export function textOf(tree: Pattern, choose: (limit: number) => number): string {
  switch (tree.kind) {
    case "byte": {
      const bytes = [...tree.set.keys()].filter((byte) => tree.set[byte] === 1);
      return String.fromCharCode(bytes[choose(bytes.length)] ?? 0);
    }
    case "boundary":
      return "";
    case "group":
      return textOf(tree.body, choose);
    case "sequence":
      return tree.parts.map((part) => textOf(part, choose)).join("");
    case "choice":
      return textOf(tree.branches[choose(tree.branches.length)] as Pattern, choose);
    case "repeat": {
      const most = Math.min(tree.max ?? tree.min + 6, tree.min + 9);
      const count = tree.min + choose(most - tree.min + 1);
      return Array.from({ length: count }, () => textOf(tree.body, choose)).join("");
    }
  }
}

/** All texts of the tree's language, or undefined when there are more than `limit`. */
export function allTextsOf(tree: Pattern, limit: number): ReadonlySet<string> | undefined {
  switch (tree.kind) {
    case "byte":
      return new Set(
        [...tree.set.keys()].filter((byte) => tree.set[byte] === 1).map((byte) => String.fromCharCode(byte)),
      );
    case "boundary":
      return new Set([""]);
    case "group":
      return allTextsOf(tree.body, limit);
    case "sequence":
      return product(
        tree.parts.map((part) => allTextsOf(part, limit)),
        limit,
      );
    case "choice": {
      const branches = tree.branches.map((branch) => allTextsOf(branch, limit));
      if (branches.includes(undefined)) return undefined;
      return within(new Set(branches.flatMap((texts) => [...(texts ?? [])])), limit);
    }
    case "repeat": {
      if (tree.max === undefined) return undefined;
      const body = allTextsOf(tree.body, limit);
      let round = product(
        Array.from({ length: tree.min }, () => body),
        limit,
      );
      let all = round;
      for (let count = tree.min; count < tree.max && all !== undefined && round !== undefined; count++) {
        round = product([round, body], limit);
        all = round === undefined ? undefined : within(new Set([...all, ...round]), limit);
      }
      return all;
    }
  }
}

function product(parts: readonly (ReadonlySet<string> | undefined)[], limit: number): ReadonlySet<string> | undefined {
  let texts: ReadonlySet<string> = new Set([""]);
  for (const part of parts) {
    if (part === undefined) return undefined;
    const longer = new Set<string>();
    for (const text of texts) {
      for (const more of part) longer.add(text + more);
      if (longer.size > limit) return undefined;
    }
    texts = longer;
  }
  return texts;
}

function within(texts: ReadonlySet<string>, limit: number): ReadonlySet<string> | undefined {
  return texts.size > limit ? undefined : texts;
}
