// Text that others wrote → GitHub-flavoured Markdown that shows it and does nothing: no mention, no link, no HTML.

import { escapeText } from "../base/escape.ts";

const maxLength = 500;

function short(text: string): string {
  const line = escapeText(text.replace(/\s+/g, " ").trim());
  return line.length <= maxLength ? line : `${line.slice(0, maxLength)}…`;
}

/** Text as code: GitHub looks for nothing in it. Longer fences hold backticks; nothing can end a comment. */
export function code(text: string): string {
  const line = short(text);
  if (line === "") return "` `";
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = longest > 0 || line.startsWith(" ") || line.endsWith(" ") ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** An empty comment: what stands around it is not one word to GitHub. */
const gap = "<!-- -->";

/**
 * Text as prose, on one line. Marks are escaped; `@`, `#`, `GH-` and addresses are broken by an empty comment, because
 * GitHub looks for mentions and references in the finished text, where an escape is gone.
 */
export function prose(text: string): string {
  return short(text)
    .replaceAll("&", "&amp;")
    .replace(/[\\`*_{}[\]<>|~$!#]/g, "\\$&")
    .replace(/@(?=\S)/g, `@${gap}`)
    .replace(/#(?=\d)/g, `#${gap}`)
    .replace(/\b(gh)-(?=\d)/gi, `$1${gap}-`)
    .replace(/:\/\//g, `:${gap}//`)
    .replace(/\bwww\./gi, (found) => `${found.slice(0, -1)}${gap}.`)
    .replace(/^([-+]|\d+[.)])(?=\s|$)/, (found) => `${found.slice(0, -1)}\\${found.slice(-1)}`);
}

/** A title is plain text to GitHub, but for references, mentions and code. */
export function titleText(text: string): string {
  return short(text)
    .replace(/[@#`<>]/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 200);
}

/** A link to a page, or the address as prose where it is not a plain https one. */
export function link(url: string): string {
  return /^https:\/\/[A-Za-z0-9.-]+(?:\/[A-Za-z0-9._~%/?=&+#-]*)?$/.test(url) ? `<${url}>` : prose(url);
}

/** `@name` or `@organisation/team`, for whom it is meant to reach; as prose where it can be neither. */
export function mention(name: string): string {
  const bare = name.replace(/^@/, "");
  return /^[A-Za-z0-9][A-Za-z0-9-]{0,38}(?:\/[A-Za-z0-9._-]{1,100})?$/.test(bare) ? `@${bare}` : prose(name);
}
