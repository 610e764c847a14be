// A request in, findings out, before any policy: rules chosen, sources scanned, matches paired and grouped.

import { availableParallelism } from "node:os";
import type { Settings } from "../config/settings.ts";
import { groupMatches } from "../findings/group.ts";
import type { Grouped } from "../findings/group.ts";
import type { FingerprintKey } from "../findings/key.ts";
import { pairMatches } from "../findings/pair.ts";
import type { Source } from "../model/blob.ts";
import type { Match } from "../model/match.ts";
import type { Rule } from "../model/rule.ts";
import { allowMatches } from "../policy/allow.ts";
import type { InlineAllow } from "../policy/allow.ts";
import { chooseRules } from "./choose-rules.ts";
import type { ScannedBlob } from "./content-scanner.ts";
import { Executor } from "./executor.ts";
import { gather } from "./gather.ts";
import type { Gathered, Watch } from "./gather.ts";
import { kernelModule, tablesFor } from "./scan-setup.ts";
import type { ScanSetup } from "./scan-setup.ts";

/** How to scan, as far as findings depend on it. */
export interface FindingsSettings {
  readonly settings: Settings;
  readonly key: FingerprintKey;
  /** Milliseconds since 1970 that count as today. */
  readonly now: number;
  readonly keepValues: boolean;
  /** Values of some findings will be wanted later: see `readSubjects`. */
  readonly rereadable?: boolean;
}

/** What to scan and how. */
export interface FindingsRequest extends FindingsSettings, Watch {
  readonly sources: readonly Source[];
}

/** Everything found, before any policy. */
export interface CollectedFindings {
  readonly grouped: Grouped<InlineAllow>;
  readonly gathered: Gathered;
  /** What was scanned with, for reading a content again. */
  readonly setup: ScanSetup;
  /** The rules that ran. */
  readonly rules: readonly Rule[];
  readonly rulesHash: string;
  /** Milliseconds spent on each rule, where the settings asked for it. */
  readonly times: ReadonlyMap<string, number>;
}

/** What every scanning thread of a run gets. */
export function setupOf(request: FindingsSettings, chosen: Awaited<ReturnType<typeof chooseRules>>): ScanSetup {
  return {
    rules: chosen.ruleSet.rules,
    enabled: new Set(chosen.enabled.map((rule) => rule.id)),
    tables: tablesFor(chosen.ruleSet),
    wasm: kernelModule(),
    key: request.key,
    now: request.now,
    maxDecodeDepth: request.settings.maxDecodeDepth,
    keepValues: request.keepValues,
    timings: request.settings.timings,
  };
}

/** Pairs identifiers with secrets and asks the inline comments, content by content, then groups by secret. */
export function groupBlobs(
  blobs: readonly ScannedBlob[],
  rules: readonly Rule[],
  request: FindingsSettings,
): Grouped<InlineAllow> {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const options = { now: new Date(request.now), honour: request.settings.honour };
  const contents = blobs.flatMap(({ provenance, scanned }) => {
    if (scanned === undefined) return [];
    const matches: readonly Match[] = pairMatches(scanned.matches, (id) => byId.get(id));
    return [{ provenance, matches, allowed: allowMatches(matches, scanned.directives, options) }];
  });
  return groupMatches(contents);
}

/** How many threads the settings ask for. */
export function jobsOf({ jobs }: Settings): number {
  return jobs === "auto" ? Math.min(availableParallelism(), 16) : jobs;
}

/** Scans and groups. Throws for wrong settings and for sources that cannot be opened. */
export async function collectFindings(request: FindingsRequest): Promise<CollectedFindings> {
  const chosen = await chooseRules(request.settings);
  const setup = setupOf(request, chosen);
  const executor = new Executor(setup, {
    jobs: jobsOf(request.settings),
    signal: request.signal,
    rereadable: request.rereadable === true,
  });
  const gathered = await gather(request.sources, executor, request);
  return {
    grouped: groupBlobs(gathered.blobs, chosen.ruleSet.rules, request),
    gathered,
    setup,
    rules: chosen.enabled,
    rulesHash: chosen.ruleSet.hash,
    times: executor.times,
  };
}
