// Reports as a bad day brings them, for the HTML page: some secrets proven alive, many places, people and years.

import type { Finding, Report, Verdict } from "../../src/model/finding.ts";
import type { CommitPoint, Exposure, Origin } from "../../src/model/history.ts";
import type { Rule } from "../../src/model/rule.ts";
import type { Verification, VerificationReason, VerificationStatus } from "../../src/model/verification.ts";
import { buildReport } from "../../src/report/build.ts";
import { auditInput } from "./report-audit.ts";
import { sampleFinding, sampleFrame, sampleOccurrence, sampleRule, sampleSecret } from "./report-sample.ts";

/** The moment at which the incident is reported. */
export const incidentAt = "2025-11-03T12:00:00";

const msPerDay = 86_400_000;
const today = Date.parse(`${incidentAt}Z`);
const people = ["Ada Example <ada@example.test>", "Bob Example <bob@example.test>", "build robot <ci@example.test>"];
const folders = ["services/billing", "services/mail", "deploy/production", "deploy/staging", "web/src/config", "tools"];
const exposures: readonly Exposure[] = ["tip", "history", "tip", "stash", "reflog", "dangling"];

const providers: readonly (readonly [id: string, name: string, kind: string, days: number])[] = [
  ["stripe", "Stripe", "live secret key", 90],
  ["openai", "OpenAI", "API key", 90],
  ["twilio", "Twilio", "auth token", 180],
  ["github", "GitHub", "personal access token", 30],
  ["aws", "Amazon Web Services", "access key", 365],
];

const rules: readonly Rule[] = providers.map(([id, name, kind, everyDays], index) => {
  return sampleRule({
    id: `${id}.key`,
    provider: id,
    providerName: name,
    name: `${name} ${kind}`,
    what: `A ${kind} of ${name}.`,
    risk: "Whoever has it can use the account, and whoever pays for it pays.",
    severity: index < 2 ? "critical" : "high",
    rotate: {
      everyDays,
      source: index % 2 === 0 ? "provider" : "default",
      where: `https://console.${id}.example/keys?tab=live`,
      steps: ["create a new key", "put it in place and deploy it", "delete the old key", "check that it is dead"],
    },
  });
});

/** What became of one secret in `index` of an incident: mostly nobody asked. */
type Fate = readonly [status: VerificationStatus, reason: VerificationReason] | undefined;

function pointOf(index: number, daysAgo: number): CommitPoint {
  const commit = (index * 7919 + daysAgo).toString(16).padStart(8, "0").repeat(5);
  const author = people[index % people.length] ?? "";
  return { commit, author, date: new Date(today - daysAgo * msPerDay).toISOString().replace(".000Z", "+00:00") };
}

function originOf(index: number, path: string, daysAgo: number): Origin {
  const from = pointOf(index, daysAgo);
  const exposure = exposures[index % exposures.length] ?? "tip";
  const removed = exposure === "tip" ? [] : [pointOf(index + 1, Math.floor(daysAgo / 2))];
  const branch = [{ kind: "branch" as const, count: 1, examples: ["refs/heads/main"] }];
  return {
    introduced: { ...from, path, merge: false },
    mayBeOlder: false,
    exposure,
    presence: [{ from, until: removed }],
    refs: exposure === "tip" || exposure === "history" ? branch : [],
    ...(exposure === "tip" ? { tips: branch } : {}),
  };
}

function findingOf(index: number): Finding {
  const rule = rules[index % rules.length] ?? sampleRule({ id: "a.b", provider: "a", providerName: "A", name: "A" });
  const path = `${folders[(index * 5) % folders.length]}/settings-${index % 97}.env`;
  const secret = sampleSecret(`${rule.provider}_`, `n${index}`);
  const daysAgo = 20 + ((index * 37) % 900);
  const frame = sampleFrame(`export ${rule.provider.toUpperCase()}_KEY="`, secret.masked, '" # do not commit');
  const point = pointOf(index, daysAgo);
  return sampleFinding({
    fingerprint: `kw1-${index}`,
    rule: rule.id,
    provider: rule.provider,
    severity: rule.severity,
    secret,
    firstSeen: point,
    occurrences: [
      sampleOccurrence(path, 1 + (index % 50), { ...point, frame }),
      ...Array.from({ length: index % 4 }, (_, more) => sampleOccurrence(`${path}.${more}.bak`, 3, point)),
    ],
    origin: originOf(index, path, daysAgo),
  });
}

function verificationOf(fingerprint: string, fate: Fate): Pick<Verdict, "verification"> {
  if (fate === undefined) return {};
  const [status, reason] = fate;
  const verification: Verification = {
    fingerprint,
    status,
    reason,
    checkedAt: `${incidentAt}.000Z`,
    facts: status === "active" ? [{ name: "account", value: "acct_example" }] : [],
    ...(reason === "answer" ? { row: "ok" } : {}),
  };
  return { verification };
}

function verdictOf(index: number, fate: Fate): Verdict {
  const finding = findingOf(index);
  const proof = verificationOf(finding.fingerprint, fate);
  if (index % 11 === 10) {
    const suppressed = { kind: "inline", by: "keywarden:allow", reason: "test data" } as const;
    return { finding, decision: "allow", suppressed, reasons: ["allowed inline"] };
  }
  const dead = fate?.[0] === "revoked" || fate?.[0] === "inactive";
  return { finding, decision: dead ? "warn" : "block", reasons: ["confidence high"], ...proof };
}

const fates: readonly Fate[] = [
  ["active", "answer"],
  ["revoked", "answer"],
  ["unknown", "timeout"],
  ["inactive", "answer"],
  undefined,
  undefined,
];

/** An audit's report with so many secrets, of which the first few are proven alive. */
export function incidentReport(count: number): Report {
  const { coverage, problems, tool } = auditInput();
  const verdicts = Array.from({ length: count }, (_, index) => {
    return verdictOf(index, index < 12 || index % 6 !== 0 ? fates[index % fates.length] : undefined);
  });
  return buildReport({ verdicts, coverage, problems, tool, rules, suppressionCounts: [] });
}
