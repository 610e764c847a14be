// A finding → its entry in the list: one line to read at a glance, and behind it what to do, where and since when.

import type { PageData, PageFinding, PageRule } from "../html-data.ts";
import { counted, html } from "./elements.ts";
import type { Scale } from "./scale.ts";
import { trackOf } from "./track.ts";

/** What an entry is drawn from. */
export interface CardContext {
  readonly data: PageData;
  /** Undefined where no secret has a date: then there are no bars. */
  readonly scale: Scale | undefined;
}

function part(title: string, ...children: readonly (Node | string)[]): HTMLElement {
  return html("section", {}, html("h3", {}, title), ...children);
}

function whereLink({ where }: PageRule): readonly HTMLElement[] {
  if (where === undefined) return [];
  const link = html("a", { href: where, rel: "noopener noreferrer", target: "_blank" }, `Open ${new URL(where).host}`);
  return [html("p", {}, link)];
}

function whatToDo(finding: PageFinding, rule: PageRule, { texts }: PageData): HTMLElement {
  const steps = rule.steps.map((step) => html("li", {}, step));
  const period = [rule.period, finding.deadline].filter((text) => text !== "").join("; ");
  return part(
    "What to do",
    html("p", {}, texts[finding.advice] ?? ""),
    html("ol", { class: "steps" }, ...steps),
    ...whereLink(rule),
    ...(period === "" ? [] : [html("p", { class: "hint" }, period)]),
    html("p", { class: "hint" }, texts[finding.allowText] ?? ""),
    html("p", {}, html("code", {}, finding.allow)),
  );
}

function frameOf({ frame }: PageFinding): readonly HTMLElement[] {
  if (frame === undefined) return [];
  const [before, mask, after] = frame;
  const code = html("code", {}, before, html("mark", {}, mask), after);
  return [html("pre", {}, code)];
}

function whereItIs(finding: PageFinding, { texts }: PageData): HTMLElement {
  const places = finding.places.map(([at, about]) => {
    return html("li", {}, html("code", {}, at), ` ${texts[about] ?? ""}`);
  });
  const more = finding.morePlaces === 0 ? [] : [html("p", {}, `and ${counted(finding.morePlaces, "more place")}`)];
  return part("Where it is", ...frameOf(finding), html("ul", { class: "places" }, ...places), ...more);
}

function termsOf(lines: PageFinding["history"]): HTMLElement {
  // A line without a title goes on with the term above it.
  const children = lines.flatMap(([title, text]) => [
    ...(title === "" ? [] : [html("dt", {}, title)]),
    html("dd", {}, text),
  ]);
  return html("dl", {}, ...children);
}

function whatIsKnown(finding: PageFinding, rule: PageRule, { texts }: PageData): HTMLElement {
  const lines: (readonly [string, string])[] = [
    ["What", rule.what],
    ["Risk", rule.risk],
    ["Provider", finding.provider],
    ["Rule", `${rule.id}, ${finding.confidence} confidence`],
    ["Fingerprint", finding.id],
  ];
  const reach = texts[finding.reach] ?? "";
  const found = reach === "" ? [] : [["Found", reach] as const];
  const notes = finding.notes.map((note) => html("li", {}, texts[note] ?? ""));
  return part(
    "What is known",
    html("ul", { class: "notes" }, ...notes),
    termsOf([...found, ...finding.history, ...lines.filter(([, text]) => text !== "")]),
  );
}

function bodyOf(finding: PageFinding, rule: PageRule, data: PageData): HTMLElement {
  return html(
    "div",
    { class: "body" },
    whatToDo(finding, rule, data),
    whereItIs(finding, data),
    whatIsKnown(finding, rule, data),
  );
}

function placeOf({ places, morePlaces, reach }: PageFinding, { texts }: PageData): HTMLElement {
  const [at = ""] = places[0] ?? [];
  const more = places.length - 1 + morePlaces;
  const rest = [more > 0 ? `and ${counted(more, "more place")}` : "", texts[reach] ?? ""].filter((text) => text !== "");
  return html("span", { class: "sits" }, html("span", { class: "place" }, at), ` ${rest.join("; ")}`);
}

function summaryOf(finding: PageFinding, rule: PageRule, { data, scale }: CardContext): HTMLElement {
  const time = [finding.age, finding.deadline].filter((text) => text !== "").join("; ");
  const title = html(
    "span",
    { class: "title" },
    html("span", { class: "badge", "data-state": finding.state }, finding.label),
    " ",
    html("span", { class: "severity", "data-severity": finding.severity }, finding.severity),
    " ",
    html("strong", {}, rule.name),
    " ",
    html("code", {}, finding.secret),
  );
  const when = html("span", { class: "time", "data-overdue": String(finding.overdue) }, time);
  const known = html("span", { class: "known" }, title, " ", placeOf(finding, data));
  const lived = html("span", { class: "lived" }, ...(scale === undefined ? [] : [trackOf(finding, scale)]), when);
  return html("summary", {}, known, " ", lived);
}

/** The entry of a finding, closed. What is behind it is made when it is opened, or by `fillCard`. */
export function cardOf(finding: PageFinding, context: CardContext): HTMLLIElement {
  const rule = context.data.rules[finding.rule];
  const item = html("li", { id: `f-${finding.id}` });
  if (rule === undefined) return item;
  const details = html("details", {}, summaryOf(finding, rule, context));
  details.addEventListener("toggle", () => {
    if (details.open) fillCard(details, finding, context);
  });
  item.append(details);
  return item;
}

/** Makes what is behind an entry, where that has not been done. */
export function fillCard(details: HTMLDetailsElement, finding: PageFinding, { data }: CardContext): void {
  const rule = data.rules[finding.rule];
  if (rule !== undefined && details.childElementCount === 1) details.append(bodyOf(finding, rule, data));
}
