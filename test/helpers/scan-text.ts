// A text in, what all built-in rules find in it out: the real scanner, without policy.

import { loadRegexEngine } from "../../src/base/regex/engine.ts";
import { createKernel } from "../../src/kernel/kernel.ts";
import type { Confidence } from "../../src/model/rule.ts";
import { builtInRules, kernelModule } from "../../src/pipeline/scan-setup.ts";
import { keywordsOf } from "../../src/scan/keywords.ts";
import { Scanner } from "../../src/scan/scanner.ts";
import { toUtf8 } from "../../src/sources/encoding.ts";

/** One match, without its place. */
export interface TextMatch {
  readonly rule: string;
  readonly provider: string;
  readonly candidates?: readonly string[];
  readonly confidence: Confidence;
  readonly masked: string;
  readonly decodedFrom: readonly string[];
}

/** A scanner with all built-in rules; `engine` picks the regular expression engine. */
export function builtInScanner(engine?: "re2" | "re2js"): Scanner {
  const { rules, tables } = builtInRules();
  const wasm = kernelModule();
  return new Scanner({
    rules,
    keywords: keywordsOf(rules),
    makeKernel: () => createKernel(tables, { wasm }),
    engine: loadRegexEngine(engine),
    fingerprint: (provider, canonical) => `${provider}:${canonical.length}`,
    now: Date.UTC(2026, 0, 1),
    maxDecodeDepth: 3,
    keepValues: false,
  });
}

let shared: Scanner | undefined;

/** Scans a text (UTF-8) or bytes; UTF-16 is transcoded first, as for files. */
export function scanText(input: string | Uint8Array, scanner = (shared ??= builtInScanner())): readonly TextMatch[] {
  const given = typeof input === "string" ? Buffer.from(input, "utf8") : input;
  const bytes = toUtf8(given)?.bytes ?? given;
  scanner.room(bytes.length).set(bytes);
  return scanner.scan({ length: bytes.length }).matches.map((match) => ({
    rule: match.rule,
    provider: match.provider,
    ...(match.candidates === undefined ? {} : { candidates: match.candidates }),
    confidence: match.confidence,
    masked: match.secret.masked,
    decodedFrom: match.decodedFrom,
  }));
}
