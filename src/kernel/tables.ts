// Literals → the tables of both twins: windows in buckets, nibble tables, a hash of windows and the literals' bytes.
import { UsageError } from "../errors.ts";
import { groupQuickly, improve } from "./buckets.ts";
import type { Grouping } from "./buckets.ts";
import type { Literal } from "./kernel.ts";
import { ENTRY_SIZE, NIBBLES_SIZE, TEXT_BLOCK_SIZE, hashOf, imageLayout } from "./layout.ts";
import { NgramModel, shippedCounts } from "./ngram-model.ts";
import type { NgramCounts } from "./ngram-model.ts";
import { rarestWindows } from "./windows.ts";

/** What a kernel is made from; plain JSON, equal on every machine. `image` is base64, laid out as in layout.ts. */
export interface KernelTables {
  readonly format: 1;
  readonly literals: number;
  readonly buckets: number;
  readonly hashBits: number;
  readonly hashMask: number;
  /** Most literals that share one hash. */
  readonly longestChain: number;
  /** Length of the longest literal in bytes, 0 without literals. */
  readonly longest: number;
  readonly image: string;
}

const SHORTEST = 3;
const LONGEST = 64;
const MOST_LITERALS = 16_384;
// Nanoseconds on the machine of the bench: a byte through 8 or 16 buckets, and a candidate, false as most are.
const COST_8 = 0.25;
const COST_16 = 0.5;
const COST_CANDIDATE = 3;
// Without time to compare, more literals than this get 16 buckets.
const MOST_FOR_8 = 64;
// Windows tried per literal when there is time, so that the work stays within seconds.
const MOST_CHOICES = 6;
const MOST_TRIALS = 1500;

/**
 * Builds tables for `literals`; a literal's id is its index. With `counts` of real text the search for good buckets is
 * thorough and may take seconds; without, it takes milliseconds. Throws UsageError for a literal that is not 3 to 64
 * bytes of ASCII, or for more than 16,384 of them.
 */
export function buildTables(literals: readonly Literal[], counts?: NgramCounts): KernelTables {
  check(literals);
  const model = new NgramModel(counts ?? shippedCounts());
  const grouping = chooseGrouping(literals, model, counts !== undefined);
  const buckets = grouping.buckets.length;
  const hashBits = Math.min(15, Math.max(12, Math.ceil(Math.log2(16 * literals.length + 1))));
  const hashMask = literals.some(({ text }) => text.length === SHORTEST) ? 0x00ffffff : 0xffffffff;
  const layout = imageLayout(buckets, hashBits, literals.length);
  const blocks = literals.map(({ text }) => Math.ceil(text.length / 16));
  const size = layout.texts + TEXT_BLOCK_SIZE * blocks.reduce((total, count) => total + count, 0);
  const image = new Uint8Array(size + 16);
  writeNibbles(image, grouping);
  const entries = literals.map((literal, id) => toEntry(literal, id, grouping.windows[id]?.offset ?? 0));
  for (const entry of entries) entry.hash = hashOf(wordAt(entry.literal, entry.offset), hashMask, hashBits);
  entries.sort((a, b) => a.hash - b.hash || a.id - b.id);
  const longestChain = writeEntries(image, layout, { entries, heads: (1 << hashBits) + 1 });
  return {
    format: 1,
    literals: literals.length,
    buckets,
    hashBits,
    hashMask,
    longestChain,
    longest: literals.reduce((longest, { text }) => Math.max(longest, text.length), 0),
    image: Buffer.from(image).toString("base64"),
  };
}

interface Entry {
  readonly literal: Literal;
  readonly id: number;
  readonly offset: number;
  hash: number;
}

function toEntry(literal: Literal, id: number, offset: number): Entry {
  return { literal, id, offset, hash: 0 };
}

