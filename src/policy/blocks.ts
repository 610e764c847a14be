// The secretlint-disable and -enable comments of one content in, the blocks that are open on a line out.

import type { Statement } from "./directive.ts";
import { isSecretlintRule } from "./rule-names.ts";
import type { RuleNames } from "./rule-names.ts";

/** More open blocks, or exceptions to one, than anybody writes. Beyond it, less is suppressed, never more. */
const maxTogether = 64;

/** An open `secretlint-disable`. */
export interface Block {
  readonly statement: Statement;
  /** Rules that were enabled again. */
  readonly except: readonly string[];
  /** Enabled again on its own line: it holds to the end of that line. */
  readonly lastLine?: number;
}

function enable(blocks: readonly Block[], { line, names }: Statement): Block[] {
  return blocks.flatMap((block): Block[] => {
    if (names === undefined) return block.statement.line < line ? [] : [{ ...block, lastLine: line }];
    const except = [...new Set([...block.except, ...names])];
    const isOver = block.statement.names?.every((name) => except.includes(name)) ?? false;
    return isOver || except.length > maxTogether ? [] : [{ ...block, except }];
  });
}

function disable(blocks: readonly Block[], statement: Statement): readonly Block[] {
  const names = statement.names?.join();
  const isOpen = blocks.some(
    (block) => block.lastLine === undefined && block.except.length === 0 && block.statement.names?.join() === names,
  );
  return isOpen || blocks.length >= maxTogether ? blocks : [...blocks, { statement, except: [] }];
}

/**
 * Makes a walk down one content. It answers which blocks hold on a line: from the line of the `disable` to the line
 * before the `enable`, or to the end of the content. Lines must be asked for in ascending order.
 */
export function walkBlocks(statements: readonly Statement[]): (line: number) => readonly Block[] {
  const switches = statements
    .filter(({ scope }) => scope === "disable" || scope === "enable")
    .sort((a, b) => a.line - b.line);
  let blocks: readonly Block[] = [];
  let passed = 0;
  return (line) => {
    let next = switches[passed];
    while (next !== undefined && next.line <= line) {
      const { line: now } = next;
      blocks = blocks.filter(({ lastLine }) => lastLine === undefined || lastLine >= now);
      blocks = next.scope === "enable" ? enable(blocks, next) : disable(blocks, next);
      next = switches[++passed];
    }
    blocks = blocks.filter(({ lastLine }) => lastLine === undefined || lastLine >= line);
    return blocks;
  };
}

/** Is this rule disabled by the block? */
export function isDisabled({ statement, except }: Block, rule: RuleNames): boolean {
  const isMeant = (names: readonly string[]): boolean => names.some((name) => isSecretlintRule(name, rule));
  return (statement.names === undefined || isMeant(statement.names)) && !isMeant(except);
}
