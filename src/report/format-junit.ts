// Turns a report into JUnit XML: a failed test for each blocking finding, a skipped one where suppressed.

import { counted } from "../base/counted.ts";
import { escapeText } from "../base/escape.ts";
import type { Problem } from "../model/blob.ts";
import type { Report, Unseen, Verdict } from "../model/finding.ts";
import { examplesText, summaryOf, unseenSentence } from "./coverage-words.ts";
import { originLines } from "./history-words.ts";
import { maxPlaces } from "./options.ts";
import type { RenderOptions } from "./options.ts";
import { fileOf, placeOf } from "./places.ts";
import { actingOrSuppressed } from "./select.ts";
import { adviceFor, glossaryOf, headlineOf, nameOf, problemWords, stepsOf, suppressionText } from "./words.ts";
import type { Glossary } from "./words.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/**
 * Text for an attribute or an element. Controls and hidden characters become visible escapes, as in
 * every format; what XML 1.0 still forbids (section 2.2: U+FFFE, U+FFFF) becomes U+FFFD.
 */
export function xmlText(text: string): string {
  return escapeText(text)
    .replace(/[\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xmlText(String(value))}"`)
    .join("");
}

function bodyOf(verdict: Verdict, glossary: Glossary): string {
  const { finding } = verdict;
  const places = finding.occurrences.slice(0, maxPlaces).map((occurrence) => `at ${placeOf(occurrence)}`);
  const rest = finding.occurrences.length - places.length;
  const rule = glossary.rule(finding.rule);
  const lines = [
    ...places,
    ...(rest > 0 ? [`and ${counted(rest, "more place")}`] : []),
    ...originLines(finding).map(([title, text]) => (title === "" ? text : `${title}: ${text}`)),
    ...(rule === undefined ? [] : [rule.what, rule.risk]),
    adviceFor(finding),
    ...stepsOf(rule).map((step, index) => `${index + 1}. ${step}`),
  ];
  return lines.map(xmlText).join("\n");
}

function outcomeOf(verdict: Verdict, glossary: Glossary): string {
  const { finding, decision, suppressed } = verdict;
  const message = headlineOf(verdict, glossary);
  if (suppressed !== undefined) return `<skipped${attributes({ message: suppressionText(suppressed) })}/>`;
  const body = bodyOf(verdict, glossary);
  if (decision === "block") return `<failure${attributes({ type: finding.severity, message })}>${body}</failure>`;
  return `<system-out>${xmlText(message)}\n${body}</system-out>`;
}

function caseOf(verdict: Verdict, glossary: Glossary): string {
  const { finding } = verdict;
  const first = finding.occurrences[0];
  const place = first === undefined ? {} : { file: fileOf(first), line: first.line };
  const name = `${nameOf(finding, glossary)} ${finding.secret.masked}${first === undefined ? "" : ` at ${placeOf(first)}`}`;
  return `    <testcase${attributes({ classname: finding.rule, name, ...place, time: 0 })}>${outcomeOf(verdict, glossary)}</testcase>\n`;
}

function problemCase(problem: Problem): string {
  const name = `${problemWords[problem.kind]}${problem.path === undefined ? "" : `: ${problem.path}`}`;
  const error = `<error${attributes({ type: problem.kind, message: problem.message })}>${xmlText(problem.hint ?? "")}</error>`;
  return `    <testcase${attributes({ classname: "keywarden.coverage", name, time: 0 })}>${error}</testcase>\n`;
}

function unseenCase(unseen: Unseen): string {
  const attributesOf = attributes({ classname: "keywarden.coverage", name: unseenSentence(unseen), time: 0 });
  const error = `<error${attributes({ type: unseen.kind, message: unseenSentence(unseen) })}>${xmlText(examplesText(unseen))}</error>`;
  return unseen.incomplete ? `    <testcase${attributesOf}>${error}</testcase>\n` : `    <testcase${attributesOf}/>\n`;
}

/**
 * One suite. Blocking findings fail, problems and what should have been seen are errors, suppressed findings are skipped, warnings
 * pass with their text as output; a run with none of these is one test that passes.
 */
export function renderJunit(report: Report, options: RenderOptions): string {
  const glossary = glossaryOf(report);
  const verdicts = actingOrSuppressed(report, options);
  const { unseen = [] } = report.coverage;
  const cases = [
    ...verdicts.map((verdict) => caseOf(verdict, glossary)),
    ...report.problems.map(problemCase),
    ...unseen.map(unseenCase),
  ];
  const passed = `    <testcase${attributes({ classname: "keywarden", name: summaryOf(report), time: 0 })}/>\n`;
  const body = cases.length === 0 ? [passed] : cases;
  const counts = attributes({
    tests: body.length,
    failures: verdicts.filter((verdict) => verdict.decision === "block" && verdict.suppressed === undefined).length,
    errors: report.problems.length + unseen.filter(({ incomplete }) => incomplete).length,
    skipped: verdicts.filter((verdict) => verdict.suppressed !== undefined).length,
    time: 0,
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites name="keywarden"${counts}>\n`,
    `  <testsuite name="keywarden"${counts}>\n`,
    ...body,
    "  </testsuite>\n",
    "</testsuites>\n",
  ].join("");
}
