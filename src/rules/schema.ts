// The shape of a rule file, written once: the parser, its messages, the JSON schema and the catalogue come from it.

import { z } from "zod";
import { confidences, severities } from "../model/rule.ts";
import { checkSchema } from "./schema-checks.ts";
import { verifySchema } from "./schema-verify.ts";

const sentence = z.string().min(10).max(300);
const word = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** `provider.kind`, each part in kebab-case. */
export const ruleIdShape = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*\.[a-z0-9]+(?:-[a-z0-9]+)*$/;

const provider = z.string().regex(word, { error: "is no provider name: write it in kebab-case, such as acme-pay" });
const ruleId = z.string().regex(ruleIdShape, { error: "is no rule id: write provider.kind, such as acme.live-key" });
const url = z.url({ protocol: /^https?$/, error: "is no web address" });
const lines = z.int().min(0).max(100);

// The kernel takes literals of 3 to 64 bytes.
const keyword = z
  .string()
  .min(3)
  .max(64)
  .regex(/^[\x20-\x7e]+$/, { error: "a keyword is printable ASCII text" });

const evidence = z
  .strictObject({
    near: z.array(z.string().min(2)).min(1).describe("Words that point at this provider, ignoring case."),
    lines: lines.describe("How many lines above and below are looked at."),
  })
  .describe("What gives a contested token to this provider.");

const rotate = z
  .strictObject({
    every: z
      .string()
      .regex(/^[1-9][0-9]{0,3}d$/, { error: "write a number of days, such as 90d" })
      .describe("How often, in days: 90d."),
    source: z.enum(["provider", "default"]).describe("Who says so: the provider's own page, or nobody but us."),
    where: url.optional().describe("Page on which it is done."),
    steps: z.array(z.string().min(3)).min(1).describe("What to do, in order."),
  })
  .describe("How often the credential should be replaced, and how.");

const skip = z
  .strictObject({
    text: z.string().min(1).describe("Template of a text on which the rule must stay silent."),
    why: z.string().min(3).describe("Why it is no credential."),
    "near-miss": z.boolean().optional().describe("It looks like a token in all but one point."),
  })
  .describe("A text that the rule must pass over.");

const examples = z
  .strictObject({
    match: z.array(z.string().min(1)).min(2).describe("Templates of texts in which the rule fires; at least two."),
    skip: z.array(skip).min(2).describe("Texts that the rule must pass over; at least two, one of them a near-miss."),
    also: z.array(ruleId).optional().describe("Other rules that may fire on these examples."),
  })
  .describe("The rule's own tests.");

/** One rule of a file. */
export const ruleSchema = z
  .strictObject({
    id: ruleId.describe("provider.kind; never renamed, never reused."),
    name: z.string().min(3).max(80).describe("What people call it."),
    what: sentence.describe("What it is, in one sentence."),
    risk: sentence.describe("What whoever has it can do, in one sentence."),
    severity: z.enum(severities).describe("How bad a leak is."),
    confidence: z
      .enum(confidences)
      .describe("How sure a match is a real credential: high blocks, medium warns, low is shown on request."),
    role: z
      .enum(["secret", "identifier"])
      .optional()
      .describe("identifier: the public half of a pair, never reported alone. Default secret."),
    keywords: z
      .array(keyword)
      .min(1)
      .max(64)
      .describe("ASCII literals of at least 3 characters, one of which stands in every match."),
    "ignore-case": z.boolean().optional().describe("Keywords and pattern ignore the case of ASCII letters."),
    pattern: z
      .string()
      .min(3)
      .describe("RE2 syntax with a group named secret; white space and # comments are ignored."),
    longest: z
      .int()
      .min(8)
      .max(65_536)
      .optional()
      .describe("Only for a pattern without a bound: bytes after which a match is cut."),
    checks: z.array(checkSchema).optional().describe("What a match must pass, in order."),
    contested: z
      .string()
      .regex(word, { error: "write the family's name in kebab-case" })
      .optional()
      .describe("Token family that several providers share."),
    evidence: evidence.optional(),
    general: z
      .boolean()
      .optional()
      .describe("A shape that any provider's token may take: gives way to a provider's own rule."),
    fallback: z
      .boolean()
      .optional()
      .describe("Reports the contested tokens of its family that no single provider owns."),
    pair: z
      .strictObject({
        with: ruleId.describe("Id of the other half's rule."),
        lines: lines.describe("How far apart they may stand."),
      })
      .optional()
      .describe("The identifier rule that completes this one."),
    rotate: rotate.optional(),
    verify: verifySchema.optional(),
    unverified: sentence.optional().describe("Why nobody is asked whether it still works."),
    examples,
    references: z.array(url).optional().describe("Pages that the pattern was made from."),
  })
  .describe("One kind of credential.");

/** A whole rule file. */
export const ruleFileSchema = z
  .strictObject({
    provider: provider.describe("Name of the provider in kebab-case; the file has the same name."),
    name: z.string().min(2).max(80).describe("What people call the provider."),
    homepage: url.optional().describe("The provider's web site."),
    rules: z.array(ruleSchema).min(1).describe("The provider's credentials."),
  })
  .describe("Rules for the credentials of one provider.");

/** A validated rule file, before it is compiled. */
export type RuleFile = z.output<typeof ruleFileSchema>;
/** One validated rule of a file. */
export type RuleEntry = z.output<typeof ruleSchema>;

/** JSON Schema (draft 2020-12) of a rule file, for editors: schemas/rule.schema.json. */
export function ruleJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(ruleFileSchema, { io: "input", unrepresentable: "any" });
  return { $schema: schema.$schema, title: "keywarden rule file", ...schema };
}
