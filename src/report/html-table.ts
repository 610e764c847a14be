// A page's data → a plain table and playbooks, for readers without JavaScript; the page's script takes it away.

import { xmlText } from "./format-junit.ts";
import type { PageData, PageFinding, PageRule } from "./html-data.ts";
import { renderBadge, renderPlace, renderSteps, renderWhere } from "./html-summary.ts";
import { grouped } from "../base/counted.ts";

/** How many secrets the table shows: the most urgent ones. */
const maxRows = 100;

function renderRow(finding: PageFinding, rule: PageRule, data: PageData): string {
  const { id, secret, severity, age, deadline, notes } = finding;
  const time = [age, deadline].filter((part) => part !== "").join("; ");
  return `<tr id="f-${xmlText(id)}"><td>${renderBadge(finding)} ${severity}</td>
<td>${xmlText(rule.name)} <code>${xmlText(secret)}</code><br>${notes.map((note) => xmlText(data.texts[note] ?? "")).join("<br>")}</td>
<td>${renderPlace(finding, data)}</td><td>${xmlText(time)}</td><td><a href="#r-${finding.rule}">Playbook</a></td></tr>`;
}

function renderPlaybook(rule: PageRule, index: number): string {
  return `<section id="r-${index}"><h3>${xmlText(rule.name)}</h3><p>${xmlText(rule.what)} ${xmlText(rule.risk)}</p>
${renderSteps(rule)}<p>${renderWhere(rule)} ${xmlText(rule.period)}</p></section>`;
}

/** The first secrets as a table, and the playbooks of their rules; empty without secrets. HTML. */
export function renderTable(data: PageData): string {
  const { findings, rules } = data;
  if (findings.length === 0) return "";
  const shown = findings.slice(0, maxRows);
  const rows = shown.flatMap((finding) => {
    const rule = rules[finding.rule];
    return rule === undefined ? [] : [renderRow(finding, rule, data)];
  });
  const used = new Set(shown.map(({ rule }) => rule));
  const playbooks = rules.map((rule, index) => (used.has(index) ? renderPlaybook(rule, index) : ""));
  const rest = findings.length - shown.length;
  const note =
    rest === 0
      ? ""
      : `<p>The ${grouped(shown.length)} most urgent of ${grouped(findings.length)}. With JavaScript this page shows them all, with filters and a timeline.</p>`;
  return `<div id="plain">${note}<div class="scroll" tabindex="0" role="region" aria-label="Secrets"><table><thead><tr><th scope="col">State</th><th scope="col">Secret</th><th scope="col">Where</th><th scope="col">Since, deadline</th><th scope="col">What to do</th></tr></thead>
<tbody>${rows.join("\n")}</tbody></table></div>
<h2>Playbooks</h2>${playbooks.join("\n")}</div>`;
}
