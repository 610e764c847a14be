// A report, and what a change would allow by itself, in; a page in GitHub's Markdown out: for job summaries and comments.

import type { AddedComment, Additions, TouchedFile } from "../model/additions.ts";
import type { Problem } from "../model/blob.ts";
import type { Occurrence, Report, Verdict } from "../model/finding.ts";
import { isActive } from "../model/verification.ts";
import { summaryOf, unseenSentence } from "./coverage-words.ts";
import { codeOf, plainOf, tableOf } from "./markdown.ts";
import { placeNotes, placeOf } from "./places.ts";
import { acting } from "./select.ts";
import { verifiedWord } from "./verification-words.ts";
import { counted } from "../base/counted.ts";
import { decisionWords, glossaryOf, nameOf, providerOf, stepsOf, suppressionText, whereToFix } from "./words.ts";
import type { Glossary } from "./words.ts";

/** What goes on the page besides the report. */
export interface PageContext {
  readonly additions: Additions;
  /** Sentences for the reader: what was skipped and why. */
  readonly notes: readonly string[];
  /** Rows of each list; the rest is counted. */
  readonly maxRows: number;
}

const placesOfRow = 3;
const maxPlaybooks = 5;

function more(count: number, what: string): string {
  return count > 0 ? `\n… and ${counted(count, `more ${what}`)}.\n` : "";
}

function placeCell(occurrence: Occurrence): string {
  const notes = placeNotes(occurrence).map(codeOf).join(", ");
  return `${codeOf(placeOf(occurrence))}${notes === "" ? "" : ` (${notes})`}`;
}

function placesCell({ finding }: Verdict): string {
  const shown = finding.occurrences.slice(0, placesOfRow).map(placeCell);
  const rest = finding.occurrences.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${counted(rest, "more place")}`] : [])].join("<br>");
}

function findingRow(verdict: Verdict, glossary: Glossary): readonly string[] {
  const { finding, decision, verification } = verdict;
  const proof = verifiedWord(verification);
  const works = isActive(verification) ? "**works**" : (proof ?? "");
  return [
    decisionWords[decision],
    `${plainOf(nameOf(finding, glossary))}<br>${plainOf(providerOf(finding, glossary))}`,
    codeOf(finding.secret.masked),
    placesCell(verdict),
    [finding.severity, works].filter((word) => word !== "").join(", "),
  ];
}

function findingsPart(verdicts: readonly Verdict[], glossary: Glossary, maxRows: number): string {
  const rows = verdicts.slice(0, maxRows).map((verdict) => findingRow(verdict, glossary));
  return tableOf(["", "what", "secret", "where", "how bad"], rows) + more(verdicts.length - rows.length, "secret");
}

/** What to do, once for each rule, and how to go on. */
function playbookPart(verdicts: readonly Verdict[], glossary: Glossary): string {
  const rules = [...new Set(verdicts.map(({ finding }) => finding.rule))];
  if (rules.length === 0) return "";
  const books = rules.slice(0, maxPlaybooks).map((id) => {
    const rule = glossary.rule(id);
    const where = whereToFix(rule);
    const steps = stepsOf(rule).map((step, index) => `${index + 1}. ${plainOf(step)}`);
    const at = where === undefined ? [] : [`\nAt ${codeOf(where)}`];
    return `\n**${plainOf(rule?.name ?? id)}**\n\n${[...steps, ...at].join("\n")}\n`;
  });
  const lead =
    "It has been pushed, so it counts as leaked: taking the line out, or rewriting the branch, does not undo that. Replace it.";
  const mistaken =
    "Not a secret? Accept it on the base branch, in a change of its own: an entry under `allow` in the settings, or the baseline.";
  const title = "<details><summary>What to do</summary>";
  return `\n${title}\n\n${lead}\n\n${mistaken}\n${books.join("")}${more(rules.length - books.length, "kind")}\n</details>\n`;
}

function commentRow({ path, line, by, rule, reason, commit }: AddedComment): readonly string[] {
  const at = commit === undefined ? "" : ` (commit ${codeOf(commit.slice(0, 12))})`;
  return [`${codeOf(`${path}:${line}`)}${at}`, codeOf(by), codeOf(rule), reason === undefined ? "" : codeOf(reason)];
}

function fileRow({ path, change }: TouchedFile): readonly string[] {
  return [codeOf(path), change, "", ""];
}

function additionsPart({ comments, files }: Additions, maxRows: number): string {
  const rows = [...files.map(fileRow), ...comments.map(commentRow)];
  if (rows.length === 0) return "";
  const lead =
    "Settings, rules, baseline and suppressions were read from the base. What this change adds or changes of them is listed here and did not count:";
  const table = tableOf(["where", "what", "rule", "reason given"], rows.slice(0, maxRows));
  return `\n#### It would allow by itself\n\n${lead}\n\n${table}${more(rows.length - maxRows, "entry")}`;
}

function problemLine({ path, message, hint }: Problem): string {
  const where = path === undefined ? "" : `${codeOf(path)}: `;
  return `- ${where}${codeOf(message)}${hint === undefined ? "" : ` ${plainOf(hint)}`}`;
}

function troublePart({ problems, coverage }: Report, maxRows: number): string {
  const unseen = (coverage.unseen ?? []).filter(({ incomplete }) => incomplete);
  const lines = [...problems.map(problemLine), ...unseen.map((some) => `- ${plainOf(unseenSentence(some))}`)];
  if (lines.length === 0) return "";
  const shown = lines.slice(0, maxRows).join("\n");
  return `\n#### Not everything was read\n\nWhat was not read may hold secrets.\n\n${shown}\n${more(lines.length - maxRows, "problem")}`;
}

function suppressedPart(verdicts: readonly Verdict[], glossary: Glossary, maxRows: number): string {
  const allowed = verdicts.filter(({ suppressed }) => suppressed !== undefined);
  if (allowed.length === 0) return "";
  const rows = allowed.slice(0, maxRows).map((verdict) => {
    const { finding, suppressed } = verdict;
    const why = suppressed === undefined ? "" : codeOf(suppressionText(suppressed));
    return [plainOf(nameOf(finding, glossary)), codeOf(finding.secret.masked), placesCell(verdict), why];
  });
  const title = `<details><summary>${counted(allowed.length, "secret is", "secrets are")} allowed</summary>`;
  const table = tableOf(["what", "secret", "where", "by"], rows);
  return `\n${title}\n\n${table}${more(allowed.length - maxRows, "secret")}\n</details>\n`;
}

/** The page, masked. Pure: the same report and context give the same text. */
export function renderJobSummary(report: Report, { additions, notes, maxRows }: PageContext): string {
  const glossary = glossaryOf(report);
  const open = acting(report);
  return [
    `### keywarden: ${plainOf(summaryOf(report))}\n`,
    findingsPart(open, glossary, maxRows),
    playbookPart(open, glossary),
    additionsPart(additions, maxRows),
    troublePart(report, maxRows),
    suppressedPart(report.verdicts, glossary, maxRows),
    ...(notes.length === 0 ? [] : [`\n${notes.map((note) => `- ${codeOf(note)}`).join("\n")}\n`]),
  ]
    .filter((part) => part !== "")
    .join("\n");
}
