import { describe, expect, test } from "vitest";
import type { Verification, VerificationStatus } from "../../../src/model/verification.ts";
import { judgeFindings } from "../../../src/policy/judge.ts";
import { levelOf } from "../../../src/policy/level.ts";
import type { FailLevel } from "../../../src/policy/level.ts";
import { findingOf, fingerprintOf, occurrenceAt } from "../../helpers/matches.ts";

function said(status: VerificationStatus, name = "a"): Verification {
  return {
    fingerprint: fingerprintOf(name),
    status,
    reason: "answer",
    checkedAt: "2026-01-01T00:00:00.000Z",
    facts: [],
  };
}

const finding = (confidence: "low" | "medium" | "high") => findingOf("a", [occurrenceAt("a", 1)], { confidence });

describe("what fails a run", () => {
  const statuses = ["none", "active", "unknown", "skipped", "unsupported", "inactive", "revoked"] as const;
  test.each<[FailLevel, "low" | "medium" | "high", string]>([
    ["high", "high", "none active unknown skipped unsupported"],
    ["high", "medium", "active"],
    ["medium", "medium", "none active unknown skipped unsupported"],
    ["medium", "low", "active"],
    ["low", "low", "none active unknown skipped unsupported"],
    ["unknown", "low", "none active unknown skipped unsupported"],
    ["any", "low", statuses.join(" ")],
    ["active", "high", "active"],
    ["never", "high", ""],
  ])("%s, confidence %s: %s", (level, confidence, want) => {
    const blocking = statuses.filter((status) => {
      const verification = status === "none" ? undefined : said(status);
      return levelOf(finding(confidence), verification, { confidence: level }).blocks;
    });
    expect(blocking.join(" ")).toBe(want);
  });

  test("a severity that is too low is no excuse for what works", () => {
    const failOn = { confidence: "medium", severity: "critical" } as const;
    expect(levelOf(finding("high"), undefined, failOn).blocks).toBe(false);
    expect(levelOf(finding("high"), said("active"), failOn).blocks).toBe(true);
  });
});

describe("what providers said changes the judgement", () => {
  const tools = { matchesGlob: () => true, namesOf: () => undefined };
  const now = new Date("2026-06-01T00:00:00Z");
  const findings = ["a", "b", "c"].map((name) => findingOf(name, [occurrenceAt(name, 1)]));
  const baseline = {
    version: 1,
    key: "default",
    entries: [{ fingerprint: fingerprintOf("a"), rule: "acme.live-key", reason: "known" }],
  } as const;
  const judge = (status: VerificationStatus, extra: object = {}) =>
    judgeFindings({ findings, tools, now, verifications: new Map([[fingerprintOf("a"), said(status)]]), ...extra });
  const of = (name: string, { verdicts }: ReturnType<typeof judge>) =>
    verdicts.find((verdict) => verdict.finding.fingerprint === fingerprintOf(name));

  test("active leads", () => {
    const judged = judgeFindings({
      findings,
      tools,
      now,
      failOn: { confidence: "never" },
      verifications: new Map([[fingerprintOf("c"), said("active", "c")]]),
    });
    expect(judged.verdicts.map((verdict) => verdict.finding.fingerprint)).toEqual(["c", "a", "b"].map(fingerprintOf));
  });

  test.each(["inactive", "revoked"] as const)("%s warns, comes last among its like, and is never hidden", (status) => {
    const judged = judge(status, { failOn: { confidence: "any" } });
    expect(judged.verdicts.map((verdict) => verdict.finding.fingerprint)).toEqual(["b", "c", "a"].map(fingerprintOf));
    expect(of("a", judge(status))).toMatchObject({ decision: "warn", verification: { status } });
  });

  test("active breaks through the baseline, and says so", () => {
    const verdict = of("a", judge("active", { baseline }));
    expect(verdict).toMatchObject({ decision: "block", verification: { status: "active" } });
    expect(verdict?.reasons.join(" ")).toMatch(/baseline\.json lists it, but it is verified active/);
  });

  test.each(["unknown", "inactive", "skipped"] as const)("%s does not", (status) => {
    expect(of("a", judge(status, { baseline }))).toMatchObject({ decision: "allow", suppressed: { kind: "baseline" } });
  });

  test("an entry or a comment for it alone holds, whatever the provider says", () => {
    const allow = [{ fingerprints: [fingerprintOf("a")], reason: "a demo account" }];
    expect(of("a", judge("active", { allow }))).toMatchObject({ decision: "allow", suppressed: { kind: "config" } });
  });
});
