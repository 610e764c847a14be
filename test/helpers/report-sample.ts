// Builds reports for the tests of the report room; secrets are put together at run time.

import type { Finding, Occurrence, Report, Verdict } from "../../src/model/finding.ts";
import type { Frame } from "../../src/model/match.ts";
import type { Rule } from "../../src/model/rule.ts";
import { maskOf, Secret } from "../../src/model/secret.ts";
import { buildReport } from "../../src/report/build.ts";
import type { ReportInput } from "../../src/report/build.ts";

/** A secret of that public prefix; its random part is made of the tag, so that a test can look for it. */
export function sampleSecret(prefix: string, tag: string): Secret {
  const value = prefix + `Zq${tag}`.repeat(6);
  return new Secret(value, maskOf(prefix, value.length));
}

/** A rule with everything that the report reads. */
export function sampleRule(fields: Partial<Rule> & Pick<Rule, "id" | "provider" | "providerName" | "name">): Rule {
  return {
    what: "A key for the sample API.",
    risk: "Whoever has it can use the account.",
    severity: "high",
    confidence: "high",
    role: "secret",
    keywords: ["sample_"],
    ignoreCase: false,
    pattern: "sample_[a-z]+",
    longest: 100,
    lead: 0,
    reach: 100,
    checks: [],
    general: false,
    fallback: false,
    examples: { match: [], skip: [], also: [] },
    references: [],
    ...fields,
  };
}

/** A place in a file, one line long, twenty columns wide. */
export function sampleOccurrence(path: string, line: number, fields: Partial<Occurrence> = {}): Occurrence {
  return { path, part: "file", line, column: 5, endLine: line, endColumn: 25, ...fields };
}

/** A frame whose mask stands between two texts. */
export function sampleFrame(before: string, mask: string, after: string): Frame {
  return { text: before + mask + after, start: before.length, end: before.length + mask.length };
}

/** A finding of one place, unless told otherwise. */
export function sampleFinding(fields: Partial<Finding> = {}): Finding {
  return {
    fingerprint: "kw1-01",
    rule: "sample.key",
    provider: "sample",
    severity: "high",
    confidence: "high",
    secret: sampleSecret("sample_", "one"),
    facts: [],
    occurrences: [sampleOccurrence("src/a.ts", 1)],
    ...fields,
  };
}

/** A blocking verdict over a finding. */
export function sampleVerdict(finding: Finding, fields: Partial<Verdict> = {}): Verdict {
  return { finding, decision: "block", reasons: [], ...fields };
}

/** A report over these verdicts, complete and without problems unless told otherwise. */
export function sampleReport(verdicts: readonly Verdict[], fields: Partial<ReportInput> = {}): Report {
  return buildReport({
    verdicts,
    coverage: { complete: true, sources: ["directory ."], files: 12, blobs: 12, bytes: 3456, skipped: [] },
    problems: [],
    rules: [sampleRule({ id: "sample.key", provider: "sample", providerName: "Sample", name: "Sample key" })],
    suppressionCounts: [],
    tool: { name: "keywarden", version: "0.0.0-test", rules: "5a3e", engine: "re2" },
    ...fields,
  });
}
