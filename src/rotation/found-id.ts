// A provider and a fingerprint in, the name of a credential that nobody declared out.

/** Characters of the fingerprint that a name begins with. */
const shortest = 8;
/** Characters of the provider: with a whole fingerprint and the number of a copy a name has at most 100. */
const longestProvider = 60;

/**
 * Names a found credential after its provider and as much of its fingerprint as tells it apart: `ogarni-` and 8
 * characters, 4 more for each name that is in `taken`. The same fingerprint gives the same name as long as the names
 * before it are the same.
 */
export function foundId(provider: string, fingerprint: string, taken: { has(id: string): boolean }): string {
  const tail = fingerprint.slice(fingerprint.lastIndexOf(":") + 1);
  const head = provider.slice(0, longestProvider);
  for (let length = shortest; length < tail.length; length += 4) {
    const id = `${head}-${tail.slice(0, length)}`;
    if (!taken.has(id)) return id;
  }
  const whole = `${head}-${tail}`;
  for (let copy = 1; ; copy++) {
    const id = copy === 1 ? whole : `${whole}-${copy}`;
    if (!taken.has(id)) return id;
  }
}
