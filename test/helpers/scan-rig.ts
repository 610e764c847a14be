// Made-up rules, tokens and a scanner over the plain kernel, for tests of the scan room.

import fc from "fast-check";
import { loadRegexEngine } from "../../src/base/regex/engine.ts";
import { buildTables, createKernel } from "../../src/kernel/kernel.ts";
import type { Kernel } from "../../src/kernel/kernel.ts";
import type { Match, Scanned } from "../../src/model/match.ts";
import type { Rule } from "../../src/model/rule.ts";
import type { CheckInput } from "../../src/scan/checks/check.ts";
import { keywordsOf } from "../../src/scan/keywords.ts";
import { PieceScanner } from "../../src/scan/pieces.ts";
import { Scanner } from "../../src/scan/scanner.ts";
import type { ScannerOptions } from "../../src/scan/scanner.ts";
import { ruleOf } from "./matches.ts";

export const base62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Prefixes in parts, so that none stands in the repository next to what looks like a token. */
export const zed = ["zed", "live", ""].join("_");
const yak = ["yak", "pat", ""].join("-");

/** The same text for the same seed: `length` characters of `alphabet`. */
export function randomText(seed: number, length: number, alphabet = base62): string {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0;
  let text = "";
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0;
    text += alphabet.charAt((state >>> 8) % alphabet.length);
  }
  return text;
}

/** Tokens that the rules below find. */
export const zedToken = (seed: number) => zed + randomText(seed, 24);
export const yakToken = (seed: number) => yak + randomText(seed, 20);

/** A rule for `prefix` and `length` base62 characters. */
export function tokenRule(id: string, prefix: string, length: number, given: Partial<Rule> = {}): Rule {
  const pattern = `\\b(?P<secret>${prefix}[0-9A-Za-z]{${length}})\\b`;
  const longest = prefix.length + length;
  return ruleOf(id, { keywords: [prefix], pattern, longest, reach: longest + 1, ...given });
}

export const zedRule = tokenRule("zed.live-key", zed, 24);
const yakRule = tokenRule("yak.pat", yak, 20);
/** Matches with bytes before its keyword: `name=` up to 16 letters, then `#fox#`. */
export const foxRule = ruleOf("fox.named", {
  keywords: ["#fox#"],
  pattern: "[a-z]{1,16}#fox#(?P<secret>[0-9a-z]{16})",
  longest: 37,
  lead: 16,
  reach: 38,
});
export const rigRules: readonly Rule[] = [zedRule, yakRule, foxRule];

export const now = Date.UTC(2026, 0, 15);

export interface RigOptions extends Partial<Omit<ScannerOptions, "keywords" | "rules">> {
  readonly rules?: readonly Rule[];
}

/** A scanner over the plain kernel whose fingerprints name the provider and the length, never the secret. */
export function makeScanner(given: RigOptions = {}): Scanner {
  const { rules = rigRules, ...others } = given;
  const keywords = keywordsOf(rules);
  const tables = buildTables(keywords);
  const makeKernel = (): Kernel => createKernel(tables, { plain: true });
  return new Scanner({
    rules,
    keywords,
    makeKernel,
    engine: loadRegexEngine(),
    fingerprint: (provider, canonical) => `${provider}:${canonical.length}`,
    now,
    maxDecodeDepth: 2,
    keepValues: false,
    ...others,
  });
}

/** Scans a content whole. */
export function scanWhole(scanner: Scanner, content: string | Uint8Array): Scanned {
  const bytes = Buffer.from(content as string);
  scanner.room(bytes.length).set(bytes);
  return scanner.scan({ length: bytes.length });
}

/** Scans a content in pieces, handed over in portions of `portion` bytes. */
export function scanPieces(
  scanner: Scanner,
  content: string | Uint8Array,
  sizes: { readonly own: number; readonly overlap: number; readonly portion: number },
): Scanned {
  const bytes = Buffer.from(content as string);
  const pieces = new PieceScanner(scanner, sizes);
  for (let at = 0; at < bytes.length; at += sizes.portion) pieces.push(bytes.subarray(at, at + sizes.portion));
  return pieces.end();
}

/** What a match says, without what only this run knows. */
export function factsOf(match: Match): Record<string, unknown> {
  const { rule, span, location, fingerprint, decodedFrom, candidates, confidence, facts } = match;
  return { rule, span, location, fingerprint, decodedFrom, candidates, confidence, facts };
}

/** The input of a check; what a test does not name is empty. */
export function checkInput(secret: string, given: Partial<CheckInput> = {}): CheckInput {
  return {
    rule: ruleOf("acme.live-key", { keywords: [zed] }),
    secret,
    groups: { secret },
    before: () => "",
    after: () => "",
    nearby: () => "",
    now,
    engine: loadRegexEngine(),
    ...given,
  };
}

/** 1-based line and column (UTF-16 code units) of an offset, worked out the slow way. */
export function placeOf(content: Uint8Array, offset: number): { readonly line: number; readonly column: number } {
  const before = Buffer.from(content.subarray(0, offset)).toString("utf8").split("\n");
  return { line: before.length, column: (before.at(-1) as string).length + 1 };
}

/** Random tokens of an alphabet. */
export function tokens(alphabet: string, minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc
    .array(fc.integer({ min: 0, max: alphabet.length - 1 }), { minLength, maxLength, size: "max" })
    .map((indices) => indices.map((index) => alphabet.charAt(index)).join(""));
}
