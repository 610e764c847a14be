// A pattern's tree in, texts that stand in every match of it out: one of them is looked for before the pattern runs.

import type { ByteSet } from "./byte-set.ts";
import type { Pattern } from "./syntax.ts";

/** Longer texts tell no more. */
const mostBytes = 32;
/** A single byte stands everywhere. */
const leastBytes = 2;

/** What a part of a pattern always matches: one text and nothing else, or other things that hold some texts. */
interface Needs {
  readonly exact?: string;
  readonly texts: readonly string[];
}

const nothing: Needs = { texts: [] };

function onlyByte(set: ByteSet): string | undefined {
  const first = set.indexOf(1);
  return first >= 0 && set.indexOf(1, first + 1) < 0 ? String.fromCharCode(first) : undefined;
}

function sequenceNeeds(parts: readonly Pattern[]): Needs {
  const texts: string[] = [];
  let run = "";
  let isExact = true;
  for (const part of parts) {
    const needs = needsOf(part);
    if (needs.exact !== undefined) {
      run += needs.exact;
      continue;
    }
    isExact = false;
    texts.push(run, ...needs.texts);
    run = "";
  }
  return isExact ? { exact: run, texts: [run] } : { texts: [...texts, run] };
}

/** The longest text that stands in both. */
function shared(a: string, b: string): string {
  let best = "";
  for (let start = 0; start < a.length; start++) {
    for (let end = start + best.length + 1; end <= a.length && b.includes(a.slice(start, end)); end++)
      best = a.slice(start, end);
  }
  return best;
}

function choiceNeeds(branches: readonly Pattern[]): Needs {
  const [first = nothing, ...others] = branches.map(needsOf);
  const exact = others.every((other) => other.exact === first.exact) ? first.exact : undefined;
  const texts = others.reduce(
    (common, other) => common.flatMap((text) => other.texts.map((own) => shared(text, own))),
    first.texts,
  );
  return exact === undefined ? { texts } : { exact, texts };
}

function needsOf(tree: Pattern): Needs {
  switch (tree.kind) {
    case "byte": {
      const exact = onlyByte(tree.set);
      return exact === undefined ? nothing : { exact, texts: [exact] };
    }
    case "boundary":
      return { exact: "", texts: [] };
    case "group":
      return needsOf(tree.body);
    case "sequence":
      return sequenceNeeds(tree.parts);
    case "choice":
      return choiceNeeds(tree.branches);
    case "repeat": {
      if (tree.min === 0) return nothing;
      const { exact, texts } = needsOf(tree.body);
      const isFixed = exact !== undefined && tree.min === tree.max && exact.length * tree.min <= mostBytes;
      return isFixed ? { exact: exact.repeat(tree.min), texts: [exact.repeat(tree.min)] } : { texts };
    }
  }
}

/**
 * The longest text (latin1) that stands in every match and in none of `keywords`, so that its absence near a keyword
 * says that there is no match; undefined where there is none of at least two bytes.
 */
export function requiredText(tree: Pattern, keywords: readonly string[]): string | undefined {
  const useful = needsOf(tree)
    .texts.map((text) => text.slice(0, mostBytes))
    .filter((text) => text.length >= leastBytes && !keywords.some((keyword) => keyword.includes(text)));
  return useful.toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))[0];
}
