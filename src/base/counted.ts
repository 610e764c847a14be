// Numbers in, the words that people count with out.

/** `1 place`, `1,204 places`; `many` where the plural is not formed by an `s`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** 1204 -> `1,204`, whatever the locale. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
