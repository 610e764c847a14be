// Bytes in, matches out: the kernel finds keywords, patterns run around them, checks judge, encodings are opened.

import type { RegexEngine } from "../base/regex/regex.ts";
import type { Kernel, Region } from "../kernel/kernel.ts";
import { directiveSpellings } from "../model/match.ts";
import type { Encoding, Scanned, Span } from "../model/match.ts";
import type { Rule } from "../model/rule.ts";
import { findCandidate } from "./candidates.ts";
import type { Hit, ReadyRule, Surroundings } from "./candidates.ts";
import { refusedBefore } from "./checks/charset.ts";
import type { Claim } from "./claim.ts";
import { decodedLayer, unescapedLayer } from "./decode.ts";
import { decodeEscapes } from "./escapes.ts";
import { examine } from "./examine.ts";
import type { Examination } from "./examine.ts";
import { finish } from "./finish.ts";
import type { Fingerprint } from "./finish.ts";
import { FollowFilter, isPossible, mostFiltered } from "./follow.ts";
import type { Keyword } from "./keywords.ts";
import { asBuffer, rootLayer } from "./layer.ts";
import type { Layer } from "./layer.ts";
import { contentStart } from "./locate.ts";
import type { Origin } from "./locate.ts";
import { Pages } from "./pages.ts";
import type { PageLimits } from "./pages.ts";

/** What a scanner is made of; pure data and the functions that it is given. */
export interface ScannerOptions {
  readonly rules: readonly Rule[];
  /** The literal set that the kernels were built for, in their order. */
  readonly keywords: readonly Keyword[];
  /** Which rules run; absent: all. The keywords must have been made with the same answer. */
  readonly isEnabled?: (rule: Rule) => boolean;
  /** Makes a kernel; asked once for contents and, when escapes are met, once for what they decode to. */
  readonly makeKernel: () => Kernel;
  readonly engine: RegexEngine;
  readonly fingerprint: Fingerprint;
  /** Milliseconds since 1970 that count as today. */
  readonly now: number;
  /** How many encodings may be nested; 0 scans the bytes as they are. At most 5. */
  readonly maxDecodeDepth: number;
  readonly keepValues: boolean;
  /** Told how long each rule's patterns and checks took, in milliseconds. */
  readonly onRuleTime?: (rule: string, ms: number) => void;
}

/** What is known about the bytes that stand in the scanner's room. */
export interface Piece {
  /** How many bytes were written into the room. */
  readonly length: number;
  readonly encodings?: readonly Encoding[];
  readonly origin?: Origin;
  /** Set for a piece of a larger content. */
  readonly own?: Span;
}

interface Sight {
  readonly examination: Examination;
  readonly claims: Claim[];
  readonly hidden: Span[];
  readonly directives: { readonly offset: number; readonly spelling: string }[];
}

/** Where rules are tried: one layer, with what was found in it so far. */
interface Place {
  readonly layer: Layer;
  readonly bytes: Buffer;
  readonly sight: Sight;
  readonly seen: Set<string>;
  readonly pages: Pages;
}

function readyRule(rule: Rule, index: number, engine: RegexEngine): ReadyRule {
  let regex: ReturnType<RegexEngine["compile"]> | undefined;
  let probe: ReturnType<RegexEngine["compile"]> | undefined;
  return {
    rule,
    index,
    refused: refusedBefore(rule),
    regex: () => (regex ??= engine.compile(rule.pattern)),
    probe: () => (probe ??= engine.compile(rule.pattern)),
  };
}

/** Scans one content after the other; holds no state between them but compiled patterns and memory. */
export class Scanner {
  readonly #options: ScannerOptions;
  readonly #rules: readonly ReadyRule[];
  readonly #limits: PageLimits;
  readonly #fallbacks: ReadonlyMap<string, Rule>;
  readonly #kernel: Kernel;
  /** By keyword, made on its first hit. */
  readonly #filters: FollowFilter[] = [];
  #side: Kernel | undefined;
  #region: Region;
  #layers = 0;

