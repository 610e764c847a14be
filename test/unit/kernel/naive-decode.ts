// Text → what `decode` must give, by regular expressions and Buffer: the oracle of the kernel's decoder.
import type { Piece } from "./kernels.ts";

const LINE = /(?:\\?\r?\n|\\n|\\r\\n)[ \t]{0,32}([A-Za-z0-9+/_-]+)/y;
const ESCAPES = [
  /(?=%[0-9a-fA-F]{2})/g,
  /(?=\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|u\{[0-9a-fA-F]{1,6}\}))/g,
  /(?=\\x[0-9a-fA-F]{2})/g,
  /(?=&#(?:[0-9]|[xX][0-9a-fA-F]))/g,
];

interface Run {
  readonly start: number;
  readonly end: number;
}

/** Whether eight bytes in a row are text or NULs that are not neighbours. */
function isWorth(text: string): boolean {
  for (let at = 0; at + 8 <= text.length; at++) {
    if (/^[\0\t\n\r -~]{8}$/.test(text.slice(at, at + 8)) && !text.slice(at, at + 8).includes("\0\0")) return true;
  }
  return false;
}

function runsIn(text: string, pattern: RegExp, offset = 0): Run[] {
  return [...text.matchAll(pattern)].map((match) => {
    const start = offset + match.index;
    return { start, end: start + match[0].length };
  });
}

function joined(text: string, run: Run): Run[] {
  const pieces = [run];
  const longest = run.end - run.start;
  if (longest < 40) return pieces;
  for (let end = run.end; ;) {
    LINE.lastIndex = end;
    const match = LINE.exec(text);
    const next = match?.[1];
    if (match === null || next === undefined || next.length > longest) return pieces;
    end = match.index + match[0].length;
    pieces.push({ start: end - next.length, end });
  }
}

function base64Segments(text: string, run: Run): { pieces: Piece[]; end: number } {
  const parts = joined(text, run);
  const characters = parts.map(({ start, end }) => text.slice(start, end)).join("");
  const end = parts.at(-1)?.end ?? run.end;
  const phases = characters.length <= 4096 || run.start === 0 ? [0, 1, 2, 3] : [0];
  const pieces = phases.map((phase) => ({
    kind: 0,
    sourceStart: run.start,
    sourceEnd: end,
    phase,
    text: Buffer.from(characters.slice(phase), "base64").toString("latin1"),
  }));
  let before = 0;
  for (const part of phases.length === 1 ? parts : []) {
    const length = part.end - part.start;
    if (before % 4 !== 0 && length >= 32) {
      const decoded = Buffer.from(text.slice(part.start, part.end), "base64").toString("latin1");
      pieces.push({ kind: 0, sourceStart: part.start, sourceEnd: part.end, phase: 0, text: decoded });
    }
    before += length;
  }
  return { pieces, end };
}

function hexSegments(text: string, run: Run): Piece[] {
  return runsIn(text.slice(run.start, run.end), /[0-9a-fA-F]{32,}/g, run.start).flatMap(({ start, end }) =>
    [0, 1].map((phase) => ({
      kind: 1,
      sourceStart: start,
      sourceEnd: end,
      phase,
      text: Buffer.from(text.slice(start + phase, end), "hex").toString("latin1"),
    })),
  );
}

function utf16Segments(text: string): Piece[] {
  return runsIn(text, /(?:\0[^\0])+\0?|[^\0](?:\0[^\0])*\0?/g)
    .filter(({ start, end }) => end - start >= 16)
    .map(({ start, end }) => ({
      kind: 2,
      sourceStart: start,
      sourceEnd: end,
      phase: 0,
      text: text.slice(start, end).replaceAll("\0", ""),
    }));
}

/** The segments of a text, in order. */
export function naiveSegments(text: string): Piece[] {
  const groups: { readonly start: number; readonly pieces: Piece[] }[] = [];
  let joinedTo = 0;
  for (const run of runsIn(text, /[A-Za-z0-9+/_-]{32,}/g)) {
    if (run.start >= joinedTo) {
      const { pieces, end } = base64Segments(text, run);
      groups.push({ start: run.start, pieces });
      if (end > run.end) joinedTo = end;
    }
    for (const piece of hexSegments(text, run)) groups.push({ start: piece.sourceStart, pieces: [piece] });
  }
  for (const piece of utf16Segments(text)) groups.push({ start: piece.sourceStart, pieces: [piece] });
  groups.sort((a, b) => a.start - b.start);
  return groups.flatMap(({ pieces }) => pieces).filter((piece) => isWorth(piece.text));
}

/** The escapes of a text as pairs of offset and id, in order. */
export function naiveEscapes(text: string): [number, number][] {
  const found = ESCAPES.flatMap((pattern, id) =>
    [...text.matchAll(pattern)].map((match): [number, number] => [match.index, id]),
  );
  return found.sort((a, b) => a[0] - b[0]);
}
