// A span in, the text around it out: neighbours, and the lines within a bounded distance.

import type { Span } from "../model/match.ts";
import { maxNearBytes } from "../model/rule.ts";
import type { Layer } from "./layer.ts";

const newline = 0x0a;

/**
 * The latin1 text of the `lines` lines above and below the span and its own, cut at `maxNearBytes` on either side and
 * at the ends of `layer`'s run that the span stands in.
 */
export function linesAround(layer: Layer, span: Span, lines: number): string {
  const { bytes } = layer;
  const range = layer.rangeAt(span.start);
  const lowest = Math.max(range.start, span.start - maxNearBytes);
  const highest = Math.min(range.end, span.end + maxNearBytes);
  let start = span.start;
  const above = bytes.subarray(lowest, span.start);
  for (let left = lines, end = above.length; left >= 0; left--) {
    const lineBreak = end === 0 ? -1 : above.lastIndexOf(newline, end - 1);
    start = lowest + lineBreak + 1;
    if (lineBreak < 0) break;
    end = lineBreak;
  }
  let end = span.end;
  const below = bytes.subarray(span.end, highest);
  for (let left = lines, from = 0; left >= 0; left--) {
    const lineBreak = below.indexOf(newline, from);
    end = lineBreak < 0 ? highest : span.end + lineBreak;
    if (lineBreak < 0) break;
    from = lineBreak + 1;
  }
  return bytes.toString("latin1", start, end);
}
