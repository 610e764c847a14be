// How many pages there are and which is shown → the buttons that turn them.

import { html } from "./elements.ts";

/** The pager, and how it is told where it stands. */
export interface Pager {
  readonly nav: HTMLElement;
  /** Pages count from 0. */
  readonly show: (page: number, pages: number) => void;
}

/** Buttons to the first, previous, next and last page, under a name for screen readers. `onTurn` gets the page that is asked for. */
export function makePager(label: string, onTurn: (page: number) => void): Pager {
  let at = 0;
  let last = 0;
  const says = html("span", { class: "says" });
  const moves: readonly (readonly [text: string, to: () => number])[] = [
    ["First", () => 0],
    ["Previous", () => at - 1],
    ["Next", () => at + 1],
    ["Last", () => last],
  ];
  const buttons = moves.map(([text, to]) => {
    const button = html("button", { type: "button" }, text);
    button.addEventListener("click", () => onTurn(Math.min(last, Math.max(0, to()))));
    return button;
  });
  const nav = html("nav", { class: "pager", "aria-label": label }, ...buttons.slice(0, 2), says);
  nav.append(...buttons.slice(2));
  return {
    nav,
    show(page, pages) {
      at = page;
      last = pages - 1;
      nav.hidden = pages <= 1;
      says.textContent = `Page ${(page + 1).toLocaleString("en-US")} of ${pages.toLocaleString("en-US")}`;
      for (const [index, button] of buttons.entries()) button.disabled = index < 2 ? page === 0 : page >= last;
    },
  };
}
