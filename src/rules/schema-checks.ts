// The closed set of checks and their options, as a rule file may write them.

import { z } from "zod";

const words = z.array(z.string().min(2)).min(1).describe("Words to look for, ignoring case; one of them is enough.");
const lines = z.int().min(0).max(100).describe("How many lines above and below are looked at; 0: only its own.");
const group = (fallback: string) =>
  z
    .string()
    .min(1)
    .describe(`Named group of the pattern to look at${fallback === "" ? "" : `; default ${fallback}`}.`);
const oneByteClass = (side: string) =>
  z.string().min(3).describe(`A class in brackets that the byte right ${side} the secret must not be in.`);

/** Each check's options by its name; a file of src/scan/checks/ stands behind every one. */
export const checkOptions = {
  entropy: z
    .strictObject({ min: z.number().gt(0).max(8).describe("Least Shannon entropy in bits per character.") })
    .describe("Drops secrets that are too regular to be random; a public prefix is left out of the sum."),
  checksum: z
    .strictObject({
      kind: z.enum(["crc32-base62"]).describe("CRC32 in base 62 of what stands between the last _ and the tail."),
      tail: z.int().min(1).max(16).describe("How many last characters are the check digits."),
    })
    .describe("Drops tokens whose built-in check digits do not fit."),
  placeholder: z
    .strictObject({
      "allow-words": z.array(z.string().min(1)).min(1).optional().describe("Sample words that are no reason to drop."),
    })
    .describe("Drops filler: repeated characters, running sequences, sample words, templates, text cut short."),
  charset: z
    .strictObject({
      before: oneByteClass("before").optional(),
      after: oneByteClass("after").optional(),
      needs: z
        .array(z.enum(["digit", "lower", "upper", "letter"]))
        .min(1)
        .optional()
        .describe("Kinds of characters, each of which must be there."),
      of: group("secret").optional(),
    })
    .describe("Looks at the bytes next to the secret, and at what kinds of characters it holds."),
  "json-payload": z
    .strictObject({
      group: group(""),
      encoding: z.enum(["base64", "base64url"]).optional().describe("How the group is encoded."),
      tail: z.int().min(1).max(1024).optional().describe("How many last characters of the group are not part of it."),
      "tail-unless": group("").optional().describe("The tail is part of the group where this group took part."),
      facts: z
        .record(z.string().min(1), z.string().min(1))
        .optional()
        .describe("What to show of it: name of the fact → key of the object. issued and expires are dates."),
    })
    .describe("Drops tokens whose payload is no complete JSON object; reads facts from it."),
  jwt: z
    .strictObject({
      claims: z.array(z.string().min(1)).min(1).optional().describe("Claims that must all be there."),
      "any-claims": z.array(z.string().min(1)).min(1).optional().describe("Claims of which one must be there."),
      samples: z.enum(["keep"]).optional().describe("keep: do not drop the well-known documentation tokens."),
    })
    .describe("Drops text that is no JSON Web Token; reads algorithm, issuer and dates; expired ones count as low."),
  userpass: z
    .strictObject({
      group: group("secret").optional(),
      user: z.string().min(1).optional().describe("RE2 pattern that the user must match."),
      secret: z.string().min(1).optional().describe("RE2 pattern that the secret must match."),
      strip: z.string().min(1).optional().describe("Prefix of the group that is not part of the base64."),
      min: z.int().min(1).max(1000).optional().describe("Least length of the secret; default 1."),
    })
    .describe("The group is base64 of user:secret; the user becomes a fact, the secret is what is reported."),
  "aws-account": z
    .strictObject({ group: group("secret").optional() })
    .describe(
      "Reads the account out of an AWS key id, and says whether it belongs to a maker of traps; drops nothing.",
    ),
  luhn: z.strictObject({}).describe("Drops numbers whose last digit is not their Luhn check digit."),
  word: z.strictObject({}).describe("Drops identifiers, paths and plain words that happen to fit the shape."),
  near: z.strictObject({ words, lines }).describe("One of the words must stand near the match."),
  "not-near": z.strictObject({ words, lines }).describe("None of the words may stand near the match."),
} as const;

/** Name of a check, as a rule writes it. */
export type CheckName = keyof typeof checkOptions;

/** Names of all checks, in the order of the documentation. */
export const checkNames = Object.keys(checkOptions) as readonly CheckName[];

function optional<Shape extends Record<string, z.ZodType>>(
  shape: Shape,
): { [Name in keyof Shape]: z.ZodOptional<Shape[Name]> } {
  const entries = Object.entries(shape).map(([name, options]) => [name, options.optional()]);
  return Object.fromEntries(entries) as { [Name in keyof Shape]: z.ZodOptional<Shape[Name]> };
}

/** One entry of a rule's `checks`: a map of exactly one check's name to its options. */
export const checkSchema = z
  .strictObject(optional(checkOptions))
  .refine((check) => Object.keys(check).length === 1, { error: "write one check per list entry" })
  .meta({ minProperties: 1, maxProperties: 1 })
  .describe("One check and its options.");
