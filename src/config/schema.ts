// The table of settings → the zod schema that judges the file, and the JSON schema that editors use.

import { z } from "zod";
import { allowMistake, formatMistake } from "./allow.ts";
import type { AllowEntry } from "../model/finding.ts";
import type { FormatUse, Kind, Setting } from "./kinds.ts";
import { camelCase, formatNames } from "./kinds.ts";
import { bytesOf, sizeForms, sizeText } from "./size.ts";
import type { PartialSettings } from "./settings.ts";
import { settings } from "./settings.ts";

const table: readonly Setting[] = settings;

function text(what: string): z.ZodString {
  return z.string({ error: `expected ${what}` }).min(1, { error: `expected ${what}, not an empty text` });
}

function list<Item extends z.ZodType>(item: Item, what: string): z.ZodArray<Item> {
  return z.array(item, { error: `expected a list of ${what}: each on a line of its own after "- "` });
}

function choice(of: readonly string[]): z.ZodEnum {
  return z.enum(of as [string, ...string[]], { error: `expected one of ${of.join(", ")}` });
}

const formatUse = z.strictObject(
  { format: choice(formatNames), output: text("a file name").optional() },
  { error: "expected format and, if it goes to a file, output" },
);

const allowEntry = z.strictObject(
  {
    paths: list(text("a glob"), "globs").optional(),
    rules: list(text("a rule id or provider"), "rule ids or providers").optional(),
    fingerprints: list(text("a fingerprint"), "fingerprints").optional(),
    reason: text("a reason"),
    owner: text("a name").optional(),
    until: text("a date").meta({ format: "date" }).optional(),
  },
  { error: "expected paths, rules or fingerprints, and a reason" },
);

function integer(kind: Extract<Kind, { kind: "integer" }>): z.ZodType {
  const error = `expected a whole number from ${kind.min} to ${kind.max}${kind.word === undefined ? "" : ` or ${kind.word}`}`;
  const number = z.int({ error }).min(kind.min, { error }).max(kind.max, { error });
  return kind.word === undefined ? number : z.union([number, z.literal(kind.word)], { error });
}

/** A number counts bytes, a text has a unit: see size.ts. */
function size(min: number): z.ZodType {
  const error = `expected ${sizeForms}, at least ${sizeText(min)}`;
  return z.union([z.int(), z.string()], { error }).refine((given) => (bytesOf(given) ?? 0) >= min, { error });
}

/** An entry is judged as a whole only when each of its parts has the right shape. */
function allowList(): z.ZodType {
  return list(
    allowEntry.superRefine((entry, context) => {
      const mistake = allowMistake(entry as Partial<AllowEntry>);
      if (mistake === undefined) return;
      context.addIssue({
        code: "custom",
        message: mistake.message,
        path: mistake.key === undefined ? [] : [mistake.key],
      });
    }),
    "entries",
  );
}

function formatList(): z.ZodType {
  return list(formatUse, "formats").superRefine((uses, context) => {
    const mistake = formatMistake(uses as readonly FormatUse[]);
    if (mistake !== undefined) context.addIssue({ code: "custom", message: mistake.message, path: [mistake.index] });
  });
}

function schemaOf(kind: Kind): z.ZodType {
  switch (kind.kind) {
    case "switch":
      return z.boolean({ error: "expected true or false" });
    case "choice":
      return choice(kind.of);
    case "choices":
      return list(choice(kind.of), "names");
    case "texts":
      return list(text("a text"), "texts");
    case "paths":
      return list(text("a path"), "paths");
    case "path":
      return z.union([text("a path"), z.literal(false)], { error: "expected a path or false" });
    case "integer":
      return integer(kind);
    case "size":
      return size(kind.min);
    case "formats":
      return formatList();
    case "allow":
      return allowList();
  }
}

/** The schema of `.keywarden/config.yml` as it stands in the file; unknown keys are refused. */
export function fileSchema(): z.ZodType<Record<string, unknown>> {
  const shape: Record<string, z.ZodType> = {};
  for (const setting of table) {
    if (setting.where === "flag") continue;
    const described = schemaOf(setting.value).meta({
      description: `${setting.help}. ${setting.doc}`,
      ...(setting.default === undefined ? {} : { default: setting.default }),
    });
    shape[setting.key] = described.optional();
  }
  return z.strictObject(shape, { error: 'expected settings: "key: value" lines' });
}

/** The schema of settings that a library call gives: camel case, flags' settings too; unknown names are refused. */
export function callSchema(): z.ZodType<PartialSettings> {
  const shape = Object.fromEntries(
    table.map((setting) => [camelCase(setting.key), schemaOf(setting.value).optional()] as const),
  );
  return z.strictObject(shape, { error: "expected an object of settings" });
}

/** Every key that the file may have, in the order of the table. */
export function fileKeys(): string[] {
  return table.filter((setting) => setting.where !== "flag").map((setting) => setting.key);
}

/** JSON schema (draft 2020-12) of `.keywarden/config.yml`, for editors. */
export function settingsSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(fileSchema(), { io: "input" });
  return {
    $schema: schema.$schema,
    title: "keywarden settings",
    description: "Settings of keywarden, in .keywarden/config.yml. See docs/configuration.md.",
    ...schema,
  };
}
