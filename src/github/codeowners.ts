// The text of a CODEOWNERS file → who owns a path: the last line that matches decides, as GitHub has it.

/** The places of the file, in the order in which GitHub looks. */
export const codeownersPlaces = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;

/** GitHub loads no larger file. */
const maxBytes = 3 * 1024 * 1024;

/** A line: which paths, and who owns them; nobody, where it names nobody. */
interface Entry {
  readonly matches: (path: string) => boolean;
  readonly owners: readonly string[];
}

/** `a\ b @x` at white space that is not escaped. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/(?:\\.|\S)+/g)].map(([word]) => word);
}

/** One character of a name, any one, or any number of them. */
type Token = { readonly kind: "star" | "any" } | { readonly kind: "is"; readonly character: string };

function tokensOf(glob: string): Token[] {
  return [...glob.matchAll(/\\(.)|([\s\S])/gu)].map(([, escaped, plain = ""]): Token => {
    if (escaped !== undefined) return { kind: "is", character: escaped };
    return plain === "*" ? { kind: "star" } : plain === "?" ? { kind: "any" } : { kind: "is", character: plain };
  });
}

/**
 * Does a sequence match, where `isStar` ones take any number of items? Only the last star is ever tried again, so the time
 * is the product of both lengths at worst, whoever wrote the file.
 */
function matchesAll<Glob, Item>(
  globs: readonly Glob[],
  items: readonly Item[],
  isStar: (glob: Glob) => boolean,
  fits: (glob: Glob, item: Item) => boolean,
): boolean {
  let [at, from, star] = [0, 0, -1];
  for (let index = 0; index < items.length;) {
    const glob = globs[at];
    if (glob !== undefined && isStar(glob)) [star, from, at] = [at, index, at + 1];
    else if (glob !== undefined && fits(glob, items[index] as Item)) [at, index] = [at + 1, index + 1];
    else if (star >= 0) [at, from, index] = [star + 1, from + 1, from + 1];
    else return false;
  }
  return globs.slice(at).every(isStar);
}

function nameMatches(tokens: readonly Token[], name: string): boolean {
  return matchesAll(
    tokens,
    [...name],
    ({ kind }) => kind === "star",
    (token, character) => token.kind !== "is" || token.character === character,
  );
}

/** A name of a path as a pattern has it; `deep` stands for any number of names. */
type Name = "deep" | readonly Token[];

/**
 * The names of a pattern. As in .gitignore, but for what GitHub's page on code owners says: no `!`, no `[ ]`, and
 * `docs/*` is what stands right in that folder, while `docs` and `docs/` are all below it.
 */
function namesOf(pattern: string): Name[][] | undefined {
  if (/^!|[[\]]/.test(pattern) || pattern === "/") return undefined;
  const isTied = pattern.replace(/\/$/, "").includes("/");
  const parts = pattern.replace(/^\//, "").replace(/\/$/, "").split("/");
  const names: Name[] = parts.map((part) => (part === "**" ? "deep" : tokensOf(part)));
  const path: Name[] = isTied ? names : ["deep", ...names];
  // Something must stand in a folder.
  const below: Name[] = [...path, "deep", [{ kind: "star" }]];
  if (pattern.endsWith("/")) return [below];
  // A star as the last name is any file there; other names may be those of folders.
  return isTied && parts.at(-1) === "*" ? [path] : [path, below];
}

function pathMatches(names: readonly Name[], path: readonly string[]): boolean {
  return matchesAll(
    names,
    path,
    (name) => name === "deep",
    (name, part) => name !== "deep" && nameMatches(name, part),
  );
}

function parseLine(line: string): Entry[] {
  const [pattern, ...rest] = wordsOf(line);
  if (pattern === undefined || pattern.startsWith("#")) return [];
  const either = namesOf(pattern);
  if (either === undefined) return [];
  const end = rest.findIndex((word) => word.startsWith("#"));
  const owners = end === -1 ? rest : rest.slice(0, end);
  // GitHub skips a line with a word that can be no owner.
  if (!owners.every((owner) => /^@[\w.-]+(?:\/[\w.-]+)?$|^[^\s@]+@[^\s@]+$/.test(owner))) return [];
  return [{ matches: (path) => either.some((names) => pathMatches(names, path.split("/"))), owners }];
}

/** Who owns a path, `@name`, `@organisation/team` or a mail address each; nobody where no line matches. */
export type OwnersOf = (path: string) => readonly string[];

/** Reads the file; one that is too large owns nothing, as with GitHub. */
export function parseCodeowners(text: string): OwnersOf {
  if (text.length > maxBytes) return () => [];
  const entries = text.split(/\r?\n/).flatMap(parseLine).reverse();
  return (path) => entries.find((entry) => entry.matches(path))?.owners ?? [];
}
