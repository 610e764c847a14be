import fc from "fast-check";
import { expect, test } from "vitest";
import { groupMatches } from "../../src/findings/group.ts";
import type { ScannedContent } from "../../src/findings/group.ts";
import type { Match } from "../../src/model/match.ts";
import { Secret } from "../../src/model/secret.ts";
import { fingerprintOf, matchAt } from "../helpers/matches.ts";

const provenance = fc.record(
  {
    path: fc.constantFrom("a", "b", "B/c", "é"),
    part: fc.constantFrom("file" as const, "message" as const),
    object: fc.constantFrom("o1", "o2"),
    commit: fc.constantFrom("c1", "c2"),
    date: fc.constantFrom("2024-01-01T10:00:00Z", "2024-01-01T11:00:00+02:00", "never"),
  },
  { requiredKeys: ["path", "part"] },
);

const match: fc.Arbitrary<Match> = fc
  .record({
    line: fc.integer({ min: 1, max: 3 }),
    lines: fc.integer({ min: 1, max: 2 }),
    rule: fc.constantFrom("acme.a", "acme.b", "bolt.a"),
    fingerprint: fc.constantFrom(fingerprintOf("a"), fingerprintOf("b")),
    severity: fc.constantFrom("low" as const, "critical" as const),
    confidence: fc.constantFrom("low" as const, "high" as const),
    decodedFrom: fc.constantFrom([], ["base64"] as const),
    masked: fc.constantFrom("a…(9)", "b…(9)"),
    candidates: fc.constantFrom(undefined, ["acme", "bolt"], ["clef"]),
    facts: fc.constantFrom([], [{ name: "scope", value: "x" }], [{ name: "pair", value: "ambiguous: 2 candidates" }]),
    pairedWith: fc.constantFrom(undefined, { rule: "acme.id", value: "1" }, { rule: "acme.id", value: "2" }),
  })
  .map(({ line, masked, candidates, pairedWith, ...rest }) =>
    matchAt(line, {
      ...rest,
      secret: new Secret("", masked),
      ...(candidates === undefined ? {} : { candidates }),
      ...(pairedWith === undefined ? {} : { pairedWith }),
    }),
  );

const contents: fc.Arbitrary<ScannedContent<never>[]> = fc.array(
  fc.record({
    provenance: fc.array(provenance, { minLength: 1, maxLength: 3 }),
    matches: fc.array(match, { maxLength: 4 }),
  }),
  { maxLength: 6 },
);

test("findings do not depend on the order of contents, places or matches", () => {
  const shuffled = contents.chain((given) =>
    fc.record({
      given: fc.constant(given),
      other: fc
        .tuple(
          ...given.map((content) =>
            fc.record({
              provenance: fc.shuffledSubarray([...content.provenance], { minLength: content.provenance.length }),
              matches: fc.shuffledSubarray([...content.matches], { minLength: content.matches.length }),
            }),
          ),
        )
        .chain((items) => fc.shuffledSubarray(items, { minLength: items.length })),
    }),
  );
  fc.assert(
    fc.property(shuffled, ({ given, other }) => {
      expect(JSON.stringify(groupMatches(other).findings)).toBe(JSON.stringify(groupMatches(given).findings));
    }),
    { numRuns: 300 },
  );
});

test("no place is lost or doubled", () => {
  fc.assert(
    fc.property(contents, (given) => {
      const want = new Set<string>();
      for (const { provenance: places, matches } of given) {
        for (const { fingerprint, location } of matches) {
          for (const { path, part, commit, object } of places) {
            want.add([fingerprint, path, part, commit, object, location.line, location.column].join());
          }
        }
      }
      const found = groupMatches(given).findings.flatMap(({ fingerprint, occurrences }) =>
        occurrences.map(({ path, part, commit, object, line, column }) =>
          [fingerprint, path, part, commit, object, line, column].join(),
        ),
      );
      expect(found.length).toBe(want.size);
      expect(new Set(found)).toEqual(want);
    }),
  );
});
