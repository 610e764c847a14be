import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { followOf } from "../../../src/rules/follow.ts";
import { expandTemplate } from "../../../src/rules/samples.ts";
import { parsePattern } from "../../../src/rules/syntax.ts";
import { builtInRules } from "../../../src/pipeline/scan-setup.ts";
import { FollowFilter, isPossible } from "../../../src/scan/follow.ts";
import { keywordsOf } from "../../../src/scan/keywords.ts";

function follow(pattern: string, keyword: string, { ignoreCase = false, lead = 64 } = {}): string {
  return followOf(parsePattern(pattern, { ignoreCase }).tree, keyword, { ignoreCase, lead });
}

describe("followOf", () => {
  test.each([
    ["kk_[0-9a-f]{3}", "kk_", "30396166*3"],
    ["kk_[0-9]{20}", "kk_", "3039*16"],
    ["kk_(?:a|bc)", "kk_", "6162"],
    ["kk_[a-z]?", "kk_", ""],
    ["kk_[a-c]{1,2}!", "kk_", "6163,21216163;216163"],
    ["kk_[a-c]+!", "kk_", "6163,21216163;216163"],
    ["x?kk_a", "kk_", "6161"],
    ["[a-k_]{3}kk_1", "kk_", "31316b6b"],
  ])("%s", (pattern, keyword, want) => {
    expect(follow(pattern, keyword)).toBe(want);
  });

  test.each([
    ["kk_[0-9]:[a-z_]{9}", 0, "3039,3a3a,5f5f617a*9;3a3039"],
    ["kk_[0-9]:[a-z_]{9}", 4, "3039,3a3a,5f5f617a*9;3a3039"],
    // From five bytes before, the keyword may be the one in the tail, and then nothing is known.
    ["kk_[0-9]:[a-z_]{9}", 5, "30395f5f617a,3a3a5f5f617a,5f5f617a*4"],
    ["(?:ab)?kk_1", 0, "3131"],
    ["[a-z]{0,9}kk_[a-z]{2}1", 2, "617a*2,3131"],
  ])("%s, looked for from %i bytes before", (pattern, lead, want) => {
    expect(follow(pattern, "kk_", { lead })).toBe(want);
  });

  test("a keyword in any case", () => {
    expect(follow("kk_[x]1", "KK_", { ignoreCase: true })).toBe("58587878,3131");
  });
});

describe("the filter", () => {
  const { rules } = builtInRules();
  const keywords = keywordsOf(rules);

  test("lets every match example of every rule pass at its keyword", () => {
    for (const [index, rule] of rules.entries()) {
      const own = keywords.filter((keyword) => keyword.rules.includes(index));
      for (const template of rule.examples.match) {
        const bytes = Buffer.from(expandTemplate(template, `follow ${rule.id}`), "latin1");
        const text = own[0]?.ignoreCase === true ? bytes.toString("latin1").toLowerCase() : bytes.toString("latin1");
        const passed = own.some((keyword) => {
          const filter = new FollowFilter(keyword);
          for (let at = text.indexOf(keyword.text); at >= 0; at = text.indexOf(keyword.text, at + 1)) {
            if (isPossible(filter.possible(bytes, at), keyword.rules.indexOf(index))) return true;
          }
          return false;
        });
        // Examples in base64 or with escapes hold the keyword only when decoded.
        const holds = own.some((keyword) => text.includes(keyword.text));
        expect([rule.id, template, holds && !passed]).toEqual([rule.id, template, false]);
      }
    }
  });

  test("agrees with the pattern: what it drops, the pattern does not match", () => {
    const pattern = "kk_[0-9a-f]{2,5}(?:-[x-z]|=)";
    const keyword = { text: "kk_", ignoreCase: false, rules: [0], follow: [follow(pattern, "kk_")], longest: [12] };
    const filter = new FollowFilter(keyword);
    const expression = new RegExp(pattern, "y");
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."09afx-=zk_"), maxLength: 10 }), (tail) => {
        expression.lastIndex = 0;
        const possible = filter.possible(Buffer.from(`kk_${tail}`), 0) !== 0;
        return possible || !expression.test(`kk_${tail}`);
      }),
      { numRuns: 3000 },
    );
  });

  test("more rules than bits: the rest always passes", () => {
    expect([isPossible(0, 30), isPossible(0, 31), isPossible(1, 0)]).toEqual([false, true, true]);
  });
});
