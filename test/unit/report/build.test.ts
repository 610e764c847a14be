// The report's order and its counts.

import { describe, expect, it } from "vitest";
import type { Decision, Suppression } from "../../../src/model/finding.ts";
import type { Severity } from "../../../src/model/rule.ts";
import { compareText } from "../../../src/base/compare-text.ts";
import { buildReport } from "../../../src/report/build.ts";
import { richInput, richReport } from "../../helpers/report-rich.ts";
import { sampleFinding, sampleOccurrence, sampleReport, sampleVerdict } from "../../helpers/report-sample.ts";

interface Row {
  readonly id: string;
  readonly decision?: Decision;
  readonly severity?: Severity;
  readonly place?: readonly [path: string, line: number, column: number];
}

describe("order", () => {
  // Each table is in the order that the report must have.
  const tables: readonly (readonly [string, readonly Row[]])[] = [
    [
      "decision before severity",
      [
        { id: "z", severity: "low" },
        { id: "y", decision: "warn", severity: "critical" },
        { id: "x", decision: "allow", severity: "critical" },
      ],
    ],
    [
      "severity",
      (["critical", "high", "medium", "low", "info"] as const).map((severity, index) => ({
        id: `${9 - index}`,
        severity,
      })),
    ],
    [
      "path by code units, not by locale",
      ["B.ts", "a.ts", "Ä.ts", "ä.ts"].map((path, index) => ({ id: `${9 - index}`, place: [path, 1, 1] })),
    ],
    [
      "line and column as numbers",
      [
        { id: "c", place: ["a", 2, 9] },
        { id: "b", place: ["a", 10, 2] },
        { id: "a", place: ["a", 10, 10] },
      ],
    ],
    [
      "fingerprint last",
      [
        { id: "a", place: ["p", 1, 1] },
        { id: "b", place: ["p", 1, 1] },
      ],
    ],
  ];
  it.each(tables)("%s", (_, rows) => {
    const verdicts = rows.map(({ id, decision, severity, place = ["p", 1, 1] }) =>
      sampleVerdict(
        sampleFinding({
          fingerprint: id,
          ...(severity && { severity }),
          occurrences: [sampleOccurrence(place[0], place[1], { column: place[2] })],
        }),
        decision && { decision },
      ),
    );
    const expected = rows.map((row) => row.id);
    expect(sampleReport(verdicts).verdicts.map((verdict) => verdict.finding.fingerprint)).toEqual(expected);
    expect(sampleReport([...verdicts].reverse()).verdicts.map((verdict) => verdict.finding.fingerprint)).toEqual(
      expected,
    );
  });

  it("problems, rules, skips and their examples are sorted, the input is left alone", () => {
    const input = richInput();
    const before = JSON.stringify(input);
    const report = buildReport(input);
    expect(report.problems.map((problem) => problem.kind)).toEqual(["shallow", "unreadable"]);
    expect(report.rules.map((rule) => rule.id)).toEqual(input.rules.map((rule) => rule.id).sort(compareText));
    expect(report.coverage.skipped.map(({ reason, examples }) => [reason, examples[0]])).toEqual([
      ["excluded", "dist/\u001b[1mb.js"],
      ["symlink", "a-link"],
    ]);
    expect(JSON.stringify(input)).toBe(before);
  });

  it("a finding without places is no trouble", () => {
    expect(sampleReport([sampleVerdict(sampleFinding({ occurrences: [] }))]).summary.occurrences).toBe(0);
  });
});

describe("summary", () => {
  it("counts findings, places, severities of what is not suppressed, and suppressions by origin", () => {
    expect(richReport().summary).toEqual({
      findings: 7,
      blocking: 3,
      warnings: 1,
      suppressed: 2,
      occurrences: 14,
      bySeverity: { critical: 1, high: 2, medium: 2, low: 0, info: 0 },
      suppressions: [
        { by: ".keywarden/baseline.json", kind: "baseline", count: 1 },
        { by: "gitleaks:allow", kind: "inline", count: 3 },
        { by: "keywarden:allow", kind: "inline", count: 1 },
      ],
    });
  });

  it("keeps origins of one name but different kinds apart", () => {
    const kinds: readonly Suppression["kind"][] = ["inline", "foreign", "inline"];
    const report = sampleReport([], { suppressionCounts: kinds.map((kind) => ({ by: "x", kind, count: 2 })) });
    expect(report.summary.suppressions).toEqual([
      { by: "x", kind: "foreign", count: 2 },
      { by: "x", kind: "inline", count: 4 },
    ]);
  });
});
