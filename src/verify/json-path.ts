// A JSON value and a path in, the values that stand there out.

/** Wildcards look at so many keys or indexes at the most. */
const maxBranches = 200;

function step(value: unknown, key: string): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (key === "*") return Object.values(value).slice(0, maxBranches);
  return Object.hasOwn(value, key) ? [(value as Record<string, unknown>)[key]] : [];
}

/** All values at `path`: keys and indexes joined by dots, `*` for any one; the empty path is the value itself. */
export function valuesAt(value: unknown, path: string): readonly unknown[] {
  let found: unknown[] = [value];
  for (const key of path === "" ? [] : path.split(".")) {
    found = found.flatMap((one) => step(one, key)).slice(0, maxBranches);
  }
  return found;
}
