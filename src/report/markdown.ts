// Text that others wrote in, the same text as GitHub's Markdown shows it literally out: no markup, link, mention or command.

import { escapeText } from "../base/escape.ts";

/** Longer texts are cut: a cell of a table is no place for more. */
const maxCharacters = 240;

/** As character references: those never start any markup. */
function references(text: string): string {
  return text.replace(/[^A-Za-z0-9 /-]/gu, (character) => `&#${character.codePointAt(0)};`);
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= maxCharacters ? text : `${characters.slice(0, maxCharacters).join("")}…`;
}

/** Text that stands literally in a paragraph or a cell. Names in it can still be taken for mentions: see `codeOf`. */
export function plainOf(text: string): string {
  return references(cut(escapeText(text)));
}

/** Text that stands literally, in code: GitHub looks for no mention, issue, commit or link in it. */
export function codeOf(text: string): string {
  return `<code>${plainOf(text)}</code>`;
}

/** A table; cells are Markdown already, without line breaks. Empty for no rows. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return `${lines.join("\n")}\n`;
}
