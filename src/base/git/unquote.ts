// Turns a path that git wrote in double quotes (C style: \n, \t, \", \\, octal bytes) back into the path.

const named: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, "\\": 92 };

/** What stands in quotes at `at` of `text`, and where it ends; undefined where no whole quoted path starts there. */
export function unquotePath(text: string, at: number): { readonly text: string; readonly end: number } | undefined {
  const quoted = /"((?:[^"\\]|\\(?:[abtnvfr"\\]|[0-3][0-7]{2}))*)"/y;
  quoted.lastIndex = at;
  const found = quoted.exec(text);
  if (found === null) return undefined;
  const parts = [...(found[1] ?? "").matchAll(/[^\\]+|\\([0-7]{3}|.)/gs)].map(([whole, escape]) => {
    if (escape === undefined) return Buffer.from(whole, "utf8");
    return Buffer.of(named[escape] ?? Number.parseInt(escape, 8));
  });
  return { text: Buffer.concat(parts).toString("utf8"), end: quoted.lastIndex };
}
