// A file's content of any version in, the same as the newest version writes it out.

import { ConfigError } from "../errors.ts";
import type { FilePosition } from "../errors.ts";
import type { JsonObject } from "../base/json-text.ts";
import { isJsonObject } from "../base/json-text.ts";

/** How contents of older versions become those of newer ones. */
export interface Migrations {
  /** The newest version that this program knows. */
  readonly newest: number;
  /** Version → content of that version → content of the next one. What it is given may be damaged; it may throw ConfigError. */
  readonly steps: ReadonlyMap<number, (content: JsonObject) => JsonObject>;
}

/**
 * Takes a content through every step from its `version` to the newest. Throws ConfigError for what has no version, for
 * one that is newer than this program, and for one that it no longer reads.
 */
export function migrate(content: unknown, { newest, steps }: Migrations, at: FilePosition): JsonObject {
  if (!isJsonObject(content)) throw new ConfigError("expected an object", at);
  const { version } = content;
  if (typeof version !== "number" || !Number.isInteger(version))
    throw new ConfigError("no version stands in the file", at);
  if (version > newest) {
    throw new ConfigError(`written by a newer keywarden: its version is ${version}, and this one knows ${newest}`, at, {
      hint: "Update keywarden. The file was left as it is.",
    });
  }
  let current: JsonObject = content;
  for (let from = version; from < newest; from++) {
    const step = steps.get(from);
    if (step === undefined) {
      throw new ConfigError(`its version is ${version}, which this keywarden no longer reads`, at, {
        hint: "Write it anew with an older keywarden first. The file was left as it is.",
      });
    }
    current = { ...step(current), version: from + 1 };
  }
  return current;
}
