// The shape of our own JSON report, declared once: the types of shape.ts and schemas/*.json come from it.

import { z } from "zod";
import { confidences, severities } from "../model/rule.ts";
import { verificationStatuses } from "../model/verification.ts";
import { schemaVersion } from "./shape.ts";

const positive = z.int().min(1);
const count = z.int().min(0);
const severity = z.enum(severities);

const firstSeen = z.strictObject({
  commit: z.string(),
  author: z.string().optional(),
  date: z.string().optional(),
});

const occurrence = z.strictObject({
  path: z.string().describe("Relative to the scanned root, with forward slashes."),
  part: z.literal("message").optional().describe("Set when it stands in the message of the commit, not in a file."),
  line: positive,
  column: positive.describe("In UTF-16 code units, from 1."),
  endLine: positive,
  endColumn: positive.describe("Exclusive."),
  commit: z.string().optional(),
  author: z.string().optional(),
  date: z.string().optional(),
  decodedFrom: z
    .array(z.enum(["utf-16", "base64", "base64url", "hex", "percent", "unicode", "html"]))
    .optional()
    .describe("Encodings between the file and the secret, outermost first."),
});

const fact = z.strictObject({ name: z.string(), value: z.string() });

const verification = z
  .strictObject({
    status: z.enum(verificationStatuses),
    reason: z.string().describe("Why this status; a closed list for each."),
    row: z.string().optional().describe("The row of the provider's table that says so."),
    when: z.string().describe("ISO 8601, UTC."),
    until: z.string().optional().describe("When the verdict dies."),
    facts: z.array(fact).optional().describe("What the answer revealed."),
  })
  .describe("What the provider said; only with --verify.");

const suppressed = z.strictObject({
  kind: z.enum(["inline", "baseline", "config", "foreign"]),
  by: z.string(),
  reason: z.string().optional(),
  owner: z.string().optional(),
  until: z.string().optional().describe("YYYY-MM-DD, the last day it counts, UTC."),
});

const findingFields = {
  fingerprint: z.string().describe("Names the secret without giving it away; survives moves and re-encoding."),
  rule: z.string(),
  name: z.string(),
  provider: z.string(),
  candidates: z.array(z.string()).optional().describe("Providers that may own it, where the format is shared."),
  severity,
  confidence: z.enum(confidences),
  masked: z.string(),
  secret: z.string().optional().describe("Only with --show-secrets."),
  facts: z.array(fact).optional(),
  pairedWith: z.strictObject({ rule: z.string(), value: z.string() }).optional(),
  firstSeen: firstSeen.optional(),
  occurrences: z.array(occurrence),
  verification: verification.optional(),
  verdict: z.enum(["block", "warn", "allow"]),
  suppressed: suppressed.optional().describe("Set when every occurrence is suppressed."),
};

const summary = z.strictObject({
  findings: count.describe("All findings, suppressed ones included."),
  blocking: count,
  warnings: count,
  suppressed: count,
  occurrences: count,
  bySeverity: z.strictObject({ info: count, low: count, medium: count, high: count, critical: count }),
  suppressions: z.array(z.strictObject({ by: z.string(), kind: suppressed.shape.kind, count })),
});

const coverage = z.strictObject({
  complete: z.boolean().describe("False when something that should have been read was not."),
  sources: z.array(z.string()),
  files: count,
  blobs: count,
  bytes: count,
  commits: count.optional(),
  skipped: z.array(
    z.strictObject({
      reason: z.enum(["excluded", "ignored-by-git", "symlink", "submodule", "deleted", "empty", "too-large"]),
      count,
      examples: z.array(z.string()),
    }),
  ),
});

const problem = z.strictObject({
  kind: z.enum([
    "unreadable",
    "vanished",
    "changed",
    "not-a-file",
    "git-object",
    "shallow",
    "partial",
    "slow-rule",
    "interrupted",
    "internal",
  ]),
  path: z.string().optional(),
  message: z.string(),
  hint: z.string().optional(),
});

const tool = z.strictObject({
  name: z.literal("keywarden"),
  version: z.string(),
  rules: z.string(),
  engine: z.string(),
});

const problems = z.array(problem);

/** The object that `--format json` writes. */
export const reportSchema = z
  .strictObject({
    schemaVersion: z.literal(schemaVersion),
    tool,
    summary,
    findings: z.array(z.strictObject(findingFields)),
    coverage,
    problems,
  })
  .describe("A report of keywarden, as --format json writes it.");

/** One line of `--format jsonl`: a header, findings, then a summary. */
export const reportLineSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("header"), schemaVersion: z.literal(schemaVersion), tool }),
    z.strictObject({ kind: z.literal("finding"), ...findingFields }),
    z.strictObject({ kind: z.literal("summary"), summary, coverage, problems }),
  ])
  .describe("One line of a report of keywarden, as --format jsonl writes it.");

/** What `reportSchema` accepts. */
export type ReportJson = z.infer<typeof reportSchema>;
/** A finding as it stands in the JSON report. */
export type FindingJson = ReportJson["findings"][number];
export type ReportLineJson = z.infer<typeof reportLineSchema>;
