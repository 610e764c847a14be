// Findings of a report in, what they tell rotation out: values that stand in code, and what was said of their life.

import { msOf, instantOf } from "../../base/days.ts";
import { defined } from "../../base/defined.ts";
import type { Report } from "../../model/finding.ts";
import type { Instant, LeakPlace, Observation } from "../../model/rotation.ts";
import { plainOptions } from "../../report/options.ts";
import { shapeFinding } from "../../report/shape.ts";
import { glossaryOf } from "../../report/words.ts";
import type { ObservedFinding } from "./saved-findings.ts";

function placeOf({ path, line, commit, object }: ObservedFinding["occurrences"][number]): LeakPlace {
  // What git stores without a name is named by its id.
  return defined({ path: path === "" ? `object ${object ?? "without a name"}` : path, line, commit });
}

/** A fact that holds a date, as a moment; undefined for anything else. */
function dateFact(facts: ObservedFinding["facts"], name: string): Instant | undefined {
  const ms = msOf(facts?.find((fact) => fact.name === name)?.value ?? "");
  return ms === undefined ? undefined : instantOf(ms);
}

function seenInCode(finding: ObservedFinding, at: Instant): Observation {
  const { fingerprint, provider, rule, severity, origin } = finding;
  const first = msOf(origin?.introduced?.date ?? "");
  return {
    kind: "finding",
    fingerprint,
    provider,
    rule,
    severity,
    places: finding.occurrences.map(placeOf),
    ...defined({
      // A commit may name nobody.
      author: origin?.introduced?.author === "" ? undefined : origin?.introduced?.author,
      firstCommitAt: first === undefined ? undefined : instantOf(first),
    }),
    // A scan of files knows no history: it says nothing of an age.
    mayBeOlder: origin?.mayBeOlder ?? true,
    at,
  };
}

/** Nothing where nobody said anything that matters: what was not asked about is as alive as before. */
function saidOf(finding: ObservedFinding, at: Instant): readonly Observation[] {
  const { fingerprint, verification, facts } = finding;
  const issuedAt = dateFact(facts, "issued");
  if (verification === undefined && issuedAt === undefined) return [];
  const checked = msOf(verification?.when ?? "");
  return [
    {
      kind: "verification",
      fingerprint,
      status: verification?.status ?? "skipped",
      ...defined({ row: verification?.row, createdAt: dateFact(verification?.facts, "created"), issuedAt }),
      at: checked === undefined ? at : instantOf(checked),
    },
  ];
}

/**
 * Observations of a run at `at`. What people allow (a comment, an entry, the baseline) does not count as found; a
 * provider's word on it still counts where the ledger knows it.
 */
export function observeFindings(findings: readonly ObservedFinding[], at: Instant): readonly Observation[] {
  return findings.flatMap((finding) => [
    ...(finding.verdict === "allow" ? [] : [seenInCode(finding, at)]),
    ...saidOf(finding, at),
  ]);
}

/** The same of a report that was just made. */
export function observeReport(report: Report, at: Instant): readonly Observation[] {
  const glossary = glossaryOf(report);
  return observeFindings(
    report.verdicts.map((verdict) => shapeFinding(verdict, glossary, plainOptions)),
    at,
  );
}
