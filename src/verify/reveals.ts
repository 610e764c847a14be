// A value out of an answer in, a fact that is safe to show out; whatever does not have the declared form is left out.

import type { Reveal } from "../model/recipe.ts";

const maxWords = 40;

function dateOf(value: unknown): string | undefined {
  const number = typeof value === "number" || (typeof value === "string" && /^\d{9,13}$/.test(value));
  const time = number ? Number(value) * (Number(value) < 1e11 ? 1000 : 1) : textDate(value);
  if (!Number.isFinite(time) || time < 0 || time > Date.UTC(3000, 0)) return undefined;
  return new Date(time).toISOString().slice(0, 10);
}

/** Milliseconds of ISO 8601, or of `2026-01-31 12:00:00 UTC` and its like with an offset. */
function textDate(value: unknown): number {
  if (typeof value !== "string") return Number.NaN;
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})?)? ?(Z|UTC|[+-]\d\d:?\d\d)?$/.exec(value);
  if (parts === null) return Number.NaN;
  const [, day, time = "00:00", zone = "Z"] = parts;
  return Date.parse(`${day}T${time}${zone === "UTC" ? "Z" : zone.replace(/(\d\d):?(\d\d)$/, "$1:$2")}`);
}

function wordsOf(value: unknown): string | undefined {
  const list = Array.isArray(value) ? value : typeof value === "string" ? value.split(/[\s,]+/) : [];
  const words = list.filter((word): word is string => typeof word === "string" && /^[\w.:/*-]{1,60}$/.test(word));
  if (words.length === 0 || words.length !== list.filter((word) => word !== "").length) return undefined;
  const rest = words.length - maxWords;
  return `${words.slice(0, maxWords).join(" ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function labelOf(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && /^[\p{L}\p{N}._:/@ -]{1,60}$/u.test(text) ? text : undefined;
}

/** The fact's text, or undefined where the value does not have the form that the recipe declares. */
export function readReveal(reveal: Reveal, value: unknown): string | undefined {
  switch (reveal.as) {
    case "date":
      return dateOf(value);
    case "words":
      return wordsOf(value);
    case "label":
      return labelOf(value);
    case "table": {
      const key = typeof value === "string" || typeof value === "number" ? String(value) : "";
      return Object.hasOwn(reveal.table ?? {}, key) ? reveal.table?.[key] : undefined;
    }
  }
}