function check(literals: readonly Literal[]): void {
  if (literals.length > MOST_LITERALS) {
    throw new UsageError(`${literals.length} keywords are more than the matcher takes`, {
      hint: `Use at most ${MOST_LITERALS} distinct keywords.`,
    });
  }
  for (const { text } of literals) {
    if (text.length >= SHORTEST && text.length <= LONGEST && isAscii(text)) continue;
    throw new UsageError(`keyword ${JSON.stringify(text)} cannot be searched for`, {
      hint: `Keywords are ${SHORTEST} to ${LONGEST} ASCII characters.`,
    });
  }
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) return false;
  return true;
}

function chooseGrouping(literals: readonly Literal[], model: NgramModel, thorough: boolean): Grouping {
  const most = Math.max(1, Math.min(MOST_CHOICES, Math.floor(MOST_TRIALS / (literals.length + 1))));
  const choices = literals.map((literal) => rarestWindows(literal, model, thorough ? most : 1));
  const windows = choices.flatMap((sorted) => sorted.slice(0, 1));
  if (!thorough) return groupQuickly(windows, literals.length > MOST_FOR_8 ? 16 : 8, model);
  const small = improve(groupQuickly(windows, 8, model), choices, model);
  const large = improve(groupQuickly(windows, 16, model), choices, model);
  const smallCost = COST_8 + COST_CANDIDATE * small.candidates;
  return smallCost <= COST_16 + COST_CANDIDATE * large.candidates ? small : large;
}

function writeNibbles(image: Uint8Array, grouping: Grouping): void {
  for (const [bucket, masks] of grouping.buckets.entries()) {
    const base = (bucket >> 3) * NIBBLES_SIZE;
    const bit = 1 << (bucket & 7);
    for (let index = 0; index < NIBBLES_SIZE; index++) {
      const isIn = (((masks[index >> 4] ?? 0) >> (index & 15)) & 1) === 1;
      if (isIn) image[base + index] = (image[base + index] ?? 0) | bit;
    }
  }
}

// The four bytes of a literal's window as a little-endian word, lower case as the hash folds.
function wordAt({ text }: Literal, offset: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [0, 1, 2, 3].map((index) => text.charCodeAt(offset + index) || 0);
  return a | (b << 8) | (c << 16) | (d << 24);
}

function writeEntries(
  image: Uint8Array,
  layout: { readonly heads: number; readonly entries: number; readonly texts: number },
  lists: { readonly entries: readonly Entry[]; readonly heads: number },
): number {
  const data = new DataView(image.buffer);
  const starts = new Uint16Array(lists.heads);
  let text = 0;
  for (const [index, { literal, id, offset, hash }] of lists.entries.entries()) {
    starts[hash + 1] = (starts[hash + 1] ?? 0) + 1;
    const at = layout.entries + index * ENTRY_SIZE;
    data.setUint16(at, id, true);
    data.setUint8(at + 2, offset);
    data.setUint8(at + 3, literal.text.length);
    data.setUint32(at + 4, text, true);
    text += writeText(image, layout.texts + text, literal);
  }
  let longestChain = 0;
  for (let index = 1; index < starts.length; index++) {
    const count = starts[index] ?? 0;
    longestChain = Math.max(longestChain, count);
    starts[index] = count + (starts[index - 1] ?? 0);
  }
  for (const [index, start] of starts.entries()) data.setUint16(layout.heads + 2 * index, start, true);
  return longestChain;
}

// Writes a literal's blocks and returns how many bytes they took.
function writeText(image: Uint8Array, at: number, literal: Literal): number {
  const blocks = Math.ceil(literal.text.length / 16);
  image.fill(255, at, at + blocks * TEXT_BLOCK_SIZE);
  for (let index = 0; index < literal.text.length; index++) {
    const code = literal.text.charCodeAt(index);
    const isLetter = (code | 32) >= 97 && (code | 32) <= 122;
    const fold = literal.ignoreCase && isLetter ? 32 : 0;
    const place = at + (index >> 4) * TEXT_BLOCK_SIZE + (index & 15);
    image[place] = code | fold;
    image[place + 16] = fold;
  }
  return blocks * TEXT_BLOCK_SIZE;
}
