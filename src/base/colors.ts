// Turns the colour option into functions that paint text, or leave it alone.

import picocolors from "picocolors";

/** Functions that wrap a text in ANSI styles; each gives the text back unchanged without colour. */
export type Colors = ReturnType<typeof picocolors.createColors>;

/** The painters for one rendering; the environment is not asked. */
export function colorsFor(options: { readonly color: boolean }): Colors {
  return picocolors.createColors(options.color);
}
