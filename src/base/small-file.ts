// The name of a small file in, its bytes out: never a folder, a pipe or something without end.

import { readFileSync, statSync } from "node:fs";
import { ConfigError } from "../errors.ts";

/** What is larger is no small file. */
export const maxSmallBytes = 64 * 1024 * 1024;

/**
 * The bytes of a file, or undefined where there is none. `shown` is how messages name it. Throws ConfigError for what is
 * no file, is larger than 64 MiB or cannot be read.
 */
export function readSmallFile(file: string, shown: string): Buffer | undefined {
  try {
    const found = statSync(file);
    if (!found.isFile()) throw new ConfigError("not a file", { file: shown });
    if (found.size > maxSmallBytes) throw new ConfigError(`larger than ${maxSmallBytes} bytes`, { file: shown });
    return readFileSync(file);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new ConfigError(`cannot be read (${code})`, { file: shown }, { cause: error });
  }
}

/** The text of a file that is to be written again: ConfigError for one that is not UTF-8, which would not survive that. */
export function readSmallText(file: string, shown: string): string | undefined {
  const bytes = readSmallFile(file, shown);
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ConfigError("not valid UTF-8", { file: shown }, { cause });
  }
}
