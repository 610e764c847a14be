// Turns prose into lines that fit a terminal, and knows how many columns a text takes.

const zeroWidth = /\p{M}|\ufe0f/u;
// East Asian wide and fullwidth blocks, and emoji that are drawn as pictures (UAX #11, UTS #51).
const doubleWidth =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

// Our own colours: what comes from elsewhere has had its escape characters made visible.
// oxlint-disable-next-line no-control-regex
const colour = /\u001b\[\d+m/g;

/** Columns that an escaped text takes in a terminal; colours take none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text.replace(colour, "")) {
    if (zeroWidth.test(character)) continue;
    width += doubleWidth.test(character) ? 2 : 1;
  }
  return width;
}

/**
 * The text in lines of at most `width` columns, broken only at spaces: a word longer than that
 * stands alone on its line, whole, so that paths and addresses can be copied. At least one line.
 */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").filter((part) => part !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && displayWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

/** Narrowest prose column, however narrow the terminal. */
const minColumn = 24;

/** Wrapped text whose first line follows `lead` and whose further lines are indented as far. */
export function hang(lead: string, text: string, width: number): readonly string[] {
  const indent = displayWidth(lead);
  const lines = wrap(text, Math.max(minColumn, width - indent));
  return lines.map((line, index) => (index === 0 ? lead + line : " ".repeat(indent) + line).trimEnd());
}
