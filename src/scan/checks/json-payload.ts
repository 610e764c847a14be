// JSON payload: drops tokens whose payload is no complete JSON object; reads age, expiry and scope from it.

import type { Fact } from "../../model/match.ts";
import { dropped } from "./check.ts";
import type { CheckInput, CheckResult } from "./check.ts";
import { claimText, decodeJsonObject, lifetimeOf } from "./json-text.ts";

/**
 * Options: `group` (base64 or base64url text), `tail` (drop so many last characters first, for a signature that
 * follows without a separator), `tail-unless` (a group: where it took part, the signature stands apart), `facts`: claim names for `scope`, `issued`, `expires` and others.
 */
export function jsonPayload(input: CheckInput, options: Readonly<Record<string, unknown>>): CheckResult {
  const text = input.groups[options["group"] as string] ?? "";
  const hasTail = input.groups[(options["tail-unless"] as string | undefined) ?? ""] === undefined;
  const tail = hasTail ? ((options["tail"] as number | undefined) ?? 0) : 0;
  const payload = decodeJsonObject(tail > 0 ? text.slice(0, -tail) : text);
  if (payload === undefined) return dropped("payload is not a JSON object");
  const { issued, expires, ...others } = (options["facts"] as Record<string, string> | undefined) ?? {};
  const claim = (name: string | undefined) => (name === undefined ? undefined : payload[name]);
  const lifetime = lifetimeOf(claim(issued), claim(expires), input.now);
  const facts: Fact[] = [...lifetime.facts];
  for (const [name, key] of Object.entries(others)) {
    const value = claimText(payload[key]);
    if (value !== undefined) facts.push({ name, value });
  }
  return { pass: true, facts, ...(lifetime.expired ? { confidence: "low" as const } : {}) };
}
