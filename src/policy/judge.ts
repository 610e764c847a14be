// Findings and everything that may allow them in; verdicts and what allowed how many places out.

import type { AllowEntry, Finding, Occurrence, Suppression, SuppressionCount, Verdict } from "../model/finding.ts";
import { confidences, severities } from "../model/rule.ts";
import type { Confidence, Severity } from "../model/rule.ts";
import { isActive, isDead } from "../model/verification.ts";
import type { Verification } from "../model/verification.ts";
import type { InlineAllow } from "./allow.ts";
import { baselineFile } from "./baseline.ts";
import type { Baseline } from "./baseline.ts";
import { compareText } from "../base/compare-text.ts";
import { isOver } from "../base/dates.ts";
import { indexForeign } from "./foreign.ts";
import type { ForeignTools } from "./foreign.ts";
import type { ForeignEntry } from "./foreign-entry.ts";
import { levelOf } from "./level.ts";
import type { FailOn } from "./level.ts";
import { isNamed } from "./rule-names.ts";

/** Everything a verdict hangs on. */
export interface JudgeInput {
  readonly findings: readonly Finding[];
  /** What inline comments say of the findings' places (findings/group.ts). */
  readonly inline?: ReadonlyMap<Occurrence, readonly InlineAllow[]>;
  readonly baseline?: Baseline;
  /** Name of the baseline in reasons and counts. */
  readonly baselineName?: string;
  readonly allow?: readonly AllowEntry[];
  readonly foreign?: readonly ForeignEntry[];
  readonly tools: ForeignTools;
  /** What blocks; by default confidence `medium` and any severity. */
  readonly failOn?: FailOn;
  /** What providers said, by fingerprint. */
  readonly verifications?: ReadonlyMap<string, Verification>;
  /** Findings below either are left out altogether; by default confidence `medium` and any severity. */
  readonly minConfidence?: Confidence;
  readonly minSeverity?: Severity;
  readonly now: Date;
}

/** Verdicts in report order, and what suppressed how much. */
export interface Judged {
  /** What is verified active first, then blocking, then by severity, path, line, column and fingerprint. */
  readonly verdicts: readonly Verdict[];
  /** How many places each suppression allows, by kind and name; a place counts once. */
  readonly counts: readonly SuppressionCount[];
}

/** The name that config entries go by in reasons and counts. */
const configName = ".keywarden/config.yml";

/** What one voice says of one place. */
type Said = readonly InlineAllow[];
/** Someone who may allow places of findings. */
type Voice = (finding: Finding) => (occurrence: Occurrence) => Said;

/** The allow of an entry with an end: over, it is only a note. */
function timed(suppression: Suppression, now: Date): InlineAllow {
  const { until, owner, by } = suppression;
  if (!isOver(until, now)) return { suppression, notes: [] };
  const who = owner === undefined ? by : `${owner} (${by})`;
  return { notes: [`allowed until ${until} by ${who}, expired`] };
}

/** A list of what was known once does not hide what is proven to work; a comment or an entry for it alone does. */
function broken(list: string): InlineAllow {
  return { notes: [`${list} lists it, but it is verified active`] };
}

function suppressionOf(
  kind: Suppression["kind"],
  by: string,
  { reason, owner, until }: { readonly reason?: string; readonly owner?: string; readonly until?: string },
): Suppression {
  return {
    kind,
    by,
    ...(reason === undefined ? {} : { reason }),
    ...(owner === undefined ? {} : { owner }),
    ...(until === undefined ? {} : { until }),
  };
}

function fits(
  { paths, rules, fingerprints }: AllowEntry,
  finding: Finding,
  path: string,
  tools: ForeignTools,
): boolean {
  if (paths === undefined && rules === undefined && fingerprints === undefined) return false;
  if (fingerprints?.includes(finding.fingerprint) === false) return false;
  if (rules?.some((name) => isNamed(name, finding)) === false) return false;
  return paths?.some((glob) => tools.matchesGlob(path, glob)) !== false;
}

/** Everyone who may allow something, the most deliberate first: the first to allow a place is counted for it. */
function voicesOf(input: JudgeInput): readonly Voice[] {
  const { inline, baseline, tools, now, allow = [], baselineName = baselineFile } = input;
  const accepted = new Map(baseline?.entries.map((entry) => [entry.fingerprint, entry]));
  const listed = indexForeign(input.foreign ?? [], tools);
  const works = (finding: Finding) => isActive(input.verifications?.get(finding.fingerprint));
  return [
    () => (occurrence) => inline?.get(occurrence) ?? [],
    (finding) => (occurrence) =>
      allow
        .filter((entry) => fits(entry, finding, occurrence.path, tools))
        .map((entry) => timed(suppressionOf("config", configName, entry), now)),
    (finding) => {
      const entry = accepted.get(finding.fingerprint);
      if (entry !== undefined && works(finding)) return () => [broken(baselineName)];
      const said = entry === undefined ? [] : [timed(suppressionOf("baseline", baselineName, entry), now)];
      return () => said;
    },
    (finding) => {
      const entriesAt = listed(finding);
      return (occurrence) =>
        entriesAt(occurrence).map((entry) =>
          works(finding) ? broken(entry.list) : { suppression: suppressionOf("foreign", entry.list, entry), notes: [] },
        );
    },
  ];
}

