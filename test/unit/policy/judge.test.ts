import { describe, expect, test } from "vitest";
import type { AllowEntry, Occurrence } from "../../../src/model/finding.ts";
import type { InlineAllow } from "../../../src/policy/allow.ts";
import { readForeign } from "../../../src/policy/foreign-read.ts";
import { judgeFindings } from "../../../src/policy/judge.ts";
import type { JudgeInput } from "../../../src/policy/judge.ts";
import { findingOf, fingerprintOf, occurrenceAt } from "../../helpers/matches.ts";

const now = new Date("2026-06-15T12:00:00Z");
const tools = { matchesGlob: (path: string, glob: string): boolean => glob === "**" || path === glob };
const [first, second] = [occurrenceAt("src/a.ts", 1), occurrenceAt("src/b.ts", 2)];
const finding = findingOf("a", [first, second]);

function judge(given: Partial<JudgeInput> = {}) {
  return judgeFindings({ findings: [finding], tools, now, ...given });
}

function only(given: Partial<JudgeInput> = {}) {
  const { verdicts } = judge(given);
  expect(verdicts).toHaveLength(1);
  return verdicts[0] as (typeof verdicts)[number];
}

function inline(...places: readonly Occurrence[]): ReadonlyMap<Occurrence, readonly InlineAllow[]> {
  return new Map(
    places.map((place) => [place, [{ suppression: { kind: "inline", by: "gitleaks:allow" }, notes: [] }]]),
  );
}

function baseline(until?: string) {
  const entry = { fingerprint: fingerprintOf("a"), rule: "acme.live-key", reason: "known", owner: "ops" };
  return { version: 1, key: "default", entries: [until === undefined ? entry : { ...entry, until }] } as const;
}

describe("levels", () => {
  const of = (confidence: "low" | "medium" | "high", severity: "low" | "high" = "high") => [
    findingOf("a", [first], { confidence, severity }),
  ];
  test.each([
    { name: "high by default", given: { findings: of("high") }, want: "block" },
    { name: "medium by default", given: { findings: of("medium") }, want: "block" },
    { name: "low by default", given: { findings: of("low") }, want: undefined },
    { name: "low when shown", given: { findings: of("low"), minConfidence: "low" }, want: "warn" },
    {
      name: "low when it fails",
      given: { findings: of("low"), minConfidence: "low", failOn: { confidence: "low" } },
      want: "block",
    },
    { name: "medium below high", given: { findings: of("medium"), failOn: { confidence: "high" } }, want: "warn" },
    { name: "medium not shown", given: { findings: of("medium"), minConfidence: "high" }, want: undefined },
    { name: "high with never", given: { findings: of("high"), failOn: { confidence: "never" } }, want: "warn" },
    {
      name: "severity below the floor",
      given: { findings: of("high", "low"), failOn: { severity: "medium" } },
      want: "warn",
    },
    {
      name: "severity at the floor",
      given: { findings: of("high", "high"), failOn: { severity: "high" } },
      want: "block",
    },
    { name: "severity not shown", given: { findings: of("high", "low"), minSeverity: "medium" }, want: undefined },
  ] as const)("$name: $want", ({ given, want }) => {
    const { verdicts } = judge(given);
    expect(verdicts[0]?.decision).toBe(want);
    if (want !== undefined) expect(verdicts[0]?.reasons).toHaveLength(1);
  });
});

describe("what allows", () => {
  const foreign = readForeign("gitleaks-ignore", "src/a.ts:x:1\nsrc/b.ts:x:2", ".gitleaksignore");
  const allow = [{ rules: ["acme"], reason: "fake keys" }];
  test.each([
    { name: "inline comments", given: { inline: inline(first, second) }, by: "gitleaks:allow", kind: "inline" },
    { name: "the baseline", given: { baseline: baseline() }, by: ".keywarden/baseline.json", kind: "baseline" },
    {
      name: "a baseline elsewhere",
      given: { baseline: baseline(), baselineName: "b.json" },
      by: "b.json",
      kind: "baseline",
    },
    { name: "the configuration", given: { allow }, by: ".keywarden/config.yml", kind: "config" },
    { name: "another scanner's list", given: { foreign }, by: ".gitleaksignore", kind: "foreign" },
    {
      name: "all of them: the most deliberate",
      given: { foreign, baseline: baseline(), allow, inline: inline(first, second) },
      by: "gitleaks:allow",
      kind: "inline",
    },
  ] as const)("$name", ({ given, by, kind }) => {
    const { verdicts, counts } = judge(given);
    expect(verdicts).toEqual([
      {
        finding,
        decision: "allow",
        suppressed: expect.objectContaining({ by, kind }) as unknown,
        reasons: [expect.stringContaining(by)],
      },
    ]);
    expect(counts).toEqual([{ kind, by, count: 2 }]);
  });

  test("says who, why and until when", () => {
    expect(only({ baseline: baseline("2026-12-31") }).reasons).toEqual([
      "allowed by .keywarden/baseline.json (ops) until 2026-12-31: known",
    ]);
  });

  test("counts every place once, by what allows it", () => {
    const foreignFirst = readForeign("gitleaks-ignore", "src/a.ts:x:1", ".gitleaksignore");
    const { verdicts, counts } = judge({ foreign: foreignFirst, inline: inline(second) });
    expect(verdicts[0]?.decision).toBe("allow");
    expect(counts).toEqual([
      { kind: "foreign", by: ".gitleaksignore", count: 1 },
      { kind: "inline", by: "gitleaks:allow", count: 1 },
    ]);
  });

  test("one open place keeps the finding, with that place alone", () => {
    const verdict = only({ inline: inline(first) });
    expect(verdict.decision).toBe("block");
    expect(verdict.suppressed).toBeUndefined();
    expect(verdict.finding.occurrences).toEqual([second]);
    expect(verdict.reasons).toEqual(["confidence high fails the run", "1 of 2 places are allowed (gitleaks:allow)"]);
    expect(finding.occurrences).toHaveLength(2);
  });

  test("does not count what is not reported at all", () => {
    const hidden = findingOf("a", [first], { confidence: "low" });
    expect(judge({ findings: [hidden], baseline: baseline() })).toEqual({ verdicts: [], counts: [] });
  });

  test("passes on why comments do not count, but only while the place is open", () => {
    const notes = new Map([[first, [{ notes: ["keywarden:allow names no rule"] }]]]);
    expect(only({ inline: notes }).reasons).toContain("keywarden:allow names no rule");
    expect(only({ inline: notes, baseline: baseline() }).reasons).not.toContain("keywarden:allow names no rule");
  });
});

