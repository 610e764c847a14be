// The kinds of value a setting can have, and the TypeScript types that follow from the table of settings.

import type { AllowEntry } from "../model/finding.ts";

/** Report formats by name. */
export const formatNames = [
  "terminal",
  "json",
  "jsonl",
  "sarif",
  "gitleaks-json",
  "csv",
  "junit",
  "github",
  "gitlab",
  "html",
] as const;
export type FormatName = (typeof formatNames)[number];

/** One report: its format and the file it goes to; without `output` it goes to standard output. */
export interface FormatUse {
  readonly format: FormatName;
  readonly output?: string;
}

/** The shape of a setting's value. */
export type Kind =
  | { readonly kind: "switch" }
  | { readonly kind: "choice"; readonly of: readonly string[] }
  /** A list out of a closed set. */
  | { readonly kind: "choices"; readonly of: readonly string[] }
  /** A list of texts; `commas` splits a flag's value, which globs cannot have. */
  | { readonly kind: "texts"; readonly commas: boolean }
  /** A list of files or folders. */
  | { readonly kind: "paths" }
  /** One file; `false` for none at all. */
  | { readonly kind: "path" }
  /** Whole number, bounds included, or the one word that stands for "choose for me". */
  | { readonly kind: "integer"; readonly min: number; readonly max: number; readonly word?: string }
  /** Bytes; written as `512M` or `1G`. */
  | { readonly kind: "size"; readonly min: number }
  | { readonly kind: "formats" }
  | { readonly kind: "allow" };

/** One row of the table of settings. */
export interface Setting {
  /** As in the file; kebab-case. */
  readonly key: string;
  readonly value: Kind;
  /** Absent where there is none. */
  readonly default?: unknown;
  /** In Commander's spelling: `-j, --jobs <n>`. Flags that take lists may be repeated. */
  readonly flag: string;
  /** A second flag that takes no value and sets a fixed one. */
  readonly off?: { readonly flag: string; readonly sets: unknown; readonly help: string };
  /** `flag`: not allowed in the file. */
  readonly where: "file and flag" | "flag";
  /** Whether flags come on top of the file's list, or stand in its place. */
  readonly flagsAdd?: true;
  /** One line, no full stop. */
  readonly help: string;
  /** Markdown for the reference. */
  readonly doc: string;
}

/** The TypeScript type of a kind's value. */
export type ValueOf<K extends Kind> = K extends { kind: "switch" }
  ? boolean
  : K extends { kind: "choice"; of: readonly (infer Choice)[] }
    ? Choice
    : K extends { kind: "choices"; of: readonly (infer Choice)[] }
      ? readonly Choice[]
      : K extends { kind: "texts" | "paths" }
        ? readonly string[]
        : K extends { kind: "path" }
          ? string | false
          : K extends { kind: "size" }
            ? number
            : K extends { kind: "integer"; word: infer Word }
              ? number | Word
              : K extends { kind: "integer" }
                ? number
                : K extends { kind: "formats" }
                  ? readonly FormatUse[]
                  : readonly AllowEntry[];

/** `max-decode-depth` → `maxDecodeDepth`. */
export type CamelCase<Key extends string> = Key extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Key;

/** `max-decode-depth` → `maxDecodeDepth`. */
export function camelCase<Key extends string>(key: Key): CamelCase<Key> {
  return key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()) as CamelCase<Key>;
}
