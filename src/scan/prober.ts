// Stretches of a content in, whether anything unknown stands in them out: the quick question before a full scan.

import type { Span } from "../model/match.ts";
import type { Rule } from "../model/rule.ts";
import type { ReadyRule } from "./candidates.ts";
import { decodeEscapes } from "./escapes.ts";
import { asBuffer, rootLayer } from "./layer.ts";
import type { Layer } from "./layer.ts";
import type { Place, Sight, Workbench } from "./workbench.ts";

/**
 * Some stretches (zones) of a content, one after the other with something between them that is in no token and in no
 * encoding. Runs of encodings are whole in them, or their ends are of no interest.
 */
export interface Sketch {
  /** Bytes of the sketch, as they stand in the room. */
  readonly length: number;
  /** The content itself. */
  readonly bytes: Buffer;
  /** Triples of start and end in the content and offset in the sketch, from `at` on. */
  readonly zones: { readonly words: Uint32Array; readonly at: number; readonly count: number };
  /** Set where the sketch is all there is: then it can tell of escaped characters, too. */
  readonly isWhole?: true;
}

/** What a probe met; offsets are the content's own. */
export interface ProbeVisitor {
  /** Is this candidate known already? */
  isKnown(rule: Rule, span: Span): boolean;
  /** A keyword's hit. */
  hit(offset: number, keyword: number): void;
}

/** Answers for sketches, with the kernel and rules of a workbench. */
export class Prober {
  readonly #bench: Workbench;
  /** Where the latest content is tried: its hits come one after the other, and most contents have many. */
  #place: ProbePlace | undefined;
  #region: { readonly at: number; readonly length: number };

  constructor(bench: Workbench) {
    this.#bench = bench;
    this.#region = bench.kernel.reserve(0);
  }

  /** Room for the next sketch, to be filled before `findsNews`; valid until then. */
  room(length: number): Uint8Array {
    this.#region = this.#bench.kernel.reserve(length);
    return this.#bench.kernel.view(this.#region);
  }

  /**
   * Whether there is a candidate that is not known, or anything of which a sketch cannot tell (an escaped character that
   * stands for text). Where it says no, a full scan would find nothing that was not known.
   */
  findsNews(sketch: Sketch, visitor: ProbeVisitor): boolean {
    const { kernel } = this.#bench;
    const region = { at: this.#region.at, length: sketch.length };
    const hits = kernel.find(region);
    let news = false;
    for (let index = 0; index < hits.count && !news; index++) {
      const offset = contentOffset(sketch, hits.offsets[index] as number);
      const keyword = hits.ids[index] as number;
      visitor.hit(offset, keyword);
      news = this.findsAt(keyword, offset, sketch.bytes, visitor);
    }
    if (news || this.#bench.options.maxDecodeDepth === 0) return news;
    if (sketch.isWhole === true) return this.#findsInside(region, visitor);
    const decoded = kernel.decode(region, 0);
    if (decoded.escapes.count > 0) {
      const plain = asBuffer(kernel.view(region));
      const whole = { bytes: plain, rangeAt: () => ({ start: 0, end: plain.length }) };
      if (decodeEscapes(whole, decoded.escapes).next().done !== true) return true;
    }
    if (decoded.region.length === 0) return false;
    const layer = rootLayer(() => asBuffer(kernel.view(region)), []);
    const sight = new NewsSight(layer, visitor);
    this.#bench.lookDecoded(kernel, decoded, layer, sight);
    return sight.news;
  }

  /** The same for everything that is encoded in a whole. */
  #findsInside(region: { readonly at: number; readonly length: number }, visitor: ProbeVisitor): boolean {
    const { kernel } = this.#bench;
    const sight = new NewsSight(
      rootLayer(() => asBuffer(kernel.view(region)), []),
      visitor,
    );
    this.#bench.descend(kernel, region, sight.root, sight);
    return sight.news;
  }

  /** Does this keyword, at this offset of a content, begin a candidate that is not known? */
  findsAt(keyword: number, offset: number, bytes: Buffer, visitor: ProbeVisitor): boolean {
    if (!this.#bench.isPossible(keyword, offset, bytes)) return false;
    const place = this.#placeIn(bytes, visitor);
    this.#bench.tryHit({ keyword, offset, index: 0 }, place);
    return place.sight.news;
  }

  #placeIn(bytes: Buffer, visitor: ProbeVisitor): ProbePlace {
    const latest = this.#place;
    if (latest?.bytes === bytes && latest.visitor === visitor && !latest.sight.news) return latest;
    const layer = rootLayer(() => bytes, []);
    return (this.#place = { layer, bytes, visitor, sight: new NewsSight(layer, visitor), seen: new Set() });
  }
}

/** A content in which hits are tried, and who knows what stands in it. */
interface ProbePlace extends Place {
  readonly visitor: ProbeVisitor;
  readonly sight: NewsSight;
}

/** Notices candidates that are not known. */
class NewsSight implements Sight {
  readonly root: Layer;
  readonly #visitor: ProbeVisitor;
  news = false;

  constructor(root: Layer, visitor: ProbeVisitor) {
    this.root = root;
    this.#visitor = visitor;
  }

  hit(): void {
    // The prober tells its visitor itself, with the content's own offsets.
  }

  candidate({ rule }: ReadyRule, { span }: { readonly span: Span }, layer: Layer): void {
    // What is known of a candidate in an encoded text says nothing of that text, of which all may have changed but it.
    if (layer.depth > 0 || !this.#visitor.isKnown(rule, span)) this.news = true;
  }

  escapes(): void {
    // Asked for before.
  }
}

/** The content's offset of an offset of the sketch. */
function contentOffset({ zones, bytes }: Sketch, offset: number): number {
  const { words, at, count } = zones;
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((words[at + 3 * middle + 2] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  const start = (words[at + 3 * low] as number) + offset - (words[at + 3 * low + 2] as number);
  return Math.min(Math.max(0, bytes.length - 1), start);
}
