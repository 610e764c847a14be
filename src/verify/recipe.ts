// A recipe and a secret in, the requests that would be sent out. The only file of this room that sees a secret's value.

import type { RegexEngine } from "../base/regex/regex.ts";
import type { Recipe, RecipeRequest } from "../model/recipe.ts";
import type { Secret } from "../model/secret.ts";
import { hostOf, partValues } from "./parts.ts";
import { signAws } from "./sign-aws.ts";

/** What fills a recipe's placeholders. */
export interface Filling {
  readonly secret: Secret;
  readonly pair?: string;
}

/** Where a provider is asked instead of at its own address, as the user said: scheme, host, port and a path before. */
export type Endpoint = URL;

/** A request that is ready to be sent, and how it may be shown. Never printed, never kept. */
export interface RenderedRequest {
  readonly method: RecipeRequest["method"];
  /** `https://api.example.com`, with the port where it is not the usual one. */
  readonly origin: string;
  /** Path and query; may hold the secret where the recipe says so. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Its place among the recipe's requests. */
  readonly index: number;
}

/** The requests of one secret, and its public parts; or what is wrong with it. */
export type Rendering =
  | {
      readonly kind: "requests";
      readonly requests: readonly RenderedRequest[];
      readonly parts: Readonly<Record<string, string>>;
    }
  | { readonly kind: "malformed" | "host-missing" | "pair-missing" };

/** What rendering needs to know besides recipe and secret. */
export interface RenderContext {
  readonly engine: RegexEngine;
  readonly endpoint?: Endpoint | undefined;
  /** Milliseconds since 1970, for signatures. */
  readonly now: number;
}

/** Everything that may stand in a header, and nothing that could start another one. */
const headerText = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
/** What may stand in a path as it is; a secret there must be made of nothing else. */
const pathText = /^[A-Za-z0-9._~:@-]+$/;

const placeholder = /\{\{base64\(((?:(?!\)\}\}).)*)\)\}\}|\{\{([A-Za-z][A-Za-z0-9-]*)\}\}/g;

class Malformed extends Error {}

function lookUp(values: Readonly<Record<string, string>>, name: string): string {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined || value === "") throw new Malformed();
  return value;
}

function expand(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(placeholder, (_, inside: string | undefined, name: string | undefined) =>
    inside === undefined
      ? lookUp(values, name ?? "")
      : Buffer.from(expand(inside, values), "latin1").toString("base64"),
  );
}

/** Values as they may stand in an address: percent-encoded, a secret in the path not at all. */
function addressValues(request: RecipeRequest, all: Values): Record<string, string> {
  const open = Object.fromEntries(Object.entries(all.open).map(([name, value]) => [name, encodeURIComponent(value)]));
  if (request.secretInPath !== true) return open;
  if (!pathText.test(all.secret)) throw new Malformed();
  return { ...open, secret: all.secret };
}

interface Values {
  readonly secret: string;
  /** What may stand in an address. */
  readonly open: Readonly<Record<string, string>>;
  /** What may stand in headers: all. */
  readonly all: Readonly<Record<string, string>>;
}

function addressOf(request: RecipeRequest, values: Values, endpoint: Endpoint | undefined): URL {
  const text = expand(request.url, { ...addressValues(request, values), host: values.open["host"] ?? "" });
  const url = new URL(text);
  if (url.protocol !== "https:" || url.username !== "" || url.password !== "" || url.hash !== "") throw new Malformed();
  // A placeholder must not have reached beyond its place: the address must be read as it is written.
  const [, host] = /^https:\/\/([a-z0-9.-]+)(?:\/|$)/.exec(text) ?? [];
  if (host !== url.hostname || text !== `https://${host}${url.pathname}${url.search}`) throw new Malformed();
  if (endpoint === undefined) return url;
  return new URL(`${endpoint.origin}${endpoint.pathname.replace(/\/$/, "")}${url.pathname}${url.search}`);
}

