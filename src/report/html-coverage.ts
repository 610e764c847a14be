// A report's coverage and problems → the part of the HTML report that says what was looked at, and what was not.

import type { Problem } from "../model/blob.ts";
import type { Report, Unseen } from "../model/finding.ts";
import { examplesText, otherwiseText, readText, unseenText, unseenTodo } from "./coverage-words.ts";
import { xmlText } from "./format-junit.ts";
import { counted, grouped } from "../base/counted.ts";
import { problemWords, skipWords } from "./words.ts";

/** How many problems are told one by one. */
const maxProblems = 200;

/** A title and its text for a list of terms; nothing where the text is empty. HTML. */
function row(title: string, text: string): string {
  return text === "" ? "" : `<dt>${title}</dt><dd>${xmlText(text)}</dd>`;
}

function skippedRows({ coverage }: Report): string {
  return coverage.skipped
    .map(({ reason, count, examples }) => {
      const more = count > examples.length && examples.length > 0 ? ", …" : "";
      const paths = examples.length === 0 ? "" : ` (${examples.join(", ")}${more})`;
      return row("Left out", `${grouped(count)} ${skipWords[reason]}${paths}`);
    })
    .join("");
}

function hiddenText({ summary }: Report, verbose: boolean): string {
  const { findings, blocking, warnings, suppressed } = summary;
  const hidden = findings - blocking - warnings - suppressed;
  return hidden === 0 || verbose
    ? ""
    : `${grouped(hidden)} of low confidence are not on this page: --verbose adds them`;
}

function renderUnseen(unseen: Unseen): string {
  const examples = examplesText(unseen);
  const todo = unseenTodo(unseen);
  const mark = unseen.incomplete ? "warn" : "note";
  return `<li data-tone="${mark}"><p>${xmlText(unseenText(unseen))}.</p>${
    examples === "" ? "" : `<p class="place">${xmlText(examples)}</p>`
  }${todo === undefined ? "" : `<p class="hint">${xmlText(todo)}</p>`}</li>`;
}

function renderProblem({ kind, path, message, hint }: Problem): string {
  const place = path === undefined ? "" : ` <code>${xmlText(path)}</code>`;
  const todo = hint === undefined ? "" : `<p class="hint">${xmlText(hint)}</p>`;
  return `<li data-tone="warn"><p><strong>${xmlText(problemWords[kind])}</strong>${place}</p><p>${xmlText(message)}</p>${todo}</li>`;
}

function renderTrouble(report: Report): string {
  const { problems, coverage } = report;
  const { unseen = [] } = coverage;
  const rest = problems.length - maxProblems;
  const items = [...problems.slice(0, maxProblems).map(renderProblem), ...unseen.map(renderUnseen)];
  if (items.length === 0) return "";
  const more = rest > 0 ? `<p>and ${counted(rest, "more problem")}: the JSON report has them all.</p>` : "";
  return `<h3>Problems, and what was not seen</h3><ul class="trouble">${items.join("")}</ul>${more}`;
}

/** What was read, left out, suppressed and not seen, each with what to do. HTML. */
export function renderCoverage(report: Report, verbose: boolean): string {
  const { coverage, summary, tool } = report;
  const { objects, complete } = coverage;
  const verdict = complete
    ? "Everything that should be read was read."
    : "Incomplete. What was not read was not checked.";
  const suppressed = summary.suppressions.map(({ count, by }) => `${grouped(count)} by ${by}`).join(", ");
  return `<section class="coverage" aria-labelledby="coverage"><h2 id="coverage" tabindex="-1">Coverage and problems</h2>
<p class="complete" data-tone="${complete ? "good" : "warn"}"><strong>${verdict}</strong></p>
<dl>${row("Read", readText(coverage))}${row("Of these", objects === undefined ? "" : otherwiseText(objects))}${skippedRows(report)}${row("Suppressed", suppressed)}${row("Not shown", hiddenText(report, verbose))}${row("Made by", `${tool.name} ${tool.version}, rules ${tool.rules.slice(0, 12)}, engine ${tool.engine}`)}</dl>
${renderTrouble(report)}</section>`;
}
