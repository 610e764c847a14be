// The one face of regular expressions here: RE2 syntax over latin1 text, whichever engine is behind it.

/** Half-open range of code units; on latin1 text that is bytes. */
export interface RegexSpan {
  readonly start: number;
  readonly end: number;
}

/** Where a pattern matched, and its groups. */
export interface RegexMatch extends RegexSpan {
  /** The named groups that took part. */
  readonly groups: Readonly<Record<string, RegexSpan>>;
}

/** A compiled pattern: linear time on any text, no state between calls. */
export interface Regex {
  readonly source: string;
  /**
   * The first match that starts at `from` or later (`anchored`: exactly at `from`), leftmost-first as in Perl.
   * `text` is latin1 (a code unit is a byte). `\b` and `\B` look at the character before `from`. A `from`
   * outside of the text gives undefined.
   */
  find(text: string, from: number, anchored: boolean): RegexMatch | undefined;
}

/** A library that runs patterns. */
export interface RegexEngine {
  readonly name: "re2" | "re2js";
  /** Throws RegexSyntaxError when RE2 refuses the pattern. */
  compile(source: string): Regex;
}

/** RE2 refused a pattern; the message says why and carries no stack. */
export class RegexSyntaxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "RegexSyntaxError";
    delete this.stack;
  }
}
