// Base64 text in, what it says out: strict decoding and the facts that a JSON payload gives.

import type { Fact } from "../../model/match.ts";

/** Decodes base64 (either alphabet, not both; padding optional); undefined if it is not base64. */
export function decodeBase64(text: string): string | undefined {
  const body = text.replace(/={0,2}$/, "");
  if (!/^[A-Za-z0-9+/]+$/.test(body) && !/^[A-Za-z0-9_-]+$/.test(body)) return undefined;
  if (body.length % 4 === 1) return undefined;
  return Buffer.from(body, "base64").toString("latin1");
}

/** The object that a base64 text encodes as JSON, or undefined. */
export function decodeJsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const decoded = decodeBase64(text);
  if (decoded === undefined || !decoded.startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(decoded, "latin1").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined; // not JSON: that is the answer
  }
}

/** A claim as short, printable text: plain strings, numbers and booleans only. */
export function claimText(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string" || value.length > 120) return undefined;
  return /^[\u0020-\u007e]+$/.test(value) ? value : undefined;
}

/** A NumericDate (RFC 7519, section 2: seconds since 1970) as YYYY-MM-DD; undefined if out of range. */
function dateOf(value: unknown): string | undefined {
  if (typeof value !== "number" || !(value > 0 && value < 253_402_300_800)) return undefined;
  return new Date(value * 1000).toISOString().slice(0, 10);
}

/** The date facts `issued` and `expires`, and whether the expiry has passed. */
export function lifetimeOf(
  issued: unknown,
  expires: unknown,
  now: number,
): { readonly facts: readonly Fact[]; readonly expired: boolean } {
  const facts: Fact[] = [];
  const from = dateOf(issued);
  const until = dateOf(expires);
  if (from !== undefined) facts.push({ name: "issued", value: from });
  if (until === undefined) return { facts, expired: false };
  const expired = (expires as number) * 1000 < now;
  facts.push({ name: expired ? "expired" : "expires", value: until });
  return { facts, expired };
}
