// .keywarden/baseline.json and back: findings that are known and accepted, one line each, so that branches merge.

import { ConfigError } from "../errors.ts";
import type { Finding } from "../model/finding.ts";
import { compareText } from "../base/compare-text.ts";
import { isDay } from "../base/dates.ts";
import { isJsonObject, parseJsonText } from "../base/json-text.ts";
import type { JsonObject, JsonText } from "../base/json-text.ts";

/** Where the baseline stands, relative to the scanned root, unless the settings say otherwise. */
export const baselineFile = ".keywarden/baseline.json";

/** One accepted secret, wherever it stands. */
export interface BaselineEntry {
  readonly fingerprint: string;
  /** For the reader, as are the paths: the fingerprint alone decides. */
  readonly rule: string;
  /** Where it stood when the entry was last written, sorted. */
  readonly paths?: readonly string[];
  readonly reason: string;
  readonly owner?: string;
  /** YYYY-MM-DD; the entry ends at the end of that day, UTC. */
  readonly until?: string;
}

/** A baseline as it stands in its file, entries sorted by fingerprint. */
export interface Baseline {
  readonly version: 1;
  /** Id of the key that the fingerprints were made with. */
  readonly key: string;
  /** Sorted by fingerprint, each once. */
  readonly entries: readonly BaselineEntry[];
}

const entryKeys = ["fingerprint", "rule", "paths", "reason", "owner", "until"];

