// One report that holds all that a report can hold, for golden files and for tests of every format.

import type { Finding, Report } from "../../src/model/finding.ts";
import type { Rule } from "../../src/model/rule.ts";
import { buildReport } from "../../src/report/build.ts";
import type { ReportInput } from "../../src/report/build.ts";
import { sampleFinding, sampleFrame, sampleOccurrence, sampleRule, sampleSecret } from "./report-sample.ts";

const oldCommit = "0a1b2c3d".repeat(5);
const newCommit = "4e5f6a7b".repeat(5);
const ada = { author: "Ada Example <ada@example.test>", date: "2024-03-01T09:30:00+01:00" };

/** A path with a right-to-left override, an ANSI escape, a newline, a comma and a formula's first character. */
export const hostilePath = "=cmd/\u202egpj.\u001b[31mred\n::error::x,y/100%.env";

const rules: readonly Rule[] = [
  sampleRule({
    id: "stripe.live-secret-key",
    provider: "stripe",
    providerName: "Stripe",
    homepage: "https://stripe.com",
    name: "Stripe live secret key",
    what: "A live secret key for the payments API, with all rights of the account.",
    risk: "Whoever has it can charge cards, refund payments and read customers' data until the key is rolled.",
    severity: "critical",
    rotate: {
      everyDays: 90,
      source: "provider",
      where: "https://dashboard.stripe.com/apikeys",
      steps: [
        "roll the key in the dashboard",
        "put the new key in place and deploy it",
        "check that the old key is dead",
      ],
    },
    references: ["https://docs.stripe.com/keys"],
  }),
  sampleRule({
    id: "paystack.live-secret-key",
    provider: "paystack",
    providerName: "Paystack",
    name: "Paystack live secret key",
  }),
  sampleRule({
    id: "twilio.auth-token",
    provider: "twilio",
    providerName: "Twilio",
    name: "Twilio auth token",
    what: "The auth token of a Twilio account.",
    risk: "Whoever has it can send messages and place calls that you pay for.",
  }),
  sampleRule({
    id: "shared.sk-live",
    provider: "shared",
    providerName: "Shared formats",
    name: "Live secret key of a shared format",
    what: "A live key whose format several providers share.",
    risk: "It opens an account at one of them.",
    fallback: true,
    contested: "sk-live",
  }),
  sampleRule({
    id: "openai.api-key",
    provider: "openai",
    providerName: "OpenAI",
    name: "OpenAI API key",
    severity: "medium",
    confidence: "medium",
  }),
];

function stripeFinding(): Finding {
  const secret = sampleSecret(["sk", "live", ""].join("_"), "stripe");
  const further = Array.from({ length: 6 }, (_, index) =>
    sampleOccurrence(`services/s${index + 1}/app.env`, 3 + index),
  );
  const found = sampleOccurrence("config/production.env", 12, {
    column: 20,
    endColumn: 62,
    commit: newCommit,
    ...ada,
    frame: sampleFrame('STRIPE_SECRET_KEY="', secret.masked, '" # 本番 — do not commit'),
  });
  return sampleFinding({
    fingerprint: "kw1-stripe",
    rule: "stripe.live-secret-key",
    provider: "stripe",
    severity: "critical",
    secret,
    facts: [{ name: "mode", value: "live" }],
    firstSeen: { commit: oldCommit, ...ada },
    occurrences: [found, sampleOccurrence("deploy/values.yaml", 40, { decodedFrom: ["base64"] }), ...further],
  });
}

function sharedFinding(): Finding {
  const secret = sampleSecret(["sk", "live", ""].join("_"), "shared");
  const frame = sampleFrame("\tkey = '", secret.masked, "'; // \u202e\u001b[2J gone");
  return sampleFinding({
    fingerprint: "kw1-shared",
    rule: "shared.sk-live",
    provider: "shared",
    candidates: ["paystack", "stripe"],
    secret,
    occurrences: [sampleOccurrence(hostilePath, 7, { frame })],
  });
}

function twilioFinding(): Finding {
  return sampleFinding({
    fingerprint: "kw1-twilio",
    rule: "twilio.auth-token",
    provider: "twilio",
    secret: sampleSecret("", "twilio"),
    pairedWith: { rule: "twilio.account-sid", value: "public-id-1" },
    firstSeen: { commit: oldCommit },
    occurrences: [
      sampleOccurrence("", 3, { part: "message", commit: oldCommit, author: "Zoë \u009b31m", date: "2023-12-31" }),
    ],
  });
}

function openaiFinding(number: number, fields: Partial<Finding> = {}): Finding {
  return sampleFinding({
    fingerprint: `kw1-openai-${number}`,
    rule: "openai.api-key",
    provider: "openai",
    severity: "medium",
    confidence: "medium",
    secret: sampleSecret("sk-", `openai${number}`),
    occurrences: [sampleOccurrence(`test/fixtures/ключ ${number}.ts`, number)],
    ...fields,
  });
}

/** All that a report can hold; `verdicts` are not in report order. */
export function richInput(): ReportInput {
  const inline = { kind: "inline", by: "keywarden:allow", reason: 'sample data, <not> "real" & dead' } as const;
  const baseline = {
    kind: "baseline",
    by: ".keywarden/baseline.json",
    reason: "rotated",
    owner: "payments",
    until: "2026-12-31",
  } as const;
  return {
    verdicts: [
      {
        finding: openaiFinding(4, { confidence: "low" }),
        decision: "allow",
        reasons: ["confidence low is below medium"],
      },
      { finding: openaiFinding(3), decision: "allow", suppressed: baseline, reasons: ["listed in the baseline"] },
      { finding: openaiFinding(2), decision: "allow", suppressed: inline, reasons: ["allowed inline"] },
      { finding: openaiFinding(1), decision: "warn", reasons: ["confidence medium is below high"] },
      { finding: twilioFinding(), decision: "block", reasons: ["confidence high"] },
      { finding: sharedFinding(), decision: "block", reasons: ["confidence high"] },
      { finding: stripeFinding(), decision: "block", reasons: ["confidence high"] },
    ],
    coverage: {
      complete: false,
      sources: ["directory ."],
      files: 1204,
      blobs: 1180,
      bytes: 3_400_000,
      commits: 18,
      skipped: [
        { reason: "symlink", count: 2, examples: ["z-link", "a-link"] },
        { reason: "excluded", count: 1310, examples: ["node_modules/a.js", "dist/\u001b[1mb.js"] },
      ],
    },
    problems: [
      {
        kind: "shallow",
        message: "the history ends at a shallow boundary",
        hint: "git fetch --unshallow, then scan again",
      },
      {
        kind: "unreadable",
        path: "private/\u0007key,:file",
        message: "permission denied",
        hint: "make it readable, or exclude it",
      },
    ],
    rules: [...rules].reverse(),
    suppressionCounts: [
      { by: "keywarden:allow", kind: "inline", count: 1 },
      { by: "gitleaks:allow", kind: "inline", count: 2 },
      { by: ".keywarden/baseline.json", kind: "baseline", count: 1 },
      { by: "gitleaks:allow", kind: "inline", count: 1 },
    ],
    tool: { name: "keywarden", version: "0.0.0-test", rules: "5a3e", engine: "re2" },
  };
}

/** The report over `richInput`: every feature of every format. */
export function richReport(): Report {
  return buildReport(richInput());
}
