// A message in, the same message with nothing in it that steers a terminal out.

/** Shows control characters and other invisible ones, which paths and flags in messages may hold, as escapes. */
export function visible(text: string): string {
  return text.replaceAll(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
