// Turns a masked source line into a code frame: line number, the line, carets under the mask.

import type { Colors } from "../base/colors.ts";
import { escapeCode } from "../base/escape.ts";
import { displayWidth } from "../base/layout.ts";
import type { Frame } from "../model/match.ts";

/** A frame with the line it stands on and the columns it may take. */
export interface FrameInput {
  readonly frame: Frame;
  readonly line: number;
  readonly width: number;
}

const ellipsis = "…";

/** The longest tail (or head) of the text that fits so many columns, marked where it was cut. */
function fit(text: string, columns: number, keep: "head" | "tail"): string {
  if (displayWidth(text) <= columns) return text;
  const characters = [...text];
  while (characters.length > 0 && displayWidth(characters.join("")) > Math.max(0, columns - 1)) {
    if (keep === "head") characters.pop();
    else characters.shift();
  }
  return keep === "head" ? characters.join("") + ellipsis : ellipsis + characters.join("");
}

/**
 * Four lines of at most `width` columns (a longer mask is never cut). What stands before the mask
 * gets up to two thirds of the room, what stands after it the rest.
 */
export function renderFrame(input: FrameInput, colors: Colors): readonly string[] {
  const { text, start, end } = input.frame;
  const number = String(input.line);
  const mask = escapeCode(text.slice(start, end));
  const room = Math.max(20, input.width - number.length - 5 - displayWidth(mask));
  const before = escapeCode(text.slice(0, start).trimStart());
  const after = escapeCode(text.slice(end).trimEnd());
  const left = fit(before, Math.max(Math.floor((room * 2) / 3), room - displayWidth(after)), "tail");
  const right = fit(after, room - displayWidth(left), "head");
  const bar = colors.dim("|");
  const gutter = " ".repeat(number.length);
  const carets = "^".repeat(Math.max(1, displayWidth(mask)));
  return [
    `  ${gutter} ${bar}`,
    `  ${colors.dim(number)} ${bar} ${left}${colors.bold(mask)}${right}`,
    `  ${gutter} ${bar} ${" ".repeat(displayWidth(left))}${colors.red(carets)}`,
  ];
}
