// A span in, the assignment block around it out: the lines and braces within which two values belong together.

import type { Span } from "../model/match.ts";
import { maxNearBytes } from "../model/rule.ts";
import type { Layer } from "./layer.ts";

/** A block reaches so many lines up and down at the most. */
const maxLines = 12;

const open = 0x7b;
const close = 0x7d;

/** Starts something new: `[section]`, `---`, `===`. */
const heading = /^\s*(?:\[[^\]]*\]|-{3,}|={3,})\s*$/;

/** The text between the braces that hold `span`, within `range`; balanced pairs on the way do not count. */
function withinBraces(bytes: Buffer, span: Span, range: Span): Span {
  let start = span.start;
  for (let depth = 0; start > range.start; start--) {
    const byte = bytes[start - 1];
    if (byte === close) depth++;
    else if (byte === open && depth-- === 0) break;
  }
  let end = span.end;
  for (let depth = 0; end < range.end; end++) {
    const byte = bytes[end];
    if (byte === open) depth++;
    else if (byte === close && depth-- === 0) break;
  }
  return { start, end };
}

/** Columns before the first letter of a line; the dash of a list item counts as one. */
function indentOf(line: string): number {
  return /^[\s-]*/.exec(line)?.[0].length ?? 0;
}

/** Does `line` belong to the block of a line that is indented by `indent`? */
function belongs(line: string, indent: number): boolean {
  return line.trim() !== "" && !heading.test(line) && indentOf(line) >= indent;
}

/** How many of `lines`, from the first on, belong to the block. */
function run(lines: readonly string[], indent: number): number {
  const end = lines.findIndex((line, index) => index >= maxLines || !belongs(line, indent));
  return end < 0 ? lines.length : end;
}

/**
 * The block of `span` in its layer: inside the innermost braces, the lines above and below up to an empty line, a
 * heading, a line that is indented less, or `maxLines`; never beyond the run of the layer that it stands in.
 */
export function blockAround(layer: Layer, span: Span): Span {
  const { bytes } = layer;
  const whole = layer.rangeAt(span.start);
  const inner = withinBraces(bytes, span, {
    start: Math.max(whole.start, span.start - maxNearBytes),
    end: Math.min(whole.end, span.end + maxNearBytes),
  });
  const above = bytes.toString("latin1", inner.start, span.start).split("\n");
  const below = bytes.toString("latin1", span.end, inner.end).split("\n");
  const own = above.pop() ?? "";
  const rest = below.shift() ?? "";
  // A block that opens on the line of its brace is indented as what follows the brace says, which is nothing.
  const indent = above.length === 0 ? 0 : indentOf(own);
  const up = run(above.toReversed(), indent);
  const down = run(below, indent);
  const lengthOf = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + line.length + 1, 0);
  return {
    start: span.start - own.length - lengthOf(above.slice(above.length - up)),
    end: span.end + rest.length + lengthOf(below.slice(0, down)),
  };
}
