// Checksum: drops tokens whose built-in check digits do not fit.

import { crc32 } from "node:zlib";
import { dropped, passed } from "./check.ts";
import type { CheckInput, CheckResult } from "./check.ts";

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/**
 * The CRC32 of `text` in base 62 (digits, upper case, lower case), left-padded with `0`, as GitHub
 * and npm append it (GitHub engineering blog, "Behind GitHub's new authentication token formats").
 */
export function crc32Base62(text: string, length: number): string {
  let value = crc32(Buffer.from(text, "latin1"));
  let digits = "";
  while (value > 0) {
    digits = base62.charAt(value % 62) + digits;
    value = Math.floor(value / 62);
  }
  return digits.padStart(length, "0");
}

/** Options: `kind` (`crc32-base62`), `tail`: how many last characters are the check digits. */
export function checksum(input: CheckInput, options: Readonly<Record<string, unknown>>): CheckResult {
  const tail = options["tail"] as number;
  const body = input.secret.slice(input.secret.lastIndexOf("_") + 1);
  const wanted = crc32Base62(body.slice(0, -tail), tail);
  return body.slice(-tail) === wanted ? passed : dropped("checksum does not fit");
}
