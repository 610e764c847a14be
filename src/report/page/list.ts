// The page's data → the list of secrets under its filter, one page of it at a time, so that ten thousand stay smooth.

import type { PageData } from "../html-data.ts";
import { cardOf, fillCard } from "./card.ts";
import type { CardContext } from "./card.ts";
import { askedText, makeControls } from "./controls.ts";
import type { Controls } from "./controls.ts";
import { counted, html } from "./elements.ts";
import { everything, makeFilter } from "./filter.ts";
import type { Wish } from "./filter.ts";
import { makePager } from "./pager.ts";
import type { Pager } from "./pager.ts";
import { scaleOf } from "./scale.ts";
import { axisOf } from "./track.ts";

/** Secrets on one page. */
const pageSize = 50;
/** Secrets on paper: some two hundred sheets. */
const maxPrinted = 500;

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
  /** What stands above the list on paper, where there is no filter to be seen. */
  readonly #paper = html("p", { class: "paper" });
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
    this.root.append(this.#controls.form, this.#paper, above ?? "", ...this.#head(), this.#items, below ?? "");
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
    this.#controls.show(wish, this.#groupName());
    this.#controls.say(this.#shown.length, this.#data.findings.length);
    this.#draw(0);
    this.#onWish(wish);
  }

  /** Shows a finding, opened and in view; false where no finding has that fingerprint, as addresses spell it. */
  showFinding(id: string): boolean {
    const index = this.#data.findings.findIndex((finding) => encodeURIComponent(finding.id) === id);
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

  /** Puts what the filter leaves on paper: all pages of it, opened, as far as that is sensible. Gives the way back. */
  spread(): () => void {
    const before = [...this.#items.children];
    const closed = [...this.#items.querySelectorAll<HTMLDetailsElement>("details:not([open])")];
    const known = new Map(this.#pageOf(this.#page).map((index, at) => [index, before[at]]));
    const cards = this.#shown.slice(0, maxPrinted).flatMap((index) => known.get(index) ?? this.#cardsOf([index]));
    if (cards.length > 0) this.#items.replaceChildren(...cards);
    for (const [at, details] of [...this.#items.querySelectorAll("details")].entries()) {
      const finding = this.#data.findings[this.#shown[at] ?? -1];
      if (finding !== undefined) fillCard(details, finding, this.#context);
      details.open = true;
    }
    this.#items.setAttribute("start", "1");
    this.#paper.textContent = this.#paperText();
    return () => {
      for (const details of closed) details.open = false;
      this.#items.replaceChildren(...before);
      this.#items.setAttribute("start", String(this.#page * pageSize + 1));
    };
  }

  #groupName(): string | undefined {
    const { group } = this.#wish;
    return group === undefined ? undefined : this.#data.facets[group.kind].groups[group.index]?.name;
  }

  /** Whoever holds the paper sees no filter, and no other pages. */
  #paperText(): string {
    const { length } = this.#shown;
    const all = counted(this.#data.findings.length, "secret");
    const asked = askedText(this.#wish, this.#groupName());
    const fit = asked === "" ? `All ${all}.` : `${length.toLocaleString("en-US")} of ${all}: ${asked}.`;
    const most = maxPrinted.toLocaleString("en-US");
    return length <= maxPrinted ? fit : `${fit} On paper are the first ${most}; a filter brings others.`;
  }

  #pageOf(page: number): readonly number[] {
    return this.#shown.slice(page * pageSize, (page + 1) * pageSize);
  }

  #cardsOf(indexes: readonly number[]): readonly HTMLLIElement[] {
    return indexes.flatMap((index) => {
      const finding = this.#data.findings[index];
      return finding === undefined ? [] : [cardOf(finding, this.#context)];
    });
  }

  #turn(page: number): void {
    this.#draw(page);
    this.#items.scrollIntoView({ block: "start" });
    this.#items.querySelector("summary")?.focus({ preventScroll: true });
  }

  #draw(page: number): void {
    this.#page = page;
    const cards = this.#cardsOf(this.#pageOf(page));
    const none = html("li", { class: "none" }, "Nothing matches. Clear the filter to see all secrets.");
    this.#items.setAttribute("start", String(page * pageSize + 1));
    this.#items.replaceChildren(...(cards.length === 0 ? [none] : cards));
    const pages = Math.max(1, Math.ceil(this.#shown.length / pageSize));
    for (const pager of this.#pagers) pager.show(page, pages);
  }
}
