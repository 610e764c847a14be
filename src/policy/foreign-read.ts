// The text of another scanner's list in, its entries out. Apart from what uses them: its parsers are heavy, and most
// repositories have no such list.

import { readDetectSecretsBaseline } from "./foreign-detect-secrets.ts";
import type { ForeignEntry } from "./foreign-entry.ts";
import { readGitGuardianConfig } from "./foreign-gitguardian.ts";
import { readGitleaksIgnore, readGitleaksReport } from "./foreign-gitleaks.ts";
import type { ForeignKind } from "./foreign.ts";

const readers: Readonly<Record<ForeignKind, (text: string, list: string) => readonly ForeignEntry[]>> = {
  "gitleaks-ignore": readGitleaksIgnore,
  "gitleaks-report": readGitleaksReport,
  "detect-secrets": readDetectSecretsBaseline,
  gitguardian: readGitGuardianConfig,
};

/** Reads another scanner's list; `list` is its name in messages and counts. Damage is a ConfigError with its line. */
export function readForeign(kind: ForeignKind, text: string, list: string): readonly ForeignEntry[] {
  return readers[kind](text, list);
}
