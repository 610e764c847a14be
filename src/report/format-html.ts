// Turns a report into one self-contained HTML page for people: nothing is loaded, and secrets are always masked.

import { createHash } from "node:crypto";
import { assetText } from "../base/assets.ts";
import type { Report } from "../model/finding.ts";
import { jsonText } from "../base/escape.ts";
import { xmlText } from "./format-junit.ts";
import { renderCoverage } from "./html-coverage.ts";
import type { PageData } from "./html-data.ts";
import { shapePage } from "./html-shape.ts";
import { countStates, headlineFor, renderFacets, renderFirst, renderHeadline } from "./html-summary.ts";
import { renderTable } from "./html-table.ts";
import type { RenderOptions } from "./options.ts";

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
}

/**
 * A policy under which the page can load nothing, run its one script and no other, and write no markup into itself
 * (Content Security Policy Level 3; Trusted Types).
 */
function policyFor(style: string, script: string): string {
  return [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

/** JSON that no HTML parser takes for the end of its element, or for a comment (HTML, section 4.12.1.3). */
function dataText(data: PageData): string {
  return jsonText(data, 0).replaceAll("<", "\\u003c");
}

function renderHeader({ coverage, tool }: Report, { scannedAt }: RenderOptions, hasSecrets: boolean): string {
  const skip = hasSecrets ? '<a class="skip" href="#secrets">To the secrets</a>' : "";
  const when = scannedAt === undefined ? "" : `, ${scannedAt.slice(0, 16).replace("T", " ")} UTC`;
  return `${skip}
<header class="top"><p><strong>${tool.name}</strong> <span>${xmlText(coverage.sources.join(", ") + when)}</span></p>
<button type="button" id="theme" hidden>Theme: system</button></header>`;
}

function renderList(data: PageData): string {
  if (data.findings.length === 0) return "";
  return `<section class="secrets" aria-labelledby="secrets"><h2 id="secrets" tabindex="-1">Secrets and their exposure</h2>
<div id="list" hidden></div>
${renderTable(data)}</section>`;
}

/**
 * One page: what is alive, what to do first, where secrets sit, all of them on a timeline with their playbooks, coverage
 * and problems. Style and script stand in it under a policy that names them by hash; the findings as JSON. Throws Node's
 * error where dist/ does not hold the built style and script.
 */
export function renderHtml(report: Report, options: RenderOptions): string {
  const style = assetText("report-page.css").trim();
  const script = assetText("report-page.js").trim();
  const data = shapePage(report, options);
  const counts = countStates(data);
  const headline = headlineFor(report, counts);
  const { tool } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyFor(style, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>keywarden: ${xmlText(headline.text)}</title>
<style>${style}</style>
</head>
<body>
${renderHeader(report, options, data.findings.length > 0)}
<main>
${renderHeadline(headline, report, counts)}
${renderFirst(data, counts)}
${renderFacets(data, counts)}
${renderList(data)}
${renderCoverage(report, options.verbose)}
</main>
<footer><p>Secrets are masked on this page, always. Made by ${xmlText(`${tool.name} ${tool.version}`)}; it loads nothing and sends nothing.</p></footer>
<script type="application/json" id="data">${dataText(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}
