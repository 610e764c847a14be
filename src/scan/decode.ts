// Decoded pieces in, layers out: base64, hex and UTF-16 runs that the kernel opened, and character escapes.

import type { Decoded, Kernel, Segments, SourceSegment } from "../kernel/kernel.ts";
import { sourceMapper } from "../kernel/kernel.ts";
import type { Encoding, Span } from "../model/match.ts";
import type { Unescaped } from "./escapes.ts";
import { asBuffer } from "./layer.ts";
import type { Layer } from "./layer.ts";
import { wrappedMapper } from "./wrapped.ts";

const hexKind = 1;
const utf16Kind = 2;

/** Index of the last segment that starts at or before `offset`. */
function segmentAt(starts: Uint32Array, count: number, offset: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** base64url when the run uses that alphabet's own characters and none of the other's. */
function base64Kind(bytes: Buffer, start: number, end: number): Encoding {
  const run = bytes.subarray(start, end);
  const urlSafe = run.includes("-") || run.includes("_");
  return urlSafe && !run.includes("+") && !run.includes("/") ? "base64url" : "base64";
}

/** A decoded run with what it costs a walk over its source to learn. */
interface Run {
  readonly index: number;
  /** Bounds in the decoded region. */
  readonly range: Span;
  readonly source: Span;
  readonly encoding: Encoding;
  readonly toSource: (offset: number, edge: "start" | "end") => number;
}

function openRun(segments: Segments, index: number, source: Buffer): Run {
  const segment: SourceSegment = {
    kind: segments.kind[index] as number,
    sourceStart: segments.sourceStart[index] as number,
    sourceEnd: segments.sourceEnd[index] as number,
    phase: segments.phase[index] as number,
  };
  const { kind, sourceStart: start, sourceEnd: end } = segment;
  const encoding = kind === hexKind ? "hex" : kind === utf16Kind ? "utf-16" : base64Kind(source, start, end);
  return {
    index,
    range: { start: segments.start[index] as number, end: segments.end[index] as number },
    source: { start, end },
    encoding,
    toSource: kind === hexKind || kind === utf16Kind ? sourceMapper(source, segment) : wrappedMapper(source, segment),
  };
}

/**
 * The layer of everything the kernel decoded in one pass over `parent`. `copy` takes the bytes out of the kernel, for a
 * kernel whose memory is written again before the layer is done with.
 */
export function decodedLayer(kernel: Kernel, decoded: Decoded, parent: Layer, copy: boolean): Layer {
  const { segments, region } = decoded;
  const kept = copy ? Buffer.from(kernel.view(region)) : undefined;
  // Offsets are asked for in ascending order, many to a run; a run of many megabytes is walked once.
  let last: Run | undefined;
  const runAt = (offset: number): Run => {
    if (last !== undefined && last.range.start <= offset && offset < last.range.end) return last;
    const index = segmentAt(segments.start, segments.count, offset);
    return last?.index === index ? last : (last = openRun(segments, index, parent.bytes));
  };
  return {
    get bytes() {
      return kept ?? asBuffer(kernel.view(region));
    },
    depth: parent.depth + 1,
    rangeAt: (offset) => runAt(offset).range,
    toRoot(span: Span): Span {
      const { toSource, range } = runAt(span.start);
      const start = toSource(span.start - range.start, "start");
      return parent.toRoot({ start, end: toSource(span.end - range.start, "end") });
    },
    encodingsAt(offset: number): readonly Encoding[] {
      const { source, encoding } = runAt(offset);
      return [...parent.encodingsAt(source.start), encoding];
    },
  };
}

/** The layer of one cluster of escapes in `parent`. */
export function unescapedLayer(text: Unescaped, parent: Layer): Layer {
  const offsetOf = (offset: number) => text.offsets[Math.min(offset, text.offsets.length - 1)] as number;
  return {
    bytes: text.bytes,
    depth: parent.depth + 1,
    rangeAt: () => ({ start: 0, end: text.bytes.length }),
    toRoot: (span) => parent.toRoot({ start: offsetOf(span.start), end: offsetOf(span.end) }),
    encodingsAt: (offset) => [...parent.encodingsAt(offsetOf(offset)), text.encoding],
  };
}
