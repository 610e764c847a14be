// A secret's text and its rule in, the mask it is shown by out.

import type { Rule } from "../model/rule.ts";
import { maskOf } from "../model/secret.ts";

/**
 * Shows the longest keyword that the secret starts with, when it is public by the token's format (case-sensitive, at
 * most half of the text), and the length. Identifiers are public and shown whole.
 */
export function maskSecret(rule: Rule, text: string): string {
  if (rule.role === "identifier") return text;
  let prefix = "";
  for (const keyword of rule.ignoreCase ? [] : rule.keywords) {
    if (keyword.length > prefix.length && keyword.length * 2 <= text.length && text.startsWith(keyword))
      prefix = keyword;
  }
  return maskOf(prefix, text.length);
}
