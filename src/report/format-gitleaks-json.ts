// Turns a report into gitleaks' JSON, field for field, for programs that already read that.

import { jsonText } from "../base/escape.ts";
import type { Occurrence, Report, Verdict } from "../model/finding.ts";
import type { RenderOptions } from "./options.ts";
import { fileOf } from "./places.ts";
import { revealed } from "./reveal.ts";
import { acting } from "./select.ts";
import { glossaryOf, nameOf } from "./words.ts";
import type { Glossary } from "./words.ts";

function splitAuthor(author: string): { readonly name: string; readonly mail: string } {
  const parts = /^(.*?)\s*<([^<>]*)>\s*$/su.exec(author);
  return parts === null ? { name: author, mail: "" } : { name: parts[1] ?? "", mail: parts[2] ?? "" };
}

/** gitleaks writes dates in UTC to the second; a date that is none stays as it is. */
function utcSecond(date: string): string {
  const time = Date.parse(date);
  return Number.isNaN(time) ? date : new Date(time).toISOString().replace(/\.\d{3}Z$/, "Z");
}

function entryOf(
  { finding, verification }: Verdict,
  occurrence: Occurrence,
  context: { glossary: Glossary; options: RenderOptions },
): object {
  const file = fileOf(occurrence);
  const author = splitAuthor(occurrence.author ?? "");
  const secret = revealed(finding, context.options) ?? finding.secret.masked;
  const place = `${file}:${finding.rule}:${occurrence.line}`;
  return {
    RuleID: finding.rule,
    Description: nameOf(finding, context.glossary),
    StartLine: occurrence.line,
    EndLine: occurrence.endLine,
    StartColumn: occurrence.column,
    // gitleaks' end column is the last one of the match.
    EndColumn: Math.max(1, occurrence.endColumn - 1),
    Match: secret,
    Secret: secret,
    File: file,
    SymlinkFile: "",
    Commit: occurrence.commit ?? "",
    Entropy: 0,
    Author: author.name,
    Email: author.mail,
    Date: occurrence.date === undefined ? "" : utcSecond(occurrence.date),
    Message: "",
    Tags: [
      finding.provider,
      finding.severity,
      ...(verification === undefined ? [] : [`verified-${verification.status}`]),
    ],
    Fingerprint: occurrence.commit === undefined ? place : `${occurrence.commit}:${place}`,
  };
}

/**
 * An array with one entry for each place of each finding that blocks or warns. `Secret` and `Match`
 * hold the mask unless `options.showSecrets`; `Entropy` is 0, for unknown.
 */
export function renderGitleaksJson(report: Report, options: RenderOptions): string {
  const context = { glossary: glossaryOf(report), options };
  const entries = acting(report).flatMap((verdict) =>
    verdict.finding.occurrences.map((occurrence) => entryOf(verdict, occurrence, context)),
  );
  return `${jsonText(entries, 1)}\n`;
}
