import { describe, expect, test } from "vitest";
import { pairMatches } from "../../../src/findings/pair.ts";
import type { Match } from "../../../src/model/match.ts";
import { Secret } from "../../../src/model/secret.ts";
import { matchAt, ruleOf } from "../../helpers/matches.ts";

const rules = new Map(
  [
    ruleOf("acme.secret", { pair: { with: "acme.id", lines: 3 } }),
    ruleOf("acme.id", { role: "identifier" }),
    ruleOf("acme.alone"),
  ].map((rule) => [rule.id, rule]),
);

function secret(line: number, lines = 1): Match {
  return matchAt(line, { rule: "acme.secret", lines });
}

function identifier(line: number, value: string): Match {
  return matchAt(line, { rule: "acme.id", secret: new Secret(value, value) });
}

function partners(matches: readonly Match[]): readonly string[] {
  return pairMatches(matches, (id) => rules.get(id)).map(
    ({ pairedWith, facts }) => pairedWith?.value ?? facts.find(({ name }) => name === "pair")?.value ?? "none",
  );
}

describe("pairMatches", () => {
  test.each([
    { name: "one on the same line", given: [secret(5), identifier(5, "id-1")], want: ["id-1"] },
    { name: "one at the edge before", given: [identifier(2, "id-1"), secret(5)], want: ["id-1"] },
    { name: "one beyond the edge before", given: [identifier(1, "id-1"), secret(5)], want: ["none"] },
    { name: "one at the edge after", given: [secret(5), identifier(8, "id-1")], want: ["id-1"] },
    { name: "one beyond the edge after", given: [secret(5), identifier(9, "id-1")], want: ["none"] },
    { name: "the edge of a long secret", given: [secret(5, 4), identifier(11, "id-1")], want: ["id-1"] },
    { name: "one value twice", given: [identifier(4, "id-1"), secret(5), identifier(6, "id-1")], want: ["id-1"] },
    {
      name: "two values",
      given: [identifier(4, "id-1"), secret(5), identifier(6, "id-2")],
      want: ["ambiguous: 2 candidates"],
    },
    {
      name: "two values, one too far",
      given: [identifier(1, "id-1"), secret(5), identifier(6, "id-2")],
      want: ["id-2"],
    },
    { name: "two secrets with one id", given: [secret(4), identifier(5, "id-1"), secret(6)], want: ["id-1", "id-1"] },
    {
      name: "a rule without a pair",
      given: [matchAt(5, { rule: "acme.alone" }), identifier(5, "id-1")],
      want: ["none"],
    },
    { name: "identifiers alone", given: [identifier(5, "id-1")], want: [] },
    { name: "a rule that is not there", given: [matchAt(5, { rule: "gone.rule" })], want: ["none"] },
    { name: "nothing", given: [], want: [] },
  ])("$name", ({ given, want }) => {
    expect(partners(given)).toEqual(want);
  });

  test("names the identifier's rule and leaves the scanned match as it was", () => {
    const match = secret(5);
    const [paired] = pairMatches([match, identifier(5, "id-1")], (id) => rules.get(id));
    expect(paired?.pairedWith).toEqual({ rule: "acme.id", value: "id-1" });
    expect(match).not.toHaveProperty("pairedWith");
  });
});
