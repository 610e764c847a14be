import { describe, expect, test } from "vitest";
import { groupMatches } from "../../../src/findings/group.ts";
import type { PairedMatch } from "../../../src/findings/pair.ts";
import type { Provenance } from "../../../src/model/blob.ts";
import { fingerprintOf, matchAt } from "../../helpers/matches.ts";

function at(path: string, given: Partial<Provenance> = {}): Provenance {
  return { path, part: "file", ...given };
}

function group(...scanned: { provenance: Provenance[]; matches: PairedMatch[] }[]) {
  return groupMatches(scanned).findings;
}

function only<T>(items: readonly T[]): T {
  expect(items).toHaveLength(1);
  return items[0] as T;
}

describe("groupMatches", () => {
  test("makes one finding of a secret in many contents and paths", () => {
    const findings = group(
      { provenance: [at("b.env"), at("a.env")], matches: [matchAt(9), matchAt(2)] },
      { provenance: [at("c.env")], matches: [matchAt(10)] },
      { provenance: [at("c.env")], matches: [matchAt(1, { fingerprint: fingerprintOf("b") })] },
    );
    expect(findings.map(({ fingerprint }) => fingerprint)).toEqual([fingerprintOf("a"), fingerprintOf("b")]);
    expect(findings[0]?.occurrences.map(({ path, line }) => `${path}:${line}`)).toEqual([
      "a.env:2",
      "a.env:9",
      "b.env:2",
      "b.env:9",
      "c.env:10",
    ]);
  });

  test("sorts by code units, and places in commits after those in none", () => {
    const given = [at("a", { commit: "b1" }), at("a"), at("Z"), at("é"), at("a", { commit: "a1" })];
    const { occurrences } = only(group({ provenance: given, matches: [matchAt(1)] }));
    expect(occurrences.map(({ path, commit }) => [path, commit])).toEqual([
      ["Z", undefined],
      ["a", undefined],
      ["a", "a1"],
      ["a", "b1"],
      ["é", undefined],
    ]);
  });

  test("keeps each place once, the plain view of it before a decoded one", () => {
    const decoded = matchAt(3, { decodedFrom: ["base64"] });
    const { occurrences } = only(group({ provenance: [at("a"), at("a")], matches: [decoded, matchAt(3)] }));
    expect(occurrences).toEqual([{ path: "a", part: "file", line: 3, column: 7, endLine: 3, endColumn: 47 }]);
  });

  test("keeps a file and a message of the same name apart", () => {
    const { occurrences } = only(group({ provenance: [at("a"), at("a", { part: "message" })], matches: [matchAt(3)] }));
    expect(occurrences.map(({ part }) => part)).toEqual(["file", "message"]);
  });

  test("keeps two git objects of the same name apart, and says which they are", () => {
    const tags = ["t2", "t1", "t1"].map((object) => at("", { part: "tag", object }));
    const { occurrences } = only(group({ provenance: tags, matches: [matchAt(3)] }));
    expect(occurrences.map(({ part, object }) => [part, object])).toEqual([
      ["tag", "t1"],
      ["tag", "t2"],
    ]);
  });

  const unclear = matchAt(1, {
    rule: "family.unclear",
    provider: "unclear",
    candidates: ["bolt", "acme"],
    confidence: "low",
  });
  test.each([
    { name: "a certain provider before candidates", matches: [unclear, matchAt(2)], rule: "acme.live-key" },
    {
      name: "plain before decoded",
      matches: [matchAt(1, { rule: "acme.a", decodedFrom: ["base64"] }), matchAt(2, { rule: "acme.b" })],
      rule: "acme.b",
    },
    {
      name: "sure before unsure",
      matches: [matchAt(1, { rule: "acme.a", confidence: "low" }), matchAt(2, { rule: "acme.b" })],
      rule: "acme.b",
    },
    {
      name: "severe before harmless",
      matches: [matchAt(1, { rule: "acme.a", severity: "low" }), matchAt(2, { rule: "acme.b" })],
      rule: "acme.b",
    },
    {
      name: "by name at last",
      matches: [matchAt(1, { rule: "acme.b" }), matchAt(2, { rule: "acme.a" })],
      rule: "acme.a",
    },
  ])("chooses the rule: $name", ({ matches, rule }) => {
    const finding = only(group({ provenance: [at("a")], matches }));
    expect(finding.rule).toBe(rule);
    expect(finding.candidates).toBeUndefined();
  });

  test("takes the strongest severity and confidence of all, whoever's they are", () => {
    const loud = { ...unclear, severity: "critical", confidence: "high" } as const;
    const quiet = matchAt(2, { severity: "low", confidence: "low" });
    const finding = only(group({ provenance: [at("a")], matches: [loud, quiet] }));
    expect(finding).toMatchObject({ rule: "acme.live-key", severity: "critical", confidence: "high" });
  });

  test("unites and sorts candidates and facts", () => {
    const facts = [{ name: "scope", value: "read" }];
    const more = {
      ...unclear,
      candidates: ["clef", "acme"],
      facts: [...facts, { name: "expires", value: "2030-01-01" }],
    };
    const finding = only(group({ provenance: [at("a")], matches: [{ ...unclear, facts }, more] }));
    expect(finding.candidates).toEqual(["acme", "bolt", "clef"]);
    expect(finding.facts).toEqual([
      { name: "expires", value: "2030-01-01" },
      { name: "scope", value: "read" },
    ]);
  });

  const dated = (commit: string, date?: string): Provenance =>
    at("a", { commit, author: "A <a@b.example>", ...(date ? { date } : {}) });
  test.each([
    {
      name: "the earliest moment, not the smallest text",
      given: [dated("c1", "2024-01-01T10:00:00+00:00"), dated("c2", "2024-01-01T11:00:00+02:00")],
      want: { commit: "c2", author: "A <a@b.example>", date: "2024-01-01T11:00:00+02:00" },
    },
    {
      name: "the first commit by name of one moment",
      given: [dated("c2", "2024-01-01T10:00:00Z"), dated("c1", "2024-01-01T10:00:00Z")],
      want: { commit: "c1", author: "A <a@b.example>", date: "2024-01-01T10:00:00Z" },
    },
    { name: "nothing without dates", given: [dated("c1"), at("b")], want: undefined },
    { name: "nothing of dates that are none", given: [dated("c1", "yesterday")], want: undefined },
    { name: "nothing without commits", given: [at("a", { date: "2024-01-01T10:00:00Z" })], want: undefined },
  ])("first seen: $name", ({ given, want }) => {
    expect(only(group({ provenance: given, matches: [matchAt(1)] })).firstSeen).toEqual(want);
  });

  const partner = (value: string): PairedMatch["pairedWith"] & object => ({ rule: "acme.id", value });
  const doubt = { name: "pair", value: "ambiguous: 2 candidates" };
  test.each([
    { name: "one", given: [{ pairedWith: partner("id-1") }, {}], want: partner("id-1"), facts: [] },
    {
      name: "one, elsewhere in doubt",
      given: [{ pairedWith: partner("id-1") }, { facts: [doubt] }],
      want: partner("id-1"),
      facts: [],
    },
    {
      name: "two",
      given: [{ pairedWith: partner("id-1") }, { pairedWith: partner("id-2") }],
      want: undefined,
      facts: [doubt],
    },
    { name: "doubt", given: [{ facts: [doubt] }, {}], want: undefined, facts: [doubt] },
  ])("partner of all places: $name", ({ given, want, facts }) => {
    const matches = given.map((some, index) => ({ ...matchAt(index + 1), ...some }));
    const finding = only(group({ provenance: [at("a")], matches }));
    expect(finding.pairedWith).toEqual(want);
    expect(finding.facts).toEqual(facts);
  });

  test("hands on what was said of each place, twins together", () => {
    const { findings, allowed } = groupMatches([
      { provenance: [at("a"), at("b")], matches: [matchAt(1), matchAt(2)], allowed: ["x", undefined] },
      { provenance: [at("a")], matches: [matchAt(1)], allowed: ["y"] },
    ]);
    const said = only(findings).occurrences.map((place) => [`${place.path}:${place.line}`, allowed.get(place)]);
    expect(said).toEqual([
      ["a:1", ["x", "y"]],
      ["a:2", undefined],
      ["b:1", ["x"]],
      ["b:2", undefined],
    ]);
  });

  test("makes nothing of nothing", () => {
    expect(group()).toEqual([]);
    expect(group({ provenance: [at("a")], matches: [] })).toEqual([]);
  });
});
