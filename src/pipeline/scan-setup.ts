// Rules and settings in, everything a scanning thread needs out, as plain data that can be sent to one.

import { readFileSync } from "node:fs";
import { assetUrl } from "../base/assets.ts";
import type { FingerprintKey } from "../findings/key.ts";
import { buildTables } from "../kernel/kernel.ts";
import type { KernelTables } from "../kernel/kernel.ts";
import type { Rule, RuleSet } from "../model/rule.ts";
import { keywordsOf } from "../scan/keywords.ts";

/** What dist/rules.json holds: the built-in rules and the kernel's tables for all of their keywords. */
export interface BuiltInRules extends RuleSet {
  readonly tables: KernelTables;
}

/** One run's scanning settings; structured-cloneable. */
export interface ScanSetup {
  readonly rules: readonly Rule[];
  /** Ids of the rules that run; the others only keep their place in the tables. */
  readonly enabled: ReadonlySet<string>;
  readonly tables: KernelTables;
  readonly wasm?: WebAssembly.Module;
  readonly key: FingerprintKey;
  /** Milliseconds since 1970 that count as today. */
  readonly now: number;
  readonly maxDecodeDepth: number;
  /** Keep secrets' values (for `--show-secrets` and for suppression files that name secrets by hash). */
  readonly keepValues: boolean;
  readonly timings: boolean;
}

let builtIn: BuiltInRules | undefined;

/** The rules that keywarden ships, read once. */
export function builtInRules(): BuiltInRules {
  builtIn ??= JSON.parse(readFileSync(assetUrl("rules.json"), "utf8")) as BuiltInRules;
  return builtIn;
}

/** The kernel's tables for a rule set: the shipped ones where it is the shipped set, else made now. */
export function tablesFor(ruleSet: RuleSet): KernelTables {
  const shipped = builtInRules();
  return ruleSet.hash === shipped.hash ? shipped.tables : buildTables(keywordsOf(ruleSet.rules));
}

/** The kernel's compiled module. */
export function kernelModule(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(assetUrl("kernel.wasm")));
}
