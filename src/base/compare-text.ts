// Two texts in, which comes first out: the one order of texts in what is written.

/** Orders by UTF-16 code units, the same on every machine and in every locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
