// The text of .keywarden/rotation.yml → the inventory, or every mistake in it with its line, column and nearest known name.

import { defined } from "../base/defined.ts";
import type { Mistake } from "../base/yaml-mistakes.ts";
import { errorOf, mistakesOf } from "../base/yaml-mistakes.ts";
import { readDocument } from "../base/yaml-document.ts";
import type { DeclaredCredential, DeclaredPolicy, Inventory, PolicyMatch } from "../model/rotation.ts";
import { crossMistakes, pastedMistakes } from "./inventory-laws.ts";
import type { WrittenInventory } from "./inventory-schema.ts";
import { inventorySchema, knownKeys } from "./inventory-schema.ts";

/** Where the inventory stands, relative to the root. */
export const inventoryFile = ".keywarden/rotation.yml";

/** What an inventory is judged by besides itself. */
export interface InventoryContext {
  /** As messages name the file; the usual place if absent. */
  readonly file?: string;
  readonly now: Date;
  /** The providers that the rules of this run know. */
  readonly providers: readonly string[];
}

/** The inventory of who wrote none. */
export const emptyInventory: Inventory = {
  credentials: [],
  policies: [],
  exemptions: [],
  owners: {},
  github: { dashboard: false },
};

/**
 * Reads an inventory; an empty file is an empty one. Throws ConfigError at the first mistake, with the others in the lines
 * below it: broken YAML, unknown keys, wrong types, names twice, unknown providers, policies and credentials, days that are
 * not in the calendar or lie ahead, and what looks like a secret. Messages never quote a value of the file.
 */
export function parseInventory(text: string, context: InventoryContext): Inventory {
  const document = readDocument(text, context.file ?? inventoryFile);
  if (document.value === undefined) return emptyInventory;
  const pasted = pastedMistakes(text, document);
  if (pasted.length > 0) throw errorOf(pasted, document);
  const result = inventorySchema.safeParse(document.value);
  const mistakes: readonly Mistake[] = result.success
    ? crossMistakes(result.data, document, context)
    : result.error.issues.flatMap((issue) => mistakesOf(issue, document, knownKeys));
  if (!result.success || mistakes.length > 0) throw errorOf(mistakes, document);
  return inventoryOf(result.data);
}

function inventoryOf({ credentials, policies, exemptions, owners, github }: WrittenInventory): Inventory {
  const leaksTo = github?.["leaks-to"];
  return {
    credentials: (credentials ?? []).map(credentialOf),
    policies: (policies ?? []).map(policyOf),
    exemptions: exemptions ?? [],
    owners: owners ?? {},
    github: { ...defined({ leaksTo }), dashboard: github?.dashboard ?? false },
  };
}

function credentialOf(written: NonNullable<WrittenInventory["credentials"]>[number]): DeclaredCredential {
  const { kept = {}, fingerprints = [], ...rest } = written;
  const { secret: ciSecret, ...names } = kept;
  return { ...rest, keptIn: { ...names, ...defined({ ciSecret }) }, fingerprints };
}

function policyOf(written: NonNullable<WrittenInventory["policies"]>[number]): DeclaredPolicy {
  const { name, match, every, notify, grace, reason } = written;
  return {
    name,
    match: matchOf(match ?? {}),
    reason,
    ...defined({
      everyDays: every === undefined ? undefined : daysIn(every),
      notifyDays: notify?.map(daysIn),
      graceDays: grace === undefined ? undefined : daysIn(grace),
    }),
  };
}

function matchOf(match: NonNullable<NonNullable<WrittenInventory["policies"]>[number]["match"]>): PolicyMatch {
  return defined({
    providers: listOf(match.provider),
    paths: listOf(match.path),
    environments: listOf(match.environment),
    severities: listOf(match.severity),
  });
}

function listOf<Item extends string>(given: Item | readonly Item[] | undefined): readonly Item[] | undefined {
  return typeof given === "string" ? [given] : given;
}

/** `90d`, which the schema has judged. */
function daysIn(text: string): number {
  return Number(text.slice(0, -1));
}
