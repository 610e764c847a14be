// A base64 run on one line or many in, the way from its decoded bytes back to its characters out.

import { isAlphabet, nextPiece } from "../kernel/pieces.ts";
import type { SourceMapper, SourceSegment } from "../kernel/kernel.ts";

/**
 * Like the kernel's `sourceMapper`, for base64 alone and for offsets in any order: the run's lines are walked once, here,
 * and each answer is a binary search among them. `source` is not read afterwards.
 */
export function wrappedMapper(source: Uint8Array, segment: SourceSegment): SourceMapper {
  const bytes = source.subarray(0, segment.sourceEnd);
  let end = segment.sourceStart;
  while (end < bytes.length && isAlphabet(bytes[end])) end++;
  const longest = end - segment.sourceStart;
  const starts = [segment.sourceStart];
  const firsts = [0];
  let characters = longest;
  for (let next = nextPiece(bytes, end, longest); next !== undefined; next = nextPiece(bytes, next.end, longest)) {
    starts.push(next.start);
    firsts.push(characters);
    characters += next.end - next.start;
  }
  const characterAt = (index: number) => {
    if (index >= characters) return segment.sourceEnd - 1;
    let low = 0;
    let high = firsts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((firsts[middle] as number) <= index) low = middle;
      else high = middle - 1;
    }
    return (starts[low] as number) + index - (firsts[low] as number);
  };
  return (offset, edge) => {
    if (edge === "start") return characterAt(segment.phase + Math.floor((offset * 8) / 6));
    if (offset <= 0) return segment.sourceStart;
    return characterAt(segment.phase + Math.floor(((offset - 1) * 8 + 7) / 6)) + 1;
  };
}
