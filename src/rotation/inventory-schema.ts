// The shape of .keywarden/rotation.yml as people write it, declared once: what is read is judged by it, and its JSON schema
// comes from it.

import { z } from "zod";
import type { Severity } from "../model/rule.ts";
import { severities } from "../model/rule.ts";
import { day, fingerprint, name, repository } from "./shapes.ts";

/** A credential of a provider that no rule knows. */
export const otherProvider = "other";

const maxEveryDays = 3650;
const maxNotesLength = 2000;

/** A text on one line, not of blanks alone; long enough for any name, too short for a key file. */
function line(what: string): z.ZodString {
  const error = `expected ${what}, on one line of at most 200 characters`;
  // oxlint-disable-next-line no-control-regex -- what steers a terminal has no business in a name
  return z.string({ error }).regex(/^(?=\s*\S)[^\u0000-\u001f\u007f-\u009f]{1,200}$/, { error });
}

function list<Item extends z.ZodType>(item: Item, what: string): z.ZodArray<Item> {
  return z.array(item, { error: `expected a list of ${what}: each on a line of its own after "- "` });
}

function oneOrMore<Item extends z.ZodType<string>>(item: Item, what: string): z.ZodUnion<[Item, z.ZodArray<Item>]> {
  return z.union([item, z.array(item).min(1)], { error: `expected ${what}, or a list of them` });
}

function days(min: number, max: number): z.ZodString {
  const error = `expected days from ${min}d to ${max}d, such as 90d`;
  return z
    .string({ error })
    .regex(/^\d{1,4}d$/, { error, abort: true })
    .refine((text) => Number(text.slice(0, -1)) >= min && Number(text.slice(0, -1)) <= max, { error });
}

const severity = z.enum(severities as readonly [Severity, ...Severity[]], {
  error: `expected one of ${severities.join(", ")}`,
});

const variable = z
  .string({ error: "expected the name of a variable" })
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,199}$/, { error: "expected the name of a variable, never its value" });

const kept = z.strictObject(
  {
    env: variable.exactOptional().describe("The environment variable that holds it; `rotation watch` looks there."),
    secret: variable.exactOptional().describe("The CI secret that holds it."),
    store: line("where it is kept").exactOptional().describe("Where it is kept for good, in free words."),
  },
  { error: "expected env, secret or store" },
);

const credential = z.strictObject(
  {
    id: name.describe("A name of your own that stays through every rotation; its reminder is filed under it."),
    provider: line("a provider").describe(`A provider as \`keywarden rules list\` names it, or \`${otherProvider}\`.`),
    owner: line("a name").exactOptional().describe("Who is told: a person or a team."),
    environment: line("an environment").exactOptional().describe("Such as production; policies may ask for it."),
    severity: severity.exactOptional().describe("How bad a leak would be; its rule's own where nothing stands here."),
    kept: kept.exactOptional().describe("Where it is kept. Names only, never a value."),
    created: day.exactOptional().describe("When the value in use was made."),
    rotated: day.exactOptional().describe("When it was last replaced."),
    policy: name.exactOptional().describe("The policy that applies, whatever else would fit."),
    notes: z
      .string({ error: "expected a text" })
      .max(maxNotesLength, { error: `expected at most ${maxNotesLength} characters` })
      .exactOptional(),
    fingerprints: list(fingerprint, "fingerprints")
      .exactOptional()
      .describe("Fingerprints of its values; `rotation adopt` writes them."),
  },
  { error: "expected id, provider and what else is known of the credential" },
);

const match = z.strictObject(
  {
    provider: oneOrMore(line("a provider"), "a provider").exactOptional(),
    path: oneOrMore(line("a glob"), "a glob").exactOptional().describe("Globs over paths that it was found at."),
    environment: oneOrMore(line("an environment"), "an environment").exactOptional(),
    severity: oneOrMore(severity, `one of ${severities.join(", ")}`).exactOptional(),
  },
  { error: "expected provider, path, environment or severity" },
);

const policy = z.strictObject(
  {
    name,
    match: match.exactOptional().describe("What it is for: every part must fit. Without it: every credential."),
    every: days(1, maxEveryDays).exactOptional().describe("How often a credential is to be replaced, such as 90d."),
    notify: list(days(0, maxEveryDays), "days")
      .min(1, { error: "expected at least one step, such as 14d" })
      .exactOptional()
      .describe("How long before it is due its owner is reminded, the longest first."),
    grace: days(0, 365).exactOptional().describe("How long after that it is not yet called overdue."),
    reason: line("a reason").describe("Why, and who says so."),
  },
  { error: "expected name, match, every and a reason" },
);

const exemption = z.strictObject(
  {
    credential: name.describe("The id of a credential of this file."),
    reason: line("a reason"),
    until: day.describe("The last day of it, UTC; at most 180 days ahead."),
  },
  { error: "expected credential, reason and until" },
);

const owners = z.strictObject(
  {
    fallback: line("a name").exactOptional().describe("Who is told where nobody owns a credential, or is late."),
    security: line("a name").exactOptional().describe("Who is told 30 days after it was due."),
  },
  { error: "expected fallback or security" },
);

const github = z.strictObject(
  {
    "leaks-to": repository.exactOptional().describe("The private repository in which leaks are filed."),
    dashboard: z
      .boolean({ error: "expected true or false" })
      .exactOptional()
      .describe("One issue with a table of all."),
  },
  { error: "expected leaks-to or dashboard" },
);

/** The shape of the file; unknown keys are refused. */
export const inventorySchema = z.strictObject(
  {
    version: z.literal(1, { error: "expected version: 1" }),
    credentials: list(credential, "credentials").exactOptional(),
    policies: list(policy, "policies").exactOptional().describe("The first one that fits decides."),
    exemptions: list(exemption, "exemptions").exactOptional(),
    owners: owners.exactOptional(),
    github: github.exactOptional(),
  },
  { error: "expected version: 1 and a list of credentials" },
);

/** What stands in the file. */
export type WrittenInventory = z.output<typeof inventorySchema>;

/** The keys that may stand in the object at `path`. */
export function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  const shapes: Readonly<Record<string, z.ZodRawShape>> = {
    "": inventorySchema.shape,
    credentials: credential.shape,
    "credentials.kept": kept.shape,
    policies: policy.shape,
    "policies.match": match.shape,
    exemptions: exemption.shape,
    owners: owners.shape,
    github: github.shape,
  };
  return Object.keys(shapes[path.filter((part) => typeof part === "string").join(".")] ?? {});
}

/** JSON schema (draft 2020-12) of `.keywarden/rotation.yml`, for editors. */
export function inventoryJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(inventorySchema, { io: "input" });
  return {
    $schema: schema.$schema,
    title: "keywarden inventory",
    description: "The credentials that people keep, in .keywarden/rotation.yml. See docs/rotation-files.md.",
    ...schema,
  };
}
