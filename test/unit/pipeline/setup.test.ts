// The small steps of a run: which rules it uses, with which tables, what a list is out of, and the line of progress.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, describe, expect, test } from "vitest";
import { RuleError, UsageError } from "../../../src/errors.ts";
import type { Settings } from "../../../src/config/settings.ts";
import { chooseRules } from "../../../src/pipeline/choose-rules.ts";
import { ContentScanner } from "../../../src/pipeline/content-scanner.ts";
import { foreignKindOf } from "../../../src/pipeline/foreign-kind.ts";
import { showProgress } from "../../../src/pipeline/progress.ts";
import { builtInRules, tablesFor } from "../../../src/pipeline/scan-setup.ts";
import { expandTemplate } from "../../../src/rules/samples.ts";
import { removeTemporary, temporaryFolder } from "../../helpers/git-repo.ts";
import { ruleText } from "../rules/rule-text.ts";
import { bytesBlob, plainSetup, plantedRule, plantedToken } from "./planted.ts";

afterAll(removeTemporary);

type Choice = Pick<Settings, "rules" | "only" | "except" | "minSeverity">;
const plain: Choice = { rules: [], only: [], except: [], minSeverity: "info" };
const folder = temporaryFolder();

function ruleFile(name: string, text: string): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe("chooseRules", () => {
  const mine = ruleFile("acme.yml", ruleText());
  const all = builtInRules().rules.map((rule) => rule.id);

  test.each<[what: string, choice: Partial<Choice>, wants: (enabled: readonly string[]) => void]>([
    ["all of them", {}, (enabled) => expect(enabled).toEqual(all)],
    ["one", { only: [plantedRule] }, (enabled) => expect(enabled).toEqual([plantedRule])],
    [
      "a provider",
      { only: ["ofself"] },
      (enabled) => expect(enabled).toEqual(all.filter((id) => id.startsWith("ofself."))),
    ],
    [
      "all but one",
      { except: [plantedRule] },
      (enabled) => expect(enabled).toEqual(all.filter((id) => id !== plantedRule)),
    ],
    [
      "`except` is stronger",
      { only: ["ofself"], except: [plantedRule] },
      (enabled) => {
        expect(enabled).toContain("ofself.app-key");
        expect(enabled).not.toContain(plantedRule);
      },
    ],
    ["mine, too", { rules: [mine] }, (enabled) => expect(enabled.length).toBe(all.length + 1)],
  ])("%s", async (_, choice, wants) => {
    const { enabled } = await chooseRules({ ...plain, ...choice });
    wants(enabled.map((rule) => rule.id));
  });

  test("severity leaves out what is below", async () => {
    const { enabled, ruleSet } = await chooseRules({ ...plain, minSeverity: "critical" });
    const secrets = enabled.filter((rule) => rule.role === "secret" && !rule.fallback);
    expect(new Set(secrets.map((rule) => rule.severity))).toEqual(new Set(["critical"]));
    expect(ruleSet.rules.length).toBe(all.length);
  });

  test("the hash speaks of all rules, mine included", async () => {
    const hashes = await Promise.all(
      [plain, { ...plain, only: [plantedRule] }, { ...plain, rules: [mine] }].map(
        async (choice) => (await chooseRules(choice)).ruleSet.hash,
      ),
    );
    expect(hashes[0]).toBe(hashes[1]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });

  test.each<[what: string, choice: Partial<Choice>, kind: new (...args: never[]) => Error]>([
    ["a name that no rule has", { only: ["no.such-rule"] }, UsageError],
    ["the same to leave out", { except: ["ofself.acces-token"] }, UsageError],
    ["a file that is not there", { rules: [join(folder, "none.yml")] }, UsageError],
    ["a file that is no rule file", { rules: [ruleFile("broken.yml", "provider: [\n")] }, RuleError],
    ["none left", { only: ["ofself"], except: ["ofself"] }, UsageError],
    ["an id that is taken", { rules: [mine, ruleFile("rules/acme.yml", ruleText())] }, RuleError],
  ])("%s", async (_, choice, kind) => {
    await expect(chooseRules({ ...plain, ...choice })).rejects.toThrow(kind);
  });
});

describe("tablesFor", () => {
  test("the shipped rules have the shipped tables", () => {
    expect(tablesFor(builtInRules())).toBe(builtInRules().tables);
  });

  test("tables made now find what the shipped ones find", () => {
    const { rules, hash } = builtInRules();
    const made = tablesFor({ rules, hash: `${hash} but other` });
    expect(made).not.toBe(builtInRules().tables);
    const scanners = [builtInRules().tables, made].map((tables) => new ContentScanner(plainSetup({ tables })));
    let hits = 0;
    for (const rule of rules) {
      const text = rule.examples.match.map((template, at) => expandTemplate(template, `${rule.id} ${at}`)).join("\n\n");
      const [shipped, own] = scanners.map((scanner) => scanner.scan(bytesBlob("f", text)).scanned);
      expect([rule.id, own]).toEqual([rule.id, shipped]);
      hits += own?.matches.length ?? 0;
    }
    expect(hits).toBeGreaterThan(rules.length);
  });

  test("a rule of mine is found beside the shipped ones, and takes nothing from them", async () => {
    const file = ruleFile("rules/acme.yml", ruleText());
    const { ruleSet, enabled } = await chooseRules({ ...plain, rules: [file] });
    const own = enabled.find((rule) => rule.id === "acme.live-key");
    const scanner = new ContentScanner(
      plainSetup({
        rules: ruleSet.rules,
        enabled: new Set(enabled.map((rule) => rule.id)),
        tables: tablesFor(ruleSet),
      }),
    );
    const text = `${expandTemplate(own?.examples.match[0] ?? "", "mine")}\n\n\nT=${plantedToken("beside")}\n`;
    const found = scanner.scan(bytesBlob("f", text)).scanned?.matches.map((match) => match.rule);
    expect(found).toEqual([own?.id, plantedRule]);
  });
});

describe("foreignKindOf", () => {
  test.each([
    [".gitleaksignore", "", "gitleaks-ignore"],
    [".betterleaksignore", "", "gitleaks-ignore"],
    [".secrets.baseline", "", "detect-secrets"],
    [".gitguardian.yaml", "", "gitguardian"],
    [".gitguardian.yml", "", "gitguardian"],
    ["team.gitleaksignore", "a:b:1\n", "gitleaks-ignore"],
    ["report.json", ' [{"RuleID": "x"}]', "gitleaks-report"],
    ["baseline.json", '{"results": {"a": [{"hashed_secret": "0"}]}}', "detect-secrets"],
    ["config.yaml", "version: 2\nsecret:\n", "gitguardian"],
    ["config.yaml", "ignored-matches:\n", "gitguardian"],
  ])("%s %j: %s", (name, text, kind) => {
    expect(foreignKindOf(name, text)).toBe(kind);
  });

  test.each([
    ["notes.txt", ""],
    ["notes.txt", "nothing of the kind"],
    ["constructor", "{}"],
    ["package.json", '{"name": "x"}'],
  ])("%s %j is none", (name, text) => {
    expect(() => foreignKindOf(name, text)).toThrow(UsageError);
  });
});

describe("showProgress", () => {
  function terminal(isTTY: boolean): { readonly stream: PassThrough & { isTTY: boolean }; text(): string } {
    const stream = Object.assign(new PassThrough(), { isTTY });
    return { stream, text: () => String(stream.read() ?? "") };
  }
  const progress = { files: 12, bytes: 3_500_000, findings: 1 };

  test("a line after 0.7 s, at most one in 0.12 s, and none in the end", () => {
    let now = 5000;
    const { stream, text } = terminal(true);
    const shown = showProgress(stream, () => now);
    const at = (ms: number): string => {
      now = 5000 + ms;
      shown.update(progress);
      return text();
    };
    expect([at(0), at(699)]).toEqual(["", ""]);
    expect(at(700)).toBe("\r\u001b[2Kscanning: 12 contents, 3.3 MiB, 1 matches, 1 s");
    expect(at(819)).toBe("");
    expect(at(820)).toContain("scanning");
    shown.done();
    expect(text()).toBe("\r\u001b[2K");
    shown.done();
    expect(text()).toBe("");
  });

  test("done at once: nothing was shown, nothing is removed", () => {
    const { stream, text } = terminal(true);
    const shown = showProgress(stream, () => 0);
    shown.update(progress);
    shown.done();
    expect(text()).toBe("");
  });

  test("not on a terminal: nothing at all", () => {
    let now = 0;
    const { stream, text } = terminal(false);
    const shown = showProgress(stream, () => now);
    now = 60_000;
    shown.update(progress);
    shown.done();
    expect(text()).toBe("");
  });
});
