// How a rule file may say that a provider is asked whether a credential still works.

import { z } from "zod";
import { meanings } from "../model/recipe.ts";

const name = z
  .string()
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, { error: "write a name in kebab-case" })
  .max(40);
const headerName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,60}$/, { error: "write the header's name in lower case, such as x-api-key" });
const sentence = z.string().min(10).max(300);
const list = <Item extends z.ZodType>(item: Item) => z.union([item, z.array(item).min(1)]);

const requestSchema = z
  .strictObject({
    method: z.enum(["GET", "HEAD", "POST"]).describe("GET or HEAD; POST only where `harmless` says why."),
    url: z
      .string()
      .min(10)
      .max(300)
      .describe("https, a literal host (or {{host}}) and path; in it only parts that are public."),
    headers: z
      .record(headerName, z.string().min(1).max(300))
      .optional()
      .describe("Name in lower case → value with {{secret}}, {{pair}}, {{NAME}} of a part, {{base64(...)}}."),
    body: z.string().min(1).max(1000).optional().describe("Literal text; for a POST only."),
    harmless: sentence.optional().describe("Why this POST changes nothing at the provider."),
    "secret-in-path": z.boolean().optional().describe("The provider takes the secret in the path only."),
    sign: z
      .strictObject({
        kind: z.enum(["aws-sigv4"]).describe("AWS Signature Version 4."),
        service: z
          .string()
          .regex(/^[a-z0-9-]{1,30}$/)
          .describe("The service that is asked, such as sts."),
        region: z
          .string()
          .regex(/^[a-z0-9-]{1,30}$/)
          .describe("The region that is asked."),
      })
      .optional()
      .describe("Signs the request with the pair as key id; the secret itself is not sent."),
    "if-starts": z.string().min(1).max(40).optional().describe("Only for a secret that starts so."),
  })
  .describe("What is sent.");

const partSchema = z
  .strictObject({
    of: z.enum(["secret", "pair"]).optional().describe("What it is made from. Default secret."),
    strip: z.string().min(1).max(40).optional().describe("Removed from the start, where it is there."),
    decode: z.enum(["base64", "base64url"]).optional().describe("Decoded strictly, to printable text."),
    json: z.string().min(1).max(60).optional().describe("The text of this key of the JSON object that it is."),
    rsa: z.enum(["modulus"]).optional().describe("The public modulus of the RSA private key that it is."),
    fits: z.string().min(1).max(300).optional().describe("RE2 pattern that the value must match as a whole."),
    encode: z.enum(["base64", "base64url"]).optional().describe("Encoded again, in canonical form."),
    public: z.boolean().optional().describe("It is no secret: it may stand in an address."),
  })
  .describe("A value made from the secret or its other half; the steps run in this order.");

const conditionSchema = z
  .strictObject({
    path: z
      .string()
      .regex(/^[A-Za-z0-9_*-]+(?:\.[A-Za-z0-9_*-]+)*$/, { error: "write keys and indexes joined by dots" })
      .describe("Keys and indexes joined by dots; * stands for any one of them."),
    equals: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional().describe("Exactly this value."),
    "one-of": z
      .array(z.union([z.string(), z.number()]))
      .min(1)
      .optional()
      .describe("One of these values."),
    contains: z.string().min(2).optional().describe("The text holds this, ignoring case."),
    starts: z.string().min(2).optional().describe("The text starts so."),
    exists: z.boolean().optional().describe("It is there, or not."),
  })
  .refine((it) => Object.keys(it).length === 2, {
    error: "write path and one of equals, one-of, contains, starts, exists",
  })
  .describe("What the JSON body must hold.");

const headerCondition = z
  .strictObject({
    name: headerName,
    equals: z.string().min(1).optional(),
    contains: z.string().min(1).optional(),
  })
  .describe("A header that must be there, and what it must say (ignoring case).");

const answerSchema = z
  .strictObject({
    row: name.describe("Its name; shown with the verdict."),
    status: list(z.int().min(200).max(599)).describe("One status or several; redirections never count."),
    media: z.enum(["json"]).optional().describe("The body must be JSON by its type."),
    header: list(headerCondition).optional().describe("A header, or several, that must be there."),
    json: list(conditionSchema).optional().describe("Conditions on the body, all of which must hold."),
    text: z.string().min(6).max(200).optional().describe("The body, which need not be JSON, holds this text."),
    "needs-control": z.boolean().optional().describe("Counts only where the control was refused as it should."),
    means: z.enum(meanings).describe("stop: nothing is known, and the host is left alone."),
    says: sentence.optional().describe("What it means, where the row's name is not enough."),
  })
  .describe("One row of the table; the first that fits decides.");

const revealSchema = z
  .strictObject({
    fact: name.describe("Name of what is shown, such as scope, expires, created, account."),
    header: headerName.optional().describe("Header that says it."),
    json: z.string().min(1).max(100).optional().describe("Path as in a condition."),
    as: z.enum(["date", "words", "label", "table"]).describe("How it is read; anything else is left out."),
    table: z.record(z.string().min(1), z.string().min(1).max(60)).optional().describe("Value → what is shown."),
  })
  .describe("What an active answer reveals.");

const controlSchema = z.union([
  z.string().min(1),
  z.strictObject({
    secret: z.string().min(1).describe("Template of a key in the right form that can never have been issued."),
    pair: z.string().min(1).optional().describe("Template of its other half."),
    rows: z.array(name).min(1).optional().describe("Rows that must answer it. Default: any that means inactive."),
  }),
  z.strictObject({ none: sentence.describe("Why no control is sent.") }),
]);

/** The `verify` block of a rule. */
export const verifySchema = z
  .strictObject({
    request: requestSchema.optional(),
    requests: z
      .array(requestSchema)
      .min(2)
      .max(12)
      .optional()
      .describe("Several, tried in turn: the next only where the one before was answered with inactive."),
    parts: z.record(name, partSchema).optional().describe("Values made before anything is sent."),
    host: z
      .strictObject({
        ends: z
          .array(z.string().regex(/^(?:\.[a-z0-9-]+){2,4}$/, { error: "write it as .example.com" }))
          .min(1)
          .describe("The pair is a host name; it must end so, with one or two labels before."),
      })
      .optional()
      .describe("Hosts of customers: which ones may be asked."),
    answers: z.array(answerSchema).min(2).max(20).describe("The table: rows, of which the first that fits decides."),
    control: controlSchema.describe("An impossible key that is sent first and must be refused; or why there is none."),
    reveals: z.array(revealSchema).optional().describe("What an active answer tells besides."),
    caveat: sentence.optional().describe("What inactive does not cover; shown with it."),
    docs: z.url({ protocol: /^https$/, error: "is no https address" }).describe("The page that says so."),
  })
  .describe("How the provider is asked whether the credential still works; see docs/verification.md.");

/** A validated `verify` block, before it is compiled. */
export type VerifyEntry = z.output<typeof verifySchema>;
/** A validated request of it. */
export type RequestEntry = z.output<typeof requestSchema>;

/** The keys that are known at each level, for hints. */
export const verifyKeys: Readonly<Record<string, readonly string[]>> = {
  "": Object.keys(verifySchema.shape),
  request: Object.keys(requestSchema.shape),
  requests: Object.keys(requestSchema.shape),
  parts: Object.keys(partSchema.shape),
  answers: Object.keys(answerSchema.shape),
  reveals: Object.keys(revealSchema.shape),
  control: ["secret", "pair", "rows", "none"],
  json: ["path", "equals", "one-of", "contains", "starts", "exists"],
  header: ["name", "equals", "contains"],
};
