// The hand that reads a pattern: position, repetition bounds, escapes, and errors that know where they stand.

/** What is wrong with a pattern; `offset` counts characters of the stripped source. */
export class PatternError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = "PatternError";
    this.offset = offset;
  }
}

/** How often something is repeated; `max` is absent where there is no bound. */
export interface Bounds {
  readonly min: number;
  readonly max?: number;
  readonly text: string;
}

/** A pattern's source and how far it was read. */
export class Reader {
  at = 0;
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  done(): boolean {
    return this.at >= this.source.length;
  }

  rest(): string {
    return this.source.slice(this.at);
  }

  peek(text: string): boolean {
    return this.source.startsWith(text, this.at);
  }

  take(text: string): boolean {
    if (!this.peek(text)) return false;
    this.at += text.length;
    return true;
  }

  /** The next UTF-16 unit, taken. */
  takeCharacter(): number {
    return this.source.charCodeAt(this.at++);
  }

  /** `*`, `+`, `?` or `{m,n}` with its lazy mark, taken; undefined where none stands. A lone `{` is a literal, as in RE2. */
  takeBounds(): Bounds | undefined {
    const found = /^(?:([*+?])|\{([0-9]+)(,?)([0-9]*)\})\??/.exec(this.rest());
    if (found === null) {
      if (/^\{,[0-9]+\}/.test(this.rest())) throw this.error("RE2 takes {,n} literally: write {0,n}");
      return undefined;
    }
    const [text, sign, low, comma, high] = found;
    this.at += text.length;
    if (sign !== undefined) return { text, min: sign === "+" ? 1 : 0, ...(sign === "?" ? { max: 1 } : {}) };
    const min = Number(low);
    if (comma === "") return { text, min, max: min };
    return { text, min, ...(high === "" ? {} : { max: Number(high) }) };
  }

  error(message: string): PatternError {
    return new PatternError(message, this.at);
  }
}

const controls: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

const refusals: readonly (readonly [RegExp, string])[] = [
  [/^\\[AzZ]/, "\\A and \\z are refused, because a match may stand anywhere: use \\b or the charset check"],
  [/^\\[1-9k]/, "RE2 has no backreferences"],
  [/^\\[pP]/, "Unicode classes are refused, because patterns see bytes: list the ASCII characters"],
  [/^\\[QE]/, "\\Q...\\E is refused: escape the characters one by one"],
  [/^\\[CGKRX]/, "RE2 rules have no such escape"],
  [/^\\$/, "the pattern ends in a backslash"],
];

/** The byte that the escape at the reader stands for; takes it. Throws PatternError for any other escape. */
export function escapedByte(reader: Reader): number {
  const rest = reader.rest();
  for (const [shape, message] of refusals) if (shape.test(rest)) throw reader.error(message);
  const hex = /^\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})/.exec(rest);
  if (hex !== null) {
    const code = Number.parseInt(hex[1] ?? hex[2] ?? "", 16);
    if (code > 0xff) throw reader.error(`${hex[0]} is no byte: write its UTF-8 bytes, each as \\x..`);
    reader.at += hex[0].length;
    return code;
  }
  const octal = /^\\0[0-7]{0,2}/.exec(rest);
  if (octal !== null) {
    reader.at += octal[0].length;
    return Number.parseInt(octal[0].slice(1), 8);
  }
  const letter = rest.charAt(1);
  const control = controls[letter];
  const code = control ?? letter.charCodeAt(0);
  if (control === undefined && /[A-Za-z0-9]/.test(letter)) throw reader.error(`RE2 has no escape \\${letter}`);
  if (code > 0x7f) throw reader.error("patterns see bytes: write characters beyond ASCII as UTF-8 in \\x.. escapes");
  reader.at += 2;
  return code;
}
