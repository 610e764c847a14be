// A page's data → the top of the HTML report: what is alive, what to do first, and where secrets sit.

import type { Report } from "../model/finding.ts";
import { isEmpty } from "./coverage-words.ts";
import { xmlText } from "./format-junit.ts";
import { facetKinds } from "./html-data.ts";
import type { FacetKind, PageData, PageFacet, PageFinding, PageGroup, PageRule, PageState } from "./html-data.ts";
import { counted, grouped } from "../base/counted.ts";

/** How many secrets stand under "do first". */
const maxFirst = 5;

/** How many findings are in a state, and how many are past their deadline. */
export interface StateCounts extends Readonly<Record<PageState, number>> {
  readonly overdue: number;
}

/** The counts of a page. */
export function countStates({ findings }: PageData): StateCounts {
  const counts = { active: 0, open: 0, dead: 0, allowed: 0, overdue: 0 };
  for (const { state, overdue } of findings) {
    counts[state]++;
    if (overdue) counts.overdue++;
  }
  return counts;
}

/** What the page says first: a headline, a sentence, and how bad it is. Not escaped. */
export interface Headline {
  readonly text: string;
  readonly more: string;
  readonly tone: "bad" | "warn" | "good";
}

function openText(report: Report, open: number): string {
  const asked = report.verdicts.some(({ verification }) => verification !== undefined);
  const they = open === 1 ? "it" : "them";
  return asked
    ? `No provider gave proof about ${they}: take ${they} for alive.`
    : `Nobody was asked about ${they}: --verify asks the providers. Until then, take ${they} for alive.`;
}

/** The headline of a report: what is proven to be alive first, then what may be. */
export function headlineFor(report: Report, counts: StateCounts): Headline {
  const { active, open, dead, allowed } = counts;
  if (active > 0) {
    const more = open === 0 ? "" : ` ${grouped(open)} more may be alive.`;
    const accepts = active === 1 ? "Its provider accepts it today: rotate it now." : "Providers accept them today.";
    return { text: counted(active, "secret is alive", "secrets are alive"), more: accepts + more, tone: "bad" };
  }
  if (open > 0) {
    const text = counted(open, "secret may be alive", "secrets may be alive");
    return { text, more: openText(report, open), tone: "bad" };
  }
  const { complete } = report.coverage;
  const tone = complete ? "good" : "warn";
  if (dead > 0) {
    const more = `${counted(dead, "secret was found and is", "secrets were found and are")} proven dead.`;
    return { text: "No secret is known to be alive", more, tone };
  }
  const unread = "What was not read was not checked.";
  const isNothing = isEmpty(report.coverage);
  if (!complete)
    return { text: isNothing ? "Nothing was read" : "No secrets found in what was read", more: unread, tone };
  if (isNothing) return { text: "Nothing to scan", more: "There was nothing to look at.", tone };
  const accepted = `${counted(allowed, "secret is", "secrets are")} allowed; there is no other.`;
  return { text: "No secrets found", more: allowed === 0 ? "Nothing here needs to be rotated." : accepted, tone };
}

const tiles: readonly (readonly [show: keyof StateCounts, title: string])[] = [
  ["active", "alive, proven"],
  ["open", "may be alive"],
  ["overdue", "overdue for rotation"],
  ["dead", "proven dead"],
  ["allowed", "allowed"],
];

/** Headline and counts; the counts are buttons that the page's script brings to life. HTML. */
export function renderHeadline({ text, more, tone }: Headline, report: Report, counts: StateCounts): string {
  const isEmptyPage = counts.active + counts.open + counts.dead + counts.allowed === 0;
  const incomplete = report.coverage.complete
    ? ""
    : '<p class="incomplete"><strong>Not everything was seen.</strong> <a href="#coverage">What was not read</a> was not checked.</p>';
  const buttons = tiles.map(([show, title]) => {
    const count = grouped(counts[show]);
    return `<li><button type="button" class="tile" data-show="${show}" data-none="${counts[show] === 0}" aria-pressed="false" disabled><b>${count}</b> <span>${title}</span></button></li>`;
  });
  return `<section class="verdict" data-tone="${tone}" aria-labelledby="headline">
<h1 id="headline">${xmlText(text)}</h1>
<p class="lead">${xmlText(more)}</p>
${incomplete}
${isEmptyPage ? "" : `<ul class="tiles" aria-label="Secrets by state">${buttons.join("")}</ul>`}
</section>`;
}

