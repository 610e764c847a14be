// One inline comment in, what it says out: which lines it speaks of, which rules, why and how long.

import type { Directive } from "../model/match.ts";
import { isDay } from "../base/dates.ts";

/** What a directive says about lines and rules, before anybody asks about a match. */
export interface Statement {
  readonly spelling: string;
  /** The line it stands on. */
  readonly line: number;
  /** `around`: also the lines before and after a match of several lines. */
  readonly scope: "line" | "next-line" | "around" | "disable" | "enable";
  /** Rules by any of their names; absent: all rules. */
  readonly names?: readonly string[];
  readonly reason?: string;
  readonly until?: string;
  /** Why it does not suppress anything, for people. */
  readonly flaw?: string;
}

/** Ours: the only one that must name a rule and say why. */
export const ourSpelling = "keywarden:allow";

const scopes: Readonly<Record<string, Statement["scope"]>> = {
  [ourSpelling]: "line",
  "gitleaks:allow": "line",
  "betterleaks:allow": "line",
  "trufflehog:ignore": "line",
  "kingfisher:ignore": "around",
  "kingfisher:allow": "around",
  "pragma: allowlist secret": "line",
  "pragma: whitelist secret": "line",
  "pragma: allowlist nextline secret": "next-line",
  "pragma: whitelist nextline secret": "next-line",
  ggignore: "line",
  "secretlint-disable": "disable",
  "secretlint-disable-line": "line",
  "secretlint-disable-next-line": "next-line",
  "secretlint-enable": "enable",
};

/** Ends of block comments: what follows them on the line is not part of the comment. */
const commentEnd = /\*\/|--!?>|--%>|--\}\}|#\}/;

/** What else may close a comment or string at the end of a line; it may stack (`") ?>`). */
const closers = /(?:\s|%>|\?>|\}\}|\*\)|-\}|\]\]|[)"'`;,])+$/;

/** More of the same word: `ggignored`, `secretlint-disable-line`, `ggignore.py`. */
const wordGoesOn = /^(?:[\p{L}\p{N}_]|[-.:/][\p{L}\p{N}_])/u;

/** A word before it: `myggignore`, `my-ggignore`. */
const wordBefore = /[\p{L}\p{N}_-]$/u;

function isWhole({ rest, before }: Directive): boolean {
  return !wordGoesOn.test(rest) && (before === undefined || !wordBefore.test(before));
}

/** Splits `names -- reason` at the first separate `--`. */
function splitReason(rest: string): { readonly head: string; readonly reason?: string } {
  const text = (rest.split(commentEnd, 1)[0] as string).replace(closers, "");
  const dashes = /(?:^|\s)--(?:\s|$)/.exec(text);
  if (dashes === null) return { head: text };
  const reason = text.slice(dashes.index + dashes[0].length).trim();
  return { head: text.slice(0, dashes.index), ...(reason === "" ? {} : { reason }) };
}

/** The names of `a, b` or `a b`; other signs are left out. */
function namesIn(head: string): readonly string[] {
  return head.split(/[\s,]+/).filter((name) => /^(?:\*|[@\w][\w@./-]*)$/.test(name));
}

/** Reads `<rule|provider|*>[,...] -- reason until=YYYY-MM-DD`. */
function readOurs(rest: string): Pick<Statement, "names" | "reason" | "until" | "flaw"> {
  const { head, reason: said } = splitReason(rest);
  const names = namesIn(head);
  const ends = [...(said ?? "").matchAll(/(?:^|\s)until=(\S*)/g)].map((found) => found[1] ?? "");
  const reason = (said ?? "").replaceAll(/(?:^|\s)until=\S*/g, "").trim();
  const until = [...ends].sort()[0];
  const told = { names, ...(reason === "" ? {} : { reason }), ...(until === undefined ? {} : { until }) };
  if (names.length === 0) return { ...told, flaw: `${ourSpelling} names no rule` };
  if (reason === "") return { ...told, flaw: `${ourSpelling} gives no reason: write "-- why" after the rule` };
  const bad = ends.find((end) => !isDay(end));
  return bad === undefined
    ? told
    : { ...told, flaw: `${ourSpelling}: until=${bad} is not a date of the form YYYY-MM-DD` };
}

/** Reads the rest of a secretlint comment: rule ids, then perhaps ` -- reason`. */
function readSecretlint(rest: string): Pick<Statement, "names" | "reason"> {
  const { head, reason } = splitReason(rest);
  const names = namesIn(head);
  return { ...(names.length === 0 ? {} : { names }), ...(reason === undefined ? {} : { reason }) };
}

/**
 * Reads one directive; undefined when the spelling is unknown or only part of a longer word. All spellings stand in
 * docs/suppressions.md.
 */
export function readDirective(directive: Directive): Statement | undefined {
  const scope = scopes[directive.spelling];
  if (scope === undefined || !isWhole(directive)) return undefined;
  const { spelling, line } = directive;
  if (spelling === ourSpelling) return { spelling, line, scope, ...readOurs(directive.rest) };
  if (spelling.startsWith("secretlint-")) return { spelling, line, scope, ...readSecretlint(directive.rest) };
  return { spelling, line, scope };
}
