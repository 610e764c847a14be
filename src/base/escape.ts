// Turns text that others wrote (paths, source lines, authors) into text that is safe to show.

/**
 * Characters that steer a terminal or hide from a reader: controls, line and paragraph separators,
 * bidirectional and other format characters, lone surrogates, and whatever else Unicode says to draw
 * as nothing. U+FE0F is let through: it only picks an emoji's colourful form.
 */
const unsafe = /(?!\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * The runner of GitHub Actions obeys commands in any output: `##[command]` wherever it stands in a line,
 * `::command` where a line starts with it, as wrapped prose may (actions/runner, ActionCommand.cs).
 */
const bracketCommand = /##\[/g;
const colonCommand = /(?<=^|\s)::(?=\w)/g;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return short[character] ?? `\\x${hex(code, 2)}`;
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 1)}}`;
}

function escapeCharacters(text: string): string {
  return text.replace(unsafe, visible).replace(bracketCommand, "##\\x5b");
}

/**
 * The text on one line, with every unsafe character shown as an escape (`\x1b`, `\u202e`, `\n`) and no
 * command of GitHub's runner in it. A backslash stays as it is: this is for reading, not for parsing back.
 */
export function escapeText(text: string): string {
  return escapeCharacters(text).replace(colonCommand, "\\x3a:");
}

/** Like `escapeText`, for source lines after a line number: tabs become two spaces, `::name` stays. */
export function escapeCode(text: string): string {
  return escapeCharacters(text.replaceAll("\t", "  "));
}

function unicodeEscape(character: string): string {
  let escaped = "";
  for (let index = 0; index < character.length; index++) escaped += `\\u${hex(character.charCodeAt(index), 4)}`;
  return escaped;
}

/**
 * A value as JSON whose text holds no unsafe character: they stand as `\uXXXX` in its strings, so a
 * parser gives back exactly the value. `indent` 0 puts it on one line. No newline at the end.
 */
export function jsonText(value: unknown, indent: number): string {
  const text = JSON.stringify(value, undefined, indent);
  // Newlines between the values are JSON's own; inside strings they are already escaped.
  return text
    .replace(unsafe, (character) => (character === "\n" ? character : unicodeEscape(character)))
    .replace(bracketCommand, "##\\u005b");
}
