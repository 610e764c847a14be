// Rules made ready and the kernels that they run on: keyword hits in, candidates out, layer by layer.

import type { RegexEngine } from "../base/regex/regex.ts";
import type { Kernel, Region } from "../kernel/kernel.ts";
import type { Candidate, Span } from "../model/match.ts";
import type { Rule } from "../model/rule.ts";
import { findCandidate } from "./candidates.ts";
import type { Hit, ReadyRule, Surroundings } from "./candidates.ts";
import { refusedBefore } from "./checks/charset.ts";
import { decodedLayer, unescapedLayer } from "./decode.ts";
import { decodeEscapes } from "./escapes.ts";
import { FollowFilter, isPossible, mostFiltered } from "./follow.ts";
import type { Keyword } from "./keywords.ts";
import type { Layer } from "./layer.ts";
import { Pages } from "./pages.ts";
import type { PageLimits } from "./pages.ts";

/** What a workbench is made of; pure data and the functions that it is given. */
export interface WorkbenchOptions {
  readonly rules: readonly Rule[];
  /** The literal set that the kernels were built for, in their order. */
  readonly keywords: readonly Keyword[];
  /** Makes a kernel; asked once for contents and, when escapes are met, once for what they decode to. */
  readonly makeKernel: () => Kernel;
  readonly engine: RegexEngine;
  /** How many encodings may be nested; 0 scans the bytes as they are. At most 5. */
  readonly maxDecodeDepth: number;
  /** Told how long each rule's patterns and checks took, in milliseconds. */
  readonly onRuleTime?: (rule: string, ms: number) => void;
}

/** Who is told what stands in the layers of one content. */
export interface Sight {
  readonly root: Layer;
  /** A keyword's hit in the root layer, before anything is known of it. */
  hit(offset: number, keyword: number): void;
  /** Each candidate of a layer once. */
  candidate(ready: ReadyRule, candidate: Candidate, layer: Layer): void;
  /** A stretch of the root layer that is read with its escaped characters decoded. */
  escapes(span: Span): void;
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

/** Holds no state between contents but compiled patterns and memory. Not re-entrant; one per thread. */
export class Workbench {
  readonly options: WorkbenchOptions;
  readonly kernel: Kernel;
  readonly #rules: readonly ReadyRule[];
  readonly #limits: PageLimits;
  /** By keyword, made on its first hit. */
  readonly #filters: FollowFilter[] = [];
  #side: Kernel | undefined;

  constructor(options: WorkbenchOptions) {
    this.options = options;
    this.#rules = options.rules.map((rule, index) => readyRule(rule, index, options.engine));
    this.#limits = {
      longest: options.rules.reduce((most, rule) => Math.max(most, rule.longest), 0),
      lead: options.rules.reduce((most, rule) => Math.max(most, rule.lead), 0),
    };
    this.kernel = options.makeKernel();
  }

  /** Gives memory back after a large content. */
  release(): void {
    this.kernel.release();
    this.#side = undefined;
  }

  /** Tells `sight` all candidates of the content in `region` of the kernel, and of everything encoded in it. */
  scan(region: Region, sight: Sight): void {
    this.look(this.kernel, region, sight.root, sight);
    if (this.options.maxDecodeDepth > 0) this.#descend(this.kernel, region, sight.root, sight);
  }

  /** Tells `sight` the hits (of the root) and candidates of one layer. */
  look(kernel: Kernel, region: Region, layer: Layer, sight: Sight): void {
    const hits = kernel.find(region);
    if (hits.count === 0) return;
    const isRoot = layer === sight.root;
    const place = { layer, sight, bytes: layer.bytes, seen: new Set<string>() };
    const pages = new Pages(place.bytes, hits, this.#limits);
    for (let i = 0; i < hits.count; i++) {
      const id = hits.ids[i] as number;
      const offset = hits.offsets[i] as number;
      if (isRoot) sight.hit(offset, id);
      this.tryHit({ keyword: id, offset, pages, index: i }, place);
    }
  }

  /** Runs every rule of a keyword that what follows its hit leaves possible. */
  tryHit(
    hit: { readonly keyword: number; readonly offset: number; readonly pages?: Pages; readonly index: number },
    place: Place,
  ): void {
    const keyword = this.options.keywords[hit.keyword] as Keyword;
    const { offset } = hit;
    const possible = this.#filterOf(hit.keyword).possible(place.bytes, offset);
    if (possible === 0 && keyword.rules.length <= mostFiltered) return;
    const around = {
      range: place.layer.rangeAt(offset),
      index: hit.index,
      ...(hit.pages === undefined ? {} : { pages: hit.pages }),
    };
    keyword.rules.forEach((rule, at) => {
      if (!isPossible(possible, at)) return;
      this.#try(this.#rules[rule] as ReadyRule, { offset, length: keyword.text.length }, around, place);
    });
  }

  /** May a rule of the keyword begin a match at this hit? */
  isPossible(keyword: number, offset: number, bytes: Buffer): boolean {
    const { rules } = this.options.keywords[keyword] as Keyword;
    return rules.length > mostFiltered || this.#filterOf(keyword).possible(bytes, offset) !== 0;
  }

  #filterOf(id: number): FollowFilter {
    return (this.#filters[id] ??= new FollowFilter(this.options.keywords[id] as Keyword));
  }

  /** Runs one rule at one hit. */
  #try(ready: ReadyRule, hit: Hit, around: Surroundings, place: Place): void {
    const started = this.options.onRuleTime === undefined ? 0 : performance.now();
    const candidate = findCandidate(ready, place.bytes, hit, around);
    if (candidate !== undefined) {
      const key = `${ready.index} ${candidate.span.start} ${candidate.span.end}`;
      if (!place.seen.has(key)) {
        place.seen.add(key);
        place.sight.candidate(ready, candidate, place.layer);
      }
    }
    this.options.onRuleTime?.(ready.rule.id, performance.now() - started);
  }

  /** Opens the encodings in a layer, one level, and goes on in what they hold. */
  #descend(kernel: Kernel, region: Region, layer: Layer, sight: Sight): void {
    const decoded = kernel.decode(region, layer.depth);
    const unescaped = decodeEscapes(layer, decoded.escapes);
    this.lookDecoded(kernel, decoded, layer, sight);
    for (const text of unescaped) {
      if (layer === sight.root) sight.escapes({ start: text.offsets[0] as number, end: text.offsets.at(-1) as number });
      this.#side ??= this.options.makeKernel();
      const side = this.#side.reserve(text.bytes.length);
      this.#side.view(side).set(text.bytes);
      const child = unescapedLayer(text, layer);
      this.look(this.#side, side, child, sight);
      if (layer.depth + 1 < this.options.maxDecodeDepth) this.#descend(this.#side, side, child, sight);
    }
  }

  /** Looks into the runs that `kernel` decoded from `layer`, and into what is encoded in them. */
  lookDecoded(kernel: Kernel, decoded: ReturnType<Kernel["decode"]>, layer: Layer, sight: Sight): void {
    if (decoded.region.length === 0) return;
    const child = decodedLayer(kernel, decoded, layer, kernel !== this.kernel);
    this.look(kernel, decoded.region, child, sight);
    if (layer.depth + 1 < this.options.maxDecodeDepth) this.#descend(kernel, decoded.region, child, sight);
  }
}

/** Where rules are tried: one layer, with what was found in it so far. */
export interface Place {
  readonly layer: Layer;
  readonly bytes: Buffer;
  readonly sight: Sight;
  readonly seen: Set<string>;
}
