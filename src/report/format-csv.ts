// Turns a report into CSV (RFC 4180), one row for each place, safe to open in a spreadsheet.

import { escapeText } from "../base/escape.ts";
import type { Occurrence, Report, Verdict } from "../model/finding.ts";
import { fileOf } from "./places.ts";
import { glossaryOf, nameOf } from "./words.ts";
import type { Glossary } from "./words.ts";

// Spreadsheets take a cell that starts so for a formula (OWASP, CSV injection), full-width forms too.
const formula = /(?<=^|;"?)(?=[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])/g;

/**
 * One field: an apostrophe where a spreadsheet would see a formula, unsafe characters as visible escapes, quoted where a
 * comma, a semicolon, a quote or an outer space asks for it. Where decimals have a comma, cells end at a semicolon, and
 * no quote holds them together.
 */
export function csvField(value: string): string {
  const text = escapeText(value.replace(formula, "'"));
  return /[",;]|^ | $/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const columns = [
  "verdict",
  "severity",
  "confidence",
  "rule",
  "name",
  "provider",
  "candidates",
  "masked",
  "path",
  "line",
  "column",
  "endLine",
  "endColumn",
  "commit",
  "author",
  "date",
  "decodedFrom",
  "suppressedBy",
  "suppressionReason",
  "fingerprint",
  "part",
  "object",
  "exposure",
  "introducedCommit",
  "introducedAuthor",
  "introducedDate",
] as const;

/** Only where somebody was asked. */
const proofColumns = ["verification", "verificationReason"] as const;

type Column = (typeof columns)[number] | (typeof proofColumns)[number];
type Row = Readonly<Record<Column, string | number>>;

function rowOf(verdict: Verdict, occurrence: Occurrence, glossary: Glossary): Row {
  const { finding, decision, suppressed, verification } = verdict;
  const { exposure, introduced } = finding.origin ?? {};
  return {
    verdict: decision,
    severity: finding.severity,
    confidence: finding.confidence,
    rule: finding.rule,
    name: nameOf(finding, glossary),
    provider: finding.provider,
    candidates: (finding.candidates ?? []).join(" "),
    masked: finding.secret.masked,
    path: fileOf(occurrence),
    line: occurrence.line,
    column: occurrence.column,
    endLine: occurrence.endLine,
    endColumn: occurrence.endColumn,
    commit: occurrence.commit ?? "",
    author: occurrence.author ?? "",
    date: occurrence.date ?? "",
    decodedFrom: (occurrence.decodedFrom ?? []).join(" "),
    suppressedBy: suppressed?.by ?? "",
    suppressionReason: suppressed?.reason ?? "",
    fingerprint: finding.fingerprint,
    part: occurrence.part,
    object: occurrence.object ?? "",
    exposure: exposure ?? "",
    introducedCommit: introduced?.commit ?? "",
    introducedAuthor: introduced?.author ?? "",
    introducedDate: introduced?.date ?? "",
    verification: verification?.status ?? "",
    verificationReason: verification?.reason ?? "",
  };
}

/** A header row, then a row for each place of every finding, allowed ones included; CRLF after each. */
export function renderCsv(report: Report): string {
  const glossary = glossaryOf(report);
  const rows = report.verdicts.flatMap((verdict) =>
    verdict.finding.occurrences.map((occurrence) => rowOf(verdict, occurrence, glossary)),
  );
  const asked = report.verdicts.some((verdict) => verdict.verification !== undefined);
  const shown: readonly Column[] = asked ? [...columns, ...proofColumns] : columns;
  const lines = rows.map((row) => shown.map((column) => csvField(String(row[column]))).join(","));
  return [shown.join(","), ...lines].map((line) => `${line}\r\n`).join("");
}
