// What runs in the HTML report: the data that stands in the page → its list of secrets, filter, theme and printing.

import type { FacetKind, PageData } from "../html-data.ts";
import { everything } from "./filter.ts";
import type { Show, Wish } from "./filter.ts";
import { SecretList } from "./list.ts";
import { startTheme } from "./theme.ts";

const tiles = [...document.querySelectorAll<HTMLButtonElement>("button[data-show]")];
const groups = [...document.querySelectorAll<HTMLButtonElement>("button[data-facet]")];

function groupOf(button: HTMLButtonElement): NonNullable<Wish["group"]> {
  return { kind: button.dataset["facet"] as FacetKind, index: Number(button.dataset["group"]) };
}

function isGroup(button: HTMLButtonElement, { group }: Wish): boolean {
  const own = groupOf(button);
  return own.kind === group?.kind && own.index === group.index;
}

function mark(wish: Wish): void {
  for (const tile of tiles) tile.setAttribute("aria-pressed", String(tile.dataset["show"] === wish.show));
  for (const button of groups) button.setAttribute("aria-pressed", String(isGroup(button, wish)));
}

/** Buttons outside the list ask it for something; pressed once more, for everything. */
function connect(list: SecretList): void {
  const ask = (wish: Wish): void => {
    list.ask(wish);
    document.querySelector("#secrets")?.scrollIntoView({ block: "start" });
  };
  for (const tile of tiles) {
    tile.disabled = false;
    tile.addEventListener("click", () => {
      const show = tile.dataset["show"] as Show;
      ask(list.wish.show === show ? everything : { ...everything, show });
    });
  }
  for (const button of groups) {
    button.disabled = false;
    button.addEventListener("click", () => {
      ask(isGroup(button, list.wish) ? { ...list.wish, group: undefined } : { ...everything, group: groupOf(button) });
    });
  }
}

function startPrinting(list: SecretList): void {
  let restore: (() => void) | undefined;
  window.addEventListener("beforeprint", () => {
    // A preview and the print itself may both announce themselves.
    restore ??= list.spread();
  });
  window.addEventListener("afterprint", () => {
    restore?.();
    restore = undefined;
  });
}

function startLinks(list: SecretList): void {
  const follow = (address: string): void => {
    const [, id] = /^#f-(.+)$/.exec(address) ?? [];
    if (id !== undefined) list.showFinding(id);
  };
  window.addEventListener("hashchange", () => follow(location.hash));
  // A link to where the address already points changes nothing, but its entry may be on another page by now.
  document.addEventListener("click", ({ target }) => {
    const address = target instanceof Element ? target.closest("a")?.getAttribute("href") : undefined;
    if (typeof address === "string" && address === location.hash) follow(address);
  });
  follow(location.hash);
}

function startList(holder: HTMLElement): void {
  const data = JSON.parse(document.querySelector("#data")?.textContent ?? "") as PageData;
  const list = new SecretList(data, mark);
  holder.append(list.root);
  holder.hidden = false;
  document.querySelector("#plain")?.remove();
  connect(list);
  startPrinting(list);
  startLinks(list);
}

const theme = document.querySelector<HTMLButtonElement>("#theme");
if (theme !== null) startTheme(theme);
const holder = document.querySelector<HTMLElement>("#list");
if (holder !== null) startList(holder);