function renderOne(request: RecipeRequest, index: number, values: Values, context: RenderContext): RenderedRequest {
  const url = addressOf(request, values, context.endpoint);
  const headers: Record<string, string> = {};
  for (const [name, template] of Object.entries(request.headers)) headers[name] = expand(template, values.all);
  const { sign, method, body } = request;
  if (sign !== undefined) {
    const keyId = lookUp(values.all, "pair");
    Object.assign(
      headers,
      signAws({ method, url, body: body ?? "", keyId, secret: values.secret, now: context.now, ...sign }),
    );
  }
  for (const value of Object.values(headers)) if (!headerText.test(value)) throw new Malformed();
  const address = { origin: url.origin, path: `${url.pathname}${url.search}` };
  return { method, ...address, headers, ...(body === undefined ? {} : { body }), index };
}

/** Does anything in the recipe ask for the other half? */
export function needsPair(recipe: Recipe): boolean {
  if (recipe.host !== undefined) return true;
  if (Object.values(recipe.parts ?? {}).some((part) => part.of === "pair")) return true;
  return recipe.requests.some(
    ({ headers, url, sign }) => sign !== undefined || [url, ...Object.values(headers)].join(" ").includes("{{pair}}"),
  );
}

function valuesOf(recipe: Recipe, filling: Filling, context: RenderContext): Values {
  const secret = filling.secret.reveal();
  const given = { secret, ...(filling.pair === undefined ? {} : { pair: filling.pair }) };
  const derived = partValues(recipe.parts ?? {}, given, context.engine);
  if (derived === undefined || secret === "") throw new Malformed();
  const host = recipe.host === undefined ? undefined : hostOf(filling.pair ?? "", recipe.host.suffixes);
  const open = { ...derived.open, ...(host === undefined ? {} : { host }) };
  return { secret, open, all: { ...derived.all, ...given, ...open } };
}

/**
 * Renders the requests of a recipe in the order in which they are tried. A secret that does not have the form that the
 * recipe needs is `malformed`; no error of this file holds a value. Requests that an endpoint makes equal are one.
 */
export function renderRequests(recipe: Recipe, filling: Filling, context: RenderContext): Rendering {
  if (needsPair(recipe) && filling.pair === undefined) return { kind: "pair-missing" };
  if (recipe.host !== undefined && hostOf(filling.pair ?? "", recipe.host.suffixes) === undefined)
    return { kind: "host-missing" };
  try {
    const values = valuesOf(recipe, filling, context);
    const requests: RenderedRequest[] = [];
    const seen = new Set<string>();
    for (const [index, request] of recipe.requests.entries()) {
      if (request.ifStarts !== undefined && !values.secret.startsWith(request.ifStarts)) continue;
      const rendered = renderOne(request, index, values, context);
      // Sites that an endpoint makes one: what they send is the same but for the region that a signature names.
      const sent = JSON.stringify([rendered.method, rendered.origin, rendered.path, request.headers, request.body]);
      if (!seen.has(sent)) requests.push(rendered);
      seen.add(sent);
    }
    return { kind: "requests", requests, parts: values.open };
  } catch {
    // Whatever it was, its text may hold the value.
    return { kind: "malformed" };
  }
}

/** Does `text` hold the secret, as it is, percent-encoded, in base64 or reversed? */
export function mentions(text: string, { secret }: Filling): boolean {
  const value = secret.reveal();
  if (value.length < 6) return false;
  const bytes = Buffer.from(value, "latin1");
  // Of the three alignments in base64, the characters that depend on no neighbour.
  const encoded = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .slice(shift === 0 ? 0 : shift + 1)
      .slice(0, -4),
  );
  const forms = [value, encodeURIComponent(value), [...value].toReversed().join(""), ...encoded];
  return forms.some((form) => form.length >= 6 && text.includes(form));
}
