// An overview in, a Markdown page out: a table of all credentials, and a checklist for each that needs somebody.

import { counted } from "../base/counted.ts";
import { escapeText } from "../base/escape.ts";
import type { Reminder } from "../model/rotation.ts";
import { closingProof } from "./overview.ts";
import type { Overview, OverviewRow } from "./overview.ts";
import { ageSourceText, closingText, dueText, evidenceText, peopleText, policyText, proofText } from "./words.ts";
import { stateWords, stepsOf } from "./words.ts";

/** What has a meaning within a line of Markdown, in tables and in HTML; GitHub makes links of bare addresses. */
const meaning = /[\\`*_[\]<>&|#~$@]|:(?=\/\/)|(?<=www)\./gi;

/** A text of others on one line, without any meaning of its own. */
function plain(text: string): string {
  return escapeText(text).replace(meaning, "\\$&");
}

/** An address as a link; whatever is none stays text. */
function link(address: string): string {
  return /^https:\/\/[^\s<>]+$/.test(address) ? `<${escapeText(address)}>` : plain(address);
}

function tableRow({ reminder }: OverviewRow): string {
  const { credential, providerName, state, owner, age } = reminder;
  const cells = [credential, providerName, stateWords[state], dueText(reminder), ageSourceText(age), owner ?? ""];
  return `| ${cells.map(plain).join(" | ")} |`;
}

/** Facts, one a line; those that are about a leak do not say where it stands. */
function factsOf(reminder: Reminder): readonly string[] {
  const { evidence, snoozedUntil } = reminder;
  return [
    `State: ${stateWords[reminder.state]}${reminder.due === undefined ? "" : `; due ${dueText(reminder)}`}`,
    `Owner: ${peopleText(reminder)}`,
    ...(reminder.leak ? [] : [`Policy: ${policyText(reminder)}`]),
    `Age: ${ageSourceText(reminder.age)}`,
    ...(evidence === undefined ? [] : [`Proof so far: ${evidenceText(evidence)}`]),
    ...(snoozedUntil === undefined ? [] : [`Closed early by a person; quiet until ${dueText({ due: snoozedUntil })}`]),
  ];
}

function checklistOf({ reminder }: OverviewRow): string {
  const { playbook } = reminder;
  return [
    `### ${plain(reminder.credential)}, round ${reminder.cycle}`,
    "",
    ...factsOf(reminder).map((fact) => `- ${plain(fact)}`),
    ...(playbook.where === undefined ? [] : [`- Where: ${link(playbook.where)}`]),
    "",
    ...stepsOf(reminder).map((step) => `- [ ] ${plain(step)}`),
    "",
    `It closes on proof: ${plain(closingText(reminder))}.`,
  ].join("\n");
}

function sectionOf(title: string, rows: readonly OverviewRow[], body: (row: OverviewRow) => string): readonly string[] {
  return rows.length === 0 ? [] : [`## ${title}\n\n${rows.map(body).join("\n\n")}`];
}

/** Boxes that people ticked, as the heading they stand under and their line. */
function ticksOf(page: string): ReadonlySet<string> {
  const ticks = new Set<string>();
  let heading = "";
  for (const line of page.split(/\r?\n/)) {
    if (line.startsWith("### ")) heading = line;
    if (/^- \[x\] /i.test(line)) ticks.add(`${heading}\n${line.slice(6)}`);
  }
  return ticks;
}

function withTicks(page: string, before: string): string {
  const ticks = ticksOf(before);
  if (ticks.size === 0) return page;
  let heading = "";
  const lines = page.split("\n").map((line) => {
    if (line.startsWith("### ")) heading = line;
    const isTicked = line.startsWith("- [ ] ") && ticks.has(`${heading}\n${line.slice(6)}`);
    return isTicked ? `- [x] ${line.slice(6)}` : line;
  });
  return lines.join("\n");
}

/**
 * The page. It names days and no distances, so that it changes only when something did; boxes that are ticked in
 * `before`, an earlier page, stay ticked for the same round of the same credential. Places of leaks are not in it.
 */
export function renderMarkdown({ rows }: Overview, before = ""): string {
  const open = rows.filter(({ reminder }) => reminder.open);
  const closed = rows.flatMap(({ reminder }) => {
    const proof = closingProof(reminder);
    return proof === undefined ? [] : [`- ${plain(reminder.credential)}: ${plain(proofText(proof))}`];
  });
  const table = ["| credential | provider | state | due | age | owner |", "| --- | --- | --- | --- | --- | --- |"];
  const page = [
    "# Rotation of credentials",
    "keywarden writes this page anew on every `keywarden rotation remind`; ticked boxes stay. Where a leak stands: `keywarden rotation status`.",
    `${counted(rows.length, "credential")}, ${open.length === 0 ? "none needs anybody now" : `${counted(open.length, "needs", "need")} somebody now`}.`,
    ...(rows.length === 0 ? [] : [[...table, ...rows.map(tableRow)].join("\n")]),
    ...sectionOf("To do", open, checklistOf),
    ...(closed.length === 0 ? [] : [`## Closed\n\n${closed.join("\n")}`]),
  ].join("\n\n");
  return withTicks(`${page}\n`, before);
}
