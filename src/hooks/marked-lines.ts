// A text file and lines of ours → the file with them between two marks, and back to the same bytes without them.

/** What every first mark begins with, after its indentation. */
const firstMark = "# >>> keywarden";
const lastMark = "# <<< keywarden";

const markedBlock = new RegExp(
  String.raw`^[ \t]*${firstMark}[^\n]*\n(?:[^\n]*\n)*?[ \t]*${lastMark}[^\n]*(?:\n|$)`,
  "m",
);

/** A place in a text at which a line begins (or at which the text ends), and the indentation of what is put there. */
export interface LinePlace {
  readonly offset: number;
  readonly indent: string;
}

/** Whether lines of ours stand in the text. */
export function hasMarked(text: string): boolean {
  return markedBlock.test(text);
}

/**
 * The text with `lines` between two marks at `place`; `note` follows the first mark. They end like the line in front of
 * them, at the start of the text like its first one. A place at the end of a text without a last line break gets one in
 * front, and none at its end.
 */
export function insertMarked(text: string, place: LinePlace, lines: readonly string[], note: string): string {
  const near = place.offset === 0 ? text.indexOf("\n") : text.lastIndexOf("\n", place.offset - 1);
  const end = text[near - 1] === "\r" ? "\r\n" : "\n";
  const block = [`${firstMark}${note}`, ...lines, lastMark].map((one) => (one === "" ? one : place.indent + one));
  const before = text.slice(0, place.offset);
  const isOpen = before !== "" && !before.endsWith("\n");
  const inner = block.join(end);
  return isOpen
    ? `${before}${end}${inner}${text.slice(place.offset)}`
    : `${before}${inner}${end}${text.slice(place.offset)}`;
}

/** The text as it was before `insertMarked`, however often that was done; the same text where it never was. */
export function removeMarked(text: string): string {
  let rest = text;
  for (let found = markedBlock.exec(rest); found !== null; found = markedBlock.exec(rest)) {
    let before = rest.slice(0, found.index);
    // Only a block that was put behind an unfinished last line ends without a line break of its own.
    if (!found[0].endsWith("\n")) before = before.replace(/\r?\n$/, "");
    rest = before + rest.slice(found.index + found[0].length);
  }
  return rest;
}
