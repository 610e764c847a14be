// A pattern as people write it → RE2 source: white space and comments outside of classes go.

/** A stripped pattern, and where each of its characters stood in the text it was made from. */
export interface Stripped {
  readonly source: string;
  readonly offsets: readonly number[];
}

const space = /[\t\n\v\f\r ]/;

/** Removes white space and `# comments` outside of classes; escaped characters are kept with their backslash. */
export function stripPattern(text: string): string {
  return stripWithOffsets(text).source;
}

/** As `stripPattern`, with the offset of every kept character (and, at the end, the text's length). */
export function stripWithOffsets(text: string): Stripped {
  let source = "";
  const offsets: number[] = [];
  const keep = (from: number, to: number): void => {
    for (let i = from; i < to; i++) offsets.push(i);
    source += text.slice(from, to);
  };
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    let next = at + 1;
    if (character === "\\") next = Math.min(text.length, at + 2);
    else if (character === "[") next = classEnd(text, at);
    else if (character === "#") {
      const newline = text.indexOf("\n", at);
      at = newline < 0 ? text.length : newline;
      continue;
    } else if (space.test(character)) {
      at = next;
      continue;
    }
    keep(at, next);
    at = next;
  }
  offsets.push(text.length);
  return { source, offsets };
}

/** The offset after the class that opens at `start`; the text's end for one that never closes. */
function classEnd(text: string, start: number): number {
  let at = start + 1;
  if (text.charAt(at) === "^") at++;
  if (text.charAt(at) === "]") at++;
  while (at < text.length) {
    if (text.charAt(at) === "]") return at + 1;
    if (text.charAt(at) === "\\") at += 2;
    else if (text.startsWith("[:", at) && text.includes(":]", at)) at = text.indexOf(":]", at) + 2;
    else at++;
  }
  return text.length;
}
