// GitHub's own description of its API (a cut of it: scripts/github-openapi.mjs) → a judge of requests and answers.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import type { ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

type Schema = Record<string, unknown>;

interface Described {
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: Schema;
  }[];
  readonly body: Schema | null;
  readonly answers: Readonly<Record<string, Schema | null>>;
}

interface Cut {
  readonly operations: Readonly<Record<string, Described>>;
  readonly schemas: Readonly<Record<string, Schema>>;
}

const cut = JSON.parse(readFileSync(join(import.meta.dirname, "schemas/github-openapi.json"), "utf8")) as Cut;

/** OpenAPI 3.0's `nullable` in JSON schema's words. */
function plain(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(plain);
  if (node === null || typeof node !== "object") return node;
  const { nullable, ...rest } = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, plain(value)]));
  return nullable === true ? { anyOf: [{ type: "null" }, rest] } : rest;
}

const ajv = new Ajv({ strict: false, allErrors: false, coerceTypes: false });
const coercing = new Ajv({ strict: false, coerceTypes: true });
const withFormats = addFormats as unknown as (ajv: Ajv) => void;
for (const one of [ajv, coercing]) {
  withFormats(one);
  for (const unknown of ["repo.nwo", "timestamp"]) one.addFormat(unknown, true);
  one.addSchema({ $id: "github", schemas: plain(cut.schemas) });
}

function absolute(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(plain(schema)).replaceAll('"#/schemas/', '"github#/schemas/'));
}

const compiled = new Map<string, ValidateFunction>();

function validator(name: string, schema: unknown, by = ajv): ValidateFunction {
  let found = compiled.get(name);
  if (found === undefined) {
    found = by.compile(absolute(schema) as Schema);
    compiled.set(name, found);
  }
  return found;
}

function complaintsOf(validate: ValidateFunction, value: unknown, what: string): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${what}${instancePath} ${message ?? ""}`);
}

/** A request as the server got it. */
export interface GithubAsked {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The operation that a request is for, its path's parameters, and what the description has against it. */
export interface Judged {
  readonly operation: string;
  readonly path: Readonly<Record<string, string>>;
  readonly complaints: readonly string[];
}

const routes = Object.keys(cut.operations).map((operation) => {
  const [method = "", route = ""] = operation.split(" ");
  // Only the path of a file may hold slashes.
  const pattern = route.replace(/\{(\w+)\}/g, (_, name: string) => `(?<${name}>${name === "path" ? ".+" : "[^/]+"})`);
  return { operation, method, pattern: new RegExp(`^${pattern}$`) };
});

/** Judges a request; undefined for an operation that the description does not know. */
export function judgeRequest({ method, url, headers, body }: GithubAsked, basePath = ""): Judged | undefined {
  const pathname = url.pathname.slice(basePath.length);
  const found = routes.find((route) => route.method === method && route.pattern.test(pathname));
  if (found === undefined) return undefined;
  const { operation } = found;
  const described = cut.operations[operation]!;
  const path = Object.fromEntries(
    Object.entries(found.pattern.exec(pathname)?.groups ?? {}).map(([key, value]) => [key, decodeURIComponent(value)]),
  );
  const complaints: string[] = [];
  const query = Object.fromEntries(url.searchParams);
  const declared = described.parameters.filter((one) => one.in === "query");
  for (const name of Object.keys(query)) {
    if (!declared.some((one) => one.name === name)) complaints.push(`query ${name} is not described`);
  }
  for (const { name, in: where, schema, required } of described.parameters) {
    const value = where === "path" ? path[name] : where === "query" ? query[name] : headers[name];
    if (value === undefined) {
      if (required) complaints.push(`${where} ${name} is missing`);
      continue;
    }
    const holder = { type: "object", properties: { value: schema } };
    const validate = validator(`${operation} ${where} ${name}`, holder, coercing);
    complaints.push(...complaintsOf(validate, { value }, `${where} ${name}`));
  }
  if (described.body !== null) complaints.push(...judgeBody(operation, described.body, body));
  else if (body !== undefined) complaints.push("a body where none is described");
  if (!/github.*json/.test(headers["accept"] ?? "")) complaints.push(`accept: ${headers["accept"] ?? "none"}`);
  if (headers["user-agent"]?.startsWith("keywarden/") !== true) complaints.push("no user agent of ours");
  if (headers["x-github-api-version"] !== "2022-11-28") complaints.push("no version of the API");
  return { operation, path, complaints: complaints.map((one) => `${operation}: ${one}`) };
}

function judgeBody(operation: string, schema: Schema, body: unknown): string[] {
  const known = Object.keys((schema["properties"] ?? {}) as object);
  const unknown = Object.keys((body ?? {}) as object).filter((name) => !known.includes(name));
  return [
    ...unknown.map((name) => `body has ${name}, which is not described`),
    ...complaintsOf(validator(`${operation} body`, schema), body, "body"),
  ];
}

/** Judges an answer. Refusals that an operation does not list have the form of all of GitHub's. */
export function judgeAnswer(operation: string, status: number, body: unknown): string[] {
  const described = cut.operations[operation]!;
  const schema = described.answers[String(status)];
  if (schema === undefined && status < 300) return [`${operation}: ${status} is not described`];
  if (schema === null) return body === undefined ? [] : [`${operation}: ${status} has a body`];
  const name = schema === undefined ? "refusal" : `${operation} ${status}`;
  const validate = validator(name, schema ?? { $ref: "#/schemas/basic-error" });
  return complaintsOf(validate, body, `${operation}: ${status}: answer`);
}

const filled: Readonly<Record<string, unknown>> = {
  uri: "https://api.github.test/x",
  "date-time": "2026-01-01T00:00:00Z",
  email: "somebody@example.test",
};

function sample(schema: Schema): unknown {
  if (typeof schema["$ref"] === "string") return sample(cut.schemas[schema["$ref"].split("/").at(-1)!]!);
  if (schema["nullable"] === true) return null;
  const either = (schema["anyOf"] ?? schema["oneOf"]) as readonly Schema[] | undefined;
  if (either !== undefined) return sample(either[0]!);
  if (Array.isArray(schema["enum"])) return schema["enum"][0];
  const properties = (schema["properties"] ?? {}) as Record<string, Schema>;
  switch (schema["type"]) {
    case "object": {
      const required = (schema["required"] ?? []) as readonly string[];
      return Object.fromEntries(required.map((name) => [name, sample(properties[name]!)]));
    }
    case "array":
      return [];
    case "integer":
    case "number":
      return 1;
    case "boolean":
      return false;
    default:
      return filled[String(schema["format"])] ?? "x";
  }
}

/** The least that a schema of the description asks for, with `given` in its place. */
export function sampleOf(name: string, given: object): Record<string, unknown> {
  return { ...(sample(cut.schemas[name]!) as object), ...given };
}
