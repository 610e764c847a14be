// Turns a report into GitLab's secret detection report (security-report-schemas 15.2.4).

import { jsonText } from "../base/escape.ts";
import type { Problem } from "../model/blob.ts";
import type { Finding, Occurrence, Report, Unseen } from "../model/finding.ts";
import type { Rule, Severity } from "../model/rule.ts";
import { unseenSentence } from "./coverage-words.ts";
import { originSentence } from "./history-words.ts";
import type { RenderOptions } from "./options.ts";
import { fileOf } from "./places.ts";
import { acting } from "./select.ts";
import { glossaryOf, headlineOf, problemWords, providerOf, stepsOf, whereToFix } from "./words.ts";
import type { Glossary } from "./words.ts";

const version = "15.2.4";
const schema = `https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v${version}/dist/secret-detection-report-format.json`;

/** Longest `name`, in characters. */
const maxName = 255;
/** GitLab's own analyzer writes this id where it scanned files without their history. */
const noCommit = "0000000";

const severityNames: Readonly<Record<Severity, string>> = {
  critical: "Critical",
  high: "High",
  medium: "Medium",
  low: "Low",
  info: "Info",
};

function commitOf(occurrence: Occurrence): object {
  const { commit, author, date } = occurrence;
  return {
    ...(author === undefined ? {} : { author }),
    ...(date === undefined ? {} : { date }),
    sha: commit ?? noCommit,
  };
}

function solutionOf(rule: Rule | undefined): string {
  const where = whereToFix(rule);
  return `${stepsOf(rule).join(". ")}.${where === undefined ? "" : ` ${where}`}`;
}

interface Place {
  readonly finding: Finding;
  readonly occurrence: Occurrence;
  readonly ordinal: number;
}

function vulnerabilityOf(place: Place, glossary: Glossary): object {
  const { finding, occurrence, ordinal } = place;
  const rule = glossary.rule(finding.rule);
  const name = rule?.name ?? finding.rule;
  const links = (rule?.references ?? []).filter((reference) => /^https?:\/\/./.test(reference));
  return {
    id: `${finding.fingerprint}:${ordinal}`,
    name: [...name].slice(0, maxName).join(""),
    description: [
      `${headlineOf({ finding, decision: "block" }, glossary).replace("blocks, ", "")}. ${providerOf(finding, glossary)}.`,
      rule?.risk ?? "",
      finding.origin === undefined ? "" : `History: ${originSentence(finding)}.`,
    ]
      .filter((text) => text !== "")
      .join(" "),
    severity: severityNames[finding.severity],
    solution: solutionOf(rule),
    identifiers: [{ type: "keywarden_rule_id", name: `keywarden rule ${finding.rule}`, value: finding.rule }],
    ...(links.length === 0 ? {} : { links: links.map((url) => ({ url })) }),
    location: {
      file: fileOf(occurrence),
      commit: commitOf(occurrence),
      start_line: occurrence.line,
      end_line: occurrence.endLine,
    },
    raw_source_code_extract: finding.secret.masked,
  };
}

function messageOf(problem: Problem): object {
  const where = problem.path === undefined ? "" : ` ${problem.path}`;
  return { level: "warn", value: `${problemWords[problem.kind]}:${where} ${problem.message}` };
}

function unseenMessageOf(unseen: Unseen): object {
  return { level: unseen.incomplete ? "warn" : "info", value: unseenSentence(unseen) };
}

/**
 * One vulnerability for each place of each finding that blocks or warns, its excerpt always masked;
 * problems and what was not seen as scan messages. Times are `options.scannedAt`, else the epoch.
 */
export function renderGitlab(report: Report, options: RenderOptions): string {
  const glossary = glossaryOf(report);
  const { name, version: toolVersion } = report.tool;
  const time = options.scannedAt ?? "1970-01-01T00:00:00";
  const scanner = { id: name, name, version: toolVersion, vendor: { name } };
  const places = acting(report).flatMap(({ finding }) =>
    finding.occurrences.map((occurrence, index): Place => ({ finding, occurrence, ordinal: index + 1 })),
  );
  const document = {
    version,
    schema,
    scan: {
      analyzer: scanner,
      scanner,
      type: "secret_detection",
      start_time: time,
      end_time: time,
      status: report.coverage.complete ? "success" : "failure",
      messages: [...report.problems.map(messageOf), ...(report.coverage.unseen ?? []).map(unseenMessageOf)],
    },
    vulnerabilities: places.map((place) => vulnerabilityOf(place, glossary)),
  };
  return `${jsonText(document, 2)}\n`;
}
