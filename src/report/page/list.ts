// The page's data → the list of secrets under its filter, one page of it at a time, so that ten thousand stay smooth.

import type { PageData, PageFinding } from "../html-data.ts";
import { cardOf, fillCard } from "./card.ts";
import type { CardContext } from "./card.ts";
import { makeControls } from "./controls.ts";
import type { Controls } from "./controls.ts";
import { html } from "./elements.ts";
import { everything, makeFilter } from "./filter.ts";
import type { Wish } from "./filter.ts";
import { makePager } from "./pager.ts";
import type { Pager } from "./pager.ts";
import { scaleOf } from "./scale.ts";
import { axisOf } from "./track.ts";

/** Secrets on one page. */
const pageSize = 50;

const legend: readonly (readonly [name: string, text: string])[] = [
  ["held", "in the tree"],
  ["known", "in history"],
  ["due", "rotation due"],
  ["late", "overdue"],
];

/** The list of secrets, with its filter and its pages. */
export class SecretList {
  readonly root = html("div", { class: "list" });
  readonly #data: PageData;
  readonly #context: CardContext;
  readonly #filter: (wish: Wish) => readonly number[];
  readonly #controls: Controls;
  readonly #pagers: readonly Pager[];
  readonly #items = html("ol", { class: "cards" });
  readonly #onWish: (wish: Wish) => void;
  #wish: Wish = everything;
  #shown: readonly number[] = [];
  #page = 0;

  /** `onWish` hears of every change of the filter. */
  constructor(data: PageData, onWish: (wish: Wish) => void) {
    this.#data = data;
    this.#onWish = onWish;
    this.#context = { data, scale: scaleOf(data) };
    this.#filter = makeFilter(data);
    this.#controls = makeControls((wish) => this.ask(wish));
    this.#pagers = ["Pages", "Pages, below the list"].map((label) => makePager(label, (page) => this.#turn(page)));
    const [above, below] = this.#pagers.map(({ nav }) => nav);
    this.root.append(this.#controls.form, above ?? "", ...this.#head(), this.#items, below ?? "");
    this.ask(everything);
  }

  #head(): readonly HTMLElement[] {
    const { scale } = this.#context;
    if (scale === undefined) return [];
    const keys = legend.map(([name, text]) => {
      return html("span", { class: "key" }, html("i", { class: name, "aria-hidden": "true" }), text);
    });
    return [html("div", { class: "head" }, html("div", { class: "legend" }, ...keys), html("div", {}, axisOf(scale)))];
  }

  /** What is asked for now. */
  get wish(): Wish {
    return this.#wish;
  }

  /** Shows what a wish asks for, from its first page on. */
  ask(wish: Wish): void {
    this.#wish = wish;
    this.#shown = this.#filter(wish);
    const { group } = wish;
    const name = group === undefined ? undefined : this.#data.facets[group.kind].groups[group.index]?.name;
    this.#controls.show(wish, name);
    this.#controls.say(this.#shown.length, this.#data.findings.length);
    this.#draw(0);
    this.#onWish(wish);
  }

  /** Shows a finding, opened and in view; false where no finding has that fingerprint. */
  showFinding(id: string): boolean {
    const index = this.#data.findings.findIndex((finding) => finding.id === id);
    if (index < 0) return false;
    if (!this.#shown.includes(index)) this.ask(everything);
    this.#draw(Math.floor(this.#shown.indexOf(index) / pageSize));
    const details = this.#items.children[this.#shown.indexOf(index) % pageSize]?.querySelector("details");
    if (details === null || details === undefined) return true;
    details.open = true;
    details.scrollIntoView({ block: "start" });
    details.querySelector("summary")?.focus({ preventScroll: true });
    return true;
  }

  /** Opens every entry of this page, for printing. */
  openAll(): void {
    for (const [at, details] of [...this.#items.querySelectorAll("details")].entries()) {
      const finding = this.#findingAt(this.#page * pageSize + at);
      if (finding !== undefined) fillCard(details, finding, this.#context);
      details.open = true;
    }
  }

  #findingAt(position: number): PageFinding | undefined {
    return this.#data.findings[this.#shown[position] ?? -1];
  }

  #turn(page: number): void {
    this.#draw(page);
    this.#items.scrollIntoView({ block: "start" });
    this.#items.querySelector("summary")?.focus({ preventScroll: true });
  }

  #draw(page: number): void {
    this.#page = page;
    const first = page * pageSize;
    const indexes = this.#shown.slice(first, first + pageSize);
    const cards = indexes.flatMap((index) => {
      const finding = this.#data.findings[index];
      return finding === undefined ? [] : [cardOf(finding, this.#context)];
    });
    const none = html("li", { class: "none" }, "Nothing matches. Clear the filter to see all secrets.");
    this.#items.setAttribute("start", String(first + 1));
    this.#items.replaceChildren(...(cards.length === 0 ? [none] : cards));
    const pages = Math.max(1, Math.ceil(this.#shown.length / pageSize));
    for (const pager of this.#pagers) pager.show(page, pages);
  }
}
