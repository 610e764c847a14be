// Userpass: base64 in, a printable `user:secret` pair out; the user becomes a fact, the secret the canonical secret.

import type { Regex, RegexEngine } from "../../base/regex/regex.ts";
import { dropped } from "./check.ts";
import type { CheckInput, CheckResult } from "./check.ts";
import { decodeBase64 } from "./json-text.ts";
import { placeholderReason } from "./placeholder.ts";

/** Splits a printable pair at its first colon (RFC 7617, section 2: a user-id holds no colon). */
export function splitPair(text: string): { readonly user: string; readonly secret: string } | undefined {
  const colon = text.indexOf(":");
  if (colon < 0 || !/^[\u0020-\u007e]+$/.test(text)) return undefined;
  return { user: text.slice(0, colon), secret: text.slice(colon + 1) };
}

const samplePairs = new Set([
  "user:pass",
  "user:password",
  "username:password",
  "foo:bar",
  "test:test",
  "admin:admin",
  "guest:guest",
  "root:root",
  "aladdin:open sesame",
  "aladdin:opensesame",
  "user:passwd",
  "user:secret",
  "admin:password",
  "a:b",
  "id:secret",
  "client:secret",
  "clientid:clientsecret",
  "client_id:client_secret",
  "login:password",
  "email:password",
  "name:password",
]);

const patterns = new WeakMap<RegexEngine, Map<string, Regex>>();

/** Patterns are compiled once, not once for each candidate. */
function compiled(engine: RegexEngine, pattern: string): Regex {
  let known = patterns.get(engine);
  if (known === undefined) patterns.set(engine, (known = new Map()));
  let regex = known.get(pattern);
  if (regex === undefined) known.set(pattern, (regex = engine.compile(pattern)));
  return regex;
}

/** Some services take the token as the user and nothing, or a constant, as the password: such a user is not shown. */
function isShown(user: string): boolean {
  return user !== "" && !/[A-Za-z0-9+/]{20}/.test(user);
}

/**
 * Options: `group` (default `secret`); `strip`, a prefix that is not part of the base64; `user` and `secret`, patterns
 * that the parts must match; `min`, the least length of the secret (default 1).
 */
export function userpass(input: CheckInput, options: Readonly<Record<string, unknown>>): CheckResult {
  const text = input.groups[(options["group"] as string | undefined) ?? "secret"] ?? "";
  const strip = (options["strip"] as string | undefined) ?? "";
  const decoded = decodeBase64(text.startsWith(strip) ? text.slice(strip.length) : text);
  const pair = decoded === undefined ? undefined : splitPair(decoded);
  if (pair === undefined) return dropped("is no user:secret pair");
  for (const part of ["user", "secret"] as const) {
    const pattern = options[part] as string | undefined;
    if (pattern !== undefined && compiled(input.engine, pattern).find(pair[part], 0, false) === undefined) {
      return dropped(`${part} has another shape`);
    }
  }
  if (pair.secret.length < ((options["min"] as number | undefined) ?? 1)) return dropped("secret too short");
  if (samplePairs.has(`${pair.user}:${pair.secret}`.toLowerCase())) return dropped("a documentation sample");
  const reason = placeholderReason(pair.secret.slice(pair.secret.lastIndexOf("_") + 1));
  if (reason !== undefined) return dropped(reason);
  const facts = isShown(pair.user) ? [{ name: "user", value: pair.user.slice(0, 80) }] : [];
  return { pass: true, facts, canonical: pair.secret };
}
