// The filter above the list: what the reader types and picks → a wish; a wish from elsewhere → what stands in the fields.

import { severities } from "../../model/rule.ts";
import { counted, html } from "./elements.ts";
import { everything } from "./filter.ts";
import type { Wish } from "./filter.ts";

type Choices = readonly (readonly [value: string, text: string])[];

const shows: Choices = [
  ["all", "all"],
  ["active", "alive, proven"],
  ["open", "may be alive"],
  ["overdue", "overdue for rotation"],
  ["dead", "proven dead"],
  ["allowed", "allowed"],
];
const orders: Choices = [
  ["urgent", "most urgent first"],
  ["oldest", "oldest first"],
  ["deadline", "earliest deadline first"],
];

function select(choices: Choices): HTMLSelectElement {
  return html("select", {}, ...choices.map(([value, text]) => html("option", { value }, text)));
}

function labelled(text: string, field: HTMLElement): HTMLLabelElement {
  return html("label", {}, html("span", {}, text), field);
}

/** What a wish asks for, in words; empty where that is everything. `groupName`: the group that it asks for. */
export function askedText({ text, show, severity }: Wish, groupName: string | undefined): string {
  const words = text.trim();
  return [
    words === "" ? "" : `with “${words}”`,
    show === "all" ? "" : (shows.find(([value]) => value === show)?.[1] ?? ""),
    severity === "all" ? "" : severity,
    groupName ?? "",
  ]
    .filter((part) => part !== "")
    .join("; ");
}

/** The filter's form, and what it can be told. */
export interface Controls {
  readonly form: HTMLFormElement;
  /** Shows a wish in the fields. `groupName`: the group that it asks for. */
  readonly show: (wish: Wish, groupName: string | undefined) => void;
  /** Says how many secrets are left of how many. */
  readonly say: (count: number, of: number) => void;
}

/** The form. `onWish` gets every change as a wish. */
export function makeControls(onWish: (wish: Wish) => void): Controls {
  let wish: Wish = everything;
  const text = html("input", { type: "search", autocomplete: "off", spellcheck: "false" });
  const show = select(shows);
  const severity = select([["all", "all"], ...severities.toReversed().map((name) => [name, name] as const)]);
  const order = select(orders);
  const group = html("button", { type: "button", class: "chip", hidden: "" });
  const clear = html("button", { type: "reset" }, "Clear");
  const status = html("p", { role: "status" });
  const form = html(
    "form",
    { role: "search", "aria-label": "Filter the secrets" },
    labelled("Search path, author, rule, secret", text),
    labelled("Show", show),
    labelled("Severity", severity),
    labelled("Order", order),
    group,
    clear,
    status,
  );
  const read = (): Wish => ({
    ...wish,
    text: text.value,
    show: show.value as Wish["show"],
    severity: severity.value as Wish["severity"],
    order: order.value as Wish["order"],
  });
  form.addEventListener("input", () => onWish(read()));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    onWish(everything);
  });
  group.addEventListener("click", () => {
    onWish({ ...read(), group: undefined });
    text.focus();
  });
  return {
    form,
    show(next, groupName) {
      wish = next;
      if (text.value !== next.text) text.value = next.text;
      show.value = next.show;
      severity.value = next.severity;
      order.value = next.order;
      group.hidden = groupName === undefined;
      group.textContent = groupName === undefined ? "" : `Only ${groupName} ✕`;
    },
    say(count, of) {
      const all = counted(of, "secret");
      status.textContent = count === of ? all : `${count.toLocaleString("en-US")} of ${all}`;
    },
  };
}
