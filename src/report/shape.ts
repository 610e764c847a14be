// Turns a report into the plain objects of our JSON formats, in the shape that schema.ts declares.

import { defined } from "../base/defined.ts";
import type { Problem } from "../model/blob.ts";
import type { Coverage, ObjectCounts, Occurrence, Report, Summary, Suppression, Verdict } from "../model/finding.ts";
import type { CommitPoint, Origin, ReachingRefs } from "../model/history.ts";
import type { Verification } from "../model/verification.ts";
import type { RenderOptions } from "./options.ts";
import { revealed } from "./reveal.ts";
import type { FindingJson, ReportJson } from "./schema.ts";
import { nameOf } from "./words.ts";
import type { Glossary } from "./words.ts";

/** Version of the JSON shape; it grows when a field changes its meaning or goes away. */
export const schemaVersion = 1;

type OccurrenceJson = FindingJson["occurrences"][number];

function shapeOccurrence(occurrence: Occurrence): OccurrenceJson {
  const { path, part, line, column, endLine, endColumn, commit, object, author, date, decodedFrom } = occurrence;
  return defined({
    path,
    part: part === "file" ? undefined : part,
    line,
    column,
    endLine,
    endColumn,
    commit,
    object,
    author,
    date,
    decodedFrom: decodedFrom === undefined || decodedFrom.length === 0 ? undefined : [...decodedFrom],
  });
}

function shapeSuppression(suppression: Suppression): NonNullable<FindingJson["suppressed"]> {
  const { kind, by, reason, owner, until } = suppression;
  return defined({ kind, by, reason, owner, until });
}

function shapeVerification(verification: Verification): NonNullable<FindingJson["verification"]> {
  const { status, reason, row, checkedAt, until, facts } = verification;
  const shown = facts.length === 0 ? undefined : facts.map(({ name, value }) => ({ name, value }));
  return defined({ status, reason, row, when: checkedAt, until, facts: shown });
}

function shapePoint({ commit, author, date }: CommitPoint): CommitPoint {
  return defined<CommitPoint>({ commit, author, date } as CommitPoint);
}

function shapeRefs(refs: readonly ReachingRefs[]): NonNullable<FindingJson["origin"]>["refs"] {
  return refs.map(({ kind, count, examples }) => ({ kind, count, examples: [...examples] }));
}

/** What history says of a secret, as our JSON and the properties of SARIF have it. */
export function shapeOrigin(origin: Origin): NonNullable<FindingJson["origin"]> {
  const { introduced, mayBeOlder, exposure, tips, presence, morePresence, refs } = origin;
  return defined<NonNullable<FindingJson["origin"]>>({
    introduced: introduced && { ...shapePoint(introduced), path: introduced.path, merge: introduced.merge },
    mayBeOlder,
    exposure,
    tips: tips && shapeRefs(tips),
    presence: presence.map(({ from, until, moreUntil }) => {
      return defined({ from: shapePoint(from), until: until.map(shapePoint), moreUntil });
    }),
    morePresence,
    refs: shapeRefs(refs),
  });
}

/** One finding with its verdict; the secret's value only with `options.showSecrets`. */
export function shapeFinding(verdict: Verdict, glossary: Glossary, options: RenderOptions): FindingJson {
  const { finding, decision, suppressed, verification } = verdict;
  const { pairedWith, firstSeen, origin } = finding;
  return defined<FindingJson>({
    fingerprint: finding.fingerprint,
    rule: finding.rule,
    name: nameOf(finding, glossary),
    provider: finding.provider,
    candidates: finding.candidates === undefined ? undefined : [...finding.candidates],
    severity: finding.severity,
    confidence: finding.confidence,
    masked: finding.secret.masked,
    secret: revealed(finding, options),
    facts: finding.facts.length === 0 ? undefined : finding.facts.map(({ name, value }) => ({ name, value })),
    pairedWith: pairedWith && { rule: pairedWith.rule, value: pairedWith.value },
    firstSeen: firstSeen && defined({ commit: firstSeen.commit, author: firstSeen.author, date: firstSeen.date }),
    origin: origin && shapeOrigin(origin),
    occurrences: finding.occurrences.map(shapeOccurrence),
    verification: verification && shapeVerification(verification),
    verdict: decision,
    suppressed: suppressed && shapeSuppression(suppressed),
  });
}

/** What made the report. */
export function shapeTool(tool: Report["tool"]): ReportJson["tool"] {
  return { name: tool.name, version: tool.version, rules: tool.rules, engine: tool.engine };
}

/** The counts; severities from critical to info. */
export function shapeSummary(summary: Summary): ReportJson["summary"] {
  const { findings, blocking, warnings, suppressed, occurrences, bySeverity, suppressions } = summary;
  const { critical, high, medium, low, info } = bySeverity;
  return {
    findings,
    blocking,
    warnings,
    suppressed,
    occurrences,
    bySeverity: { critical, high, medium, low, info },
    suppressions: suppressions.map(({ kind, by, count }) => ({ kind, by, count })),
  };
}

function shapeObjects(objects: ObjectCounts): NonNullable<ReportJson["coverage"]["objects"]> {
  const { commits, trees, blobs, tags, bytes, cached, byGit, worktreeFiles } = objects;
  return defined({ commits, trees, blobs, tags, bytes, cached, byGit, worktreeFiles });
}

/** What was read and what was left out. */
export function shapeCoverage(coverage: Coverage): ReportJson["coverage"] {
  const { complete, sources, files, blobs, bytes, commits, skipped, objects, unseen } = coverage;
  return defined<ReportJson["coverage"]>({
    complete,
    sources: [...sources],
    files,
    blobs,
    bytes,
    commits,
    skipped: skipped.map(({ reason, count, examples }) => ({ reason, count, examples: [...examples] })),
    objects: objects && shapeObjects(objects),
    unseen: unseen?.map(({ kind, count, examples, incomplete }) => {
      return { kind, count, examples: [...examples], incomplete };
    }),
  });
}

/** The trouble of the run. */
export function shapeProblems(problems: readonly Problem[]): ReportJson["problems"] {
  return problems.map(({ kind, path, message, hint }) => defined({ kind, path, message, hint }));
}
