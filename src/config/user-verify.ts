// The text of a user's own verify.yml → what it says of verification. The scanned repository has no such file.

import { z } from "zod";
import { ConfigError } from "../errors.ts";
import { maxBudget } from "./budget.ts";
import { readDocument } from "../base/yaml-document.ts";

const schema = z.strictObject({
  enabled: z.boolean({ error: "expected true or false" }).optional(),
  providers: z.array(z.string().min(1), { error: "expected a list of providers" }).optional(),
  endpoints: z.record(z.string(), z.string(), { error: "expected provider: address lines" }).optional(),
  proxy: z.string({ error: "expected an address" }).min(1).optional(),
  budget: z.int({ error: "expected a whole number" }).min(0).max(maxBudget).optional(),
});

/** What a user's own file says; every part may be absent. */
export type UserVerify = z.output<typeof schema>;

/** Reads the text. Throws ConfigError at the first mistake, with its line; messages never hold a value. */
export function parseUserVerify(text: string, file: string): UserVerify {
  const document = readDocument(text, file);
  if (document.value === undefined || document.value === null) return {};
  const result = schema.safeParse(document.value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = (issue?.path ?? []).map(String).join(".");
  const message =
    issue?.code === "unrecognized_keys" ? `unknown key ${issue.keys[0] ?? ""}` : (issue?.message ?? "not valid");
  throw new ConfigError(
    where === "" ? message : `${where}: ${message}`,
    { file },
    {
      hint: `Known keys: ${Object.keys(schema.shape).join(", ")}.`,
    },
  );
}
