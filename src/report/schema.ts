// The shape of our own JSON report, declared once: the types of shape.ts and schemas/*.json come from it.

import { z } from "zod";
import { unseenKinds } from "../model/finding.ts";
import { exposures } from "../model/history.ts";
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
  path: z
    .string()
    .describe(
      "Relative to the scanned root, with forward slashes. Empty for a git object without a name; masked where a name holds a secret.",
    ),
  part: z
    .enum(["message", "tag", "author", "name"])
    .optional()
    .describe(
      "Where it stands when not in a file's content: a commit's message, an annotated tag's message, the author, committer or tagger, the name of a file or ref.",
    ),
  line: positive,
  column: positive.describe("In UTF-16 code units, from 1."),
  endLine: positive,
  endColumn: positive.describe("Exclusive."),
  commit: z.string().optional(),
  object: z.string().optional().describe("Id of the git object that holds it: the blob, commit or tag."),
  author: z.string().optional(),
  date: z.string().optional(),
  decodedFrom: z
    .array(z.enum(["utf-16", "base64", "base64url", "hex", "percent", "unicode", "html"]))
    .optional()
    .describe("Encodings between the file and the secret, outermost first."),
});

const point = { commit: z.string(), author: z.string().optional(), date: z.string().optional() };
const refs = z.array(
  z.strictObject({
    kind: z.enum(["branch", "remote", "tag", "notes", "stash", "other"]),
    count,
    examples: z.array(z.string()).describe("The first few names, sorted."),
  }),
);

const origin = z
  .strictObject({
    introduced: z
      .strictObject({ ...point, path: z.string(), merge: z.boolean().describe("Born in a merge: no parent holds it.") })
      .optional()
      .describe("The first commit that holds it; absent where none does."),
    mayBeOlder: z.boolean().describe("True where history ends before the introduction: shallow, or objects missing."),
    exposure: z.enum(exposures).describe("Where it can be met today, at its most exposed."),
    tips: refs.optional().describe("Whose tip's tree holds it."),
    presence: z.array(
      z.strictObject({
        from: z.strictObject(point),
        until: z.array(z.strictObject(point)).describe("The commits that took it out; empty where nothing did."),
        moreUntil: count.optional().describe("How many further commits took it out."),
      }),
    ),
    morePresence: count.optional().describe("How many further stretches there are."),
    refs: refs.describe("The refs that still reach it."),
  })
  .describe("What the history of the repository says of the secret; audits only.");

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
  origin: origin.optional(),
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
  objects: z
    .strictObject({
      commits: count,
      trees: count,
      blobs: count,
      tags: count,
      bytes: count.describe("Of their contents, unpacked."),
      cached: count.describe("Known to be clean from an earlier audit, and not read again."),
      byGit: count.describe("Read through git, because keywarden could not read them itself."),
      worktreeFiles: count.optional(),
    })
    .optional()
    .describe("Distinct objects that an audit looked at."),
  unseen: z
    .array(
      z.strictObject({
        kind: z.enum(unseenKinds),
        count,
        examples: z.array(z.string()),
        incomplete: z.boolean().describe("Whether it makes the report incomplete."),
      }),
    )
    .optional()
    .describe("What an audit could not or did not see."),
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
