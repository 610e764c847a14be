import fc from "fast-check";
import { expect, test } from "vitest";
import type { Directive } from "../../src/model/match.ts";
import { directiveSpellings } from "../../src/model/match.ts";
import { allowMatches } from "../../src/policy/allow.ts";
import { parseBaseline, serialiseBaseline, settleEntries } from "../../src/policy/baseline.ts";
import type { BaselineEntry } from "../../src/policy/baseline.ts";
import { foreignKinds } from "../../src/policy/foreign.ts";
import { readForeign } from "../../src/policy/foreign-read.ts";
import { ConfigError } from "../../src/errors.ts";
import { judgeFindings } from "../../src/policy/judge.ts";
import { parseJsonText } from "../../src/base/json-text.ts";
import { findingOf, fingerprintOf, matchAt, occurrenceAt } from "../helpers/matches.ts";

const now = new Date("2026-06-15T12:00:00Z");
const text = fc.string({ unit: "binary", minLength: 1, maxLength: 12 }).filter((some) => some.trim() !== "");
const day = fc.constantFrom("2026-06-14", "2026-06-15", "2030-12-31");
const name = fc.constantFrom("a", "b", "c", "d", "e", "f");

const entry: fc.Arbitrary<BaselineEntry> = fc
  .record(
    { name, rule: text, paths: fc.uniqueArray(text), reason: text, owner: text, until: day },
    { requiredKeys: ["name", "rule", "reason"] },
  )
  .map(({ name: letter, paths, ...rest }) => ({
    fingerprint: fingerprintOf(letter),
    ...rest,
    ...(paths === undefined ? {} : { paths: paths.toSorted((a, b) => (a < b ? -1 : 1)) }),
  }));
const entries = fc.array(entry, { maxLength: 8 });

test("a baseline comes back as it was written, and is written the same again", () => {
  fc.assert(
    fc.property(entries, (given) => {
      const baseline = { version: 1, key: "0123abcd", entries: settleEntries(given) } as const;
      const written = serialiseBaseline(baseline);
      expect(parseBaseline(written)).toEqual(baseline);
      expect(serialiseBaseline(parseBaseline(written))).toBe(written);
      expect(written.split("\n").length).toBe(baseline.entries.length + 8);
    }),
  );
});

test("any set of lines of two baselines is a baseline, whatever their order", () => {
  fc.assert(
    fc.property(entries, entries, fc.infiniteStream(fc.boolean()), (ours, theirs, coins) => {
      const lines = (given: readonly BaselineEntry[]): string[] =>
        serialiseBaseline({ version: 1, key: "default", entries: given }).split("\n");
      const [mine, yours] = [lines(ours), lines(theirs)];
      const picked = [...mine.slice(4, -4), ...yours.slice(4, -4)].filter(() => coins.next().value);
      const merged = (some: readonly string[]): string => [...mine.slice(0, 4), ...some, ...mine.slice(-4)].join("\n");
      expect(parseBaseline(merged(picked))).toEqual(parseBaseline(merged(picked.toReversed())));
    }),
  );
});

test("JSON is read as JSON.parse reads it, and refused where it refuses", () => {
  const almost = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom("", ",", '"', "}", "]", "\\", "\n", "1", "x"))
    .map(([json, at, sign]) => json.slice(0, at % (json.length + 1)) + sign + json.slice((at % (json.length + 1)) + 1));
  fc.assert(
    fc.property(fc.oneof(fc.json(), almost), (json) => {
      let want: string | undefined;
      try {
        want = JSON.stringify(JSON.parse(json));
      } catch {
        expect(() => parseJsonText(json, "f")).toThrow(ConfigError);
        return;
      }
      expect(JSON.stringify(parseJsonText(json, "f").value)).toBe(want);
    }),
    { numRuns: 500 },
  );
});

test("another scanner's list is read or refused, never worse", () => {
  const parts = fc.array(
    fc.oneof(
      fc.constantFrom(
        "a.ts",
        ":",
        "5",
        "\n",
        '"results"',
        "{",
        "}",
        "[",
        "]",
        "secret:",
        "ignored_matches:",
        "- ",
        "&a ",
        "*a",
        "!!x ",
        "<<: ",
      ),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(fc.constantFrom(...foreignKinds), parts, (kind, some) => {
      try {
        expect(Array.isArray(readForeign(kind, some.join(""), "list"))).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
      }
    }),
    { numRuns: 1_000 },
  );
});

const directive: fc.Arbitrary<Directive> = fc.record({
  spelling: fc.constantFrom(...directiveSpellings),
  line: fc.integer({ min: 1, max: 12 }),
  rest: fc.constantFrom("", " acme -- why", " bolt -- why", " acme", " */", "-line", " acme -- why until=2026-06-14"),
});

test("inline: each match is judged alone, whatever else is in the content and in whatever order", () => {
  const match = fc
    .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 3 }))
    .map(([line, lines]) => matchAt(line, { lines }));
  fc.assert(
    fc.property(fc.array(match, { maxLength: 6 }), fc.array(directive, { maxLength: 8 }), (matches, directives) => {
      const sorted = directives.toSorted((a, b) => a.line - b.line);
      const together = allowMatches(matches, sorted, { now });
      expect(together).toEqual(matches.map((some) => allowMatches([some], sorted, { now })[0]));
    }),
    { numRuns: 500 },
  );
});

test("a new secret of another rule on a line that ours allows still counts", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), (line) => {
      const known = matchAt(line);
      const fresh = matchAt(line, { rule: "bolt.key", provider: "bolt", fingerprint: fingerprintOf("b") });
      const answers = allowMatches([known, fresh], [{ spelling: "keywarden:allow", line, rest: " acme -- why" }], {
        now,
      });
      expect(answers.map((answer) => answer?.suppression !== undefined)).toEqual([true, false]);
    }),
  );
});

test("verdicts do not depend on the order of findings, and no place is lost", () => {
  const findings = fc.uniqueArray(name, { maxLength: 6 }).chain((names) =>
    fc.tuple(
      ...names.map((letter) =>
        fc
          .record({
            lines: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
            confidence: fc.constantFrom("medium" as const, "high" as const),
            severity: fc.constantFrom("low" as const, "critical" as const),
          })
          .map(({ lines, ...rest }) =>
            findingOf(
              letter,
              lines.map((line) => occurrenceAt("a", line)),
              rest,
            ),
          ),
      ),
    ),
  );
  const foreign = readForeign("gitleaks-ignore", "a:x:1\na:x:2\na:x:3", ".gitleaksignore");
  const tools = { matchesGlob: (): boolean => false };
  fc.assert(
    fc.property(findings, entries, (given, accepted) => {
      const baseline = { version: 1, key: "default", entries: settleEntries(accepted) } as const;
      const input = { foreign, baseline, tools, now };
      const judged = judgeFindings({ ...input, findings: given });
      expect(judgeFindings({ ...input, findings: given.toReversed() })).toEqual(judged);
      const allowed = judged.counts.reduce((sum, { count }) => sum + count, 0);
      const open = judged.verdicts
        .filter(({ suppressed }) => suppressed === undefined)
        .reduce((sum, { finding }) => sum + finding.occurrences.length, 0);
      expect(allowed + open).toBe(given.reduce((sum, { occurrences }) => sum + occurrences.length, 0));
    }),
  );
});
