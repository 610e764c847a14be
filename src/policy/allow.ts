// The matches and inline comments of one content in; for each match, what allows it, or why a comment does not.

import type { Suppression } from "../model/finding.ts";
import type { Directive, Location, Match } from "../model/match.ts";
import { isDisabled, walkBlocks } from "./blocks.ts";
import { isOver } from "../base/dates.ts";
import { ourSpelling, readDirective } from "./directive.ts";
import type { Statement } from "./directive.ts";
import { isNamed, isSecretlintRule } from "./rule-names.ts";

/** What inline comments say of one match: it is allowed, or it is not and here is why. */
export interface InlineAllow {
  readonly suppression?: Suppression;
  /** For people: comments that stand there and do not count. Empty when the match is allowed. */
  readonly notes: readonly string[];
}

/** What inline comments are judged by. */
export interface AllowOptions {
  readonly now: Date;
  /** Spellings that count, beside ours; absent: all. */
  readonly honour?: readonly string[];
}

/** More comments on one line than anybody writes; further ones do not count. */
const maxPerLine = 64;

/** Statements by the line they speak of; those of blocks are left out. */
function byLine(statements: readonly Statement[]): ReadonlyMap<number, readonly Statement[]> {
  const lines = new Map<number, Statement[]>();
  for (const statement of statements) {
    if (statement.scope === "disable" || statement.scope === "enable") continue;
    const line = statement.scope === "next-line" ? statement.line + 1 : statement.line;
    const there = lines.get(line);
    if (there === undefined) lines.set(line, [statement]);
    else if (there.length < maxPerLine) there.push(statement);
  }
  return lines;
}

/** Statements on the lines that a place covers, and `around` ones on the lines before and after a longer place. */
function statementsAt(location: Location, lines: ReadonlyMap<number, readonly Statement[]>): readonly Statement[] {
  const first = location.line;
  // A match that ends with a line break ends at the start of a line that it does not cover.
  const last = Math.max(first, location.endColumn <= 1 ? location.endLine - 1 : location.endLine);
  const margin = last > first ? 1 : 0;
  const found: Statement[] = [];
  for (let line = first - margin; line <= last + margin; line++) {
    const isCovered = line >= first && line <= last;
    for (const statement of lines.get(line) ?? []) {
      if (isCovered || statement.scope === "around") found.push(statement);
    }
  }
  return found;
}

function suppressionBy({ spelling, reason, until }: Statement): Suppression {
  return {
    kind: "inline",
    by: spelling,
    ...(reason === undefined ? {} : { reason }),
    ...(until === undefined ? {} : { until }),
  };
}

/** Why a statement on the match's line does not suppress it; undefined when it does. */
function objection(statement: Statement, match: Match, now: Date): string | undefined {
  if (statement.flaw !== undefined) return statement.flaw;
  const isMeant = statement.spelling === ourSpelling ? isNamed : isSecretlintRule;
  if (statement.names?.some((name) => isMeant(name, match)) === false) {
    return `${statement.spelling} names ${statement.names.join(", ")}; this is ${match.rule}`;
  }
  return isOver(statement.until, now)
    ? `allowed until ${statement.until} by ${statement.spelling}, expired`
    : undefined;
}

/**
 * Says for each match, by index, what the inline comments of its content do to it; undefined where there are none.
 * Ours suppresses only with a rule, a reason and a date that is not over; of several that suppress, the first in the
 * order of the lines counts, blocks last.
 */
export function allowMatches(
  matches: readonly Match[],
  directives: readonly Directive[],
  { now, honour }: AllowOptions,
): readonly (InlineAllow | undefined)[] {
  const statements = directives
    .filter(({ spelling }) => honour === undefined || spelling === ourSpelling || honour.includes(spelling))
    .map(readDirective)
    .filter((statement) => statement !== undefined);
  const answers: (InlineAllow | undefined)[] = matches.map(() => undefined);
  if (statements.length === 0) return answers;
  const lines = byLine(statements);
  const blocksAt = walkBlocks(statements);
  const downwards = [...matches.entries()].sort(([, a], [, b]) => a.location.line - b.location.line);
  for (const [index, match] of downwards) {
    const block = blocksAt(match.location.line).find((open) => isDisabled(open, match));
    const notes = new Set<string>();
    let allowing: Statement | undefined;
    for (const statement of statementsAt(match.location, lines)) {
      const why = objection(statement, match, now);
      if (why === undefined) allowing ??= statement;
      else notes.add(why);
    }
    allowing ??= block?.statement;
    if (allowing !== undefined) answers[index] = { suppression: suppressionBy(allowing), notes: [] };
    else if (notes.size > 0) answers[index] = { notes: [...notes] };
  }
  return answers;
}
