// Many keyword hits close together in, quick noes out: one stretch of text is tried at all of them.

import type { Regex, RegexMatch, RegexSpan } from "../base/regex/regex.ts";
import type { Rule } from "../model/rule.ts";

/** What a page is made for: rules with short matches, or any. */
const shortBytes = 1024;
/** How far apart the first and the last hit of a page may stand. */
const pageBytes = 16 * 1024;
/** A page pays when at least so many hits stand within `denseBytes`. */
const denseHits = 12;
const denseBytes = 8 * 1024;

interface Page {
  /** Bounds of the text in the layer. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** From `from` on, the pattern's first match in the page begins at `start`. */
interface Answer {
  readonly page: Page;
  readonly from: number;
  readonly start: number;
}

/**
 * Pages of one layer. A regular expression engine copies each text that it is given; on a file that is made of keywords
 * the windows around them overlap a thousand times over, while a text that is given again costs nothing.
 */
export class Pages {
  readonly #bytes: Buffer;
  readonly #offsets: Uint32Array;
  readonly #count: number;
  readonly #longest: readonly [number, number];
  readonly #lead: number;
  readonly #pages: [Page | undefined, Page | undefined] = [undefined, undefined];
  readonly #answers = new Map<Rule, Answer>();

  /** `offsets` are the layer's hits in ascending order. */
  constructor(bytes: Buffer, hits: { readonly offsets: Uint32Array; readonly count: number }, limits: PageLimits) {
    this.#bytes = bytes;
    this.#offsets = hits.offsets;
    this.#count = hits.count;
    this.#longest = [Math.min(limits.longest, shortBytes), limits.longest];
    this.#lead = limits.lead;
  }

  /**
   * What `coveringMatch` finds for the hit with the number `index` and `length` bytes, in offsets of the layer; `from` is
   * the hit's offset without the rule's lead. Undefined says nothing: there is no page, or a match of the rule would not
   * end within its `longest` bytes there.
   */
  look(rule: Rule, probe: () => Regex, hit: PageHit): RegexMatch | "none" | undefined {
    const offset = this.#offsets[hit.index] as number;
    const page = this.#pageFor(rule, hit.index, offset);
    if (page === undefined) return undefined;
    const { start } = page;
    if (rule.lead > 0 && this.#firstFrom(rule, probe, page, hit.from) > offset) return "none";
    const found = coveringMatch(probe(), page.text, {
      from: hit.from - start,
      hitStart: offset - start,
      hitEnd: offset - start + hit.length,
      anchored: rule.lead === 0,
    });
    if (found === undefined) return "none";
    // A match that ends in the window around the hit, with a byte to spare, is the one that is found there, too.
    if (found.end + start > offset + rule.longest) return undefined;
    const groups: Record<string, RegexSpan> = {};
    for (const [name, span] of Object.entries(found.groups))
      groups[name] = { start: span.start + start, end: span.end + start };
    return { start: found.start + start, end: found.end + start, groups };
  }

  /** Where the first match at `from` or later begins; remembered, so that hits without one cost one search together. */
  #firstFrom(rule: Rule, probe: () => Regex, page: Page, from: number): number {
    const known = this.#answers.get(rule);
    if (known?.page === page && known.from <= from && from <= known.start) return known.start;
    const found = probe().find(page.text, from - page.start, false);
    const start = found === undefined ? Number.POSITIVE_INFINITY : found.start + page.start;
    this.#answers.set(rule, { page, from, start });
    return start;
  }

  #pageFor(rule: Rule, index: number, offset: number): Page | undefined {
    const kind = rule.longest <= shortBytes ? 0 : 1;
    const longest = this.#longest[kind] as number;
    const page = this.#pages[kind];
    const { length } = this.#bytes;
    const needed = Math.min(length, offset + longest + 1);
    if (page !== undefined && page.start <= Math.max(0, offset - this.#lead - 1) && needed <= page.end) return page;
    const later = index + denseHits;
    if (later >= this.#count || (this.#offsets[later] as number) - offset > denseBytes) return undefined;
    const start = Math.max(0, offset - this.#lead - 1);
    const end = Math.min(length, offset + pageBytes + longest + 1);
    const text = this.#bytes.toString("latin1", start, end);
    return (this.#pages[kind] = { start, end, text });
  }
}

/** A hit: its number in the list, its length, and its offset without the lead of the rule that is tried. */
export interface PageHit {
  readonly index: number;
  readonly length: number;
  readonly from: number;
}

/** The largest `longest` and `lead` among the rules. */
export interface PageLimits {
  readonly longest: number;
  readonly lead: number;
}

/** The leftmost match from `from` on that covers the hit, trying one start after the other; undefined when there is none. */
export function coveringMatch(
  regex: Regex,
  text: string,
  want: { readonly from: number; readonly hitStart: number; readonly hitEnd: number; readonly anchored: boolean },
): RegexMatch | undefined {
  let from = want.from;
  while (from <= want.hitStart) {
    const match = regex.find(text, from, want.anchored);
    if (match === undefined || match.start > want.hitStart) return undefined;
    if (match.end >= want.hitEnd) return match;
    from = match.start + 1;
  }
  return undefined;
}
