// A file's name and text in, which scanner's list it is out.

import { UsageError } from "../errors.ts";
import { foreignLists } from "../policy/foreign.ts";
import type { ForeignKind } from "../policy/foreign.ts";

/** By its usual name, else by what it holds. Throws UsageError for anything else. */
export function foreignKindOf(name: string, text: string): ForeignKind {
  const known = Object.entries(foreignLists).find(([list]) => list === name);
  if (known !== undefined) return known[1];
  const start = text.trimStart();
  if (start.startsWith("[")) return "gitleaks-report";
  if (start.startsWith("{") && text.includes('"hashed_secret"')) return "detect-secrets";
  if (/^\s*(?:version|secret|ignored[_-]matches)\s*:/m.test(text)) return "gitguardian";
  if (name.endsWith("leaksignore")) return "gitleaks-ignore";
  throw new UsageError(`${name} is no list that keywarden knows`, {
    hint: "It imports .gitleaksignore, gitleaks JSON reports, .secrets.baseline and .gitguardian.yaml.",
  });
}
