// Which claim stays: contests inside a token family, overlaps between rules.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { confidences, severities } from "../../../src/model/rule.ts";
import type { Rule } from "../../../src/model/rule.ts";
import type { Claim } from "../../../src/scan/claim.ts";
import { settleContests } from "../../../src/scan/contest.ts";
import { overlapIndex, resolveOverlaps } from "../../../src/scan/overlaps.ts";
import { ruleOf } from "../../helpers/matches.ts";
import { processorClock } from "../../helpers/processor-clock.ts";

function claimOf(rule: Rule, start: number, end: number, given: Partial<Claim> = {}): Claim {
  return {
    rule,
    span: { start, end },
    encodings: [],
    text: "x".repeat(end - start),
    canonical: "x",
    confidence: rule.confidence,
    facts: [],
    evidence: "none",
    ...given,
  };
}

const family = { contested: "duel" };
const alpha = ruleOf("alpha.key", family);
const alphaToo = ruleOf("alpha.other", family);
const beta = ruleOf("beta.key", family);
const fallback = ruleOf("unclear.duel", { ...family, fallback: true, confidence: "medium" });
const fallbackOf = (name: string) => (name === "duel" ? fallback : undefined);
const told = (claims: readonly Claim[]) =>
  claims.map(({ rule, candidates, span }) => ({
    rule: rule.id,
    ...(candidates === undefined ? {} : { candidates }),
    end: span.end,
  }));

describe("contests", () => {
  const a = claimOf(alpha, 0, 10);
  const b = claimOf(beta, 0, 12);
  const near = { evidence: "near" } as const;
  const line = { evidence: "line" } as const;
  test.each([
    ["one with proof", [claimOf(alpha, 0, 10, near), b], [{ rule: "alpha.key", end: 10 }]],
    ["nobody with proof", [a, b], [{ rule: "unclear.duel", candidates: ["alpha", "beta"], end: 12 }]],
    ["one alone without proof", [a], [{ rule: "unclear.duel", candidates: ["alpha"], end: 10 }]],
    [
      "two with proof",
      [claimOf(alpha, 0, 10, near), claimOf(beta, 0, 12, near)],
      [{ rule: "unclear.duel", candidates: ["alpha", "beta"], end: 12 }],
    ],
    [
      "proof on the line goes before proof near it",
      [claimOf(alpha, 0, 10, line), claimOf(beta, 0, 12, near)],
      [{ rule: "alpha.key", end: 10 }],
    ],
    [
      "proof on the line for both",
      [claimOf(alpha, 0, 10, line), claimOf(beta, 0, 12, line)],
      [{ rule: "unclear.duel", candidates: ["alpha", "beta"], end: 12 }],
    ],
    [
      "two rules of one provider with proof: the longer",
      [claimOf(alpha, 0, 10, near), claimOf(alphaToo, 0, 11, near), b],
      [{ rule: "alpha.other", end: 11 }],
    ],
    ["the fallback alone", [claimOf(fallback, 0, 10)], [{ rule: "unclear.duel", end: 10 }]],
    [
      "the fallback beside one with proof",
      [claimOf(fallback, 0, 12), claimOf(alpha, 0, 10, near)],
      [{ rule: "alpha.key", end: 10 }],
    ],
    [
      "the fallback beside one without",
      [claimOf(fallback, 0, 12), a],
      [{ rule: "unclear.duel", candidates: ["alpha"], end: 10 }],
    ],
    [
      "at another start, or in another encoding, it is another contest",
      [claimOf(alpha, 0, 10, near), claimOf(beta, 1, 12, near), claimOf(beta, 0, 12, { ...near, encodings: ["hex"] })],
      [
        { rule: "alpha.key", end: 10 },
        { rule: "beta.key", end: 12 },
        { rule: "beta.key", end: 12 },
      ],
    ],
  ])("%s", (_, claims, expected) => {
    expect(told(settleContests(claims, fallbackOf))).toEqual(expected);
  });

  test("an unclear token tells neither the facts nor the confidence of one of its claimants", () => {
    const [unclear] = settleContests([claimOf(alpha, 0, 10, { facts: [{ name: "user", value: "x" }] })], fallbackOf);
    expect(unclear).toMatchObject({ facts: [], confidence: "medium" });
  });

  test("claims of no family pass unchanged", () => {
    const claims = [claimOf(ruleOf("other.key"), 0, 10), claimOf(ruleOf("more.key"), 0, 10)];
    expect(settleContests(claims, fallbackOf)).toEqual(claims);
  });

  test("the order of the claims does not matter", () => {
    const claims = [
      claimOf(alpha, 0, 10, near),
      claimOf(alphaToo, 0, 10, near),
      b,
      claimOf(beta, 30, 40),
      claimOf(fallback, 30, 44),
    ];
    const sorted = (list: readonly Claim[]) =>
      told(list).toSorted((x, y) => (JSON.stringify(x) < JSON.stringify(y) ? -1 : 1));
    const expected = sorted(settleContests(claims, fallbackOf));
    fc.assert(
      fc.property(fc.shuffledSubarray(claims, { minLength: claims.length }), (shuffled) => {
        expect(sorted(settleContests(shuffled, fallbackOf))).toEqual(expected);
      }),
    );
  });
});

