// The text of .keywarden/ledger.json and back: what is known of each credential, one line each, so that branches merge.

import type { z } from "zod";
import type { JsonText } from "../base/json-text.ts";
import { parseJsonText } from "../base/json-text.ts";
import { jsonText } from "../base/escape.ts";
import type { FilePosition } from "../errors.ts";
import { ConfigError } from "../errors.ts";
import type { Instant, Ledger } from "../model/rotation.ts";
import { ledgerSchema, ledgerVersion } from "./ledger-schema.ts";
import type { Migrations } from "./migrate.ts";
import { migrate } from "./migrate.ts";
import { settleCredentials } from "./unite.ts";

/** Where the ledger stands, relative to the root. */
export const ledgerFile = ".keywarden/ledger.json";

const restore = "The file was left as it is. Restore it from git, or mend the line.";

/** No version before the first was ever released. */
const migrations: Migrations = { newest: ledgerVersion, steps: new Map() };

/** A ledger that knows nothing yet; `key` is the id of the key that its fingerprints will be made with. */
export function emptyLedger(key: string): Ledger {
  return { version: ledgerVersion, key, credentials: [] };
}

/**
 * Reads a ledger. Damage of any kind is a ConfigError with line and column that quotes nothing of the file, and so are a
 * version that is newer than this program and, where `key` is given, fingerprints that were made with another key.
 */
export function parseLedger(
  text: string,
  given: { readonly file?: string; readonly key?: string; readonly migrations?: Migrations } = {},
): Ledger {
  const file = given.file ?? ledgerFile;
  const content = migrate(contentOf(text, file), given.migrations ?? migrations, { file, line: 1, column: 1 });
  const result = ledgerSchema.safeParse(content);
  if (!result.success) throw damage(result.error.issues, text, file);
  const { version, key, seenAt, credentials } = result.data;
  if (given.key !== undefined && given.key !== key) throw otherKey(key, given.key, file);
  const seen = seenAt.filter((moment) => moment !== null).sort();
  return {
    version,
    key,
    ...(seen.length === 0 ? {} : { seenAt: seen.at(-1) as Instant }),
    credentials: settleCredentials(credentials.filter((credential) => credential !== null)),
  };
}

/** The fast way first: our own reader is there to tell where the damage is. */
function contentOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return parseJsonText(text, file, restore).value;
  }
}

function otherKey(key: string, own: string, file: string): ConfigError {
  const which = own === "default" ? "this run has no key of its own" : `this run uses the key ${own}`;
  return new ConfigError(
    `made with the key ${key}, and ${which}`,
    { file },
    {
      hint: "Set KEYWARDEN_KEY (or restore .keywarden/salt) as it was when the ledger was made. The file was left as it is.",
    },
  );
}

function damage(issues: readonly z.core.$ZodIssue[], text: string, file: string): ConfigError {
  const [issue] = issues;
  const path = issue?.path ?? [];
  const what = issue?.code === "unrecognized_keys" ? "a key that is not known" : (issue?.message ?? "not valid");
  const place = path.filter((part) => typeof part === "string").join(".");
  const others = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
  const message = `not a ledger: ${place === "" ? "" : `${place}: `}${what}${others}`;
  return new ConfigError(message, positionOf(path, parseJsonText(text, file)), { hint: restore });
}

/** The innermost object or list on the way that is there. */
function positionOf(path: readonly PropertyKey[], json: JsonText): FilePosition {
  let node = json.value;
  let position = json.positionOf(node);
  for (const part of path) {
    node = (node as Record<PropertyKey, unknown> | null | undefined)?.[part];
    if (typeof node === "object" && node !== null) position = json.positionOf(node);
  }
  return position;
}

/** What `jsonText` may have to escape. */
const special = /[^ -~]|##\[/;

/** The same value with the keys of its objects sorted; absent fields stay absent. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value as Readonly<Record<string, unknown>>);
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, field]) => [key, sorted(field)]));
}

/**
 * Writes a ledger: a credential a line, sorted by id, keys sorted after the id, the same bytes for the same content. A
 * closing `null` lets every line of a list end in a comma, so that any lines of two branches make a valid file.
 */
export function serialiseLedger({ version, key, seenAt, credentials }: Ledger): string {
  const moments = seenAt === undefined ? [] : [`${JSON.stringify(seenAt)},`];
  const lines = settleCredentials(credentials).map(({ id, ...rest }) => {
    const credential = { id, ...(sorted(rest) as object) };
    const line = JSON.stringify(credential);
    // Escaping takes longer than all the rest, and names in ASCII need none.
    return `${special.test(line) ? jsonText(credential, 0) : line},`;
  });
  const head = `{"version": ${version}, "key": ${JSON.stringify(key)},`;
  return [head, '"seenAt": [', ...moments, "null", "],", '"credentials": [', ...lines, "null", "]}", ""].join("\n");
}
