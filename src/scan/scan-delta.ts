// Contents made of one another in, what is in each of them out: only what a base does not vouch for is looked at.

import type { Scanned, Span } from "../model/match.ts";
import type { Rule } from "../model/rule.ts";
import { inherit, mergeHits } from "./inheritance.ts";
import type { Known, Pieces, Quiet, Reaches } from "./inheritance.ts";
import type { Keyword } from "./keywords.ts";
import { Prober } from "./prober.ts";
import type { Workbench } from "./workbench.ts";

/** Bytes on either side of a change that are looked at again: a keyword that it touches has at most 64. */
export const zoneMargin = 64;
/** Beyond this share of a content its zones are no shortcut any more. */
const mostShare = 0.8;
/** Of a content with more keywords or dropped candidates than this nothing is remembered. */
const mostHits = 16_384;
const mostQuiet = 512;
/** Contents up to this size are scanned whole, whatever is known of their base. */
const smallBytes = 256;
/** Escaped characters whose texts are so far apart are opened one by one: see escapes.ts. */
const escapeReach = 1100;

/** A content that is made of another one, in a memory where its pieces and zones stand, too. */
export interface DeltaContent {
  readonly bytes: Buffer;
  readonly pieces: Pieces;
  /** How many bytes the stretches have that its base does not vouch for, with `zoneMargin` around them. */
  zones(): number;
  /** Writes those stretches to `room`, with separators; valid after `zones`. `room` gives so many bytes. */
  sketch(room: (length: number) => Uint8Array): { readonly length: number; readonly zones: Zones };
}

/** Where the zones of a sketch stand: triples of start and end in the content and offset in the sketch, from `at` on. */
export interface Zones {
  readonly words: Uint32Array;
  readonly at: number;
  readonly count: number;
}

/** What a content's descendants may build on; absent where something was found in it, or it was not text as it stands. */
export type Memory = Known | undefined;

/** How often the shortcut held. */
export interface DeltaCounts {
  probed: number;
  full: number;
}

/** Scans contents whole and remembers; scans their deltas by what changed. Not re-entrant; one per thread. */
export class DeltaScanner {
  readonly #prober: Prober;
  readonly #scanWhole: (bytes: Uint8Array, witness: WholeWitness) => Scanned;
  readonly #reaches: Reaches;
  readonly #hits: number[] = [];
  readonly #visitor: ZoneVisitor;
  readonly counts: DeltaCounts = { probed: 0, full: 0 };

