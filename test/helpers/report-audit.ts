// One report that holds all that an audit can say, for golden files and for tests of every format.

import type { Finding, Report } from "../../src/model/finding.ts";
import type { CommitPoint, Origin, ReachingRefs } from "../../src/model/history.ts";
import { buildReport } from "../../src/report/build.ts";
import type { ReportInput } from "../../src/report/build.ts";
import { richInput } from "./report-rich.ts";
import { sampleFinding, sampleFrame, sampleOccurrence, sampleSecret } from "./report-sample.ts";

const id = (eight: string): string => eight.repeat(5);
const ada = { author: "Ada Example <ada@example.test>", date: "2024-03-01T09:30:00+01:00" };
const bob = { author: "Bob \u001b[31m\u202e <bob@example.test>", date: "2024-05-20T23:59:00-08:00" };
const came: CommitPoint = { commit: id("0a1b2c3d"), ...ada };
const went: CommitPoint = { commit: id("4e5f6a7b"), ...bob };
const again: CommitPoint = { commit: id("8c9d0e1f"), ...ada, date: "2025-01-02T00:00:00Z" };

/** A ref's name as only git's plumbing lets it in: an escape, a direction mark, and a workflow command. */
const hostileRef = "refs/heads/\u202edrow\u009b31m::error::x";

const branches: ReachingRefs = { kind: "branch", count: 3, examples: ["refs/heads/dev", "refs/heads/main"] };
const remotes: ReachingRefs = { kind: "remote", count: 1, examples: ["refs/remotes/origin/main"] };
const tags: ReachingRefs = { kind: "tag", count: 2, examples: ["refs/tags/v1.0", "refs/tags/v1.1"] };

function originOf(fields: Partial<Origin>): Origin {
  return { mayBeOlder: false, exposure: "history", presence: [], refs: [], ...fields };
}

/** The date at which the sample audit was made. */
export const auditedAt = "2025-11-03T12:00:00";

function tipFinding(): Finding {
  const secret = sampleSecret(["sk", "live", ""].join("_"), "tip");
  const introduced = { ...came, path: "config/production.env", merge: false };
  const found = { commit: came.commit, object: id("b10b0001"), ...ada };
  return sampleFinding({
    fingerprint: "kw1-tip",
    rule: "stripe.live-secret-key",
    provider: "stripe",
    severity: "critical",
    secret,
    firstSeen: came,
    occurrences: [
      sampleOccurrence("config/production.env", 12, {
        ...found,
        frame: sampleFrame('STRIPE_SECRET_KEY="', secret.masked, '"'),
      }),
      sampleOccurrence("config/old/prod.env", 3, { ...found, commit: again.commit }),
      sampleOccurrence("notes.txt", 1, { object: id("b10b0002") }),
    ],
    origin: originOf({
      introduced,
      exposure: "tip",
      tips: [
        { kind: "branch", count: 1, examples: ["refs/heads/main"] },
        { ...remotes, count: 3 },
      ],
      presence: [
        { from: came, until: [went, again], moreUntil: 3 },
        { from: again, until: [] },
      ],
      morePresence: 1,
      refs: [branches, remotes, tags],
    }),
  });
}

function messageFinding(): Finding {
  return sampleFinding({
    fingerprint: "kw1-message",
    rule: "twilio.auth-token",
    provider: "twilio",
    secret: sampleSecret("", "message"),
    occurrences: [
      sampleOccurrence("", 3, { part: "message", commit: went.commit, object: went.commit, ...bob }),
      sampleOccurrence("", 1, { part: "tag", object: id("7a600001") }),
      sampleOccurrence("", 1, { part: "author", commit: came.commit, object: came.commit }),
      sampleOccurrence("", 1, { part: "author", object: id("7a600001") }),
      sampleOccurrence("keys/…(48)/a.txt", 1, { part: "name", commit: came.commit }),
      sampleOccurrence("refs/heads/…(48)", 1, { part: "name" }),
    ],
    origin: originOf({
      introduced: { ...went, path: "", merge: true },
      mayBeOlder: true,
      presence: [{ from: went, until: [] }],
      refs: [tags, { kind: "other", count: 1, examples: ["refs/pull/7/head"] }],
    }),
  });
}

