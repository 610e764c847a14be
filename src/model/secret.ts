// A secret value that cannot be printed by accident: strings, JSON and inspection show only its mask.

const inspect = Symbol.for("nodejs.util.inspect.custom");

/**
 * A secret and the mask it is shown by. The mask holds at most the public prefix of the
 * token's format and its length, never a character of the random part.
 */
export class Secret {
  readonly #value: string;
  /** What may be shown: public prefix, an ellipsis, the length in bytes, for example `oai_…(112)`. */
  readonly masked: string;

  constructor(value: string, masked: string) {
    this.#value = value;
    this.masked = masked;
  }

  /** The value itself. Only the files named in test/house.test.ts may call this. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return `[secret ${this.masked}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect](): string {
    return this.toString();
  }
}

/** The mask of a value of `length` bytes whose first characters, `prefix`, are public. */
export function maskOf(prefix: string, length: number): string {
  return `${prefix}…(${length})`;
}
