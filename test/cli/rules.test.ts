// keywarden rules: list, check, explain, new; rule files that are broken, and rules of one's own in a scan.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { expandTemplate } from "../../src/rules/samples.ts";
import { keywarden, placesOf, scanJson } from "../helpers/cli-run.ts";
import { tokenOf } from "../helpers/cli-tokens.ts";
import { removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";

afterAll(removeTemporary);

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

const blanks: Readonly<Record<string, string>> = {
  'name: ""                          #': "name: Acme Pay #",
  'homepage: ""': "homepage: https://acme.test",
  'name: ""                      #': "name: Acme Pay key #",
  'what: ""': "what: A key of the Acme Pay interface.",
  'risk: ""': "risk: Whoever has it can move Acme's money.",
  'severity: ""': "severity: high",
  'confidence: ""': "confidence: high",
  "keywords: []": "keywords: [acme_pay_key_]",
  'pattern: ""': String.raw`pattern: '\b (?P<secret> acme_pay_key_ [0-9A-Za-z]{32} ) \b'`,
  "match: []": `match: ['KEY="acme_pay_{{split}}key_{{base62:32}}"', 'key: acme_pay_{{split}}key_{{base62:32}}']`,
  "skip: []": `skip: [{text: 'acme_pay_{{split}}key_{{base62:31}}', why: one character short, near-miss: true}, {text: 'acme_pay_{{split}}key_{{repeat:x:32}}', why: filler}]`,
};

let filled: Promise<string> | undefined;

/** The file of `rules new acme-pay` with every blank filled in. */
function filledIn(): Promise<string> {
  return (filled ??= fillIn());
}

async function fillIn(): Promise<string> {
  let { stdout: text } = await keywarden(["rules", "new", "acme-pay"], { cwd: temporaryFolder() });
  for (const [blank, value] of Object.entries(blanks)) {
    expect(text).toContain(blank);
    text = text.replace(blank, () => value);
  }
  return text;
}

describe.concurrent("rules list and explain", () => {
  it("lists every built-in rule, for people and as JSON", async () => {
    const cwd = temporaryFolder();
    const text = await keywarden(["rules", "list"], { cwd });
    const json = await keywarden(["rules", "list", "--json"], { cwd });
    const rows = JSON.parse(json.stdout) as { id: string; provider: string; severity: string; keywords: string[] }[];
    expect([text.code, json.code, text.stderr + json.stderr]).toEqual([0, 0, ""]);
    expect(text.stdout.split("\n").filter((line) => /^[a-z][a-z0-9-]*\.[a-z0-9-]+ /.test(line))).toHaveLength(
      rows.length,
    );
    expect(text.stdout).toContain(
      `\n${rows.length} rules of ${new Set(rows.map(({ provider }) => provider)).size} providers.`,
    );
    const ids = rows.map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining(["gitlab.access-token", "ozzie.bearer", "ocus.api-key", "ofself.app-key"]),
    );
    expect(ids).toEqual([...ids].sort());
    for (const { keywords } of rows) expect(keywords.length).toBeGreaterThan(0);
  });

  it("explains one, without showing a token", async () => {
    const { code, stdout } = await keywarden(["rules", "explain", "gitlab.access-token"], { cwd: temporaryFolder() });
    expect(code).toBe(0);
    expect(stdout).toContain("gitlab.access-token");
    expect(stdout).toContain("evoke the old token");
    const { code: scanned } = await scanJson(["-"], { cwd: temporaryFolder(), input: stdout });
    expect(scanned).toBe(0);
  });

  it("lists and explains rules of one's own", async () => {
    const cwd = folderOf({ "own/acme-pay.yml": await filledIn() });
    const list = await keywarden(["rules", "list", "--rules", "own"], { cwd });
    expect(list.stdout).toContain("acme-pay.api-key ");
    const explained = await keywarden(["rules", "explain", "acme-pay.api-key", "--rules", "own/acme-pay.yml"], { cwd });
    expect(explained).toMatchObject({ code: 0, stderr: "" });
    expect(explained.stdout).toContain("Whoever has it can move Acme's money.");
  });
});

