// .secrets.baseline of detect-secrets in, entries out: a file and the SHA-1 of a secret in it.

import { ConfigError } from "../errors.ts";
import { ourPath } from "./foreign-entry.ts";
import type { ForeignEntry, HashEntry } from "./foreign-entry.ts";
import { isJsonObject, parseJsonText } from "../base/json-text.ts";
import type { JsonText } from "../base/json-text.ts";

/** Of these, detect-secrets hashes the first line only, not the key. */
const hashedByHeader = ["Private Key"];

function entryOf(node: unknown, path: string, json: JsonText, list: string): HashEntry {
  const at = json.positionOf(node);
  if (!isJsonObject(node)) throw new ConfigError("a result must be an object", json.positionOf(json.value));
  const { hashed_secret: hash, line_number: line, type, is_secret: isSecret } = node;
  if (typeof hash !== "string" || !/^[0-9a-f]{40}$/.test(hash)) {
    throw new ConfigError("a result needs hashed_secret, 40 hex digits", at);
  }
  if (line !== undefined && !(typeof line === "number" && Number.isInteger(line) && line >= 0)) {
    throw new ConfigError("line_number must be a whole number", at);
  }
  return {
    kind: "hash",
    list,
    listLine: at.line ?? 1,
    path: ourPath(path),
    // 0 is what detect-secrets writes where it does not know.
    ...(line === undefined || line === 0 ? {} : { line }),
    sha1: hash,
    byLine: typeof type === "string" && hashedByHeader.includes(type),
    ...(typeof isSecret === "boolean"
      ? { reason: isSecret ? "audited as a real secret" : "audited as not a secret" }
      : {}),
  };
}

/** Reads `results` of a detect-secrets baseline; a text that is none is a ConfigError with line and column. */
export function readDetectSecretsBaseline(text: string, list: string): readonly ForeignEntry[] {
  const json = parseJsonText(text, list);
  const results = isJsonObject(json.value) ? json.value.results : undefined;
  if (!isJsonObject(results)) {
    throw new ConfigError("a detect-secrets baseline needs an object `results`", { file: list, line: 1, column: 1 });
  }
  return Object.entries(results).flatMap(([path, nodes]) => {
    if (Array.isArray(nodes)) return nodes.map((node) => entryOf(node, path, json, list));
    throw new ConfigError("the results of a file must be a list", json.positionOf(results));
  });
}
