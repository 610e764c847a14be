// YAML text → whether it nests deeper than a bound, without recursion: the yaml package's composer
// recurses, and a file of brackets can take the whole process down with it.

import { CST, Lexer } from "yaml";

/**
 * The offset (UTF-16 code units) of the first place that may nest deeper than `maxDepth`, or undefined.
 * Block nesting is bounded from above: each level costs a column or an indicator on its line, so a
 * file that is indented by more than four columns a level may be refused earlier. Reads any text, valid or not.
 */
export function findDeepNesting(text: string, maxDepth: number): number | undefined {
  let offset = 0;
  let flowDepth = 0;
  let blockDepth = 0;
  let atLineStart = true;
  let inScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    const type: string | null = inScalar ? "content" : CST.tokenType(lexeme);
    inScalar = type === "scalar";
    if (type === "flow-map-start" || type === "flow-seq-start") flowDepth++;
    else if (type === "flow-map-end" || type === "flow-seq-end") flowDepth = Math.max(0, flowDepth - 1);
    else if (type === "newline") blockDepth = 0;
    else if (type === "space" && atLineStart) blockDepth = lexeme.length / 4;
    else if (type === "seq-item-ind" || type === "explicit-key-ind") blockDepth++;
    if (flowDepth > maxDepth || (flowDepth === 0 && blockDepth > maxDepth)) return offset;
    atLineStart = type === "newline";
    if (!isMarker(lexeme)) offset += lexeme.length;
  }
  return undefined;
}

/** Control lexemes stand for no text of the file. */
function isMarker(lexeme: string): boolean {
  return lexeme === CST.DOCUMENT || lexeme === CST.FLOW_END || lexeme === CST.SCALAR;
}
