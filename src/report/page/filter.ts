// What the reader asks for → which findings of the page's data that is, in order, as their indexes.

import type { Severity } from "../../model/rule.ts";
import type { FacetKind, PageData, PageFinding, PageState } from "../html-data.ts";

/** States, and `overdue`, which some of the open and active ones are. */
export type Show = PageState | "overdue" | "all";

/** `urgent`: the report's own order. */
export type Order = "urgent" | "oldest" | "deadline";

/** What the reader asks for. */
export interface Wish {
  /** Words that must all stand somewhere in the finding, in any case. */
  readonly text: string;
  readonly show: Show;
  readonly severity: Severity | "all";
  readonly order: Order;
  /** Only the findings of this group of a facet. */
  readonly group?: { readonly kind: FacetKind; readonly index: number } | undefined;
}

/** Everything, most urgent first. */
export const everything: Wish = { text: "", show: "all", severity: "all", order: "urgent" };

function textOf(finding: PageFinding, { rules, texts }: PageData): string {
  const { id, secret, provider, severity, label, reach, deadline, notes, history, places } = finding;
  const rule = rules[finding.rule];
  const shared = [reach, ...notes, ...places.map(([, about]) => about)].map((index) => texts[index] ?? "");
  const own = [id, secret, provider, severity, label, deadline, rule?.name ?? "", rule?.id ?? ""];
  return [...own, ...shared, ...history.map(([, text]) => text), ...places.map(([at]) => at)].join("\n").toLowerCase();
}

/** Object ids stand in the page by their first twelve digits. */
function asShown(word: string): string {
  return /^[0-9a-f]{13,64}$/.test(word) ? word.slice(0, 12) : word;
}

const never = Number.POSITIVE_INFINITY;

function sortKey({ exposure, deadline }: PageFinding, order: Exclude<Order, "urgent">): number {
  if (order === "oldest") return exposure?.since ?? never;
  // A due day without a deadline is that of a dead or allowed one.
  return deadline === "" ? never : (exposure?.due ?? never);
}

/** A function that gives the indexes of the findings that a wish asks for. Texts are made on the first search. */
export function makeFilter(data: PageData): (wish: Wish) => readonly number[] {
  let texts: readonly string[] | undefined;
  return (wish) => {
    const words = wish.text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "")
      .map(asShown);
    if (words.length > 0) texts ??= data.findings.map((finding) => textOf(finding, data));
    const { show, severity, group, order } = wish;
    const indexes: number[] = [];
    for (const [index, finding] of data.findings.entries()) {
      if (show !== "all" && (show === "overdue" ? !finding.overdue : finding.state !== show)) continue;
      if (severity !== "all" && finding.severity !== severity) continue;
      if (group !== undefined && !finding.groups[group.kind].includes(group.index)) continue;
      if (words.every((word) => texts?.[index]?.includes(word) === true)) indexes.push(index);
    }
    if (order === "urgent") return indexes;
    const keys = new Map(indexes.map((index) => [index, keyOf(data, index, order)]));
    // Equal keys, two that nobody knows included, keep the report's order.
    return indexes.sort((a, b) => {
      const [first = never, second = never] = [keys.get(a), keys.get(b)];
      return first === second ? a - b : first - second;
    });
  };
}

function keyOf({ findings }: PageData, index: number, order: Exclude<Order, "urgent">): number {
  const finding = findings[index];
  return finding === undefined ? never : sortKey(finding, order);
}