/** One secret a line of this table: where it can be met, and what else is known. */
const lost: readonly (readonly [tag: string, origin: Partial<Origin>, path: string])[] = [
  [
    "history",
    {
      introduced: { ...came, path: "a.env", merge: false },
      presence: [{ from: came, until: [went] }],
      refs: [{ kind: "branch", count: 12, examples: [hostileRef, "refs/heads/main"] }],
    },
    "a.env",
  ],
  ["stash", { exposure: "stash", refs: [{ kind: "stash", count: 1, examples: ["refs/stash"] }] }, "b.env"],
  ["reflog", { exposure: "reflog", introduced: { ...again, path: "c.env", merge: false } }, "c.env"],
  ["dangling", { exposure: "dangling" }, ""],
  ["index", { exposure: "index" }, "d.env"],
];

function lostFinding(index: number): Finding {
  const [tag = "", origin = {}, path = ""] = lost[index] ?? [];
  return sampleFinding({
    fingerprint: `kw1-${tag}`,
    rule: "openai.api-key",
    provider: "openai",
    severity: "medium",
    confidence: "medium",
    secret: sampleSecret("sk-", tag),
    occurrences: [sampleOccurrence(path, 1, { object: id("b10b0003") })],
    origin: originOf(origin),
  });
}

function uncommittedFinding(): Finding {
  return sampleFinding({
    fingerprint: "kw1-worktree",
    rule: "openai.api-key",
    provider: "openai",
    severity: "medium",
    confidence: "medium",
    secret: sampleSecret("sk-", "worktree"),
    occurrences: [sampleOccurrence("scratch.py", 4)],
  });
}

/** All that an audit can say; `verdicts` are not in report order. */
export function auditInput(): ReportInput {
  const shared = lost.map((_, index) => ({ finding: lostFinding(index), decision: "warn" as const, reasons: [] }));
  return {
    ...richInput(),
    verdicts: [
      ...shared,
      { finding: uncommittedFinding(), decision: "warn", reasons: [] },
      { finding: messageFinding(), decision: "block", reasons: [] },
      { finding: tipFinding(), decision: "block", reasons: [] },
    ],
    coverage: {
      complete: false,
      sources: ["repository ."],
      files: 5120,
      blobs: 3400,
      bytes: 1_200_000_000,
      commits: 1204,
      skipped: [],
      objects: {
        commits: 1204,
        trees: 5120,
        blobs: 3400,
        tags: 12,
        bytes: 1_200_000_000,
        cached: 4500,
        byGit: 3,
        worktreeFiles: 300,
      },
      unseen: [
        { kind: "out-of-scope", count: 1000, examples: [], incomplete: false },
        { kind: "replaced", count: 4, examples: [id("0e91aced")], incomplete: false },
        { kind: "submodule", count: 1, examples: ["vendor/lib"], incomplete: false },
        { kind: "lfs", count: 5, examples: ["media/b.bin", "media/a.bin"], incomplete: false },
        { kind: "too-large", count: 1, examples: [id("b16b10b0")], incomplete: true },
        { kind: "damaged", count: 2, examples: [id("deadbeef"), id("badc0de0")], incomplete: true },
        { kind: "promisor", count: 12, examples: ["big/\u001b[1mfile"], incomplete: true },
        { kind: "shallow", count: 1, examples: [id("5ba110e0")], incomplete: true },
      ],
    },
    problems: [{ kind: "git-object", message: `object ${id("deadbeef")} is damaged: its checksum is wrong` }],
    suppressionCounts: [],
  };
}

/** The report over `auditInput`. */
export function auditReport(): Report {
  return buildReport(auditInput());
}
