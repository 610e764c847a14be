// JWT: drops text that is no JSON Web Token (RFC 7519); reads algorithm, issuer and dates; lowers expired ones.

import type { Fact } from "../../model/match.ts";
import { dropped } from "./check.ts";
import type { CheckInput, CheckResult } from "./check.ts";
import { claimText, decodeJsonObject, lifetimeOf } from "./json-text.ts";

function isSample(payload: Readonly<Record<string, unknown>>): boolean {
  const name = payload["name"];
  return payload["sub"] === "1234567890" || name === "John Doe" || name === "Jane Doe";
}

/**
 * Options: `claims`, all of which the payload must hold; `any-claims`, one of which it must hold; `samples: keep`
 * keeps the well-known documentation tokens (sub 1234567890, John Doe), which are dropped otherwise.
 */
export function jwt(input: CheckInput, options: Readonly<Record<string, unknown>>): CheckResult {
  const token = input.groups["jwt"] ?? input.secret;
  const [head = "", body = ""] = token.split(".");
  const header = decodeJsonObject(head);
  const payload = decodeJsonObject(body);
  if (header === undefined || claimText(header["alg"]) === undefined) return dropped("no JWT header");
  if (payload === undefined) return dropped("no JWT payload");
  const claims = (options["claims"] as string[] | undefined) ?? [];
  if (claims.some((claim) => !Object.hasOwn(payload, claim))) return dropped("claims missing");
  const anyClaims = options["any-claims"] as string[] | undefined;
  if (anyClaims !== undefined && !anyClaims.some((claim) => Object.hasOwn(payload, claim)))
    return dropped("claims missing");
  if (options["samples"] !== "keep" && isSample(payload)) return dropped("a documentation sample");
  const lifetime = lifetimeOf(payload["iat"], payload["exp"], input.now);
  const facts: Fact[] = [];
  for (const [name, value] of [
    ["algorithm", header["alg"]],
    ["issuer", payload["iss"]],
    ["role", payload["role"]],
  ] as const) {
    const text = claimText(value);
    if (text !== undefined) facts.push({ name, value: text });
  }
  facts.push(...lifetime.facts);
  return { pass: true, facts, ...(lifetime.expired ? { confidence: "low" as const } : {}) };
}
