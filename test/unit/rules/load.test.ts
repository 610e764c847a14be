import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RuleError, UsageError } from "../../../src/errors.ts";
import type { KeywardenError } from "../../../src/errors.ts";
import type { Rule } from "../../../src/model/rule.ts";
import { ruleSetOf } from "../../../src/rules/compile.ts";
import { loadRules } from "../../../src/rules/load.ts";
import { parseRuleFile } from "../../../src/rules/parse.ts";
import { selectRules } from "../../../src/rules/select.ts";
import { ruleText } from "./rule-text.ts";

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rules-"));
  mkdirSync(join(folder, "good"));
  mkdirSync(join(folder, "empty"));
  mkdirSync(join(folder, "again"));
  writeFileSync(join(folder, "good", "bolt.yml"), ruleText({}, "bolt"));
  writeFileSync(join(folder, "good", "acme.yaml"), ruleText());
  writeFileSync(join(folder, "good", "README.md"), "not a rule file");
  writeFileSync(join(folder, "again", "acme.yml"), ruleText());
  writeFileSync(join(folder, "binary.yml"), Buffer.from([0xff, 0xfe, 0x00, 0xd8]));
});

afterAll(() => rmSync(folder, { recursive: true }));

function failure(run: () => unknown): KeywardenError {
  try {
    run();
  } catch (error) {
    if (error instanceof UsageError || error instanceof RuleError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("loadRules", () => {
  test("a folder, a file, and nothing", () => {
    const ids = (paths: readonly string[]): string[] => loadRules({ paths }).rules.map((rule) => rule.id);
    expect(ids([join(folder, "good")])).toEqual(["acme.live-key", "bolt.live-key"]);
    expect(ids([join(folder, "good", "bolt.yml")])).toEqual(["bolt.live-key"]);
    expect(ids([])).toEqual([]);
  });

  test("with the built-in ones", () => {
    const builtIn = loadRules({ paths: [join(folder, "good", "bolt.yml")] });
    const both = loadRules({ paths: [join(folder, "again")], builtIn });
    expect(both.rules.map((rule) => rule.id)).toEqual(["acme.live-key", "bolt.live-key"]);
    expect(loadRules({ paths: [], builtIn })).toEqual(builtIn);
  });

  test.each([
    { name: "no such path", paths: ["missing"], words: "there is no rule file or folder", kind: UsageError },
    { name: "a folder without rules", paths: ["empty"], words: "holds no rule file", kind: UsageError },
    { name: "no text", paths: ["binary.yml"], words: "not UTF-8", kind: RuleError },
    { name: "an id in two files", paths: ["good", "again"], words: "with this id already", kind: RuleError },
  ])("$name", ({ paths, words, kind }) => {
    const error = failure(() => loadRules({ paths: paths.map((path) => join(folder, path)) }));
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(words);
  });

  test("a built-in id is taken", () => {
    const builtIn = loadRules({ paths: [join(folder, "good")] });
    const error = failure(() => loadRules({ paths: [join(folder, "again")], builtIn }));
    expect(error).toBeInstanceOf(RuleError);
    expect(error.message).toMatch(/again\/acme\.yml: rule acme\.live-key: a built-in rule/);
    expect(error.hint).toContain("another id");
  });
});

describe("selectRules", () => {
  const make = (id: string, changes: Partial<Rule> = {}): Rule => {
    const [rule] = parseRuleFile(ruleText(), "acme.yml");
    return { ...(rule as Rule), id, provider: id.split(".")[0] ?? "", ...changes };
  };
  const set = ruleSetOf([
    make("acme.live-key", { pair: { with: "acme.client-id", lines: 3 } }),
    make("acme.client-id", { role: "identifier", severity: "info" }),
    make("acme.test-key", { severity: "low", confidence: "medium" }),
    make("bolt.live-key", { severity: "high", confidence: "low" }),
  ]);

  test.each([
    { name: "all", selection: {}, want: ["acme.client-id", "acme.live-key", "acme.test-key", "bolt.live-key"] },
    { name: "an id", selection: { only: ["bolt.live-key"] }, want: ["bolt.live-key"] },
    { name: "a provider", selection: { only: ["acme"] }, want: ["acme.client-id", "acme.live-key", "acme.test-key"] },
    { name: "a provider with a star", selection: { only: ["bolt.*"] }, want: ["bolt.live-key"] },
    {
      name: "the other half comes along",
      selection: { only: ["acme.live-key"] },
      want: ["acme.client-id", "acme.live-key"],
    },
    {
      name: "unless excepted",
      selection: { only: ["acme.live-key"], except: ["acme.client-id"] },
      want: ["acme.live-key"],
    },
    {
      name: "except is stronger",
      selection: { only: ["acme"], except: ["acme.test-key"] },
      want: ["acme.client-id", "acme.live-key"],
    },
    {
      name: "by severity",
      selection: { minSeverity: "high" as const },
      want: ["acme.client-id", "acme.live-key", "bolt.live-key"],
    },
    {
      name: "by confidence",
      selection: { minConfidence: "medium" as const },
      want: ["acme.client-id", "acme.live-key", "acme.test-key"],
    },
  ])("$name", ({ selection, want }) => {
    expect(selectRules(set, selection).rules.map((rule) => rule.id)).toEqual(want);
  });

  test("choosing all gives the same set", () => {
    expect(selectRules(set, {})).toBe(set);
    expect(selectRules(set, { only: ["bolt"] }).hash).not.toBe(set.hash);
  });

  test.each([
    ["acme.live-kay", "Did you mean acme.live-key?"],
    ["blot", "Did you mean bolt?"],
    ["something.else-entirely", "rules list"],
  ])("unknown: %s", (name, hint) => {
    for (const selection of [{ only: [name] }, { except: [name] }]) {
      const error = failure(() => selectRules(set, selection));
      expect(error).toBeInstanceOf(UsageError);
      expect(error.hint).toContain(hint);
    }
  });

  test("nothing left", () => {
    expect(failure(() => selectRules(set, { only: ["acme"], except: ["acme"] })).message).toContain("no rule is left");
  });
});
