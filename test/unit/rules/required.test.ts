import { describe, expect, test } from "vitest";
import { builtInRules } from "../../../src/pipeline/scan-setup.ts";
import { requiredText } from "../../../src/rules/required.ts";
import { expandTemplate } from "../../../src/rules/samples.ts";
import { parsePattern } from "../../../src/rules/syntax.ts";

function required(pattern: string, keywords: readonly string[] = ["kk_"], ignoreCase = false): string | undefined {
  return requiredText(parsePattern(pattern, { ignoreCase }).tree, keywords);
}

describe("requiredText", () => {
  test.each([
    ["kk_[a-z]{1,9} --token=[0-9]+", " --token="],
    ["kk_.{0,20}(?:-u |(?:--user|--proxy-user)=)[a-z]+", "-u"],
    ["kk_(?:ab|cd)[a-z]+", undefined],
    ["kk_[a-z]+(?:xyz)?", undefined],
    ["kk_[a-z]+(?:xyz)+!", "xyz"],
    ["kk_[a-z]+(?:xy){3}", "xyxyxy"],
    ["kk_[a-z]+(?:xy){2,3}", "xy"],
    ["kk_[a-z]+q", undefined],
    ["(?:kk_|kk_)kk_", "kk_kk_"],
    ["kk_[0-9]+(?P<secret>(?:one|two)more)", "more"],
    ["kk_[0-9]+\\bword", "word"],
  ])("%s", (pattern, want) => {
    expect(required(pattern)).toBe(want);
  });

  test("letters of either case are no text", () => {
    expect(required("kk_[0-9]+Ab_-1", ["kk_"], true)).toBe("_-1");
  });

  test("stands in every match example of its rule", () => {
    for (const rule of builtInRules().rules) {
      if (rule.requires === undefined) continue;
      for (const template of rule.examples.match)
        expect([rule.id, expandTemplate(template, "required").includes(rule.requires)]).toEqual([rule.id, true]);
    }
  });
});
