// A provider's answer and the recipe's table in, the row that fits out; nothing fits → unknown. Pure.

import type { Fact } from "../model/match.ts";
import type { AnswerRow, JsonCondition, Recipe } from "../model/recipe.ts";
import { valuesAt } from "./json-path.ts";
import { readReveal } from "./reveals.ts";

/** What came back: the status, headers by lower-case name, and the body where it was read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent when it was not read, or is longer than the limit. */
  readonly body?: Uint8Array;
}

/** What a table says of an answer. */
export type Judgement =
  | { readonly kind: "row"; readonly row: AnswerRow; readonly facts: readonly Fact[] }
  | { readonly kind: "none"; readonly why: "no-row" | "redirected" | "rate-limited" | "server-error" };

/** What conditions may look at besides the answer. */
export interface JudgeContext {
  /** Public parts by name: a condition may compare with them. */
  readonly parts: Readonly<Record<string, string>>;
  /** Whether the control has been answered as it should. */
  readonly controlled: boolean;
}

const jsonType = /^application\/(?:[a-z0-9.+-]*\+)?json\s*(?:;|$)/i;
const htmlType = /^(?:text\/html|application\/xhtml\+xml)\b/i;

function textOf(body: Uint8Array | undefined): string | undefined {
  if (body === undefined || body.length === 0) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

/** The body as JSON; `undefined` stands for no JSON, since null is some. */
function jsonOf(body: Uint8Array | undefined): { readonly value: unknown } | undefined {
  const text = textOf(body);
  if (text === undefined) return undefined;
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function fill(text: string, parts: Readonly<Record<string, string>>): string | undefined {
  let known = true;
  const filled = text.replaceAll(/\{\{([A-Za-z][A-Za-z0-9-]*)\}\}/g, (_, name: string) => {
    if (!Object.hasOwn(parts, name)) known = false;
    return parts[name] ?? "";
  });
  return known ? filled : undefined;
}

function meets(value: unknown, condition: JsonCondition, parts: JudgeContext["parts"]): boolean {
  const { equals, oneOf, contains, starts } = condition;
  if (equals !== undefined && value !== (typeof equals === "string" ? fill(equals, parts) : equals)) return false;
  if (oneOf !== undefined && !(oneOf as readonly unknown[]).includes(value)) return false;
  if (starts !== undefined && !(typeof value === "string" && value.startsWith(starts))) return false;
  if (contains === undefined) return true;
  return typeof value === "string" && value.toLowerCase().includes(contains.toLowerCase());
}

function meetsJson(body: unknown, condition: JsonCondition, parts: JudgeContext["parts"]): boolean {
  const values = valuesAt(body, condition.path);
  if (condition.exists === false) return values.length === 0;
  return values.some((value) => meets(value, condition, parts));
}

/** Status, headers and the kind of content; whatever can be said before the body has come. */
function fitsHead(row: AnswerRow, answer: Answer): boolean {
  const type = answer.headers["content-type"];
  if (!row.status.includes(answer.status)) return false;
  for (const { name, equals, contains } of row.headers ?? []) {
    const value = answer.headers[name.toLowerCase()];
    if (value === undefined) return false;
    if (equals !== undefined && value !== equals) return false;
    if (contains !== undefined && !value.toLowerCase().includes(contains.toLowerCase())) return false;
  }
  if (row.media === "json" && type !== undefined && !jsonType.test(type)) return false;
  // A page for people is no answer of an interface: a captive portal, a catch-all, a proxy's own error.
  const asks = row.headers?.some(({ name }) => name.toLowerCase() === "content-type") === true;
  return asks || type === undefined || !htmlType.test(type);
}

function wantsBody(row: AnswerRow, answer: Answer): boolean {
  return row.text !== undefined || wantsJson(row, answer);
}

function wantsJson(row: AnswerRow, answer: Answer): boolean {
  return row.json !== undefined || (row.media === "json" && answer.headers["content-type"] === undefined);
}

function fits(row: AnswerRow, answer: Answer, context: JudgeContext): boolean {
  if (!fitsHead(row, answer)) return false;
  if (row.needsControl === true && !context.controlled) return false;
  if (row.text !== undefined && !textOf(answer.body)?.includes(row.text)) return false;
  if (!wantsJson(row, answer)) return true;
  const body = jsonOf(answer.body);
  return body !== undefined && (row.json ?? []).every((condition) => meetsJson(body.value, condition, context.parts));
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** Whether the body is worth reading at all, once status and headers are there. */
export function needsBody(recipe: Recipe, head: Answer): boolean {
  if (isRedirect(head.status)) return false;
  for (const row of recipe.answers) {
    if (!fitsHead(row, head)) continue;
    if (wantsBody(row, head)) return true;
    return row.means === "active" && recipe.reveals.some((reveal) => reveal.json !== undefined);
  }
  return false;
}

/**
 * The first row of the table that fits. A redirect fits none, whatever the table says; so does a page of HTML, unless
 * the row asks for one. What the answer reveals is only read from an active one.
 */
export function judgeAnswer(recipe: Recipe, answer: Answer, context: JudgeContext): Judgement {
  if (isRedirect(answer.status)) return { kind: "none", why: "redirected" };
  const row = recipe.answers.find((candidate) => fits(candidate, answer, context));
  if (row === undefined) {
    const { status } = answer;
    return { kind: "none", why: status === 429 ? "rate-limited" : status >= 500 ? "server-error" : "no-row" };
  }
  if (row.means !== "active") return { kind: "row", row, facts: [] };
  const body = jsonOf(answer.body);
  const facts = recipe.reveals.flatMap((reveal) => {
    const given = reveal.header === undefined ? undefined : answer.headers[reveal.header.toLowerCase()];
    const value = reveal.json === undefined || body === undefined ? given : valuesAt(body.value, reveal.json)[0];
    const text = readReveal(reveal, value);
    return text === undefined ? [] : [{ name: reveal.fact, value: text }];
  });
  return { kind: "row", row, facts };
}