const rules = ["one.key", "two.key", "three.key"].map((id) => ruleOf(id));
const claims: fc.Arbitrary<Claim> = fc
  .record({
    rule: fc.constantFrom(...rules),
    general: fc.boolean(),
    start: fc.nat(120),
    length: fc.integer({ min: 1, max: 40 }),
    ruleConfidence: fc.constantFrom(...confidences),
    severity: fc.constantFrom(...severities),
    encodings: fc.constantFrom([], ["base64" as const], ["hex" as const, "percent" as const]),
    identifier: fc.boolean(),
  })
  .map(({ rule, general, start, length, ruleConfidence, severity, encodings, identifier }) => {
    const role = identifier ? ("identifier" as const) : ("secret" as const);
    const id = [rule.id, general, ruleConfidence, severity, role].join("-");
    return claimOf({ ...rule, id, general, confidence: ruleConfidence, severity, role }, start, start + length, {
      encodings,
    });
  });
const lists = fc.uniqueArray(claims, {
  maxLength: 30,
  size: "max",
  selector: ({ rule, span, encodings }) => `${rule.id} ${span.start} ${span.end} ${encodings.length}`,
});
const overlap = (a: Claim, b: Claim) =>
  a.rule.role === b.rule.role && a.span.start < b.span.end && b.span.start < a.span.end;

describe("overlaps", () => {
  const plain = ruleOf("plain.key");
  test.each([
    [
      "the general one gives way, though longer",
      claimOf(ruleOf("g.key", { general: true }), 0, 50),
      claimOf(plain, 10, 20),
    ],
    ["the unclear one gives way", claimOf(plain, 0, 50, { candidates: ["a", "b"] }), claimOf(plain, 0, 20)],
    ["the less sure rule gives way", claimOf(ruleOf("l.key", { confidence: "medium" }), 0, 50), claimOf(plain, 10, 20)],
    ["the less sure match gives way", claimOf(ruleOf("e.key"), 0, 50, { confidence: "low" }), claimOf(plain, 10, 20)],
    [
      "the deeper encoded one gives way",
      claimOf(ruleOf("d.key"), 0, 50, { encodings: ["hex"] }),
      claimOf(plain, 10, 20),
    ],
    ["the shorter one gives way", claimOf(ruleOf("s.key"), 10, 20), claimOf(plain, 0, 50)],
    ["the less severe one gives way", claimOf(ruleOf("v.key", { severity: "low" }), 0, 20), claimOf(plain, 0, 20)],
    ["the later id gives way", claimOf(ruleOf("z.key"), 0, 20), claimOf(plain, 0, 20)],
    ["the same found twice is one", claimOf(plain, 0, 20), claimOf(plain, 0, 20)],
  ])("%s", (_, loser, winner) => {
    expect(resolveOverlaps([loser, winner])).toEqual([winner]);
    expect(resolveOverlaps([winner, loser])).toEqual([winner]);
  });

  test("neighbours that touch both stay", () => {
    expect(resolveOverlaps([claimOf(plain, 10, 20), claimOf(plain, 0, 10)])).toHaveLength(2);
  });

  test("identifiers and secrets do not compete", () => {
    const identifier = ruleOf("id.key", { role: "identifier" });
    expect(resolveOverlaps([claimOf(identifier, 0, 20), claimOf(plain, 0, 20)])).toHaveLength(2);
  });

  test("the order of the claims does not matter", () => {
    fc.assert(
      fc.property(lists, fc.func(fc.integer()), (list, weight) => {
        const shuffled = list.toSorted((a, b) => weight(list.indexOf(a)) - weight(list.indexOf(b)));
        expect(resolveOverlaps(shuffled)).toEqual(resolveOverlaps(list));
        expect(resolveOverlaps(list.toReversed())).toEqual(resolveOverlaps(list));
      }),
    );
  });

  test("no two that stay overlap, each that goes overlaps one that is there, and the loners stay", () => {
    fc.assert(
      fc.property(lists, (list) => {
        const kept = resolveOverlaps(list);
        for (const [index, claim] of kept.entries()) {
          expect(kept.slice(index + 1).some((other) => overlap(claim, other))).toBe(false);
        }
        for (const claim of list) {
          const alone = !list.some((other) => other !== claim && overlap(claim, other));
          if (alone) expect(kept).toContain(claim);
        }
      }),
    );
  });

  test("a claim far away changes nothing", () => {
    fc.assert(
      fc.property(lists, claims, (list, stranger) => {
        const far = { ...stranger, span: { start: stranger.span.start + 1000, end: stranger.span.end + 1000 } };
        expect(resolveOverlaps([far, ...list]).filter((claim) => claim !== far)).toEqual(resolveOverlaps(list));
      }),
    );
  });

  test("the index gives exactly those that overlap", () => {
    fc.assert(
      fc.property(lists, fc.nat(160), fc.integer({ min: 1, max: 50 }), (list, start, length) => {
        const span = { start, end: start + length };
        const found = new Set(overlapIndex(list)(span));
        expect(found).toEqual(new Set(list.filter((claim) => claim.span.start < span.end && start < claim.span.end)));
      }),
    );
  });

  test("one long claim among many short ones costs no more than its own length", () => {
    const many = Array.from({ length: 60_000 }, (_, index) => claimOf(plain, index * 50 + 10_000, index * 50 + 10_040));
    const spent = processorClock();
    expect(resolveOverlaps([claimOf(ruleOf("long.key", { general: true }), 0, 10_100), ...many])).toHaveLength(60_000);
    expect(spent()).toBeLessThan(3000);
  });
});
