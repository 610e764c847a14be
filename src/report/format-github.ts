// Turns a report into workflow commands, which GitHub Actions shows as annotations on the files.

import { escapeText } from "../base/escape.ts";
import type { Occurrence, Report, Verdict } from "../model/finding.ts";
import { summaryOf, unseenSentence } from "./coverage-words.ts";
import { originSentence } from "./history-words.ts";
import { maxPlaces } from "./options.ts";
import type { RenderOptions } from "./options.ts";
import { inNamedFile, placeOf } from "./places.ts";
import { acting } from "./select.ts";
import { adviceFor, glossaryOf, headlineOf, providerOf, whereToFix } from "./words.ts";
import type { Glossary } from "./words.ts";

/** A command's message, escaped as the runner unescapes it (actions/runner, ActionCommand.cs). */
export function commandData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** A command's property: as a message, and with the characters that end it. */
export function commandProperty(text: string): string {
  return commandData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** A remark of the run itself, as a command on one line. */
export function remarkCommand(level: "notice" | "warning" | "error", text: string): string {
  return `::${level} title=keywarden::${commandData(escapeText(text))}\n`;
}

function placeProperties(occurrence: Occurrence): readonly (readonly [string, string])[] {
  const { path, line, column, endLine, endColumn } = occurrence;
  // Only a file's content has lines that an annotation can point at.
  if (!inNamedFile(occurrence)) return [];
  const columns = [
    ["col", String(column)],
    ["endColumn", String(endColumn)],
  ] as const;
  // GitHub refuses columns on an annotation that spans lines.
  return [["file", path], ["line", String(line)], ["endLine", String(endLine)], ...(line === endLine ? columns : [])];
}

function commandOf(verdict: Verdict, occurrence: Occurrence, glossary: Glossary): string {
  const { finding, decision } = verdict;
  const where = whereToFix(glossary.rule(finding.rule));
  const head = headlineOf(verdict, glossary);
  const lines = [
    `${head}.`,
    providerOf(finding, glossary),
    ...(inNamedFile(occurrence) ? [] : [`In the ${placeOf(occurrence)}.`]),
    ...(finding.origin === undefined ? [] : [`History: ${originSentence(finding)}.`]),
    `${adviceFor(finding)} ${where ?? "see the provider's own page."}`,
  ];
  const title = glossary.rule(finding.rule)?.name ?? finding.rule;
  const properties = [...placeProperties(occurrence), ["title", title] as const];
  const list = properties.map(([name, value]) => `${name}=${commandProperty(escapeText(value))}`).join(",");
  return `::${decision === "block" ? "error" : "warning"} ${list}::${commandData(lines.map(escapeText).join("\n"))}\n`;
}

/**
 * One command a line: `::error` for places of blocking findings, `::warning` for warnings, at most
 * `maxPlaces` of each finding unless `verbose`; problems, and what was not seen, as warnings; last a `::notice` that sums up.
 */
export function renderGithub(report: Report, options: RenderOptions): string {
  const glossary = glossaryOf(report);
  const limit = options.verbose ? Number.POSITIVE_INFINITY : maxPlaces;
  const findings = acting(report).flatMap((verdict) =>
    verdict.finding.occurrences.slice(0, limit).map((occurrence) => commandOf(verdict, occurrence, glossary)),
  );
  const problems = report.problems.map((problem) => {
    const where = problem.path === undefined ? "" : `${problem.path}: `;
    const hint = problem.hint === undefined ? "" : ` (${problem.hint})`;
    return `::warning title=keywarden could not read everything::${commandData(escapeText(`${where}${problem.message}${hint}`))}\n`;
  });
  const unseen = (report.coverage.unseen ?? []).map((some) => {
    const text = commandData(escapeText(unseenSentence(some)));
    return some.incomplete
      ? `::warning title=keywarden could not read everything::${text}\n`
      : `::notice title=keywarden::${text}\n`;
  });
  return [...findings, ...problems, ...unseen, `::notice title=keywarden::${commandData(summaryOf(report))}\n`].join(
    "",
  );
}
