// Turns a report into a SARIF 2.1.0 log (OASIS Standard, errata 01) fit for GitHub code scanning.

import { counted, grouped } from "../base/counted.ts";
import { jsonText } from "../base/escape.ts";
import type { Problem } from "../model/blob.ts";
import type { Occurrence, Report, Suppression, Unseen, Verdict } from "../model/finding.ts";
import { unseenSentence } from "./coverage-words.ts";
import type { RenderOptions } from "./options.ts";
import { fileOf, inNamedFile, placeOf } from "./places.ts";
import { sarifLevels, sarifRule } from "./sarif-rules.ts";
import { actingOrSuppressed } from "./select.ts";
import { shapeOrigin } from "./shape.ts";
import { glossaryOf, headlineOf, problemWords, providerOf, suppressionText } from "./words.ts";
import type { Glossary } from "./words.ts";

/**
 * The path as a relative URI reference (RFC 3986): each segment percent-encoded as UTF-8, so a colon
 * never reads as a scheme. A lone surrogate, which no URI can hold, becomes U+FFFD.
 */
export function uriOf(path: string): string {
  const segments = path
    .replace(/\p{Cs}/gu, "\ufffd")
    .split("/")
    .map(encodeURIComponent);
  // A leading or doubled slash would read as an absolute path or a host.
  return segments[0] === "" && segments.length > 1 ? `.${segments.join("/")}` : segments.join("/");
}

function locationOf(occurrence: Occurrence): object {
  const { line, column, endLine, endColumn } = occurrence;
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(fileOf(occurrence)), uriBaseId: "%SRCROOT%" },
      region: { startLine: line, startColumn: column, endLine, endColumn },
    },
    ...(inNamedFile(occurrence) ? {} : { message: { text: placeOf(occurrence) } }),
  };
}

function suppressionOf(suppression: Suppression): object {
  return {
    kind: suppression.kind === "inline" ? "inSource" : "external",
    status: "accepted",
    justification: suppressionText(suppression),
  };
}

function propertiesOf(verdict: Verdict, occurrence: Occurrence): object {
  const { finding, decision, verification } = verdict;
  const { part, commit, object, author, date, decodedFrom } = occurrence;
  return {
    verdict: decision,
    severity: finding.severity,
    confidence: finding.confidence,
    provider: finding.provider,
    ...(finding.candidates === undefined ? {} : { candidates: finding.candidates }),
    masked: finding.secret.masked,
    ...(finding.facts.length === 0 ? {} : { facts: finding.facts.map(({ name, value }) => `${name}: ${value}`) }),
    ...(verification === undefined ? {} : { verification: verification.status, reason: verification.reason }),
    ...(part === "file" ? {} : { part }),
    ...(commit === undefined ? {} : { commit }),
    ...(object === undefined ? {} : { object }),
    ...(author === undefined ? {} : { author }),
    ...(date === undefined ? {} : { date }),
    ...(decodedFrom === undefined || decodedFrom.length === 0 ? {} : { decodedFrom }),
    ...(finding.origin === undefined ? {} : { origin: shapeOrigin(finding.origin) }),
  };
}

/** GitHub refuses a file with more results in a run ("SARIF results exceed one or more limits"). */
const maxResults = 25_000;

interface Place {
  readonly verdict: Verdict;
  readonly occurrence: Occurrence;
  /** Which of its finding's places it is, from 0. */
  readonly ordinal: number;
}

/** As many places as GitHub takes: of every finding its first ones, in the order of the report. */
function placesOf(verdicts: readonly Verdict[]): { readonly places: readonly Place[]; readonly leftOut: number } {
  const all = verdicts.flatMap((verdict) => {
    return verdict.finding.occurrences.map((occurrence, ordinal): Place => ({ verdict, occurrence, ordinal }));
  });
  if (all.length <= maxResults) return { places: all, leftOut: 0 };
  const kept = new Set(all.toSorted((a, b) => a.ordinal - b.ordinal).slice(0, maxResults));
  return { places: all.filter((place) => kept.has(place)), leftOut: all.length - maxResults };
}

/** One result for each place: code scanning reads only the first location of a result. */
function resultOf(
  { verdict, occurrence, ordinal }: Place,
  glossary: Glossary,
  indexes: ReadonlyMap<string, number>,
): object {
  const { finding, suppressed } = verdict;
  const index = indexes.get(finding.rule);
  const text = `${headlineOf(verdict, glossary)} (${providerOf(finding, glossary)}).`;
  return {
    ruleId: finding.rule,
    ...(index === undefined ? {} : { ruleIndex: index }),
    level: sarifLevels[finding.severity],
    message: { text },
    locations: [locationOf(occurrence)],
    partialFingerprints: {
      "keywarden/v1": finding.fingerprint,
      "keywarden/place/v1": `${finding.fingerprint}:${ordinal + 1}`,
    },
    ...(suppressed === undefined ? {} : { suppressions: [suppressionOf(suppressed)] }),
    properties: propertiesOf(verdict, occurrence),
  };
}

function notificationOf(problem: Problem): object {
  const hint = problem.hint === undefined ? "" : ` (${problem.hint})`;
  const uri = problem.path === undefined ? undefined : uriOf(problem.path);
  const fatal = problem.kind === "internal" || problem.kind === "interrupted";
  return {
    descriptor: { id: problem.kind },
    level: fatal ? "error" : "warning",
    message: { text: `${problemWords[problem.kind]}: ${problem.message}${hint}` },
    ...(uri === undefined
      ? {}
      : { locations: [{ physicalLocation: { artifactLocation: { uri, uriBaseId: "%SRCROOT%" } } }] }),
  };
}

function unseenNotificationOf(unseen: Unseen): object {
  const properties = { count: unseen.count, examples: unseen.examples };
  const level = unseen.incomplete ? "warning" : "note";
  return { descriptor: { id: `unseen-${unseen.kind}` }, level, message: { text: unseenSentence(unseen) }, properties };
}

function leftOutNotifications(leftOut: number): readonly object[] {
  if (leftOut === 0) return [];
  const text = `${counted(leftOut, "further place is", "further places are")} not in this file, since GitHub takes ${grouped(maxResults)} results: the JSON report has them all`;
  return [{ descriptor: { id: "results-left-out" }, level: "warning", message: { text } }];
}

/**
 * The SARIF log: all rules that ran, one result for each place of each finding (allowed ones only when
 * suppressed, or with `verbose`), problems and what an audit did not see as notifications. `executionSuccessful` is false when the
 * report is incomplete. No more results than GitHub takes. Never holds a snippet.
 */
export function renderSarif(report: Report, options: RenderOptions): string {
  const glossary = glossaryOf(report);
  const indexes = new Map(report.rules.map((rule, index) => [rule.id, index]));
  const { tool, coverage } = report;
  const { places, leftOut } = placesOf(actingOrSuppressed(report, options));
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: tool.name,
            version: tool.version,
            rules: report.rules.map(sarifRule),
            properties: { rules: tool.rules, engine: tool.engine },
          },
        },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { "%SRCROOT%": { description: { text: "The root of what was scanned." } } },
        invocations: [
          {
            executionSuccessful: coverage.complete,
            toolExecutionNotifications: [
              ...report.problems.map(notificationOf),
              ...(coverage.unseen ?? []).map(unseenNotificationOf),
              ...leftOutNotifications(leftOut),
            ],
            ...(coverage.objects === undefined ? {} : { properties: { objects: coverage.objects } }),
          },
        ],
        results: places.map((place) => resultOf(place, glossary, indexes)),
      },
    ],
  };
  return `${jsonText(log, 2)}\n`;
}