/** The places of a finding, by whether something allows them. */
interface Weighed {
  readonly open: readonly Occurrence[];
  readonly allowed: readonly Suppression[];
  /** Why comments and entries at open places do not count, each once. */
  readonly notes: readonly string[];
}

function weigh(finding: Finding, voices: readonly Voice[]): Weighed {
  const heard = voices.map((voice) => voice(finding));
  const open: Occurrence[] = [];
  const allowed: Suppression[] = [];
  const notes = new Set<string>();
  for (const occurrence of finding.occurrences) {
    const said = heard.flatMap((at) => at(occurrence));
    const suppression = said.find((allow) => allow.suppression !== undefined)?.suppression;
    if (suppression !== undefined) allowed.push(suppression);
    else {
      open.push(occurrence);
      for (const note of said.flatMap((allow) => allow.notes)) notes.add(note);
    }
  }
  return { open, allowed, notes: [...notes] };
}

function describe({ by, reason, owner, until }: Suppression): string {
  const who = owner === undefined ? "" : ` (${owner})`;
  const end = until === undefined ? "" : ` until ${until}`;
  return `allowed by ${by}${who}${end}${reason === undefined ? "" : `: ${reason}`}`;
}

function verdictOf(finding: Finding, { open, allowed, notes }: Weighed, input: JudgeInput): Verdict {
  const verification = input.verifications?.get(finding.fingerprint);
  const proof = verification === undefined ? {} : { verification };
  const [suppressed] = allowed;
  if (open.length === 0 && suppressed !== undefined) {
    return { finding, decision: "allow", suppressed, ...proof, reasons: [...new Set(allowed.map(describe))] };
  }
  const { blocks, reason } = levelOf(finding, verification, input.failOn);
  const names = [...new Set(allowed.map(({ by }) => by))].join(", ");
  const partly = `${allowed.length} of ${finding.occurrences.length} places are allowed (${names})`;
  return {
    finding: allowed.length === 0 ? finding : { ...finding, occurrences: open },
    decision: blocks ? "block" : "warn",
    ...proof,
    reasons: [reason, ...(allowed.length === 0 ? [] : [partly]), ...notes],
  };
}

const decisions: readonly Verdict["decision"][] = ["block", "warn", "allow"];

function compareVerdicts(a: Verdict, b: Verdict): number {
  const [first, second] = [a.finding.occurrences[0], b.finding.occurrences[0]];
  return (
    Number(isActive(b.verification)) - Number(isActive(a.verification)) ||
    decisions.indexOf(a.decision) - decisions.indexOf(b.decision) ||
    Number(isDead(a.verification)) - Number(isDead(b.verification)) ||
    severities.indexOf(b.finding.severity) - severities.indexOf(a.finding.severity) ||
    compareText(first?.path ?? "", second?.path ?? "") ||
    (first?.line ?? 0) - (second?.line ?? 0) ||
    (first?.column ?? 0) - (second?.column ?? 0) ||
    compareText(a.finding.fingerprint, b.finding.fingerprint)
  );
}

function countUp(counts: Map<string, SuppressionCount>, allowed: readonly Suppression[]): void {
  for (const { kind, by } of allowed) {
    const key = `${kind}\0${by}`;
    counts.set(key, { kind, by, count: (counts.get(key)?.count ?? 0) + 1 });
  }
}

/**
 * Judges findings. One is allowed only if every one of its places is; otherwise the verdict's finding keeps the places
 * that are not, and its reasons say how many are. What is over allows nothing and becomes a reason. Pure.
 */
export function judgeFindings(input: JudgeInput): Judged {
  const { minConfidence = "medium", minSeverity = "info" } = input;
  const voices = voicesOf(input);
  const counts = new Map<string, SuppressionCount>();
  const verdicts: Verdict[] = [];
  for (const finding of input.findings) {
    if (confidences.indexOf(finding.confidence) < confidences.indexOf(minConfidence)) continue;
    if (severities.indexOf(finding.severity) < severities.indexOf(minSeverity)) continue;
    const weighed = weigh(finding, voices);
    countUp(counts, weighed.allowed);
    verdicts.push(verdictOf(finding, weighed, input));
  }
  return {
    verdicts: verdicts.sort(compareVerdicts),
    counts: [...counts.values()].sort((a, b) => compareText(a.kind, b.kind) || compareText(a.by, b.by)),
  };
}