  constructor(options: ScannerOptions) {
    this.#options = options;
    this.#rules = options.rules.map((rule, index) => readyRule(rule, index, options.engine));
    this.#limits = {
      longest: options.rules.reduce((most, rule) => Math.max(most, rule.longest), 0),
      lead: options.rules.reduce((most, rule) => Math.max(most, rule.lead), 0),
    };
    this.#fallbacks = new Map(
      options.rules.filter((rule) => rule.fallback).map((rule) => [rule.contested ?? rule.id, rule]),
    );
    this.#kernel = options.makeKernel();
    this.#region = this.#kernel.reserve(0);
  }

  /** Room for the next content, to be filled before `scan`; valid until then. */
  room(length: number): Uint8Array {
    this.#region = this.#kernel.reserve(length);
    return this.#kernel.view(this.#region);
  }

  /** Gives memory back after a large content. */
  release(): void {
    this.#kernel.release();
    this.#side = undefined;
  }

  /** Scans what was written into the room. */
  scan(piece: Piece): Scanned {
    const region = { at: this.#region.at, length: piece.length };
    const kernel = this.#kernel;
    const root = rootLayer(() => asBuffer(kernel.view(region)), piece.encodings ?? []);
    const { now, engine } = this.#options;
    const homes = this.#options.keepValues ? { numberOf: this.#numberer() } : {};
    const sight: Sight = { examination: { root, now, engine, ...homes }, claims: [], hidden: [], directives: [] };
    this.#look(kernel, region, root, sight);
    if (this.#options.maxDecodeDepth > 0) this.#descend(kernel, region, root, sight);
    if (sight.claims.length === 0 && (piece.own === undefined || sight.directives.length === 0)) {
      return { matches: [], directives: [], bytes: lengthOf(piece.own) ?? piece.length };
    }
    return finish({
      root,
      claims: sight.claims,
      hidden: sight.hidden,
      directives: sight.directives,
      fallbacks: this.#fallbacks,
      fallbackOf: (family) => {
        const rule = this.#fallbacks.get(family);
        return rule !== undefined && this.#options.isEnabled?.(rule) !== false ? rule : undefined;
      },
      fingerprint: this.#options.fingerprint,
      keepValues: this.#options.keepValues,
      origin: piece.origin ?? contentStart,
      own: piece.own ?? { start: 0, end: piece.length },
      allDirectives: piece.own !== undefined,
    });
  }

  /** Numbers the layers of one scan, with numbers that no other scan of this scanner gives. */
  #numberer(): (layer: Layer) => number {
    const numbers = new Map<Layer, number>();
    return (layer) => {
      if (!numbers.has(layer)) numbers.set(layer, this.#layers++);
      return numbers.get(layer) as number;
    };
  }

  /** Collects the claims and directives of one layer. */
  #look(kernel: Kernel, region: Region, layer: Layer, sight: Sight): void {
    const hits = kernel.find(region);
    if (hits.count === 0) return;
    const { keywords } = this.#options;
    const bytes = layer.bytes;
    const place = { layer, bytes, sight, seen: new Set<string>(), pages: new Pages(bytes, hits, this.#limits) };
    for (let i = 0; i < hits.count; i++) {
      const id = hits.ids[i] as number;
      const keyword = keywords[id] as Keyword;
      const offset = hits.offsets[i] as number;
      if (keyword.directive !== undefined && layer === sight.examination.root) {
        sight.directives.push({ offset, spelling: directiveSpellings[keyword.directive] as string });
      }
      const possible = this.#filterOf(id).possible(bytes, offset);
      if (possible === 0 && keyword.rules.length <= mostFiltered) continue;
      const hit = { offset, length: keyword.text.length };
      const around = { range: layer.rangeAt(offset), pages: place.pages, index: i };
      keyword.rules.forEach((rule, at) => {
        if (isPossible(possible, at)) this.#try(this.#rules[rule] as ReadyRule, hit, around, place);
      });
    }
  }

  #filterOf(id: number): FollowFilter {
    return (this.#filters[id] ??= new FollowFilter(this.#options.keywords[id] as Keyword));
  }

  /** Runs one rule at one hit. */
  #try(ready: ReadyRule, hit: Hit, around: Surroundings, place: Place): void {
    const started = this.#options.onRuleTime === undefined ? 0 : performance.now();
    const candidate = findCandidate(ready, place.bytes, hit, around);
    if (candidate !== undefined) {
      const key = `${ready.index} ${candidate.span.start} ${candidate.span.end}`;
      if (!place.seen.has(key)) {
        place.seen.add(key);
        const claim = examine(ready.rule, candidate, place.layer, place.sight.examination);
        if (ready.rule.role === "secret") place.sight.hidden.push(place.layer.toRoot(candidate.secret));
        if (claim !== undefined) place.sight.claims.push(claim);
      }
    }
    this.#options.onRuleTime?.(ready.rule.id, performance.now() - started);
  }

  /** Opens the encodings in a layer, one level, and goes on in what they hold. */
  #descend(kernel: Kernel, region: Region, layer: Layer, sight: Sight): void {
    const depth = layer.depth;
    const decoded = kernel.decode(region, depth);
    const unescaped = decodeEscapes(layer, decoded.escapes);
    if (decoded.region.length > 0) {
      const child = decodedLayer(kernel, decoded, layer, kernel !== this.#kernel);
      this.#look(kernel, decoded.region, child, sight);
      if (depth + 1 < this.#options.maxDecodeDepth) this.#descend(kernel, decoded.region, child, sight);
    }
    for (const text of unescaped) {
      this.#side ??= this.#options.makeKernel();
      const side = this.#side.reserve(text.bytes.length);
      this.#side.view(side).set(text.bytes);
      const child = unescapedLayer(text, layer);
      this.#look(this.#side, side, child, sight);
      if (depth + 1 < this.#options.maxDecodeDepth) this.#descend(this.#side, side, child, sight);
    }
  }
}

function lengthOf(span: Span | undefined): number | undefined {
  return span === undefined ? undefined : span.end - span.start;
}
