// A finding's exposure → its bar on the timeline; the scale → the axis above all bars.

import type { PageFinding } from "../html-data.ts";
import { svg } from "./elements.ts";
import type { Scale } from "./scale.ts";

/** Heights and offsets in pixels: the bar, and the thin line below it that says "overdue". */
const height = 22;
const bar = { y: 3, height: 9 } as const;
const late = { y: 16, height: 3 } as const;

function percent(value: number): string {
  return `${value.toFixed(2)}%`;
}

interface Box {
  readonly from: number;
  readonly to: number;
  readonly y: number;
  readonly height: number;
}

function block(name: string, scale: Scale, box: Box): SVGRectElement {
  const x = scale.at(box.from);
  const width = Math.max(0.4, scale.at(box.to) - x);
  return svg("rect", {
    class: name,
    x: percent(Math.min(x, 99.6)),
    width: percent(width),
    y: String(box.y),
    height: String(box.height),
  });
}

function line(name: string, at: number): SVGLineElement {
  return svg("line", { class: name, x1: percent(at), x2: percent(at), y1: "0", y2: String(height) });
}

/**
 * The bar of one secret: pale from its first commit to today, since whoever has the repository has it; solid while it was
 * in the tree; a mark at its deadline, and a line from there to today where that has passed. Hidden from screen readers:
 * the text beside it says the same.
 */
export function trackOf({ exposure, overdue, deadline, state }: PageFinding, scale: Scale): SVGSVGElement {
  const children: SVGElement[] = scale.marks.map((mark) => line("tick", mark.at));
  if (exposure !== undefined) {
    const { since, spans, due } = exposure;
    children.push(block("known", scale, { from: since, to: scale.today, ...bar }));
    for (const { from, to = scale.today } of spans) children.push(block("held", scale, { from, to, ...bar }));
    if (overdue && due !== undefined) children.push(block("late", scale, { from: due, to: scale.today, ...late }));
    if (deadline !== "" && due !== undefined && scale.shows(due)) children.push(line("due", scale.at(due)));
  }
  children.push(line("today", scale.at(scale.today)));
  return svg(
    "svg",
    { class: "track", "data-state": state, height: String(height), "aria-hidden": "true", focusable: "false" },
    ...children,
  );
}

/** The axis: the days of its marks, and today. */
export function axisOf(scale: Scale): SVGSVGElement {
  const today = scale.at(scale.today);
  // A mark too near to the word "today", or to the edge, would be written over it.
  const isLast = today > 90;
  const free = scale.marks.filter(({ at }) => at < today - (isLast ? 28 : 23) || (at > today + 9 && at < 86));
  const labels = free.map(({ at, text }) => svg("text", { x: percent(at), y: "13" }, text));
  const end = svg("text", { x: percent(today), y: "13", class: "now", "text-anchor": isLast ? "end" : "middle" });
  end.append("today");
  return svg("svg", { class: "axis", height: "18", "aria-hidden": "true", focusable: "false" }, ...labels, end);
}