describe("configuration entries", () => {
  const fingerprint = finding.fingerprint;
  const cases: readonly { readonly name: string; readonly entry: Partial<AllowEntry>; readonly want: number }[] = [
    { name: "a rule", entry: { rules: ["acme.live-key"] }, want: 2 },
    { name: "a provider among others", entry: { rules: ["bolt", "acme"] }, want: 2 },
    { name: "any rule", entry: { rules: ["*"] }, want: 2 },
    { name: "another rule", entry: { rules: ["acme.test-key"] }, want: 0 },
    { name: "a path", entry: { paths: ["src/a.ts"] }, want: 1 },
    { name: "a glob", entry: { paths: ["x", "**"] }, want: 2 },
    { name: "a fingerprint", entry: { fingerprints: [fingerprint] }, want: 2 },
    { name: "another fingerprint", entry: { fingerprints: [fingerprintOf("b")] }, want: 0 },
    { name: "all parts fit", entry: { fingerprints: [fingerprint], rules: ["acme"], paths: ["src/b.ts"] }, want: 1 },
    { name: "one part does not fit", entry: { fingerprints: [fingerprint], rules: ["bolt"], paths: ["**"] }, want: 0 },
    { name: "an empty part fits nothing", entry: { rules: [], paths: ["**"] }, want: 0 },
    { name: "no part at all", entry: {}, want: 0 },
  ];
  test.each(cases)("$name", ({ entry, want }) => {
    const { counts } = judge({ allow: [{ reason: "why", ...entry }] });
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(want);
  });
});

describe("ends", () => {
  test.each([
    { until: "2026-06-15", decision: "allow" },
    { until: "2026-06-16", decision: "allow" },
    { until: "2026-06-14", decision: "block" },
    { until: "2025-12-31", decision: "block" },
  ])("until $until: $decision", ({ until, decision }) => {
    expect(only({ baseline: baseline(until) }).decision).toBe(decision);
    expect(only({ allow: [{ paths: ["**"], reason: "why", until }] }).decision).toBe(decision);
  });

  test("an end that is over gives a reason line, once for all places", () => {
    expect(only({ baseline: baseline("2026-01-01") }).reasons).toEqual([
      "confidence high fails the run",
      "allowed until 2026-01-01 by ops (.keywarden/baseline.json), expired",
    ]);
  });

  test("an entry that is over does not stand in the way of one that is not", () => {
    const allow = [
      { paths: ["**"], reason: "old", until: "2026-01-01" },
      { paths: ["**"], reason: "new" },
    ];
    expect(only({ allow }).reasons).toEqual(["allowed by .keywarden/config.yml: new"]);
  });
});

test("sorts blocking first, then by severity, place and fingerprint", () => {
  const findings = [
    findingOf("a", [occurrenceAt("b", 2)], { confidence: "medium" }),
    findingOf("b", [occurrenceAt("a", 1)], { severity: "low" }),
    findingOf("c", [occurrenceAt("a", 2)], { confidence: "low" }),
    findingOf("d", [occurrenceAt("b", 1)]),
    findingOf("e", [occurrenceAt("z", 9)], { severity: "critical" }),
    findingOf("f", [occurrenceAt("b", 1)]),
  ];
  const { verdicts } = judge({ findings, minConfidence: "low" });
  expect(verdicts.map((verdict) => verdict.finding.fingerprint[4])).toEqual(["e", "d", "f", "a", "b", "c"]);
});

test("judges nothing", () => {
  expect(judge({ findings: [] })).toEqual({ verdicts: [], counts: [] });
});
