// .gitleaksignore, .betterleaksignore and gitleaks's JSON report in, entries out.

import { createHash } from "node:crypto";
import { ConfigError } from "../errors.ts";
import { ourPath } from "./foreign-entry.ts";
import type { ForeignEntry, PlaceEntry } from "./foreign-entry.ts";
import { isJsonObject, parseJsonText } from "../base/json-text.ts";
import type { JsonObject, JsonText } from "../base/json-text.ts";

/** `[commit:]file:rule:line`; the file may hold colons, and `!` before the inner path of an archive. */
const fingerprint = /^(?:([0-9a-f]{40}|[0-9a-f]{64}):)?(.+):([^:\s]+):(\d{1,9})$/;

/**
 * Reads `[commit:]file:rule:line` lines; blank lines and `#` comments are skipped, bare 64-digit lines (betterleaks 2)
 * cannot be compared and are kept as opaque. Anything else is a ConfigError with its line.
 */
export function readGitleaksIgnore(text: string, list: string): readonly ForeignEntry[] {
  const entries: ForeignEntry[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim();
    const listLine = index + 1;
    if (line === "" || line.startsWith("#")) continue;
    const parts = fingerprint.exec(line);
    if (parts !== null) {
      const [, commit, path, rule, place] = parts as unknown as [string, string | undefined, string, string, string];
      const entry = { kind: "place", list, listLine, path: ourPath(path), line: Number(place), rule } as const;
      entries.push(commit === undefined ? entry : { ...entry, commit });
    } else if (/^[0-9a-f]{64}$/.test(line)) {
      entries.push({ kind: "opaque", list, listLine });
    } else {
      throw new ConfigError("not of the form file:rule:line or commit:file:rule:line", { file: list, line: listLine });
    }
  }
  return entries;
}

function reported(node: unknown, json: JsonText): JsonObject {
  if (isJsonObject(node)) return node;
  throw new ConfigError("a finding must be an object", json.positionOf(json.value));
}

/** A hash where the report holds the secret itself; reports may be redacted, in whole or in part. */
function hashOf(secret: unknown): { readonly sha256?: string } {
  if (typeof secret !== "string" || secret.length < 8 || /REDACTED|\.\.\.$/.test(secret)) return {};
  return { sha256: createHash("sha256").update(secret).digest("hex") };
}

function entryOf(node: unknown, json: JsonText, list: string): PlaceEntry {
  const { RuleID: rule, File: path, StartLine: line, Commit: commit, Secret: secret } = reported(node, json);
  const at = json.positionOf(node);
  if (typeof rule !== "string" || typeof path !== "string" || typeof line !== "number") {
    throw new ConfigError("a finding needs RuleID, File and StartLine", at);
  }
  return {
    kind: "place",
    list,
    listLine: at.line ?? 1,
    path: ourPath(path),
    line,
    rule,
    ...(typeof commit === "string" && commit !== "" ? { commit, commitOptional: true } : {}),
    ...hashOf(secret),
  };
}

/**
 * Reads a JSON report of gitleaks (also its baseline). Secrets in it are only kept as hashes. A text that is no such
 * report is a ConfigError with line and column.
 */
export function readGitleaksReport(text: string, list: string): readonly ForeignEntry[] {
  const json = parseJsonText(text, list);
  if (json.value === null) return [];
  if (!Array.isArray(json.value)) {
    throw new ConfigError("a gitleaks report must be a list", { file: list, line: 1, column: 1 });
  }
  return json.value.map((node) => entryOf(node, json, list));
}