function checkKeys(node: JsonObject, known: readonly string[], json: JsonText): void {
  const unknown = Object.keys(node).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new ConfigError(`unknown key ${JSON.stringify(unknown)}`, json.positionOf(node), {
      hint: `Known keys: ${known.join(", ")}.`,
    });
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function entryOf(node: unknown, json: JsonText): BaselineEntry {
  const fail = (message: string): never => {
    throw new ConfigError(message, json.positionOf(node));
  };
  if (!isJsonObject(node)) return fail("an entry must be an object");
  checkKeys(node, entryKeys, json);
  const { fingerprint, rule, paths, reason, owner, until } = node;
  if (typeof fingerprint !== "string" || !/^kf1:[a-z2-7]{26}$/.test(fingerprint)) return fail("fingerprint is not one");
  if (!isText(rule)) return fail("an entry needs a rule");
  if (!isText(reason)) return fail("an entry needs a reason");
  if (owner !== undefined && !isText(owner)) return fail("owner must be a text");
  if (until !== undefined && !(typeof until === "string" && isDay(until))) {
    return fail("until must be a date of the form YYYY-MM-DD");
  }
  if (paths !== undefined && !(Array.isArray(paths) && paths.every(isText)))
    return fail("paths must be a list of texts");
  return {
    fingerprint,
    rule,
    ...(paths === undefined ? {} : { paths: [...new Set(paths as string[])].sort(compareText) }),
    reason,
    ...(owner === undefined ? {} : { owner }),
    ...(until === undefined ? {} : { until }),
  };
}

/** Two lines for one secret, as a merge of branches leaves them: all paths, the earlier end, the first text. */
function unite(a: BaselineEntry, b: BaselineEntry): BaselineEntry {
  const [first, second] = compareText(lineOf(a), lineOf(b)) <= 0 ? [a, b] : [b, a];
  const paths = [...new Set([...(a.paths ?? []), ...(b.paths ?? [])])].sort(compareText);
  const until = [a.until, b.until].filter((day) => day !== undefined).sort(compareText)[0];
  const owner = first.owner ?? second.owner;
  return {
    fingerprint: first.fingerprint,
    rule: first.rule,
    ...(paths.length === 0 ? {} : { paths }),
    reason: first.reason,
    ...(owner === undefined ? {} : { owner }),
    ...(until === undefined ? {} : { until }),
  };
}

/** Sorts entries by fingerprint and unites those of one secret. */
export function settleEntries(entries: Iterable<BaselineEntry>): readonly BaselineEntry[] {
  const settled = new Map<string, BaselineEntry>();
  for (const entry of [...entries].sort((a, b) => compareText(lineOf(a), lineOf(b)))) {
    const known = settled.get(entry.fingerprint);
    settled.set(entry.fingerprint, known === undefined ? entry : unite(known, entry));
  }
  return [...settled.values()].sort((a, b) => compareText(a.fingerprint, b.fingerprint));
}

/**
 * Reads a baseline. Damage is a ConfigError with line and column. When `key` is given, a baseline made with another
 * key is a ConfigError too: not one of its fingerprints could ever match.
 */
export function parseBaseline(text: string, given: { readonly file?: string; readonly key?: string } = {}): Baseline {
  const file = given.file ?? baselineFile;
  const json = parseJsonText(text, file);
  const root = json.value;
  if (!isJsonObject(root)) throw new ConfigError("a baseline must be an object", { file, line: 1, column: 1 });
  checkKeys(root, ["version", "key", "entries"], json);
  const at = json.positionOf(root);
  if (root.version !== 1) {
    throw new ConfigError("the version of this baseline is not 1", at, {
      hint: "Make a new one with `keywarden baseline create`, or update keywarden.",
    });
  }
  const { key, entries } = root;
  if (typeof key !== "string" || !/^(?:default|[0-9a-f]{8})$/.test(key))
    throw new ConfigError("key is not a key's id", at);
  if (!Array.isArray(entries)) throw new ConfigError("entries must be a list", at);
  if (given.key !== undefined && given.key !== key) {
    throw new ConfigError(`made with the key ${key}, and this run uses the key ${given.key}`, at, {
      hint: "Set KEYWARDEN_KEY (or restore .keywarden/salt) as it was when the baseline was made, or make a new one with `keywarden baseline create`.",
    });
  }
  const nodes = entries.at(-1) === null ? entries.slice(0, -1) : entries;
  return { version: 1, key, entries: settleEntries(nodes.map((node) => entryOf(node, json))) };
}

function lineOf({ fingerprint, rule, paths, reason, owner, until }: BaselineEntry): string {
  return JSON.stringify({ fingerprint, rule, paths, reason, owner, until });
}

/**
 * Writes a baseline: one entry a line, sorted, the same bytes for the same entries. A closing `null` lets every entry's
 * line end in a comma, so that lines added or removed on two branches merge to valid JSON.
 */
export function serialiseBaseline({ key, entries }: Baseline): string {
  const lines = settleEntries(entries).map((entry) => `${lineOf(entry)},`);
  return ["{", '"version": 1,', `"key": ${JSON.stringify(key)},`, '"entries": [', ...lines, "null", "]", "}", ""].join(
    "\n",
  );
}

/** What new entries say; existing ones keep what they have. */
export interface EntryDefaults {
  readonly reason: string;
  readonly owner?: string;
  readonly until?: string;
}

/** Makes the entry of a finding. */
export function entryOfFinding(finding: Finding, defaults: EntryDefaults): BaselineEntry {
  return {
    fingerprint: finding.fingerprint,
    rule: finding.rule,
    paths: [...new Set(finding.occurrences.map(({ path }) => path))].sort(compareText),
    reason: defaults.reason,
    ...(defaults.owner === undefined ? {} : { owner: defaults.owner }),
    ...(defaults.until === undefined ? {} : { until: defaults.until }),
  };
}

/**
 * Brings a baseline (none: a new one) up to the findings of a scan: new ones get an entry with `defaults`; known ones
 * keep reason, owner and end, and get their present rule and paths; entries that nothing was found for stay unless
 * `prune`. `key` is the id of the key the findings were fingerprinted with.
 */
export function updateBaseline(given: {
  readonly baseline?: Baseline;
  readonly findings: readonly Finding[];
  readonly key: string;
  readonly defaults: EntryDefaults;
  readonly prune?: boolean;
}): { readonly baseline: Baseline; readonly added: number; readonly kept: number; readonly gone: number } {
  const known = new Map(given.baseline?.entries.map((entry) => [entry.fingerprint, entry]));
  const now = given.findings.map((finding) => {
    const entry = known.get(finding.fingerprint);
    return entryOfFinding(finding, entry ?? given.defaults);
  });
  const found = new Set(now.map(({ fingerprint }) => fingerprint));
  const gone = [...known.values()].filter(({ fingerprint }) => !found.has(fingerprint));
  const kept = [...found].filter((fingerprint) => known.has(fingerprint)).length;
  const entries = settleEntries(given.prune === true ? now : [...now, ...gone]);
  return { baseline: { version: 1, key: given.key, entries }, added: found.size - kept, kept, gone: gone.length };
}