  /** `scanWhole` scans a content and tells the witness what it met, or that its offsets are not the content's own. */
  constructor(bench: Workbench, scanWhole: (bytes: Uint8Array, witness: WholeWitness) => Scanned) {
    this.#prober = new Prober(bench);
    this.#scanWhole = scanWhole;
    const { keywords, rules } = bench.options;
    this.#reaches = {
      before: Uint32Array.from(keywords, (keyword) => furthest(keyword, rules, ({ lead }) => lead + 1)),
      behind: Uint32Array.from(keywords, (keyword) => furthest(keyword, rules, ({ longest }) => longest + 1)),
    };
    this.#visitor = new ZoneVisitor(this.#reaches, this.#hits);
  }

  /** Scans a content without a base, or one whose base is not known. */
  scanRoot(bytes: Buffer): { readonly scanned: Scanned; readonly memory: Memory } {
    this.counts.full++;
    const witness = new WholeWitness(bytes.length, this.#reaches);
    const scanned = this.#scanWhole(bytes, witness);
    return { scanned, memory: witness.memory };
  }

  /** Scans a content whose base is known. */
  scanDelta(content: DeltaContent, base: Known): { readonly scanned?: Scanned; readonly memory: Memory } {
    const memory = this.#probe(content, base);
    return memory === undefined ? this.scanRoot(content.bytes) : { memory };
  }

  /** What is known of a delta, if nothing new stands in it; undefined asks for a scan. */
  #probe(content: DeltaContent, base: Known): Memory {
    const { bytes } = content;
    const size = bytes.length;
    if (size <= smallBytes || isWide(bytes) || content.zones() > size * mostShare) return undefined;
    const inherited = inherit(base, size, content.pieces, this.#reaches);
    if (inherited === undefined) return undefined;
    const visitor = this.#visitor;
    visitor.begin(inherited.quiet);
    const { retry } = inherited;
    for (let at = 0; at < retry.length; at += 2) {
      if (this.#prober.findsAt(retry[at + 1] as number, retry[at] as number, bytes, visitor)) return undefined;
    }
    const { length, zones } = content.sketch((most) => this.#prober.room(most));
    if (this.#prober.findsNews({ length, bytes, zones }, visitor)) return undefined;
    this.counts.probed++;
    const hits = mergeHits(inherited.hits, this.#hits.slice());
    return hits.length > 2 * mostHits ? undefined : { size, quiet: inherited.quiet, hits };
  }
}

function furthest(keyword: Keyword, rules: readonly Rule[], of: (rule: Rule) => number): number {
  return keyword.rules.reduce((most, rule) => Math.max(most, of(rules[rule] as Rule)), 0);
}

/** UTF-16 and UTF-32 are read as other bytes than they are. */
function isWide(bytes: Buffer): boolean {
  const first = bytes[0] as number;
  const second = bytes[1] as number;
  return (
    (first === 0xff && second === 0xfe) ||
    (first === 0xfe && second === 0xff) ||
    bytes.readUInt32LE(0) === 0 ||
    first === 0 ||
    second === 0 ||
    bytes[2] === 0 ||
    bytes[3] === 0
  );
}

/** Remembers what a full scan met. */
export class WholeWitness {
  readonly #size: number;
  readonly #reaches: Reaches;
  readonly #quiet: Quiet[] = [];
  readonly #hits: number[] = [];
  #usable = true;

  constructor(size: number, reaches: Reaches) {
    this.#size = size;
    this.#reaches = reaches;
  }

  hit(offset: number, keyword: number): void {
    if (this.#reaches.behind[keyword] !== 0 && this.#hits.length <= 2 * mostHits) this.#hits.push(offset, keyword);
  }

  candidate(rule: Rule, span: Span, passed: boolean): void {
    if (passed) this.#usable = false;
    else this.#keep({ rule: rule.id, span, reach: this.#around(span, rule.reach + 1) });
  }

  escapes(span: Span): void {
    this.#keep({ rule: "", span, reach: this.#around(span, escapeReach), whole: true });
  }

  /** Says that offsets were not those of the content. */
  spoil(): void {
    this.#usable = false;
  }

  get memory(): Memory {
    if (!this.#usable || this.#quiet.length > mostQuiet || this.#hits.length > 2 * mostHits) return undefined;
    return { size: this.#size, quiet: this.#quiet, hits: this.#hits };
  }

  #keep(quiet: Quiet): void {
    if (this.#quiet.length <= mostQuiet) this.#quiet.push(quiet);
  }

  #around({ start, end }: Span, bytes: number): Span {
    return { start: Math.max(0, start - bytes), end: Math.min(this.#size, end + bytes) };
  }
}

/** Knows the candidates that a content inherited, and gathers the keywords of its zones. */
class ZoneVisitor {
  readonly #reaches: Reaches;
  readonly #hits: number[];
  #quiet: readonly Quiet[] = [];

  constructor(reaches: Reaches, hits: number[]) {
    this.#reaches = reaches;
    this.#hits = hits;
  }

  begin(quiet: readonly Quiet[]): void {
    this.#quiet = quiet;
    this.#hits.length = 0;
  }

  isKnown(rule: Rule, span: Span): boolean {
    return this.#quiet.some(
      (quiet) => quiet.rule === rule.id && quiet.span.start === span.start && quiet.span.end === span.end,
    );
  }

  hit(offset: number, keyword: number): void {
    if (this.#reaches.behind[keyword] !== 0) this.#hits.push(offset, keyword);
  }
}
