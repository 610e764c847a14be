// The findings of a scan and another scanner's list in, baseline entries for the findings it names out.

import type { Finding } from "../model/finding.ts";
import { entryOfFinding, settleEntries } from "./baseline.ts";
import type { BaselineEntry } from "./baseline.ts";
import { indexForeign } from "./foreign.ts";
import { readForeign } from "./foreign-read.ts";
import type { ForeignKind, ForeignTools } from "./foreign.ts";
import type { ForeignEntry } from "./foreign-entry.ts";

/** A list of another scanner, and the findings that its lines are looked up among. */
export interface ImportInput {
  readonly kind: ForeignKind;
  readonly text: string;
  /** Name of the file, for reasons and messages. */
  readonly file: string;
  /** The findings of a scan of what the list speaks of, before anything was suppressed. */
  readonly findings: readonly Finding[];
  readonly tools: ForeignTools;
  readonly owner?: string;
  /** YYYY-MM-DD */
  readonly until?: string;
}

/** The baseline entries that a list became, and its lines that named no finding. */
export interface Imported {
  /** Sorted by fingerprint; reason `imported from <file>`, with what the list said about why. */
  readonly entries: readonly BaselineEntry[];
  /** Entries of the list that named no finding, in its order. */
  readonly unmatched: readonly ForeignEntry[];
  /** Fingerprints of imported findings of which the list names only some places; the baseline accepts all of them. */
  readonly widened: readonly string[];
}

function reasonOf(file: string, named: readonly ForeignEntry[]): string {
  const said = [...new Set(named.map(({ reason }) => reason).filter((reason) => reason !== undefined))];
  return said.length === 0 ? `imported from ${file}` : `imported from ${file}: ${said.join("; ")}`;
}

/** Converts a list; a damaged one is a ConfigError with its line. Nothing is written anywhere. */
export function importBaseline({ kind, text, file, findings, tools, owner, until }: ImportInput): Imported {
  const list = readForeign(kind, text, file);
  const entriesOf = indexForeign(list, tools);
  const used = new Set<ForeignEntry>();
  const widened: string[] = [];
  const entries: BaselineEntry[] = [];
  for (const finding of findings) {
    const entriesAt = entriesOf(finding);
    const named = finding.occurrences.map((occurrence) => entriesAt(occurrence));
    const all = named.flat();
    if (all.length === 0) continue;
    for (const entry of all) used.add(entry);
    if (named.some((there) => there.length === 0)) widened.push(finding.fingerprint);
    const defaults = { ...(owner === undefined ? {} : { owner }), ...(until === undefined ? {} : { until }) };
    entries.push(entryOfFinding(finding, { reason: reasonOf(file, all), ...defaults }));
  }
  return {
    entries: settleEntries(entries),
    unmatched: list.filter((entry) => !used.has(entry)),
    widened: widened.sort(),
  };
}
