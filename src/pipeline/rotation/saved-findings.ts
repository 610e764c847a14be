// The text of a saved JSON report in, what rotation reads of its findings out.

import { z } from "zod";
import { ConfigError } from "../../errors.ts";
import { severities } from "../../model/rule.ts";
import { verificationStatuses } from "../../model/verification.ts";

const facts = z.array(z.object({ name: z.string(), value: z.string() })).optional();

const text = z.string().min(1);

/** Fields that it does not know are another version's and of no interest. */
const schema = z.object({
  findings: z.array(
    z.object({
      fingerprint: z.string().regex(/^kf1:[a-z2-7]{26}$/),
      provider: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
      rule: text,
      severity: z.enum(severities),
      verdict: z.enum(["block", "warn", "allow"]),
      facts,
      origin: z
        .object({
          introduced: z.object({ author: z.string().optional(), date: z.string().optional() }).optional(),
          mayBeOlder: z.boolean(),
        })
        .optional(),
      verification: z
        .object({ status: z.enum(verificationStatuses), row: text.optional(), when: z.string(), facts })
        .optional(),
      occurrences: z.array(
        z.object({
          path: z.string(),
          line: z.int().min(1),
          commit: text.optional(),
          object: z.string().optional(),
        }),
      ),
    }),
  ),
});

/** The part of a JSON report's finding that rotation reads. */
export type ObservedFinding = z.infer<typeof schema>["findings"][number];

/** Throws ConfigError for what is no JSON report of keywarden; no message quotes it. */
export function readSavedFindings(report: string, file: string): readonly ObservedFinding[] {
  const hint = "Make one with: keywarden audit --format json --output audit.json";
  let value: unknown;
  try {
    // Shells of Windows begin what they write into a file with a byte order mark.
    value = JSON.parse(report.replace(/^\uFEFF/, ""));
  } catch {
    throw new ConfigError("not JSON", { file }, { hint });
  }
  const { data, error } = schema.safeParse(value);
  if (data !== undefined) return data.findings;
  const where = error.issues[0]?.path.join(".") ?? "";
  throw new ConfigError(`not a JSON report of keywarden${where === "" ? "" : ` (see ${where})`}`, { file }, { hint });
}