describe.concurrent("rules new, check and use", () => {
  it("a new file fails with all of its blanks", async () => {
    const fresh = await keywarden(["rules", "new", "acme-pay"], { cwd: temporaryFolder() });
    expect(fresh).toMatchObject({ code: 0, stderr: "" });
    const cwd = folderOf({ "acme-pay.yml": fresh.stdout });
    for (const args of [
      ["rules", "check", "acme-pay.yml"],
      ["scan", ".", "--rules", "acme-pay.yml"],
    ]) {
      const result = await keywarden(args, { cwd });
      expect(result).toMatchObject({ code: 2, stdout: "" });
      expect(result.stderr).toMatch(/^keywarden: acme-pay\.yml:3:7: /);
      for (const blank of ["what", "risk", "severity", "confidence", "keywords", "pattern"]) {
        expect(result.stderr).toMatch(new RegExp(`^acme-pay\\.yml:\\d+:\\d+: .*${blank}`, "m"));
      }
    }
  });

  it("filled in, it passes and finds", async () => {
    const key = expandTemplate("acme_pay_{{split}}key_{{base62:32}}", "own");
    const cwd = folderOf({ "rules/acme-pay.yml": await filledIn(), "a.txt": `key = ${key}\n` });
    const checked = await keywarden(["rules", "check", "rules"], { cwd });
    expect([checked.stderr, checked.stdout, checked.code]).toEqual(["", "1 rule checked, 0 faults.\n", 0]);
    const used = await scanJson(["a.txt", "--rules", "rules"], { cwd });
    expect([used.code, placesOf(used.report)]).toEqual([1, ["acme-pay.api-key a.txt:1:7"]]);
    expect(JSON.stringify(used.report)).not.toContain(key);
    expect((await scanJson(["a.txt"], { cwd })).code).toBe(0);
    mkdirSync(join(cwd, ".keywarden"));
    writeFileSync(join(cwd, ".keywarden/config.yml"), "rules: [rules]\nonly: [acme-pay]\n");
    expect((await scanJson(["."], { cwd })).code).toBe(1);
  });

  it("finds the same in threads, with rules of one's own", async () => {
    const key = expandTemplate("acme_pay_{{split}}key_{{base62:32}}", "threads");
    const files = Object.fromEntries(Array.from({ length: 120 }, (_, at) => [`f/${at}.txt`, `${at} ${key}\n`]));
    const cwd = folderOf({ "rules/acme-pay.yml": await filledIn(), ...files });
    const { report } = await scanJson(["f", "--rules", "rules", "--jobs", "3"], { cwd });
    expect(report.findings).toHaveLength(1);
    expect(report.summary.occurrences).toBe(120);
  });

  it("an example that does not fire is a fault", async () => {
    const text = (await filledIn()).replace("key: acme_pay_{{split}}key_", "key: acme_pay_{{split}}kee_");
    const result = await keywarden(["rules", "check", "acme-pay.yml"], { cwd: folderOf({ "acme-pay.yml": text }) });
    expect(result).toMatchObject({ code: 2, stderr: "" });
    expect(result.stdout).toContain("acme-pay.yml: acme-pay.api-key: examples.match[1]: the rule does not fire on it");
    expect(result.stdout).toContain("1 rule checked, 1 fault.");
  });
});

describe.concurrent("a broken rule file", () => {
  const pattern = blanks['pattern: ""']!;
  it.each<[string, string, string, RegExp]>([
    [
      "a pattern that does not compile",
      pattern,
      "pattern: '(?P<secret> acme_pay_key_ [0-9A-Za-z]{32} '",
      /:\d+:\d+: rule acme-pay\.api-key: .+/,
    ],
    [
      "a pattern with what RE2 does not know",
      pattern,
      "pattern: '(?P<secret> acme_pay_key_ (?=x) [0-9A-Za-z]{32} )'",
      /:\d+:\d+: rule acme-pay\.api-key: .+/,
    ],
    [
      "a pattern without a longest match",
      pattern,
      "pattern: '(?P<secret> acme_pay_key_ [0-9A-Za-z]+ )'",
      /:\d+:\d+: rule acme-pay\.api-key: .*longest/,
    ],
    [
      "a pattern without a secret",
      pattern,
      "pattern: 'acme_pay_key_ [0-9A-Za-z]{32}'",
      /:\d+:\d+: rule acme-pay\.api-key: .*secret/,
    ],
    [
      "a keyword that no match holds",
      "[acme_pay_key_]",
      "[acme_pay_kee_]",
      /:\d+:\d+: rule acme-pay\.api-key: .*keyword/,
    ],
    ["an unknown check", "- placeholder: {}", "- placholder: {}", /:\d+:\d+: .*placeholder/],
    ["an unknown key", "severity: high", "severty: high", /:\d+:\d+: .*severity/],
    ["broken YAML", "keywords: [acme_pay_key_]", "keywords: [acme_pay_key_", /:\d+:\d+: .+/],
    ["another provider's name", "provider: acme-pay", "provider: acme", /:2:11: .*acme-pay/],
    [
      "another provider's id",
      "id: acme-pay.api-key",
      "id: gitlab.access-token",
      /:\d+:\d+: rule gitlab\.access-token: .*acme-pay/,
    ],
  ])("%s", async (_, from, to, message) => {
    const text = await filledIn();
    expect(text).toContain(from);
    const cwd = folderOf({ "acme-pay.yml": text.replace(from, () => to), "a.txt": "text" });
    // Both commands load rule files in the same way, which the test of the blanks shows.
    const result = await keywarden(["scan", "a.txt", "--rules", "acme-pay.yml"], { cwd });
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toMatch(new RegExp(`^keywarden: acme-pay\\.yml${message.source}`, "m"));
    expect(result.stderr).not.toContain("internal error");
  });

  it("that uses a built-in rule's id again is refused", async () => {
    const text = (await filledIn()).replaceAll("acme-pay.api-key", "gitlab.access-token");
    const cwd = folderOf({ "gitlab.yml": text.replace("provider: acme-pay", () => "provider: gitlab"), "a.txt": "" });
    for (const args of [
      ["rules", "check", "gitlab.yml"],
      ["scan", "a.txt", "--rules", "gitlab.yml"],
    ]) {
      const result = await keywarden(args, { cwd });
      expect(result).toMatchObject({ code: 2, stdout: "" });
      expect(result.stderr).toContain("keywarden: gitlab.yml: rule gitlab.access-token: a built-in rule has this id");
    }
  });

  it("shows nothing of a token that stands in it", async () => {
    const token = tokenOf("gitlab.access-token", "in a rule file");
    const cwd = folderOf({ "acme-pay.yml": `provider: acme-pay\n${token}: [${token}\n`, "a.txt": "" });
    const result = await keywarden(["rules", "check", "acme-pay.yml"], { cwd });
    expect(result.code).toBe(2);
    expect(result.stderr).not.toContain(token);
  });
});
