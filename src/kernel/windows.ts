// A literal → the four-byte windows that the filter may look for in its place, rarest first.
import type { Literal } from "./kernel.ts";
import { ANY_NIBBLE, WINDOW_SIZE } from "./ngram-model.ts";
import type { NgramModel, NibbleMasks } from "./ngram-model.ts";

/** Four bytes of a literal, from `offset` in it, as the nibbles that fit; and how likely they are in text. */
export interface Window {
  readonly offset: number;
  readonly probability: number;
  readonly masks: NibbleMasks;
}

// The case of a letter is one bit of its high nibble, so both cases need no more than a second bit in a mask.
function masksAt(literal: Literal, offset: number): NibbleMasks {
  const masks = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let position = 0; position < WINDOW_SIZE; position++) {
    const code = literal.text.charCodeAt(offset + position);
    const folded = code | 32;
    const isFolded = literal.ignoreCase && folded >= 97 && folded <= 122;
    // A literal of three has no fourth byte, so any may stand there.
    const isPast = offset + position >= literal.text.length;
    masks[position] = isPast ? ANY_NIBBLE : 1 << (code & 15);
    const high = isFolded ? (1 << (folded >> 4)) | (1 << ((folded - 32) >> 4)) : 1 << (code >> 4);
    masks[WINDOW_SIZE + position] = isPast ? ANY_NIBBLE : high;
  }
  return masks;
}

/** The `most` rarest windows of a literal, at least one; for both cases, as rare as they are in lower case. */
export function rarestWindows(literal: Literal, model: NgramModel, most: number): Window[] {
  const text = literal.ignoreCase ? literal.text.toLowerCase() : literal.text;
  const places: { readonly offset: number; readonly probability: number }[] = [];
  for (let offset = 0; offset === 0 || offset + WINDOW_SIZE <= text.length; offset++) {
    places.push({ offset, probability: model.textProbability(text, offset) });
  }
  places.sort((a, b) => a.probability - b.probability || a.offset - b.offset);
  return places.slice(0, most).map((place) => ({ ...place, masks: masksAt(literal, place.offset) }));
}