/** Where a credential is replaced, as a link to its host; empty without an address. HTML. */
export function renderWhere({ where }: PageRule): string {
  if (where === undefined) return "";
  const host = /^https:\/\/([^/?#]+)/.exec(where)?.[1] ?? where;
  return `<a href="${xmlText(where)}" rel="noopener noreferrer" target="_blank">Open ${xmlText(host)}</a>`;
}

/** A playbook's steps as a list. HTML. */
export function renderSteps({ steps }: PageRule): string {
  return `<ol class="steps">${steps.map((step) => `<li>${xmlText(step)}</li>`).join("")}</ol>`;
}

/** The state of a finding as a badge. HTML. */
export function renderBadge({ state, label }: PageFinding): string {
  return `<span class="badge" data-state="${state}">${xmlText(label)}</span>`;
}

/** The first place of a finding, how many more there are, and where history says it is today. HTML. */
export function renderPlace({ places, morePlaces, reach }: PageFinding, { texts }: PageData): string {
  const [at = ""] = places[0] ?? [];
  const more = places.length - 1 + morePlaces;
  const rest = [more > 0 ? `and ${counted(more, "more place")}` : "", texts[reach] ?? ""].filter((text) => text !== "");
  return `<span class="place">${xmlText(at)}</span> ${xmlText(rest.join("; "))}`;
}

function renderFirstOne(finding: PageFinding, rule: PageRule, data: PageData): string {
  const time = [finding.age === "" ? "" : `In history: ${finding.age}`, finding.deadline].filter((part) => part !== "");
  const links = [renderWhere(rule), `<a href="#f-${encodeURIComponent(finding.id)}">All places and its history</a>`];
  return `<li>
<h3>${renderBadge(finding)} ${xmlText(rule.name)} <code>${xmlText(finding.secret)}</code></h3>
<p>${renderPlace(finding, data)}</p>
${time.length === 0 ? "" : `<p class="time" data-overdue="${finding.overdue}">${xmlText(time.join("; "))}</p>`}
${renderSteps(rule)}
<p class="links">${links.filter((link) => link !== "").join(" ")}</p>
</li>`;
}

/** The few most urgent secrets, each with what to do; empty where nothing is open. HTML. */
export function renderFirst(data: PageData, counts: StateCounts): string {
  const { findings, rules } = data;
  const state = counts.active > 0 ? "active" : "open";
  const urgent = findings.filter((finding) => finding.state === state);
  if (urgent.length === 0) return "";
  const items = urgent.slice(0, maxFirst).flatMap((finding) => {
    const rule = rules[finding.rule];
    return rule === undefined ? [] : [renderFirstOne(finding, rule, data)];
  });
  const rest = urgent.length - items.length;
  const more = rest === 0 ? "" : `<p><a href="#secrets">${grouped(rest)} more in the list below</a></p>`;
  return `<section class="first" aria-labelledby="first"><h2 id="first">Do first</h2>
<ol class="urgent">${items.join("")}</ol>${more}</section>`;
}

const facetTitles: Readonly<Record<FacetKind, string>> = {
  path: "By path",
  author: "By author",
  provider: "By provider",
};

function renderGroup(
  group: PageGroup,
  at: { readonly kind: FacetKind; readonly index: number; readonly most: number },
) {
  const alive = group.active === 0 ? "" : `<strong>${grouped(group.active)} alive</strong> of `;
  const width = Math.max(2, Math.round((group.open / at.most) * 100));
  const share = group.open === 0 ? 0 : Math.round((group.active / group.open) * width);
  return `<li><button type="button" class="group" data-facet="${at.kind}" data-group="${at.index}" aria-pressed="false" disabled>
<span class="name">${xmlText(group.name)}</span> <span class="count">${alive}${grouped(group.open)}</span>
<svg class="bar" aria-hidden="true" focusable="false"><rect class="open" width="${width}%" height="100%"/><rect class="active" width="${share}%" height="100%"/></svg>
</button></li>`;
}

function renderFacet(kind: FacetKind, { groups, more }: PageFacet): string {
  const most = Math.max(1, ...groups.map(({ open }) => open));
  const items = groups.map((group, index) => renderGroup(group, { kind, index, most }));
  const rest = more === 0 ? "" : `<p class="hint">and ${grouped(more)} more</p>`;
  const none =
    kind === "author"
      ? "Nobody knows: keywarden audit reads who brought a secret in."
      : "Nothing that needs to be rotated.";
  const body = items.length === 0 ? `<p class="hint">${none}</p>` : `<ol class="groups">${items.join("")}</ol>${rest}`;
  return `<div class="facet"><h3>${facetTitles[kind]}</h3>${body}</div>`;
}

/** Where secrets sit that may be alive: by path, author and provider; empty where none may be. HTML. */
export function renderFacets({ facets }: PageData, counts: StateCounts): string {
  if (counts.active + counts.open === 0) return "";
  const body = facetKinds.map((kind) => renderFacet(kind, facets[kind])).join("\n");
  return `<section class="where" aria-labelledby="where"><h2 id="where">Where they sit</h2>
<div class="facets">${body}</div></section>`;
}
