// Bytes in, matches out: the kernel finds keywords, patterns run around them, checks judge, encodings are opened.

import type { Region } from "../kernel/kernel.ts";
import { directiveSpellings } from "../model/match.ts";
import type { Candidate, Encoding, Scanned, Span } from "../model/match.ts";
import type { Rule } from "../model/rule.ts";
import type { ReadyRule } from "./candidates.ts";
import type { Claim } from "./claim.ts";
import { examine } from "./examine.ts";
import { finish } from "./finish.ts";
import type { Fingerprint } from "./finish.ts";
import type { Keyword } from "./keywords.ts";
import { asBuffer, rootLayer } from "./layer.ts";
import type { Layer } from "./layer.ts";
import { contentStart } from "./locate.ts";
import type { Origin } from "./locate.ts";
import { Workbench } from "./workbench.ts";
import type { Sight, WorkbenchOptions } from "./workbench.ts";

/** What a scanner is made of; pure data and the functions that it is given. */
export interface ScannerOptions extends WorkbenchOptions {
  /** Which rules run; absent: all. The keywords must have been made with the same answer. */
  readonly isEnabled?: (rule: Rule) => boolean;
  readonly fingerprint: Fingerprint;
  /** Milliseconds since 1970 that count as today. */
  readonly now: number;
  readonly keepValues: boolean;
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

/** Who wants to know more than the matches: where keywords stand, and what was looked at and perhaps dropped. */
export interface Witness {
  hit(offset: number, keyword: number): void;
  /** A candidate's span in the content, and whether its checks let it through. */
  candidate(rule: Rule, span: Span, passed: boolean): void;
  /** A stretch of the content that was read with its escaped characters decoded. */
  escapes(span: Span): void;
}

/** Scans one content after the other; holds no state between them but compiled patterns and memory. */
export class Scanner {
  readonly bench: Workbench;
  readonly #options: ScannerOptions;
  readonly #fallbacks: ReadonlyMap<string, Rule>;
  #region: Region;
  /** How many layers have been numbered: no two of this scanner's contents share a number. */
  #layers = 0;

  constructor(options: ScannerOptions) {
    this.#options = options;
    this.#fallbacks = new Map(
      options.rules.filter((rule) => rule.fallback).map((rule) => [rule.contested ?? rule.id, rule]),
    );
    this.bench = new Workbench(options);
    this.#region = this.bench.kernel.reserve(0);
  }

  /** Room for the next content, to be filled before `scan`; valid until then. */
  room(length: number): Uint8Array {
    this.#region = this.bench.kernel.reserve(length);
    return this.bench.kernel.view(this.#region);
  }

  /** Gives memory back after a large content. */
  release(): void {
    this.bench.release();
  }

  /** Scans what was written into the room. */
  scan(piece: Piece, witness?: Witness): Scanned {
    const region = { at: this.#region.at, length: piece.length };
    const { kernel } = this.bench;
    const root = rootLayer(() => asBuffer(kernel.view(region)), piece.encodings ?? []);
    const sight = new Collector(root, this.#options, { witness, nextLayer: () => this.#layers++ });
    this.bench.scan(region, sight);
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
}

/** Collects the claims, directives and hidden spans of one content. */
class Collector implements Sight {
  readonly root: Layer;
  readonly claims: Claim[] = [];
  readonly hidden: Span[] = [];
  readonly directives: { readonly offset: number; readonly spelling: string }[] = [];
  readonly #options: ScannerOptions;
  readonly #witness: Witness | undefined;
  readonly #nextLayer: () => number;
  readonly #numbers = new Map<Layer, number>();

  constructor(
    root: Layer,
    options: ScannerOptions,
    run: { readonly witness: Witness | undefined; readonly nextLayer: () => number },
  ) {
    this.root = root;
    this.#options = options;
    this.#witness = run.witness;
    this.#nextLayer = run.nextLayer;
  }

  hit(offset: number, keyword: number): void {
    const { directive } = this.#options.keywords[keyword] as Keyword;
    if (directive !== undefined) this.directives.push({ offset, spelling: directiveSpellings[directive] as string });
    this.#witness?.hit(offset, keyword);
  }

  candidate({ rule }: ReadyRule, candidate: Candidate, layer: Layer): void {
    const { now, engine, keepValues } = this.#options;
    const homes = keepValues ? { numberOf: (each: Layer) => this.#numberOf(each) } : {};
    const claim = examine(rule, candidate, layer, { root: this.root, now, engine, ...homes });
    if (rule.role === "secret") this.hidden.push(layer.toRoot(candidate.secret));
    if (claim !== undefined) this.claims.push(claim);
    this.#witness?.candidate(rule, layer.toRoot(candidate.span), claim !== undefined);
  }

  escapes(span: Span): void {
    this.#witness?.escapes(span);
  }

  #numberOf(layer: Layer): number {
    const number = this.#numbers.get(layer) ?? this.#nextLayer();
    this.#numbers.set(layer, number);
    return number;
  }
}

function lengthOf(span: Span | undefined): number | undefined {
  return span === undefined ? undefined : span.end - span.start;
}
